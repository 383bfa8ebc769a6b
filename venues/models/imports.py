"""A table import: the file, its progress and its result."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.deciding import Moves

from .runs import Run


class Import(Run):
    """One table import. A dry run comes first; it is written only once somebody confirms."""

    class State(models.TextChoices):
        TO_TRY = "to_try", _("waiting to be tried")
        TRYING = "trying", _("being tried")
        TRIED = "tried", _("tried: waiting to be confirmed")
        TO_WRITE = "to_write", _("waiting to be imported")
        WRITING = "writing", _("being imported")
        DONE = "done", _("done")
        REFUSED = "refused", _("refused")
        STOPPED = "stopped", _("stopped")

    UNDER_WAY = (State.TO_TRY, State.TRYING, State.TO_WRITE, State.WRITING)
    WAITING_FOR_SOMEBODY = (State.TRIED,)

    kind = models.CharField(_("kind"), max_length=30)
    """The key of an importer; apps above register them in `venues/importers.py`."""
    scheme = models.ForeignKey(
        "venues.Scheme", verbose_name=_("scheme"), on_delete=models.CASCADE, related_name="imports"
    )
    organisation = models.ForeignKey(
        "venues.Organisation",
        verbose_name=_("organisation"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="imports",
        help_text=_("Whose branches it imports; empty for officers’ tables."),
    )
    file_name = models.CharField(_("file"), max_length=255)
    file = models.BinaryField(null=True)
    """In the database, because the worker may be on another host. Deleted when the import ends."""
    options = models.JSONField(default=dict)
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.TO_TRY)
    lines = models.JSONField(default=list)
    """A line for each thing that it would import."""
    to_put_right = models.JSONField(null=True)
    """[header, rows] of what was not imported unchanged."""

    LOCKED_WITH = ("scheme", "by", "organisation")
    MOVES: ClassVar[Moves] = {
        State.TO_TRY: {State.TRYING, State.STOPPED},
        State.TRYING: {State.TRIED, State.REFUSED, State.STOPPED},
        State.TRIED: {State.TO_WRITE, State.STOPPED},
        State.TO_WRITE: {State.WRITING, State.STOPPED},
        State.WRITING: {State.DONE, State.REFUSED, State.STOPPED},
        State.DONE: set(),
        State.REFUSED: set(),
        State.STOPPED: set(),
    }
    CANNOT_MOVE = _("This cannot be done while the import is: %(state)s.")

    class Meta(Run.Meta):
        abstract = False
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        constraints = [
            models.CheckConstraint(
                condition=Q(file__isnull=False) | Q(state__in=["done", "refused", "stopped"]),
                name="import_has_its_file_until_it_ends",
            ),
        ]

    def __str__(self):
        return self.file_name
