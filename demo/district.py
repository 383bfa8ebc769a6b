"""Marrowby, a made-up district in the North Sea: wards, postcodes and people."""

import math
import random

from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from django.db import connection

from geography.importers.middles import weigh_middles
from geography.models import Area, PlaceName, PopulationPoint, Postcode

SOURCE = "Demonstration: invented"
WEST, SOUTH, WARD_SIZE = 570_000.0, 370_000.0, 2_600.0
WARDS = [
    ["Harbour", "Old Town", "St Brannock"],
    ["Millfields", "Castle Green", "Thornhay"],
]
YEAR = 2025
PLACES = [  # name, kind, and columns and rows in the grid of wards, from the south-west
    ("Marrowby", PlaceName.Kind.TOWN, 1.5, 0.9),
    ("Harbourside", PlaceName.Kind.SUBURB, 0.5, 0.5),
    ("Old Town", PlaceName.Kind.SUBURB, 1.5, 0.5),
    ("Castle Green", PlaceName.Kind.SUBURB, 1.5, 1.5),
    ("Thornhay", PlaceName.Kind.VILLAGE, 2.6, 1.6),
    ("Millfields", PlaceName.Kind.VILLAGE, 0.5, 1.6),
    ("Upper Thornhay", PlaceName.Kind.HAMLET, 2.8, 1.8),
]


def _corner(column, row):
    """A corner of the ward grid, displaced a little so that boundaries look natural."""
    at_the_edge = column in (0, len(WARDS[0])) or row in (0, len(WARDS))
    sway = 150 if at_the_edge else 420
    return (
        WEST + column * WARD_SIZE + sway * math.sin(3.1 * column + 1.7 * row),
        SOUTH + row * WARD_SIZE + sway * math.cos(2.3 * column - 1.1 * row),
    )


def _ward(column, row):
    corners = [
        _corner(column, row),
        _corner(column + 1, row),
        _corner(column + 1, row + 1),
        _corner(column, row + 1),
    ]
    return Polygon([*corners, corners[0]], srid=27700)


def load_district() -> Area:
    """Create the areas, place names, postcodes and population points. Returns the district."""
    chance = random.Random(20)
    district_code, shapes = "X07000001", []
    for row, names in enumerate(WARDS):
        for column, name in enumerate(names):
            shape = _ward(column, row)
            shapes.append(shape)
            number = row * len(names) + column + 1
            ward = Area.objects.create(
                code=f"X0500000{number}",
                name=name,
                kind=Area.Kind.WARD,
                vintage=YEAR,
                parent_code=district_code,
                parent_name="Marrowby",
                boundary=MultiPolygon(shape, srid=27700),
                source=SOURCE,
            )
            _postcodes(ward, shape, number, chance)
            _people(ward, shape, number, chance, district_code)
    whole = shapes[0]
    for shape in shapes[1:]:
        whole = whole.union(shape)
    whole.srid = 27700
    district = Area.objects.create(
        code=district_code,
        name="Marrowby",
        kind=Area.Kind.DISTRICT,
        vintage=YEAR,
        boundary=MultiPolygon(whole, srid=27700),
        source=SOURCE,
    )
    _place_names()
    with connection.cursor() as cursor:
        weigh_middles(cursor)
    return district


def _place_names():
    """The town, its suburbs and the villages around, as OS Open Names would give them."""
    PlaceName.objects.bulk_create(
        PlaceName(
            reference=f"demo-{number}",
            name=name,
            kind=kind,
            town="" if kind in (PlaceName.Kind.TOWN, PlaceName.Kind.VILLAGE) else "Marrowby",
            district="Marrowby",
            county="Northshire",
            point=Point(
                round(WEST + column * WARD_SIZE, 1), round(SOUTH + row * WARD_SIZE, 1), srid=27700
            ),
            source=SOURCE,
        )
        for number, (name, kind, column, row) in enumerate(PLACES, start=1)
    )


def point_in(shape, chance) -> Point:
    """A point inside `shape`, nearer to its middle than to its edge."""
    west, south, east, north = shape.extent
    while True:
        point = Point(
            round(chance.triangular(west, east), 1),
            round(chance.triangular(south, north), 1),
            srid=27700,
        )
        if shape.contains(point):
            return point


def _postcodes(ward, shape, number, chance):
    """Twelve postcodes per ward, from ZX1 1AA: the area ZX does not exist."""
    letters = "ABDEFGHJLNPQ"
    Postcode.objects.bulk_create(
        Postcode(
            postcode=f"ZX{number} {1 + index % 3}{letters[index]}A",
            outward=f"ZX{number}",
            point=point_in(shape, chance),
            quality=10,
            source=SOURCE,
        )
        for index in range(12)
    )


def _people(ward, shape, number, chance, district_code):
    PopulationPoint.objects.bulk_create(
        PopulationPoint(
            code=f"X0100{number:02d}{index:02d}",
            name=f"Marrowby {number:03d}{'ABCDEFGH'[index]}",
            kind=Area.Kind.LSOA,
            vintage=2021,
            people=chance.randint(1100, 2100),
            imd_decile=chance.randint(1, 10),
            ward_code=ward.code,
            district_code=district_code,
            point=point_in(shape, chance),
            source=SOURCE,
        )
        for index in range(8)
    )
