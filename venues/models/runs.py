"""Background work, stored as a row so that a page can show its progress."""

from typing import TYPE_CHECKING, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from common.deciding import Moves

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise


class RunQuerySet(models.QuerySet):
    def for_officer(self, user):
        if user.is_superuser:
            return self
        return self.filter(scheme__officers__user=user).distinct()


class Run(models.Model):
    """Shared by imports and print runs. Each subclass adds `scheme`, and `state` with its choices.

    `venues/actions/runs.py` changes it, `venues/admin/runs.py` shows it.
    """

    UNDER_WAY: tuple = ()
    """States in which a worker is running it, or will be."""
    WAITING_FOR_SOMEBODY: tuple = ()
    """States in which it waits for a person and may be stopped."""

    state: str
    MOVES: ClassVar[Moves]
    CANNOT_MOVE: "StrPromise"

    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    row = models.PositiveIntegerField(default=0)
    rows = models.PositiveIntegerField(default=0)
    said = models.JSONField(default=list)
    """Sentences: what it would do or did, or why it was refused."""
    asked_at = models.DateTimeField(_("asked at"), auto_now_add=True)
    finished_at = models.DateTimeField(_("finished at"), null=True)
    stop_asked_at = models.DateTimeField(null=True)

    objects = RunQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["-asked_at", "-pk"]

    @property
    def is_under_way(self) -> bool:
        return self.state in self.UNDER_WAY

    @property
    def can_be_stopped(self) -> bool:
        stoppable = {*self.UNDER_WAY, *self.WAITING_FOR_SOMEBODY}
        return self.state in stoppable and not self.stop_asked_at
