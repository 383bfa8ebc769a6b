"""How long confirmed hours are trusted: one rule, the lead scheme's, everywhere."""

import datetime

import numpy as np
import pytest
from django.utils import timezone

from coverage.sums.timetables import NOT_CONFIRMED
from coverage.sums.venues import venues_near
from tests.factories import SchemeFactory, SignUpFactory, VenueFactory
from venues.hours.model import is_stale
from venues.models import SignUp, Venue
from venues.queues import find_queue

pytestmark = pytest.mark.django_db
ALWAYS = [(day, datetime.time(0), datetime.time(0)) for day in range(7)]
SECOND = datetime.timedelta(seconds=1)


@pytest.fixture
def now():
    return timezone.now()


def in_two_schemes(confirmed_at):
    """A venue whose lead scheme trusts hours for 90 days, also in a scheme that gives them 30."""
    lead, other = SchemeFactory(hours_valid_days=90), SchemeFactory(hours_valid_days=30)
    venue = VenueFactory(lead_scheme=lead, hours=ALWAYS, hours_confirmed_at=confirmed_at)
    for scheme in (lead, other):
        SignUpFactory(scheme=scheme, venue=venue, approved=True, listed=True)
    return venue


def answers(venue, now):
    """(public, Python, coverage, each scheme's queue): whether each says the hours are stale."""
    public = Venue.objects.with_hours_state(now).get(pk=venue.pk).hours_state == "not_confirmed"
    point = np.array([[venue.point.x, venue.point.y]])
    today = timezone.localdate(now)
    near = venues_near(point, 100, day=today, days=(today, today))
    covered = near.timetables.states([now])[0, 0] == NOT_CONFIRMED
    queued = find_queue("hours").find(SignUp.objects.all(), now).values_list("scheme", flat=True)
    schemes = venue.sign_ups.values_list("scheme", flat=True)
    return {public, is_stale(venue, now), bool(covered), *(pk in set(queued) for pk in schemes)}


@pytest.mark.parametrize(
    ("age", "stale"),
    [
        (datetime.timedelta(days=31), False),
        (datetime.timedelta(days=90) - SECOND, False),
        (datetime.timedelta(days=90), False),
        (datetime.timedelta(days=90) + SECOND, True),
        (None, True),
    ],
)
def test_the_public_officers_and_statistics_trust_hours_for_the_same_time(now, age, stale):
    venue = in_two_schemes(now - age if age else None)
    assert answers(venue, now) == {stale}
