"""Works out the kept rows of venues: asks the rules of listing and of hours, and adds none."""

import datetime
import json
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from functools import cache, lru_cache

from django.contrib.gis.db.models.functions import Transform
from django.db import connection
from django.db.models import F
from django.db.models.expressions import RawSQL
from django.utils import timezone

from geography.grid import WGS84
from venues.evidence_kinds import kept_for_days
from venues.hours.model import LONDON
from venues.hours.timetable import DAYS_AHEAD, ONE_DAY, spans_of_days, unknown_spans
from venues.listing import badges_among
from venues.models import Closure, OpeningHours, Scheme, SignUp, Venue

from .facts import FIELDS, facts_of

DAYS_KEPT = 2
"""Today and tomorrow: at midnight nothing has to happen."""

_NOT_HOURS = ("id", "venue_id", "note")

EDGES_FOR = DAYS_KEPT + DAYS_AHEAD + 1
"""Days of hours in a row: from yesterday's night until a fortnight after the last kept day."""


@dataclass(frozen=True, slots=True)
class Hours:
    """The edges of one timetable, as PostgreSQL reads an array, and its hull on each kept day."""

    edges: str
    doubt: str
    hulls: tuple[tuple[datetime.datetime, datetime.datetime] | None, ...]


@dataclass(frozen=True, slots=True)
class ListingRow:
    day: datetime.date
    venue: int
    hull: str | None
    schemes: str
    badges: str
    what_to_say: str


@dataclass(frozen=True, slots=True)
class VenueRow:
    venue: int
    edges: str
    doubt: str
    confirmed_until: datetime.datetime | None
    unavailable_until: datetime.datetime | None
    facts: str


@dataclass(frozen=True, slots=True)
class Rows:
    listings: list[ListingRow]
    venues: list[VenueRow]


def kept_days(at: datetime.datetime) -> list[datetime.date]:
    """The London dates for which rows are kept, at the aware moment `at`."""
    today = timezone.localdate(at)
    return [today + n * ONE_DAY for n in range(DAYS_KEPT)]


def rows_of(
    keys: Collection[int], days: list[datetime.date], known: dict[str, Hours] | None = None
) -> Rows:
    """The rows of those of the venues `keys` that are listed on any of `days`.

    `known` takes timetables worked out earlier for the same days.
    """
    by_day = {day: _listed(keys, day) for day in days}
    listed = sorted({venue for found in by_day.values() for venue in found})
    hours = _hours(listed, days, {} if known is None else known)
    rows = Rows([], [])
    at = Transform("public_point", WGS84)
    places = (
        Venue.objects.filter(pk__in=_set_of(listed))
        .only(*FIELDS, "hours_confirmed_at", "unavailable_until")
        .annotate(at=at, valid_days=F("lead_scheme__hours_valid_days"))
        .order_by("pk")
    )
    for venue in places:
        confirmed = venue.hours_confirmed_at
        until = confirmed and confirmed + datetime.timedelta(days=venue.valid_days)
        kept = hours[venue.pk]
        rows.venues.append(
            VenueRow(
                venue=venue.pk,
                edges=kept.edges,
                doubt=kept.doubt,
                confirmed_until=until,
                unavailable_until=venue.unavailable_until,
                facts=json.dumps(facts_of(venue, venue.at), ensure_ascii=False),
            )
        )
        for day, hull in zip(days, kept.hulls, strict=True):
            if venue.pk not in by_day[day]:
                continue
            schemes, badges, words = _named(by_day[day][venue.pk], venue.lead_scheme_id)
            is_confirmed = until is not None and until >= _midnight(day)
            rows.listings.append(
                ListingRow(
                    day=day,
                    venue=venue.pk,
                    hull=f"[{_text(hull[0])},{_text(hull[1])})" if hull and is_confirmed else None,
                    schemes=schemes,
                    badges=badges,
                    what_to_say=words,
                )
            )
    return rows


# Listed


@dataclass(frozen=True, slots=True)
class _Listed:
    """A sign-up that lists its venue, as `badges_among` reads it."""

    scheme: Scheme
    hides_badge: bool


@kept_for_days
def listed_sql(day: datetime.date) -> tuple[str, tuple]:
    """The SQL and parameters of the one rule: venue, scheme and whether its badge is hidden.

    Compiling the query takes longer than running it for one venue.
    """
    rows = SignUp.objects.listed(day).order_by()
    return rows.values_list("venue_id", "scheme_id", "hides_badge").query.sql_with_params()


