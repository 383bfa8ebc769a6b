"""A venue's running tally: totals for the period that grow by a press at the counter.

Nothing here says when or by whom a press was made.
"""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .of_period import OfPeriod
from .returns import MOST, ReturnItem


class Tally(models.Model):
    """A venue's tally, and the code in its counter's link."""

    sign_up = models.OneToOneField("venues.SignUp", on_delete=models.PROTECT, related_name="tally")
    code = models.CharField(max_length=20, unique=True)
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        ordering = ["sign_up"]
        verbose_name_plural = _("tallies")
        constraints = [
            models.CheckConstraint(
                name="tally_ended_at_and_by",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
            )
        ]

    def __str__(self):
        return f"{self.sign_up}"

    @property
    def is_kept(self) -> bool:
        return self.ended_at is None


class TallyCount(OfPeriod):
    """The total of one item in one period or, without an item, of the people helped."""

    tally = models.ForeignKey(Tally, on_delete=models.CASCADE, related_name="counts")
    item = models.ForeignKey(
        ReturnItem, null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    count = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["tally", "year", "number", "item"]
        constraints = [
            models.UniqueConstraint(
                fields=["tally", "length", "year", "number", "item"],
                condition=Q(item__isnull=False),
                name="one_tally_a_line",
            ),
            models.UniqueConstraint(
                fields=["tally", "length", "year", "number"],
                condition=Q(item__isnull=True),
                name="one_tally_of_people",
            ),
            models.CheckConstraint(
                name="tally_is_believable", condition=Q(count__gte=0, count__lte=MOST)
            ),
        ]

    def __str__(self):
        return f"{self.item or _('People helped')}: {self.count}"
