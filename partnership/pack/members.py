"""Venues that joined, were suspended, left or lapsed in the period."""

import datetime

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnership.periods import Period
from venues.models import Event, Scheme, Venue

from .parts import Part, Sheet

KINDS = {
    "venues.sign_up_approved": gettext_lazy("New"),
    "venues.sign_up_suspended": gettext_lazy("Suspended"),
    "venues.sign_up_reinstated": gettext_lazy("Reinstated"),
    "venues.lapse_warned": gettext_lazy("Something lapsed"),
    "venues.sign_up_withdrawn": gettext_lazy("Left"),
}


def members_part(scheme: Scheme, period: Period) -> Part:
    """Read from the events, so that what was put right since is listed too."""
    events = Event.objects.filter(
        scheme=scheme, kind__in=KINDS, at__range=moments_of(period), venue__isnull=False
    ).select_related("venue__organisation")
    order = list(KINDS)
    rows, seen = [], set()
    for event in sorted(events, key=lambda each: (order.index(each.kind), each.at)):
        key = (event.kind, event.venue_id)
        if key not in seen:
            seen.add(key)
            day = date_format(timezone.localdate(event.at), "j F Y")
            rows.append([venue_words(event.venue), str(KINDS[event.kind]), day])
    title = _("Venues that joined, left or changed")
    counts = [
        _("%(what)s: %(number)s.") % {"what": words, "number": sum(k == kind for k, _v in seen)}
        for kind, words in KINDS.items()
    ]
    sheet = Sheet("members", title, [_("Venue"), _("What happened"), _("When")], rows)
    return Part(
        "members",
        title,
        [" ".join(counts)] if rows else [],
        [sheet] if rows else [],
        empty=_("No venue joined, was suspended, had anything lapse or left in %(period)s.")
        % {"period": period},
    )


def venue_words(venue: Venue) -> str:
    """A venue's name for people outside the team.

    For a venue that is not public, the organisation's name, which gives no address away.
    """
    if venue.listing == Venue.Listing.PUBLIC:
        return str(venue)
    return _("A place of %(organisation)s") % {"organisation": venue.organisation}


def moments_of(period: Period) -> tuple[datetime.datetime, datetime.datetime]:
    """The period's first and last moment, in local time."""
    midnight = datetime.time.min
    first = timezone.make_aware(datetime.datetime.combine(period.starts, midnight))
    after = timezone.make_aware(datetime.datetime.combine(period.following.starts, midnight))
    return first, after - datetime.timedelta(microseconds=1)
