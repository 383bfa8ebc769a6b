"""Rows about one month, quarter, half-year or year."""

from typing import Self

from django.db import models
from django.db.models import Q

from partnership.periods import LENGTHS, QUARTER, Period
from venues.models.parts import Cadence


def is_a_period() -> Q:
    """A constraint condition: `number` is within the year for this `length`."""
    found = Q(pk__in=[])
    for length, most in LENGTHS.items():
        found |= Q(length=length.value, number__gte=1, number__lte=most)
    return found


class OfPeriodQuerySet(models.QuerySet):
    def of(self, *periods: Period) -> Self:
        wanted = Q(pk__in=[])
        for period in periods:
            wanted |= Q(**period_columns(period))
        return self.filter(wanted)


class OfPeriod(models.Model):
    """A row about one period of a scheme's cadence; `number` is its place in the year, from 1."""

    length = models.CharField(
        max_length=10,
        choices=[(each.value, each.label) for each in Cadence if each != Cadence.NONE],
        default=QUARTER,
    )
    year = models.PositiveSmallIntegerField()
    number = models.PositiveSmallIntegerField()

    objects = OfPeriodQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def period(self) -> Period:
        return Period(Cadence(self.length), self.year, self.number)


def period_columns(period: Period) -> dict:
    """A period as the values of its columns."""
    return {"length": str(period.length), "year": period.year, "number": period.number}
