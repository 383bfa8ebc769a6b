"""Venues that may cover somebody, as columns: location, sector, scheme and opening hours."""

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from django.contrib.gis.db.models import PointField
from django.contrib.gis.geos import Polygon
from django.db.models import (
    BigIntegerField,
    Case,
    Exists,
    F,
    Func,
    IntegerField,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.refusals import Refused
from coverage.models import OtherPlaceHours, Source
from geography.models import BRITISH_NATIONAL_GRID
from venues.hours.model import BANK_HOLIDAY, BankHolidays
from venues.hours.terms import term_on
from venues.models import Closure, OpeningHours, Organisation, SignUp, Venue, VenueVersion

from .columns import columns, one_of
from .timetables import DAY, DIVISIONS, EVERY_WEEK, FOREVER, RULES, TERMS, Timetables
from .where import Easting, Northing

FAR_AWAY = 20_000
"""Metres outside a scheme's area beyond which a venue's point counts as a mistake."""
NAMED = 5
NEVER = -1
"""Placeholder for the expiry of hours that were never confirmed."""
ONE_DAY = datetime.timedelta(days=1)
NOT_OURS = "other_places"
"""Placeholder sector of other people's spaces."""
POINT = PointField(srid=BRITISH_NATIONAL_GRID)


class Seconds(Func):
    template, output_field = "EXTRACT(EPOCH FROM %(expressions)s)::int", IntegerField()


class Microseconds(Func):
    """Since 1970, of a moment."""

    template = "(EXTRACT(EPOCH FROM %(expressions)s) * 1000000)::bigint"
    output_field = BigIntegerField()


class DayNumber(Func):
    """Days since the year 1, as Python's `toordinal`; 0 for none."""

    template = "COALESCE(%(expressions)s - DATE '0001-01-01' + 1, 0)"
    output_field = IntegerField()


class WeekBits(Func):
    """Weeks of the month as the sum of their `week_bit`; EVERY_WEEK for an empty array."""

    template = (
        "COALESCE((SELECT SUM(1 << (array_position(ARRAY[1, 2, 3, 4, 5, -1], week::int) - 1))"
        " FROM unnest(%(expressions)s) AS week), 0)"
    )
    output_field = IntegerField()


WEEKS_AS_BITS = Case(When(weeks=[], then=EVERY_WEEK), default=WeekBits("weeks"))
TERM_AS_NUMBER = Case(
    *(When(term=term, then=number) for number, term in enumerate(TERMS)),
    output_field=IntegerField(),
)


@dataclass
class Venues:
    """The venues near somebody."""

    keys: list[int] = field(default_factory=list)
    names: list[str] = field(default_factory=list)
    xy: np.ndarray = field(default_factory=lambda: np.empty((0, 2)))
    sectors: list[str] = field(default_factory=list)
    schemes: list[dict[int, str]] = field(default_factory=list)
    timetables: Timetables = field(default_factory=lambda: Timetables(0))

    def __len__(self) -> int:
        return len(self.keys)

    def take(self, indices: np.ndarray) -> "Venues":
        """Only those with these indices, in this order."""
        return Venues(
            [self.keys[index] for index in indices],
            [self.names[index] for index in indices],
            self.xy[indices],
            [self.sectors[index] for index in indices],
            [self.schemes[index] for index in indices],
            self.timetables.take(indices),
        )

    def __add__(self, other: "Venues") -> "Venues":
        """These followed by the others; venue and space keys are numbered separately."""
        return Venues(
            self.keys + other.keys,
            self.names + other.names,
            np.concatenate([self.xy, other.xy]),
            self.sectors + other.sectors,
            self.schemes + other.schemes,
            self.timetables + other.timetables,
        )


def venues_near(
    points: np.ndarray,
    radius: float,
    *,
    day: datetime.date,
    scheme=None,
    internal: bool = False,
    public: bool = False,
    days: tuple[datetime.date, datetime.date] | None = None,
) -> Venues:
    """The members of `day` within `radius` of the bounding box of `points`.

    Public and area-only venues count at their real location; `internal` adds those that nobody else
    sees; `public` puts an area-only venue where the public sees it. Without `days` (the first and
    the last one queried) no hours are fetched.
    """
    members, point = _where_they_were(_members(day, scheme, internal), day, public)
    rows = (
        members.filter(**{f"{point}__intersects": _box_around(points, radius)})
        .order_by("venue_id", "scheme_id")
        .values_list(
            "venue_id",
            "venue__name",
            Easting(point),
            Northing(point),
            "venue__organisation__sector",
            "scheme_id",
            "scheme__name",
            "venue__bank_holidays",
            "venue__division",
            Coalesce(Microseconds("venue__hours_confirmed_at"), NEVER),
            "venue__lead_scheme__hours_valid_days",
            Coalesce(Microseconds("venue__unavailable_until"), 0),
        )
    )
    key, name, x, y, sector, scheme_id, its_scheme, rule, division, at, valid, until = columns(rows)
    if not key:
        return Venues()
    schemes: dict[int, dict[int, str]] = {}
    for one, number, label in zip(key, scheme_id, its_scheme, strict=True):
        schemes.setdefault(one, {})[number] = label
    _keys, first = np.unique(key, return_index=True)  # a venue may be in several schemes
    confirmed, valid = np.array(at)[first], np.array(valid, dtype=np.int64)[first]
    found = Venues(
        [key[index] for index in first],
        [name[index] for index in first],
        np.column_stack([x, y])[first],
        [sector[index] for index in first],
        list(schemes.values()),
        Timetables(
            len(first),
            bank_holidays=np.array([RULES.index(rule[index]) for index in first]),
            division=np.array([DIVISIONS.index(division[index]) for index in first]),
            confirmed_until=np.where(confirmed < 0, NEVER, confirmed + valid * DAY * 1_000_000),
            unavailable_until=np.array(until)[first],
        ),
    )
    if days:
        _fetch_hours(found, *days)
    return found


def as_drawn(venues: Venues, schemes) -> Venues:
    """The same venues as officers of these schemes may see them on a map.

    The exact location of another council's area-only venue is private to that council, so it is
    drawn where the public sees it. Figures use its real location.
    """
    if schemes is None or not venues.keys:
        return venues
    theirs = (
        Venue.objects.filter(one_of("pk", venues.keys), listing=Venue.Listing.AREA_ONLY)
        .exclude(sign_ups__scheme__in=schemes)
        .annotate(x=Easting("public_point"), y=Northing("public_point"))
    )
    xy, number = venues.xy.copy(), {key: index for index, key in enumerate(venues.keys)}
    for key, x, y in theirs.values_list("pk", "x", "y"):
        xy[number[key]] = (x, y)
    return replace(venues, xy=xy)


def _members(day, scheme, internal):
    """Sign-ups whose venues count on `day`; for a future day, as they are today."""
    day = min(day, timezone.localdate())
    members = SignUp.objects.listed(day)
    if internal:
        members = SignUp.objects.filter(
            Q(pk__in=members.values("pk"))
            | Q(
                pk__in=SignUp.objects.approved()
                .filter(venue__listing=Venue.Listing.INTERNAL)
                .values("pk")
            )
        )
    if day < timezone.localdate():
        members = members.filter(approved_at__date__lte=day)
    if scheme is not None:
        members = members.filter(scheme=scheme)
    return members


def _where_they_were(members, day, public):
    """(sign-ups, name of the point field): where a venue is, or was on a past day."""
    if public:
        return members, "venue__public_point"
    if day >= timezone.localdate():
        return members, "venue__point"
    versions = VenueVersion.objects.filter(venue=OuterRef("venue_id"))
    then = versions.filter(valid_from__lte=day).filter(
        Q(valid_to__isnull=True) | Q(valid_to__gt=day)
    )
    as_now = When(~Exists(versions), then=F("venue__point"))
    kept = Case(as_now, default=Subquery(then.values("point")[:1]), output_field=POINT)
    return members.annotate(then=kept), "then"


def _box_around(points, radius):
    low, high = points.min(axis=0) - radius - 1, points.max(axis=0) + radius + 1
    box = Polygon.from_bbox((*low, *high))
    box.srid = BRITISH_NATIONAL_GRID
    return box


def _fetch_hours(found: Venues, first: datetime.date, last: datetime.date) -> None:
    eve = first - ONE_DAY  # Its nights may still be running.
    weekdays = _weekdays(eve, last)
    hours = (
        OpeningHours.objects.filter(
            one_of("venue_id", found.keys), by_appointment=False, valid_from__lte=last
        )
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gt=eve))
        .filter(weekday__in=[*weekdays, BANK_HOLIDAY])
        .order_by()
        .values_list(
            "venue_id",
            "weekday",
            Seconds("opens"),
            Seconds("closes"),
            Coalesce("season_from", 0),
            Coalesce("season_to", 0),
            DayNumber("valid_from"),
            DayNumber("valid_to"),
            WEEKS_AS_BITS,
            DayNumber("fortnight_from"),
            TERM_AS_NUMBER,
        )
    )
    found.timetables.intervals = _rows(hours, found.keys, 11)
    if found.timetables.intervals[:, 10].any():
        _fetch_school_days(found, eve, last)
    closures = (
        Closure.objects.filter(one_of("venue_id", found.keys))
        .filter(starts_on__lte=last, ends_on__gte=eve)
        .order_by()
        .values_list(
            "venue_id",
            DayNumber("starts_on"),
            DayNumber("ends_on"),
            Coalesce(Seconds("opens"), -1),
            Coalesce(Seconds("closes"), -1),
        )
    )
    found.timetables.closures = _rows(closures, found.keys, 5)


