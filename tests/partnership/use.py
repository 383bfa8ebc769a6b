"""Quarters of use for the tests: a scheme's venues and what they sent."""

import datetime

from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from django.utils import timezone

from geography.models import Area
from partnership.models import (
    Attendance,
    Meeting,
    Partner,
    ReturnItem,
    UsageCount,
    UsageReturn,
)
from partnership.models.of_period import period_columns
from partnership.periods import QUARTER, Period
from tests.factories import SignUpFactory, VenueFactory

QUARTER = Period(QUARTER, 2026, 3)
LISTS = {
    "reason": ["Did not ask", "Lost", "Unwell", "Followed"],
    "outcome": ["Did not ask", "Calm space", "Directions given", "Police"],
    "part_of_day": ["Did not ask", "Morning", "Afternoon", "Evening"],
}


def make_items(scheme):
    """The scheme's list items, by (kind, label)."""
    return {
        (kind, label): ReturnItem.objects.create(
            scheme=scheme, kind=kind, label=label, order=order, is_not_asked=order == 0
        )
        for kind, labels in LISTS.items()
        for order, label in enumerate(labels)
    }


def make_ward(name, west):
    """A ward called `name`: ten kilometres of ground eastwards from `west`."""
    square = Polygon.from_bbox((west, 110000, west + 10000, 120000))
    square.srid = 27700
    return Area.objects.create(
        code=f"E05{west:06}", name=name, kind="ward", vintage=2024, boundary=MultiPolygon(square)
    )


def make_members(scheme, number, east=450000):
    point = Point(east, 115000, srid=27700)
    return [
        SignUpFactory(scheme=scheme, approved=True, venue=VenueFactory(point=point))
        for _ in range(number)
    ]


def send(sign_up, people, quarter=QUARTER, items=None, at=None, **counts):
    """One venue's return; `counts` are lists of numbers by kind, in list order."""
    made = UsageReturn.objects.create(
        sign_up=sign_up,
        **period_columns(quarter),
        people=people,
        way="link",
        sent_at=at or timezone.now() - datetime.timedelta(days=1),
    )
    for kind, numbers in counts.items():
        for label, number in zip(LISTS[kind], numbers, strict=True):
            if number:
                item = items[kind, label]
                UsageCount.objects.create(usage_return=made, item=item, count=number)
    return made


def few(scheme, items, quarter):
    """Twenty people in total, too few for each reason to be shown."""
    for sign_up in scheme.sign_ups.all():
        send(sign_up, 5, quarter, items, reason=[2, 1, 1, 1], outcome=[0, 5, 0, 0])


def held(scheme, chair, day, outcomes):
    """A meeting held on that day; `outcomes` are (organisation or partner, outcome) pairs."""
    at = timezone.make_aware(datetime.datetime.combine(day, datetime.time(10)))
    meeting = Meeting.objects.create(
        scheme=scheme,
        state="held",
        starts_at=at,
        confirmed_at=at,
        confirmed_by=chair,
        held_at=at,
        held_by=chair,
    )
    for who, outcome in outcomes:
        key = "partner" if isinstance(who, Partner) else "organisation"
        Attendance.objects.create(
            meeting=meeting, **{key: who}, outcome=outcome, taken_at=at, taken_by=chair
        )
    return meeting