def _listed(keys, day) -> dict[int, list[_Listed]]:
    sql, params = listed_sql(day)
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT * FROM ({sql}) AS listed (venue, scheme, hides_badge)"
            " WHERE venue = ANY(%s) ORDER BY venue, scheme",
            [*params, list(keys)],
        )
        found = cursor.fetchall()
    schemes = Scheme.objects.only("slug", "name", "what_to_say").in_bulk(
        {scheme for __, scheme, __ in found}
    )
    by_venue = defaultdict(list)
    for venue, scheme, hides in found:
        by_venue[venue].append(_Listed(schemes[scheme], hides))
    return by_venue


def _named(listed: list[_Listed], lead: int) -> tuple[str, str, str]:
    """Ids of the schemes named beside the venue, their names, and the words of one of them."""
    schemes = badges_among(listed)
    words = sorted(schemes, key=lambda scheme: scheme.pk != lead)
    return (
        _array(scheme.pk for scheme in schemes),
        json.dumps([[scheme.slug, scheme.name] for scheme in schemes], ensure_ascii=False),
        words[0].what_to_say if words else "",
    )


# Hours


class _Week(list):
    """Stands for a related manager that has fetched its rows."""

    def all(self):
        return self


@dataclass(frozen=True)
class _Timetable:
    """What `venues.hours.timetable` reads of a venue."""

    division: str
    bank_holidays: str
    opening_hours: _Week
    closures: _Week


def _hours(keys: list[int], days: list[datetime.date], known: dict[str, Hours]) -> dict[int, Hours]:
    """The edges per venue. Venues of a chain often share a timetable: each is worked out once."""
    usual = _values(OpeningHours, keys, valid_from__lte=days[-1] + (DAYS_AHEAD + 1) * ONE_DAY)
    closures = _values(Closure, keys, ends_on__gte=days[0] - ONE_DAY)
    rules = Venue.objects.filter(pk__in=_set_of(keys)).values_list(
        "pk", "division", "bank_holidays"
    )
    found = {}
    for venue, division, bank_holidays in rules.order_by():
        # As text, because a row may hold lists.
        key = repr((division, bank_holidays, usual.get(venue), closures.get(venue)))
        if key not in known:
            known[key] = _edges(
                _Timetable(
                    division,
                    bank_holidays,
                    _Week(_objects(OpeningHours, usual.get(venue, ()))),
                    _Week(_objects(Closure, closures.get(venue, ()))),
                ),
                days,
            )
        found[venue] = known[key]
    return found


def _values(model, keys, **wanted) -> dict[int, list[tuple]]:
    """Everything that says when, per venue, in a stable order."""
    found = defaultdict(list)
    rows = model.objects.filter(venue__in=_set_of(keys), **wanted).order_by("venue", "pk")
    for venue, *values in rows.values_list("venue_id", *_names(model)):
        found[venue].append(tuple(values))
    return found


@cache
def _names(model) -> list[str]:
    """The fields that say when, and what the manager annotates."""
    names = [field.attname for field in model._meta.concrete_fields]
    return [name for name in names if name not in _NOT_HOURS] + list(
        model.objects.all().query.annotations
    )


def _objects(model, rows: Iterable[tuple]) -> list:
    found = []
    for row in rows:
        one = model.__new__(model)  # a model's own constructor is slow, thousands of times
        one.__dict__.update(zip(_names(model), row, strict=True))
        found.append(one)
    return found


def _set_of(keys: Collection[int]) -> RawSQL:
    """`keys` as one parameter: Django would prepare each of thousands by itself."""
    return RawSQL("SELECT unnest(%s::bigint[])", [list(keys)])


def _edges(venue: _Timetable, days: list[datetime.date]) -> Hours:
    spans = spans_of_days(venue, days[0] - ONE_DAY, EDGES_FOR + 1)
    doubt = unknown_spans(venue, days[0] - ONE_DAY, EDGES_FOR + 1)
    return Hours(_flat(spans), _flat(doubt), tuple(_hull(spans, day) for day in days))


def _hull(spans, day):
    """From the first opening to the last closing within `day`; None if it does not open."""
    first, last = _midnight(day), _midnight(day + ONE_DAY)
    within = [span for span in spans if span[0] < last and span[1] > first]
    if not within:
        return None
    return max(first, within[0][0]), min(last, max(closes for __, closes in within))


@lru_cache(maxsize=64)
def _midnight(day: datetime.date) -> datetime.datetime:
    # In UTC, because two moments in one zone are compared by their wall clocks.
    return datetime.datetime.combine(day, datetime.time(0), LONDON).astimezone(datetime.UTC)


def _flat(spans) -> str:
    return _array(f'"{_text(moment)}"' for span in spans for moment in span)


def _text(moment: datetime.datetime) -> str:
    return moment.astimezone(datetime.UTC).isoformat()


def _array(values: Iterable) -> str:
    """As PostgreSQL reads an array."""
    return "{" + ",".join(str(value) for value in values) + "}"