def _fetch_school_days(found: Venues, first: datetime.date, last: datetime.date) -> None:
    """Which days are known to be in term time or holidays; only for hours that depend on it."""
    number_of = {key: index for index, key in enumerate(found.keys)}
    hours = (
        OpeningHours.objects.filter(one_of("venue_id", found.keys))
        .exclude(term="")
        .order_by("venue_id")
        .distinct("venue_id")
        .values_list("venue_id", "school_years")
    )
    rows = [
        (number_of[key], day.toordinal(), TERMS.index(term))
        for key, years in hours
        for day in (first + number * ONE_DAY for number in range((last - first).days + 1))
        if (term := term_on(years, day))
    ]
    if rows:
        found.timetables.school_days = np.array(rows, dtype=np.int64)


def _weekdays(first: datetime.date, last: datetime.date) -> set[int]:
    return {(first + number * ONE_DAY).weekday() for number in range((last - first).days + 1)}


def _rows(rows, keys: list[int], width: int) -> np.ndarray:
    """Rows of whole numbers; the key in the first column becomes its index in the sorted `keys`."""
    made = np.array(columns(rows), dtype=np.int64).reshape(width, -1).T.copy()
    made[:, 0] = np.searchsorted(keys, made[:, 0])
    return made


def lists_named(names: Sequence[str]) -> tuple[Source, ...]:
    """The lists of other people's spaces with these names; raises Refused if one is missing."""
    found = Source.objects.filter(name__in=names)
    missing = [name for name in names if name not in {source.name for source in found}]
    if missing:
        known = sorted(set(Source.objects.values_list("name", flat=True)))
        raise Refused(
            _(
                "There is no list of other spaces “%(name)s”."
                " Import it: manage.py import_other_places FILE."
            )
            % {"name": missing[0]},
            _("Lists that are here: %(names)s.") % {"names": ", ".join(known) or _("none")},
        )
    return tuple(sorted(found, key=lambda source: names.index(source.name)))


