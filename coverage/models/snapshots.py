"""Coverage at the end of each quarter: the record that change is measured against."""

import datetime

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

QUARTERS = [
    (1, _("January to March")),
    (2, _("April to June")),
    (3, _("July to September")),
    (4, _("October to December")),
]


def last_day(year: int, quarter: int) -> datetime.date:
    """The last day of a quarter, inclusive."""
    return datetime.date(year, quarter * 3, 31 if quarter in (1, 4) else 30)


def quarter_before(day: datetime.date) -> tuple[int, int]:
    """(year, number) of the last quarter that had ended by `day`."""
    number = (day.month - 1) // 3
    return (day.year, number) if number else (day.year - 1, 4)


class SnapshotQuerySet(models.QuerySet):
    def for_officer(self, user):
        if user.is_superuser:
            return self
        return self.filter(scheme__officers__user=user).distinct()


class Snapshot(models.Model):
    """A scheme's coverage at the end of one quarter, as computed then; never changed."""

    scheme = models.ForeignKey(
        "venues.Scheme",
        verbose_name=_("scheme"),
        on_delete=models.PROTECT,
        related_name="coverage_snapshots",
    )
    year = models.PositiveSmallIntegerField(_("year"))
    quarter = models.PositiveSmallIntegerField(_("quarter"), choices=QUARTERS)
    kept_at = models.DateTimeField(_("worked out"))
    figures = models.JSONField(_("figures"))

    objects = SnapshotQuerySet.as_manager()

    class Meta:
        verbose_name = _("quarter of coverage")
        verbose_name_plural = _("quarters of coverage")
        ordering = ["-year", "-quarter", "scheme"]
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "year", "quarter"], name="one_snapshot_a_quarter"
            ),
            models.CheckConstraint(
                name="snapshot_of_a_quarter", condition=Q(quarter__gte=1, quarter__lte=4)
            ),
        ]

    def __str__(self):
        return f"{self.get_quarter_display()} {self.year}"

    @property
    def last_day(self) -> datetime.date:
        return last_day(self.year, self.quarter)

    @property
    def share(self) -> float:
        """The share of people covered, ignoring opening hours."""
        return self.figures["covered"] / self.figures["people"]

    @property
    def within(self) -> float:
        """The distance it was measured with, in metres."""
        return self.figures["within"]
