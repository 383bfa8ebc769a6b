"""A preview of adding the same closures at several places."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from venues.actions.closures import Days, why_not_close
from venues.hours.times import span_in_words
from venues.hours.timetable import hours_on, perhaps_on
from venues.models import Venue

MOST_DAYS = 10
"""Days described individually for each place."""


@dataclass(frozen=True)
class Effect:
    """What changes at one place, day by day, or why it cannot."""

    venue: Venue
    changes: list[str]
    refused: list[str]


def effect_of(venues: Iterable[Venue], days: Iterable[Days]) -> list[Effect]:
    """One Effect per place, refused ones first. Reads prefetched hours and closures."""
    days = list(days)
    found = [Effect(venue, _changes(venue, days), why_not_close(venue, days)) for venue in venues]
    return sorted(found, key=lambda each: not each.refused)


def _changes(venue, days):
    said = []
    for each in days:
        new = _in_words(None if each.opens is None else [(each.opens, each.closes)])
        for day in _every_day(each):
            usual = hours_on(venue, day)
            if usual is None or perhaps_on(venue, day):
                before = _("not known")
            else:
                before = _in_words([(hours.opens, hours.closes) for hours in usual])
            if before != new:
                words = _("%(day)s: %(new)s, usually %(before)s")
                said.append(
                    words % {"day": date_format(day, "l j F"), "new": new, "before": before}
                )
    if (more := len(said) - MOST_DAYS) > 0:
        words = ngettext("and %(n)s more day", "and %(n)s more days", more)
        return [*said[:MOST_DAYS], words % {"n": more}]
    return said or [_("nothing: it is so already")]


def _in_words(spans):
    if not spans:
        return _("closed")
    return " and ".join(span_in_words(span) for span in spans)


def _every_day(days: Days) -> Iterable[datetime.date]:
    length = min((days.ends_on - days.starts_on).days, 366)
    return (days.starts_on + datetime.timedelta(days=n) for n in range(length + 1))
