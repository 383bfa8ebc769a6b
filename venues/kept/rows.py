"""Computes the kept rows of venues, using the rules of listing and of hours and adding none."""

import datetime
import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache

from django.contrib.gis.db.models.functions import Transform
from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import F, FloatField, Func, QuerySet
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
"""Today and tomorrow, so that nothing has to happen at midnight."""

_NOT_HOURS = ("id", "venue_id", "note")

EDGES_FOR = DAYS_KEPT + DAYS_AHEAD + 1
"""Days of hours in a row: from yesterday's night until a fortnight after the last kept day."""


@dataclass(frozen=True, slots=True)
class Hours:
    """The edges of one timetable, and its spans on each kept day, as PostgreSQL reads them."""

    edges: str
    doubt: str
    open_on: tuple[str, ...]
    doubt_on: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ListingRow:
    day: datetime.date
    venue: int
    schemes: str
    badges: str
    what_to_say: str


@dataclass(frozen=True, slots=True)
class VenueRow:
    venue: int
    hours: Hours
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


@dataclass(frozen=True, slots=True)
class Known:
    """What many venues share, worked out once for the same days."""

    hours: dict[object, Hours] = field(default_factory=dict)
    named: dict[tuple, tuple[str, str, str]] = field(default_factory=dict)


def rows_of(keys: Collection[int], days: list[datetime.date], known: Known | None = None) -> Rows:
    """The rows of those of the venues `keys` that are listed on any of `days`.

    `known` has what was worked out earlier for the same days.
    """
    known = known or Known()
    by_day = _listed(keys, days)
    listed = sorted({venue for found in by_day.values() for venue in found})
    places = _places(listed)
    hours = _hours(places, days, known.hours)
    rows = Rows([], [])
    for venue in places:
        confirmed = venue.hours_confirmed_at
        until = confirmed and confirmed + datetime.timedelta(days=venue.valid_days)
        kept = hours[venue.pk]
        at = None if venue.longitude is None else (venue.longitude, venue.latitude)
        rows.venues.append(
            VenueRow(
                venue=venue.pk,
                hours=kept,
                confirmed_until=until,
                unavailable_until=venue.unavailable_until,
                facts=json.dumps(facts_of(venue, at), ensure_ascii=False),
            )
        )
        for day in days:
            if venue.pk not in by_day[day]:
                continue
            named = (venue.lead_scheme_id, *by_day[day][venue.pk])
            if named not in known.named:
                known.named[named] = _named(by_day[day][venue.pk], venue.lead_scheme_id)
            schemes, badges, words = known.named[named]
            rows.listings.append(
                ListingRow(
                    day=day,
                    venue=venue.pk,
                    schemes=schemes,
                    badges=badges,
                    what_to_say=words,
                )
            )
    return rows


class _Ready:
    """A query for some venues whose SQL is written once: that takes longer than to run it."""

    def __init__(self, rows: QuerySet, by: str) -> None:
        some = RawSQL("SELECT unnest(%s::bigint[])", [_KEYS])
        compiler = rows.filter(**{f"{by}__in": some}).query.get_compiler(DEFAULT_DB_ALIAS)
        self.sql, params = compiler.as_sql()
        self.params = tuple(params)
        self.apply = compiler.apply_converters
        self.converters = compiler.get_converters([each[0] for each in compiler.select])

    def rows(self, keys: Collection[int], around: str = "{}") -> Iterable[Sequence]:
        """The rows as Django would give them; as they are of a query `around` it."""
        params = [list(keys) if each is _KEYS else each for each in self.params]
        with connection.cursor() as cursor:
            cursor.execute(around.replace("{}", self.sql), params)
            found = cursor.fetchall()
        return self.apply(found, self.converters) if around == "{}" else found


_KEYS = object()
"""Stands for the keys in a query that is ready."""


# Places


PLACE = (*FIELDS, "hours_confirmed_at", "unavailable_until", "division", "bank_holidays")


class _X(Func):
    function = "ST_X"
    output_field = FloatField()


class _Y(_X):
    function = "ST_Y"


@cache
def _places_ready() -> _Ready:
    at = Transform("public_point", WGS84)
    rows = Venue.objects.order_by("pk").values_list(
        *("pk", "lead_scheme_id"),
        *(Venue._meta.get_field(name).attname for name in PLACE),
        F("lead_scheme__hours_valid_days"),
        _X(at),
        _Y(at),
    )
    return _Ready(rows, "pk")


def _places(keys: list[int]) -> list[Venue]:
    """The venues with PLACE, `valid_days`, and `longitude` and `latitude` of the public point."""
    names = ["id", "lead_scheme_id", *(Venue._meta.get_field(name).attname for name in PLACE)]
    names += ["valid_days", "longitude", "latitude"]
    return _objects(Venue, names, _places_ready().rows(keys))


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


def _listed(
    keys: Collection[int], days: list[datetime.date]
) -> dict[datetime.date, dict[int, tuple[_Listed, ...]]]:
    """Per day and venue, the sign-ups that list it."""
    found = {}
    with connection.cursor() as cursor:
        for day in days:
            sql, params = listed_sql(day)
            cursor.execute(
                f"SELECT * FROM ({sql}) AS listed (venue, scheme, hides_badge)"
                " WHERE venue = ANY(%s) ORDER BY venue, scheme",
                [*params, list(keys)],
            )
            found[day] = cursor.fetchall()
    schemes = Scheme.objects.only("slug", "name", "what_to_say").in_bulk(
        {scheme for rows in found.values() for __, scheme, __ in rows}
    )
    by_day: dict[datetime.date, dict[int, tuple[_Listed, ...]]] = {}
    for day, rows in found.items():
        by_venue = by_day[day] = {}
        for venue, scheme, hides in rows:
            one = _Listed(schemes[scheme], hides)
            by_venue[venue] = (*by_venue.get(venue, ()), one)
    return by_day


