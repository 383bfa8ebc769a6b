"""Querysets of other spaces' lists and of gaps."""

import datetime

import pytest
from django.utils import timezone

from coverage.models import Gap, OtherPlace, OtherPlaceHours, Source
from tests.coverage.factories import ApproachFactory, GapFactory, OtherPlaceFactory, SourceFactory
from tests.factories import ALWAYS, OfficerFactory, UserFactory, VenueFactory

pytestmark = pytest.mark.django_db
DAY = datetime.date(2026, 11, 20)


def test_an_officer_sees_lists_of_their_own_scheme_and_open_data():
    officer = OfficerFactory()
    own, open_data = SourceFactory(scheme=officer.scheme), SourceFactory(scheme=None)
    SourceFactory()
    OtherPlaceFactory(source=own)
    assert set(Source.objects.for_officer(officer.user)) == {own, open_data}
    assert [each.source for each in OtherPlace.objects.for_officer(officer.user)] == [own]
    assert not Source.objects.for_officer(UserFactory()).exists()


def test_a_linked_or_removed_space_is_not_a_candidate():
    by = UserFactory()
    candidate = OtherPlaceFactory()
    OtherPlaceFactory(gone_on=DAY)
    OtherPlaceFactory(venue=VenueFactory(), linked_at=timezone.now(), linked_by=by)
    assert list(OtherPlace.objects.candidates()) == [candidate]


def test_hours_apply_between_their_dates():
    other_place = OtherPlaceFactory(hours=ALWAYS[:1])
    other_place.hours.update(valid_to=DAY)
    OtherPlaceHours.objects.create(
        other_place=other_place, weekday=0, opens="10:00", closes="12:00", valid_from=DAY
    )
    before = DAY - datetime.timedelta(days=1)
    assert [each.valid_to for each in other_place.hours.current(before)] == [DAY]
    assert [each.valid_from for each in other_place.hours.current(DAY)] == [DAY]


def test_a_gap_is_silent_thirty_days_after_its_last_update():
    now = timezone.now()
    ago = now - datetime.timedelta(days=40)
    silent = GapFactory(opened_at=ago)
    ApproachFactory(gap=silent, changed_at=now - datetime.timedelta(days=30))
    heard = GapFactory(opened_at=ago)
    ApproachFactory(gap=heard, changed_at=now - datetime.timedelta(days=29))
    GapFactory(opened_at=ago, closed_at=now, closed_by=silent.owner)
    assert list(Gap.objects.silent(now)) == [silent]
