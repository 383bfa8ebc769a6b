"""Where people said that they feel unsafe: counts by square, for officers only.

A point is where somebody was afraid, so none is kept: only how many there are in each square of the
national grid, and only where there are ten or more.
"""

from django.conf import settings
from django.contrib.gis.db import models
from django.db.models import Q, Value
from django.utils.translation import gettext_lazy as _

from geography.models import PopulationPointQuerySet

from .areas import GRID

SIDE = 250
"""Metres: the side of a square."""
FEWEST = 10


class FeltUnsafeQuerySet(models.QuerySet):
    def for_officer(self, user):
        if user.is_superuser:
            return self
        return self.filter(scheme__officers__user=user).distinct()


class FeltUnsafe(models.Model):
    """One survey's answer to "where do you feel unsafe?", as counts by square.

    It can be counted like a population base: it has a `unit`, a `year` and `points`.
    """

    scheme = models.ForeignKey(
        "venues.Scheme",
        verbose_name=_("scheme"),
        on_delete=models.PROTECT,
        related_name="felt_unsafe",
    )
    source = models.CharField(
        _("source"), max_length=120, help_text=_("As in: Women’s safety survey, online.")
    )
    collected_on = models.DateField(_("date"), help_text=_("When people were asked, or the end."))
    imported_at = models.DateTimeField(_("brought in"), auto_now_add=True)
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )

    LOCKED_WITH = ("scheme",)
    unit = _("times somebody felt unsafe")
    objects = FeltUnsafeQuerySet.as_manager()

    class Meta:
        verbose_name = _("where people feel unsafe")
        verbose_name_plural = _("where people feel unsafe")
        ordering = ["-collected_on", "source"]
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "source", "collected_on"],
                name="one_felt_unsafe_a_source_and_day",
                violation_error_message=_(
                    "This source of this day is there already. Remove it first."
                ),
            )
        ]

    def __str__(self):
        return f"{self.source} ({self.year})"

    @property
    def name(self) -> str:
        return self.source

    @property
    def year(self) -> int:
        return self.collected_on.year


class SquareManager(models.Manager.from_queryset(PopulationPointQuerySet)):
    """Squares have no names: only where they are and how many."""

    def get_queryset(self):
        return super().get_queryset().annotate(name=Value(""))


class UnsafeSquare(models.Model):
    """One square with ten or more. Column names match those of a population base's points."""

    felt_unsafe = models.ForeignKey(FeltUnsafe, on_delete=models.CASCADE, related_name="points")
    code = models.CharField(_("square"), max_length=20)
    people = models.PositiveIntegerField(_("how many"))
    point = models.PointField(_("middle"), srid=GRID)

    objects = SquareManager()

    class Meta:
        ordering = ["felt_unsafe", "code"]
        constraints = [
            models.UniqueConstraint(fields=["felt_unsafe", "code"], name="one_count_a_square"),
            models.CheckConstraint(
                name="unsafe_square_has_ten_or_more", condition=Q(people__gte=FEWEST)
            ),
        ]

    def __str__(self):
        return f"{self.code}: {self.people}"
