"""A period's figures as released: made once and never changed."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .of_period import OfPeriod, OfPeriodQuerySet, is_a_period


class PeriodFiguresQuerySet(OfPeriodQuerySet):
    def latest(self):
        """The last revision of each scheme and period, newest first for each length."""
        key = ("scheme_id", "length", "year", "number")
        newest_first = ("scheme_id", "length", "-year", "-number", "-revision")
        return self.order_by(*newest_first).distinct(*key)

    def published(self):
        return self.filter(published_at__isnull=False)

    def for_officer(self, user):
        if user.is_superuser:
            return self
        return self.filter(scheme__officers__user=user)


class PeriodFigures(OfPeriod):
    """One scheme's figures for one period, as packs, CSV files and the public page show them.

    Later changes to returns do not change them: subtracting the two would reveal one venue's
    number. `counts` holds the exact sums, kept for tables of a year and never shown; `tables` holds
    what may be shown (`partnership/rules/figures.py` reads and writes both).
    """

    scheme = models.ForeignKey(
        "venues.Scheme", on_delete=models.PROTECT, related_name="period_figures"
    )
    revision = models.PositiveSmallIntegerField(default=1)
    revision_reason = models.CharField(_("reason for the revision"), max_length=200, blank=True)
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

    objects = PeriodFiguresQuerySet.as_manager()

    class Meta:
        ordering = ["scheme", "-year", "-number", "-revision"]
        verbose_name = _("figures of use")
        verbose_name_plural = _("figures of use")
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "length", "year", "number", "revision"],
                name="figures_made_once",
                violation_error_message=_("These figures have already been made."),
            ),
            models.CheckConstraint(name="figures_period_exists", condition=is_a_period()),
            models.CheckConstraint(
                name="figures_revised_for_a_reason",
                condition=Q(revision=1, revision_reason="")
                | Q(revision__gt=1) & ~Q(revision_reason=""),
                violation_error_message=_("Say why the figures are being revised."),
            ),
            models.CheckConstraint(
                name="figures_published_at_and_by",
                condition=Q(published_at__isnull=True, published_by__isnull=True)
                | Q(published_at__isnull=False, published_by__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.scheme}, {self.period}"
