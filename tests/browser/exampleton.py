"""An invented town with one place of each kind, for the finder's journeys."""

import datetime

from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from django.utils import timezone

from geography.models import Area, Postcode
from signposting.models import Service
from tests.factories import ALWAYS, SchemeFactory, SignUpFactory, StickerFactory
from venues.models import SchemeContact

X, Y = 450000, 115000
NIGHT = [(day, datetime.time(22, 30), datetime.time(23)) for day in range(7)]


def make_exampleton():
    """Seven places in an invented town, one of each kind."""
    square = Polygon.from_bbox((X - 3000, Y - 3000, X + 3000, Y + 3000))
    area = Area.objects.create(
        code="X1", name="Exampleton", kind="district", boundary=MultiPolygon(square, srid=27700)
    )
    scheme = SchemeFactory(area=area)
    SchemeContact.objects.filter(kind__slug="domestic_abuse").update(
        confirmed_by_name="Ann", confirmed_on=timezone.localdate()
    )
    Service.objects.create(
        name="Night line",
        what_for="If you want somebody to listen.",
        number="01632 960111",
        answers="always",
        confirmed_by_name="Ann",
        confirmed_on=timezone.localdate(),
    )
    Postcode.objects.create(
        postcode="ZZ1 1AA", outward="ZZ1", point=Point(X, Y, srid=27700), quality=10
    )
    for number, parent in enumerate(["Northshire", "Southshire"]):
        Area.objects.create(
            code=f"N{number}",
            name="Newton",
            kind="parish",
            parent_name=parent,
            boundary=MultiPolygon(square, srid=27700),
        )
    sorts = [
        {"name": "Exampleton Library", "hours": ALWAYS, "step_free": True, "toilet": True},
        {"name": "Corner Café", "hours": ALWAYS, "phone": "01632 960001", "seating": True},
        {"name": "The Night Shop", "hours": NIGHT},
        {"name": "St Example’s Church", "hours": ALWAYS, "hours_confirmed_at": None},
        {"name": "Quiet House", "hours": ALWAYS, "listing": "area_only"},
    ]
    for number, fields in enumerate(sorts):
        SignUpFactory(
            approved=True,
            listed=True,
            scheme=scheme,
            venue__slug=f"sort-{number}",
            venue__point=Point(X + 150 * number, Y + 90 * number, srid=27700),
            **{f"venue__{key}": value for key, value in fields.items()},
        )
    StickerFactory(code="ACDEFH34", sign_up__venue__name="Stickered House")
