"""School terms: when the schools of a scheme's area are on holiday.

Councils publish their own dates, so they are rows that a scheme's officers enter. A day inside a
`SchoolYear` is in term time unless one of its holidays covers it; a day outside every school year
is unknown.
"""

import datetime
from collections.abc import Iterable, Mapping

from django.contrib.gis.db import models
from django.contrib.gis.db.models.functions import Area as AreaOf
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.expressions import ArraySubquery
from django.contrib.postgres.fields import RangeOperators
from django.core.exceptions import ValidationError
from django.db.models import Case, Exists, F, Func, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import Coalesce, JSONObject
from django.utils.dateparse import parse_date
from django.utils.translation import gettext_lazy as _

from venues.hours.recurrence import Term


class SchoolYearQuerySet(models.QuerySet):
    def of_venue(self, venue):
        """The school years that apply to a venue: those of its lead scheme, the most local first.

        `venue` is its id, or an OuterRef to it.
        """
        here = Q(area__isnull=True) | Q(area__boundary__covers=F("scheme__led_venues__point"))
        # One filter call, so that both conditions refer to the same venue.
        return self.filter(here, scheme__led_venues=venue).order_by(
            AreaOf("area__boundary").asc(nulls_last=True), "pk"
        )

    def for_officer(self, user):
        if user.is_superuser:
            return self
        return self.filter(scheme__in=user.officer_roles.values("scheme"))


MOST_DAYS = 400
"""In one school year. More is a typing error, and would count years of unknown days as term."""


class SchoolYear(models.Model):
    """A year of known term dates: of a scheme's whole area, or of one council's area in it."""

    scheme = models.ForeignKey(
        "venues.Scheme",
        verbose_name=_("scheme"),
        on_delete=models.PROTECT,
        related_name="school_years",
    )
    area = models.ForeignKey(
        "geography.Area",
        verbose_name=_("only in this area"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="school_years",
        help_text=_("Where one council’s dates differ from those of the rest of the scheme."),
    )
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))

    objects = SchoolYearQuerySet.as_manager()

    class Meta:
        verbose_name = _("school year")
        verbose_name_plural = _("school terms")
        ordering = ["scheme", "-starts_on", "id"]
        constraints = [
            models.CheckConstraint(
                name="school_year_ends_after_it_starts",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("The last day is before the first."),
            ),
            ExclusionConstraint(
                name="school_years_do_not_overlap",
                index_type="GIST",
                expressions=[
                    ("scheme", RangeOperators.EQUAL),
                    (Coalesce("area", Value(0)), RangeOperators.EQUAL),
                    (
                        Func("starts_on", "ends_on", Value("[]"), function="daterange"),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message=_("The term dates of some of these days are here already."),
            ),
        ]

    def clean(self):
        if not self.starts_on or not self.ends_on:
            return
        if self.ends_on < self.starts_on:  # before the database refuses an impossible range
            raise ValidationError({"ends_on": _("The last day is before the first.")})
        if (self.ends_on - self.starts_on).days > MOST_DAYS:
            words = _("That is more than a year. Enter each school year by itself.")
            raise ValidationError({"ends_on": words})

    def __str__(self):
        years = f"{self.starts_on:%Y}–{self.ends_on:%y}"
        return f"{years}, {self.area or self.scheme}"


class SchoolHoliday(models.Model):
    """Days on which the schools are closed, within a school year."""

    year = models.ForeignKey(SchoolYear, on_delete=models.CASCADE, related_name="holidays")
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))

    class Meta:
        verbose_name = _("school holiday")
        verbose_name_plural = _("school holidays")
        ordering = ["year", "starts_on"]
        constraints = [
            models.CheckConstraint(
                name="school_holiday_ends_after_it_starts",
                condition=Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("The last day is before the first."),
            ),
        ]

    def clean(self):
        if self.year_id and (words := outside(self.year, self)):
            raise ValidationError(words)

    def __str__(self):
        return f"{self.starts_on} to {self.ends_on}"


def outside(year: SchoolYear, holiday: SchoolHoliday) -> dict[str, str]:
    """What is wrong with the days of `holiday`, by field: it must lie within its school year."""
    if not year.starts_on or not year.ends_on:
        return {}
    return {
        name: str(_("This day is not in the school year."))
        for name in ("starts_on", "ends_on")
        if (day := getattr(holiday, name)) and not year.starts_on <= day <= year.ends_on
    }


def part_of_school_year(venue, day: datetime.date) -> Subquery:
    """An expression: the Term that `day` is in at a venue; null if unknown.

    `venue` is an OuterRef to the venue's id. `term_on` is the same rule in Python.
    """
    holidays = SchoolHoliday.objects.filter(
        year=OuterRef("pk"), starts_on__lte=day, ends_on__gte=day
    )
    years = SchoolYear.objects.of_venue(venue).filter(starts_on__lte=day, ends_on__gte=day)
    part = Case(
        When(Exists(holidays), then=Value(Term.HOLIDAYS)),
        default=Value(Term.TERM),
        output_field=models.CharField(),
    )
    return Subquery(years.values(part=part)[:1])


def school_years_as_facts(venue) -> ArraySubquery:
    """An expression: the venue's school years for `term_on`, the most local first."""
    holidays = SchoolHoliday.objects.filter(year=OuterRef("pk")).order_by("starts_on")
    days = holidays.values(facts=JSONObject(first="starts_on", last="ends_on"))
    facts = JSONObject(first="starts_on", last="ends_on", holidays=ArraySubquery(days))
    return ArraySubquery(SchoolYear.objects.of_venue(venue).values(facts=facts))


def term_on(years: Iterable[Mapping] | None, day: datetime.date) -> Term | None:
    """The Term that `day` is in according to `school_years_as_facts`; None if unknown."""
    for year in years or ():
        if _within(year, day):
            holiday = any(_within(each, day) for each in year["holidays"])
            return Term.HOLIDAYS if holiday else Term.TERM
    return None


def _within(facts, day):
    return parse_date(facts["first"]) <= day <= parse_date(facts["last"])