def other_places_near(
    points: np.ndarray,
    radius: float,
    other_places,
    *,
    days: tuple[datetime.date, datetime.date] | None = None,
) -> Venues:
    """Those of `other_places` nearby, treated as venues.

    A space without listed hours counts as unconfirmed, as does every space on a bank holiday.
    """
    rows = (
        other_places.filter(point__intersects=_box_around(points, radius))
        .order_by("pk")
        .values_list(
            "pk",
            "name",
            Easting("point"),
            Northing("point"),
            Exists(OtherPlaceHours.objects.filter(other_place=OuterRef("pk"))),
            "division",
        )
    )
    keys, names, x, y, has_hours, division = columns(rows)
    if not keys:
        return Venues()
    found = Venues(
        keys,
        names,
        np.column_stack([x, y]),
        [NOT_OURS] * len(keys),
        [{} for _key in keys],
        Timetables(
            len(keys),
            bank_holidays=np.full(len(keys), RULES.index(BankHolidays.NOT_KNOWN)),
            division=np.array([DIVISIONS.index(each) for each in division]),
            confirmed_until=np.where(has_hours, FOREVER, NEVER),
        ),
    )
    if days:
        _fetch_hours_of_other_places(found, *days)
    return found


def _fetch_hours_of_other_places(found: Venues, first: datetime.date, last: datetime.date) -> None:
    eve = first - ONE_DAY
    hours = (
        OtherPlaceHours.objects.filter(one_of("other_place_id", found.keys))
        .filter(Q(valid_from__isnull=True) | Q(valid_from__lte=last))
        .filter(Q(valid_to__isnull=True) | Q(valid_to__gt=eve))
        .filter(weekday__in=_weekdays(eve, last))
        .order_by()
        .values_list(
            "other_place_id",
            "weekday",
            Seconds("opens"),
            Seconds("closes"),
            Value(0),
            Value(0),
            DayNumber("valid_from"),
            DayNumber("valid_to"),
            Value(EVERY_WEEK),
            Value(0),
            Value(TERMS.index("")),
        )
    )
    found.timetables.intervals = _rows(hours, found.keys, 11)


