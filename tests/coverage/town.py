"""A town small enough to calculate by hand: four points on a line, two wards, one moment.

metres east     0       1000      2000      10,000
people          A 100   B 200     C 300     D 400      1000 together
ward            West    West      East      East
"""

import datetime

from django.contrib.gis.geos import MultiPolygon, Point, Polygon

from geography.models import Area, PopulationPoint
from tests.factories import SignUpFactory
from venues.hours.model import LONDON

EAST, NORTH = 400_000, 200_000
DISTRICT = "E07999999"
PEOPLE = [
    ("A", 0, 100, "West", 1),
    ("B", 1000, 200, "West", 2),
    ("C", 2000, 300, "East", 2),
    ("D", 10_000, 400, "East", 10),
]
FRIDAY_22 = datetime.datetime(2026, 11, 20, 22, tzinfo=LONDON)
LONG_AGO = datetime.datetime(2020, 1, 1, tzinfo=datetime.UTC)


def at(east, north=0):
    return Point(EAST + east, NORTH + north, srid=27700)


def rectangle(east, width, south=-5000, height=10_000):
    west, low = EAST + east, NORTH + south
    return MultiPolygon(Polygon.from_bbox((west, low, west + width, low + height)), srid=27700)


def make_people():
    PopulationPoint.objects.bulk_create(
        PopulationPoint(
            code=f"E0199999{name}",
            name=f"Smalltown {name}",
            kind="lsoa",
            vintage=2021,
            people=people,
            imd_decile=decile,
            ward_code=f"W-{ward}",
            district_code=DISTRICT,
            point=at(east),
            counts={"female": people // 2, "16-24": people // 10},
        )
        for name, east, people, ward, decile in PEOPLE
    )


def make_areas():
    """The district and its wards."""
    Area.objects.create(
        code=DISTRICT,
        name="Smalltown",
        kind="district",
        vintage=2025,
        boundary=rectangle(-500, 12_000),
    )
    for name, east, width in (("West", -500, 2000), ("East", 1500, 10_000)):
        Area.objects.create(
            code=f"W-{name}",
            name=name,
            kind="ward",
            vintage=2025,
            parent_code=DISTRICT,
            parent_name="Smalltown",
            boundary=rectangle(east, width),
        )


def make_town():
    make_people()
    make_areas()


def daily(opens, closes):
    """The same hours every day, from one whole hour to another."""
    return [(day, datetime.time(opens), datetime.time(closes)) for day in range(7)]


def member(east, hours=(), *, north=0, scheme=None, **venue):
    """A listed venue this many metres east of A, with hours confirmed in time."""
    given = {
        "point": at(east, north),
        "hours": hours,
        "bank_holidays": "as_usual",
        "hours_confirmed_at": FRIDAY_22 - datetime.timedelta(days=10),
        **venue,
    }
    sign_up = SignUpFactory(
        approved=True,
        listed=True,
        approved_at=LONG_AGO,
        **({"scheme": scheme} if scheme else {}),
        **{f"venue__{name}": value for name, value in given.items()},
    )
    return sign_up.venue