def _named(listed: Collection[_Listed], lead: int) -> tuple[str, str, str]:
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
    """Stands in for a related manager with prefetched rows."""

    def all(self):
        return self


@dataclass(frozen=True)
class _Timetable:
    """The part of a venue that `venues.hours.timetable` reads."""

    division: str
    bank_holidays: str
    opening_hours: _Week
    closures: _Week


FEW = 50
"""So many venues are read one by one; of more, those that share a timetable are found first."""


def _hours(
    places: list[Venue], days: list[datetime.date], known: dict[object, Hours]
) -> dict[int, Hours]:
    """The edges per venue. Many venues share a timetable: each is worked out once."""
    usual, closures = _when_ready(*days)
    keys = [venue.pk for venue in places]
    written = [_written(each, keys) if len(keys) > FEW else None for each in (usual, closures)]
    shared: dict[int, object] = {}
    first: dict[object, Venue] = {}
    for venue in places:
        texts = [text.get(venue.pk, "") if text is not None else venue.pk for text in written]
        key = (venue.division, venue.bank_holidays, *texts)
        shared[venue.pk] = key
        if len(keys) <= FEW or key not in known:
            first.setdefault(key, venue)
    news = [venue.pk for venue in first.values()]
    opened, closed = (_by_venue(each, news) for each in (usual, closures))
    new = {
        key: _edges(
            _Timetable(
                venue.division,
                venue.bank_holidays,
                _Week(_objects(OpeningHours, _names(OpeningHours), opened.get(venue.pk, ()))),
                _Week(_objects(Closure, _names(Closure), closed.get(venue.pk, ()))),
            ),
            days,
        )
        for key, venue in first.items()
    }
    if len(keys) > FEW:
        known |= new
        return {venue: known[key] for venue, key in shared.items()}
    return {venue: new[key] for venue, key in shared.items()}


@lru_cache(maxsize=4)
def _when_ready(*days: datetime.date) -> tuple[_Ready, _Ready]:
    """Everything that says when: the usual hours, and the closures."""
    usual = OpeningHours.objects.filter(valid_from__lte=days[-1] + (DAYS_AHEAD + 1) * ONE_DAY)
    closures = Closure.objects.filter(ends_on__gte=days[0] - ONE_DAY)
    return tuple(
        _Ready(rows.order_by("venue", "pk").values_list("venue_id", *_names(rows.model)), "venue")
        for rows in (usual, closures)
    )


def _written(ready: _Ready, keys: list[int]) -> dict[int, str]:
    """All that says when, as one text per venue: the same for venues of one timetable."""
    row = "(to_jsonb(q) - 'venue_id')::text"
    around = (
        f"SELECT venue_id, string_agg({row}, ';' ORDER BY {row} COLLATE \"C\")"
        " FROM ({}) AS q GROUP BY venue_id"
    )
    return dict(ready.rows(keys, around))


def _by_venue(ready: _Ready, keys: list[int]) -> dict[int, list[Sequence]]:
    found = defaultdict(list)
    for venue, *values in ready.rows(keys):
        found[venue].append(values)
    return found


@cache
def _names(model) -> list[str]:
    """The fields that say when, and what the manager annotates."""
    names = [each.attname for each in model._meta.concrete_fields]
    return [name for name in names if name not in _NOT_HOURS] + list(
        model.objects.all().query.annotations
    )


def _objects(model, names: Sequence[str], rows: Iterable[Sequence]) -> list:
    found = []
    for row in rows:
        one = model.__new__(model)  # a model's own constructor is slow, thousands of times
        one.__dict__.update(zip(names, row, strict=True))
        found.append(one)
    return found


def _edges(venue: _Timetable, days: list[datetime.date]) -> Hours:
    spans = spans_of_days(venue, days[0] - ONE_DAY, EDGES_FOR + 1)
    doubt = unknown_spans(venue, days[0] - ONE_DAY, EDGES_FOR + 1)
    return Hours(
        _flat(spans),
        _flat(doubt),
        tuple(_within(spans, day) for day in days),
        tuple(_within(doubt, day) for day in days),
    )


def _within(spans, day) -> str:
    """The parts of `spans` within `day`, as a PostgreSQL multirange."""
    first, last = _midnight(day), _midnight(day + ONE_DAY)
    parts = [(max(first, opens), min(last, closes)) for opens, closes in spans]
    within = ",".join(f"[{_text(a)},{_text(b)})" for a, b in parts if a < b)
    return "{" + within + "}"


@lru_cache(maxsize=64)
def _midnight(day: datetime.date) -> datetime.datetime:
    # In UTC, because two moments in one zone are compared by their wall clocks.
    return datetime.datetime.combine(day, datetime.time(0), LONDON).astimezone(datetime.UTC)


def _flat(spans) -> str:
    return _array(f'"{_text(moment)}"' for span in spans for moment in span)


def _text(moment: datetime.datetime) -> str:
    return moment.astimezone(datetime.UTC).isoformat()


def _array(values: Iterable) -> str:
    """A PostgreSQL array literal."""
    return "{" + ",".join(str(value) for value in values) + "}"
