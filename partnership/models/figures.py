"""A quarter's figures as they may leave the officers' screens: made once, then kept as they are."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partnership.quarters import Quarter


class QuarterFiguresQuerySet(models.QuerySet):
    def latest(self):
        """The last revision of each scheme's quarter."""
        key = ("scheme_id", "year", "number")
        return self.order_by("scheme_id", "-year", "-number", "-revision").distinct(*key)

    def published(self):
        return self.filter(published_at__isnull=False)

    def of(self, *quarters: Quarter):
        wanted = Q(pk__in=[])
        for quarter in quarters:
            wanted |= Q(year=quarter.year, number=quarter.number)
        return self.filter(wanted)

    def for_officer(self, user):
        if user.is_superuser:
            return self
        return self.filter(scheme__officers__user=user)


class QuarterFigures(models.Model):
    """One scheme's use of one quarter, as packs, CSV files and the public page show it.

    A return that changes later moves nothing here: who subtracted the two could find one venue's
    number. `counts` are the exact sums, kept to make tables of four quarters and never shown;
    `tables` is what may be shown (`partnership/rules/figures.py` reads and writes both).
    """

    scheme = models.ForeignKey(
        "venues.Scheme", on_delete=models.PROTECT, related_name="quarter_figures"
    )
    year = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()
    revision = models.PositiveSmallIntegerField(default=1)
    why_revised = models.CharField(_("why they are made anew"), max_length=200, blank=True)
    counts = models.JSONField()
    tables = models.JSONField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    published_at = models.DateTimeField(null=True, blank=True)
    published_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = QuarterFiguresQuerySet.as_manager()

    class Meta:
        ordering = ["scheme", "-year", "-number", "-revision"]
        verbose_name = _("quarter's figures")
        verbose_name_plural = _("quarters' figures")
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "year", "number", "revision"],
                name="figures_made_once",
                violation_error_message=_("The figures of this quarter are made already."),
            ),
            models.CheckConstraint(
                name="figures_of_one_of_four", condition=Q(number__gte=1, number__lte=4)
            ),
            models.CheckConstraint(
                name="figures_revised_for_a_reason",
                condition=Q(revision=1, why_revised="") | Q(revision__gt=1) & ~Q(why_revised=""),
                violation_error_message=_("Say why the figures are made anew."),
            ),
            models.CheckConstraint(
                name="figures_published_at_and_by",
                condition=Q(published_at__isnull=True, published_by__isnull=True)
                | Q(published_at__isnull=False, published_by__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.scheme}, {self.quarter}"

    @property
    def quarter(self) -> Quarter:
        return Quarter(self.year, self.number)
