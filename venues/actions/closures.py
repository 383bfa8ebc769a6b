"""Dates on which the weekly hours do not apply, at one place or many."""

import datetime
import itertools
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from common.refusals import Refused
from venues.models import Closure, Event, Venue


@dataclass(frozen=True)
class Days:
    """Closed, or open at other hours, on each day from `starts_on` to `ends_on`."""

    starts_on: datetime.date
    ends_on: datetime.date
    opens: datetime.time | None = None
    closes: datetime.time | None = None
    note: str = ""

    def __str__(self) -> str:
        days = date_format(self.starts_on, "j F Y")
        if self.ends_on != self.starts_on:
            days = _("%(first)s to %(last)s") % {
                "first": days,
                "last": date_format(self.ends_on, "j F Y"),
            }
        if self.opens is None:
            return _("%(days)s: closed") % {"days": days}
        hours = {"opens": f"{self.opens:%H:%M}", "closes": f"{self.closes:%H:%M}"}
        return _("%(days)s: open %(opens)s to %(closes)s") % {"days": days, **hours}

    def at(self, venue: Venue) -> Closure:
        """The unsaved row for one place."""
        return Closure(
            venue=venue,
            starts_on=self.starts_on,
            ends_on=self.ends_on,
            opens=self.opens,
            closes=self.closes,
            note=self.note,
        )


def why_not_close(venue: Venue, days: Iterable[Days]) -> list[str]:
    """Why these days cannot be added at a place; empty if they can.

    Reads the place's prefetched closures: days already entered are refused, not added twice.
    """
    reasons = []
    for each in days:
        for known in venue.closures.all():
            if known.starts_on <= each.ends_on and each.starts_on <= known.ends_on:
                day = date_format(max(known.starts_on, each.starts_on), "j F Y")
                reasons.append(_("other hours were entered already for %(day)s.") % {"day": day})
    return list(dict.fromkeys(reasons))


@transaction.atomic
def add_closures(venues: Iterable[Venue], days: Iterable[Days], *, by: User) -> int:
    """Add the same days at several places, all or nothing; returns how many places.

    Refused with one sentence per place that cannot take them, by name.
    """
    days = list(days)
    _check(days)
    keys = {venue.pk for venue in venues}
    if not keys:
        raise Refused(_("Choose at least one place."))
    # Lock in primary-key order, so that two concurrent requests cannot deadlock.
    rows = Venue.with_merged.select_for_update(of=("self",)).filter(pk__in=keys).order_by("pk")
    related = ("organisation", *Venue.LOCKED_WITH)
    locked = list(rows.select_related(*related).prefetch_related("closures"))
    if gone := [venue.gone for venue in locked if venue.gone]:
        raise Refused(*gone)
    refused = [
        _("%(venue)s: %(reason)s") % {"venue": venue, "reason": reason}
        for venue in locked
        for reason in why_not_close(venue, days)
    ]
    if refused:
        raise Refused(*refused)
    for venue in locked:
        for each in days:
            closure = each.at(venue)
            closure.save()
            Event.objects.record(
                "venues.closure_added",
                venue=venue,
                by=by,
                starts_on=str(each.starts_on),
                ends_on=str(each.ends_on),
            )
    return len(locked)


def _check(days: Collection[Days]) -> None:
    """Refuse days that no place could have, such as past ones."""
    if not days:
        raise Refused(_("Say for at least one day what is different."))
    for each in days:
        if each.ends_on < timezone.localdate():
            raise Refused(_("%(days)s: these days are over.") % {"days": each})
        try:
            each.at(Venue()).full_clean(exclude=["venue"])
        except ValidationError as error:
            raise Refused(*error.messages) from None
    days = sorted(days, key=lambda each: each.starts_on)
    for earlier, later in itertools.pairwise(days):
        if later.starts_on <= earlier.ends_on:
            day = date_format(later.starts_on, "j F Y")
            raise Refused(_("%(day)s is said twice.") % {"day": day})