def misplaced(where, schemes=None) -> list[str]:
    """Warnings about members of the area's own schemes without a usable location."""
    if where.boundary is None:
        return []
    own = SignUp.objects.approved().filter(scheme__area__boundary__intersects=where.boundary)
    if schemes is not None:
        own = own.filter(scheme__in=schemes)
    notes = []
    if without := _named(own.filter(venue__point__isnull=True)):
        notes.append(
            ngettext(
                "%(count)s venue has no point on the map and is not counted: %(names)s.",
                "%(count)s venues have no point on the map and are not counted: %(names)s.",
                without[0],
            )
            % {"count": without[0], "names": without[1]}
        )
    near = Q(venue__point__dwithin=(F("scheme__area__boundary"), FAR_AWAY))
    if far := _named(own.filter(venue__point__isnull=False).exclude(near)):
        notes.append(
            ngettext(
                "%(count)s venue lies more than %(km)s km outside its scheme’s area and covers"
                " nobody here; look at its point: %(names)s.",
                "%(count)s venues lie more than %(km)s km outside their scheme’s area and cover"
                " nobody here; look at their points: %(names)s.",
                far[0],
            )
            % {"count": far[0], "km": FAR_AWAY // 1000, "names": far[1]}
        )
    return notes


def _named(sign_ups) -> tuple[int, str] | None:
    names = list(sign_ups.order_by("venue__name").values_list("venue__name", flat=True).distinct())
    if not names:
        return None
    more = ["…"] if len(names) > NAMED else []
    return len(names), ", ".join(names[:NAMED] + more)


def sector_label(sector: str) -> str:
    if sector == NOT_OURS:
        return _("Other spaces, as if they had joined")
    return str(dict(Organisation.Sector.choices).get(sector, _("Sector not known")))
