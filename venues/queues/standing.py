"""Queues of members that miss, or will soon miss, something they need to stay listed."""

import datetime

from django.db.models import F, Q
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from psycopg2.extras import DateRange

from venues.evidence import LAPSING_DAYS
from venues.evidence_kinds import kinds_needed_to_be_listed
from venues.hours.model import stale_hours
from venues.models import Requirement
from venues.models.sign_ups import proved_requirements_subquery

from .kinds import SignUpQueue, long_day, with_reasons


def _words(fact):
    return Requirement(
        evidence=fact["evidence"], at_least=fact["at_least"], of_last=fact["of_last"]
    ).words


def _first_grace_until(sign_up, now):
    return min(parse_date(fact["grace_until"]) for fact in sign_up.reasons)


def _first_lapse(sign_up, now):
    return min(parse_date(fact["held_until"]) for fact in sign_up.reasons)


def _lapsing(sign_ups, now):
    today = timezone.localdate(now)
    soon = today + datetime.timedelta(days=LAPSING_DAYS)
    return with_reasons(
        sign_ups,
        # `BETWEEN` would work out each proof twice.
        proved_requirements_subquery(today).filter(
            held_until__contained_by=DateRange(today, soon, "[]")
        ),
    )


def _why_lapsing(sign_up, now):
    return " ".join(
        _("“%(what)s” is proved until %(day)s only.")
        % {"what": _words(fact).rstrip("."), "day": long_day(parse_date(fact["held_until"]))}
        for fact in sign_up.reasons
    )


def _missing(sign_ups, now):
    today = timezone.localdate(now)
    # A venue waiting for its first sticker is missing nothing: it is in the queue to issue one.
    found = (
        proved_requirements_subquery(today)
        .unmet_beyond_grace(today)
        .exclude(
            the_listed_since__isnull=True,
            held_until__isnull=True,
            evidence__in=kinds_needed_to_be_listed(),
        )
    )
    return with_reasons(sign_ups, found)


def _why_missing(sign_up, now):
    return " ".join(
        _("The days of grace are over: “%(what)s” is missing.") % {"what": _words(fact).rstrip(".")}
        for fact in sign_up.reasons
    )


def _in_grace(sign_ups, now):
    today = timezone.localdate(now)
    lost = Q(held_until__isnull=False) | Q(the_listed_since__isnull=False)
    found = proved_requirements_subquery(today).that_unlist().unmet(today)
    return with_reasons(sign_ups, found.filter(lost, beyond_grace=False))


def _why_in_grace(sign_up, now):
    return " ".join(
        _("Missing: “%(what)s”. The public no longer finds it after %(day)s.")
        % {"what": _words(fact).rstrip("."), "day": long_day(parse_date(fact["grace_until"]))}
        for fact in sign_up.reasons
    )


def _hours(sign_ups, now):
    return (
        sign_ups.approved()
        .filter(stale_hours(now, "venue__"))
        .select_related("venue__lead_scheme", "scheme")
        .order_by(F("venue__hours_confirmed_at").asc(nulls_first=True), "pk")
    )


def _why_hours(sign_up, now):
    at, limit = sign_up.venue.hours_confirmed_at, sign_up.venue.lead_scheme.hours_valid_days
    if at is None:
        return _("Its opening hours were never confirmed.")
    return _(
        "Its opening hours were last confirmed %(days)s days ago; they count for %(limit)s."
    ) % {
        "days": (now - at).days,
        "limit": limit,
    }


def _hours_due(sign_up, now):
    venue = sign_up.venue
    if venue.hours_confirmed_at is None:
        return None
    days = datetime.timedelta(days=venue.lead_scheme.hours_valid_days)
    return timezone.localdate(venue.hours_confirmed_at + days)


MISSING = SignUpQueue(
    "missing",
    gettext_lazy("Missing something, grace is over"),
    _missing,
    _why_missing,
    _first_grace_until,
    is_costly=True,
    kept_as="missing",
)
IN_GRACE = SignUpQueue(
    "in_grace",
    gettext_lazy("Missing something, within its grace"),
    _in_grace,
    _why_in_grace,
    _first_grace_until,
    is_costly=True,
    kept_as="in_grace",
)
LAPSING = SignUpQueue(
    "lapsing",
    gettext_lazy("Lapsing within 30 days"),
    _lapsing,
    _why_lapsing,
    _first_lapse,
    is_costly=True,
    kept_as="lapsing",
)
HOURS = SignUpQueue(
    "hours", gettext_lazy("Opening hours not confirmed"), _hours, _why_hours, _hours_due
)
