"""The demonstration's other spaces: a directory of warm spaces, pharmacies, bus stops, a gap."""

import csv
import datetime
import io
import random

from django.contrib.gis.geos import Polygon
from django.utils import timezone

from coverage.actions import draw_area, invite_other_place, open_gap, record_approach
from coverage.importers.other_places import About, import_other_places
from coverage.models import Approach, Gap, OtherPlace
from demo.district import SOUTH, WARD_SIZE, WEST, point_in
from geography.importers.bases import import_base
from geography.models import Area, Postcode
from venues.models import Scheme, Venue

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
WARM_SPACES = [
    ("Village Hall, Thornhay", "Thornhay", "10:00-15:00", "1 2 4", "community"),
    ("Marrowby Library", "Old Town", "09:30-17:30", "0 1 2 3 4 5", "library"),
    (
        "Millfields Community Kitchen",
        "Millfields",
        "11:00-14:00, 17:00-21:30",
        "0 3 4",
        "community",
    ),
    ("St Brannock’s Night Café", "St Brannock", "18:00-23:30", "3 4 5", "cafe"),
    ("Harbour Mission", "Harbour", "16:00-02:00", "4 5", "faith"),
    ("Castle Green Bowls Club", "Castle Green", "19:00-23:00", "1 4 5", "sport"),
    ("Thornhay Scout Hut", "Thornhay", "", "", "community"),
]
PHARMACIES = [
    ("Harbour Pharmacy", "Harbour", "09:00-18:00"),
    ("Quayside Late Pharmacy", "Harbour", "08:00-22:30"),
    ("Castle Green Pharmacy", "Castle Green", "09:00-13:00, 14:00-17:30"),
    ("Millfields Pharmacy", "Millfields", "09:00-19:00"),
    ("Thornhay Pharmacy", "Thornhay", "09:00-13:00, 14:00-18:00"),
]
STOPS_A_WARD = 18


def load_other_places(scheme: Scheme, *, officer, administrator) -> None:
    """Load other people's spaces around Marrowby, and one gap being worked on."""
    chance = random.Random(5)
    _take_lists(scheme, officer)
    _take_stops(chance)
    quay = draw_area(scheme, name="The Quay at night", boundary=_quay(), by=officer)
    _open_gaps(scheme, quay, officer, administrator)


def _rows(other_places):
    """A list in its publisher's format: a column of hours per weekday."""
    near = {venue.name: venue.postcode for venue in Venue.objects.all()}
    same = {
        "Village Hall, Thornhay": near["Thornhay Village Hall"],
        "Marrowby Library": near["Marrowby Central Library"],
        "Thornhay Pharmacy": near["Thornhay Pharmacy"],
    }
    free = {
        ward.name: list(
            Postcode.objects.filter(point__coveredby=ward.boundary)
            .exclude(postcode__in=near.values())
            .order_by("-postcode")
            .values_list("postcode", flat=True)
        )
        for ward in Area.objects.filter(kind=Area.Kind.WARD)
    }
    for name, ward, hours, days, kind in other_places:
        postcode = same.get(name) or free[ward].pop()
        open_on = {DAYS[int(day)] for day in days.split()}
        row = {"name": name, "address": f"{ward} Road", "town": "Marrowby", "kind": kind}
        yield row | {"postcode": postcode} | {day: hours if day in open_on else "" for day in DAYS}


def _file(rows) -> bytes:
    rows = list(rows)
    text = io.StringIO()
    writer = csv.DictWriter(text, rows[0])
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()


def _take_lists(scheme, officer):
    today = timezone.localdate()
    import_other_places(
        "warm-spaces.csv",
        _file(_rows(WARM_SPACES)),
        name="Warm spaces this winter",
        scheme=scheme,
        about=About(
            own_scheme="Marrowby Warm Spaces",
            serves="Anybody who is cold",
            licence="Open Government Licence v3.0 (invented for the demonstration)",
            dated=today - datetime.timedelta(days=20),
            publishes=True,
        ),
        by=officer,
    )
    daily = [(name, ward, hours, "0 1 2 3 4 5", "pharmacy") for name, ward, hours in PHARMACIES]
    import_other_places(
        "pharmacies.csv",
        _file(_rows(daily)),
        name="Pharmacies",
        about=About(serves="Everybody", licence="Invented for the demonstration"),
    )


def _take_stops(chance):
    stops = []
    for ward in Area.objects.filter(kind=Area.Kind.WARD).order_by("code"):
        for number in range(1, STOPS_A_WARD + 1):
            point = point_in(ward.boundary, chance)
            stops.append(
                {
                    "code": f"{ward.code}-{number}",
                    "name": f"{ward.name} stop {number}",
                    "easting": point.x,
                    "northing": point.y,
                }
            )
    import_base(
        "bus-stops.csv",
        _file(stops),
        name="Bus stops",
        unit="bus stops",
        year=timezone.localdate().year,
        licence="Invented for the demonstration",
    )


def _quay():
    """The streets by the water, in the ward of Harbour."""
    west, south = WEST + WARD_SIZE * 0.3, SOUTH + WARD_SIZE * 0.3
    corners = [(0, 0), (900, 120), (1050, 640), (480, 900), (-60, 520), (0, 0)]
    return Polygon([(west + east, south + north) for east, north in corners], srid=27700)


def _open_gaps(scheme, quay, officer, administrator):
    thornhay = Area.objects.get(name="Thornhay", kind=Area.Kind.WARD)
    silent = open_gap(
        scheme,
        title="Thornhay: nobody is open after 18:00",
        hours="Friday 18:00 to 23:00",
        area=thornhay,
        owner=officer,
        by=officer,
    )
    hut = OtherPlace.objects.get(name="Thornhay Scout Hut")
    record_approach(silent, other_place=hut, next_step="Ring the scout leader again", by=officer)
    record_approach(
        silent, name="The Plough, Mill Road", answer=Approach.Answer.NOT_NOW, by=officer
    )
    before = timezone.now() - datetime.timedelta(days=34)
    silent.approaches.update(started_at=before, changed_at=before)
    Gap.objects.filter(pk=silent.pk).update(opened_at=before, changed_at=before)
    night = open_gap(
        scheme,
        title="The Quay: only one place after midnight",
        hours="Friday and Saturday 00:00 to 03:00",
        drawn_area=quay,
        owner=administrator,
        by=administrator,
    )
    invite_other_place(
        OtherPlace.objects.get(name="Harbour Mission"),
        scheme=scheme,
        email="mission@demo.example",
        by=administrator,
        gap=night,
    )
    record_approach(
        night,
        venue=Venue.objects.get(name="The Anchor"),
        answer=Approach.Answer.VISITING,
        next_step="Visit on a Friday evening",
        due_on=timezone.localdate() + datetime.timedelta(days=6),
        by=administrator,
    )
