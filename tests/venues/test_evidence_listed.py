"""Who is listed: approved, public, with a current sticker, not suspended, nothing hidden."""

import datetime

import pytest
from django.contrib.gis.geos import Point
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from post_office.models import STATUS, Email

from tests.factories import (
    RequirementFactory,
    SchemeFactory,
    SignUpFactory,
    StaffMemberFactory,
    StickerFactory,
    UserFactory,
    VenueFactory,
)
from training.models import Enrolment
from venues.actions import end_post, hide_scheme, hide_type, show_scheme, show_type, suspend_sign_up
from venues.duties import warn_of_lapses
from venues.models import Event, Scheme, SignUp, Venue

from .test_evidence_agrees import reviewed_module

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept_stay_right")]


def today():
    return timezone.localdate()


def days(number):
    return datetime.timedelta(days=number)


@pytest.fixture
def sign_up():
    return SignUpFactory(approved=True, listed=True)


def is_listed(at=None):
    venue = Venue.objects.listed(at or today()).exists()
    assert venue == SignUp.objects.listed(at or today()).exists()
    return venue


def test_an_approved_public_place_with_a_current_sticker_is_listed(sign_up):
    assert is_listed()


@pytest.mark.parametrize("state", ["draft", "submitted", "declined", "withdrawn", "suspended"])
def test_an_unapproved_sign_up_is_not_listed(sign_up, state):
    SignUp.objects.update(state=state)
    assert not is_listed()


@pytest.mark.parametrize("kind", ["current_sticker", "no_such_kind"])
def test_a_place_without_its_required_first_sticker_is_not_listed(kind):
    scheme = SchemeFactory()
    RequirementFactory(principle__scheme=scheme, evidence=kind, needed_for="standing")
    SignUpFactory(scheme=scheme, approved=True, approved_at=timezone.now() - days(90))
    assert not is_listed()


def test_approval_is_enough_where_the_scheme_requires_no_sticker():
    SignUpFactory(approved=True)
    assert is_listed()


def test_an_area_only_place_is_listed_without_its_exact_location(sign_up):
    Venue.objects.update(listing="area_only", point=Point(450321.4, 115789.6, srid=27700))
    venue = Venue.objects.get()
    assert is_listed()
    assert venue.public_point.coords == (450000, 116000)
    assert venue.public_address == ["Exampleton", "ZZ1"]


@pytest.mark.parametrize(
    ("door", "shown"),
    [
        ((450499, 115499), (450000, 115000)),
        ((450501, 115501), (451000, 116000)),
        ((449501, 114501), (450000, 115000)),
        ((450000, 115000), (450000, 115000)),
    ],
)
def test_an_area_only_place_is_snapped_to_the_kilometre_grid(door, shown):
    venue = VenueFactory(listing="area_only", point=Point(*door, srid=27700))
    venue.refresh_from_db()
    assert venue.public_point.coords == shown


def test_a_public_place_shows_its_exact_point():
    venue = VenueFactory(point=Point(450321.4, 115789.6, srid=27700))
    venue.refresh_from_db()
    assert venue.public_point.coords == (450321.4, 115789.6)


def test_an_internal_place_is_never_listed_and_has_no_public_point(sign_up):
    Venue.objects.update(listing="internal")
    venue = Venue.objects.get()
    assert not is_listed()
    assert venue.public_point is None
    assert venue.public_address == []


def test_an_unopened_scheme_lists_nothing(sign_up):
    Scheme.objects.update(opened_at=None, opened_by=None)
    assert not is_listed()


def test_hiding_a_scheme_unlists_all_its_places_and_is_reversible(sign_up):
    other = SignUpFactory(approved=True, listed=True)
    hide_scheme(sign_up.scheme, by=UserFactory())
    assert list(SignUp.objects.listed(today())) == [other]
    show_scheme(sign_up.scheme, by=UserFactory())
    assert SignUp.objects.listed(today()).count() == 2


def test_hiding_a_venue_type_unlists_its_places_and_is_reversible(sign_up):
    library = SignUpFactory(
        scheme=sign_up.scheme, venue__type="library", approved=True, listed=True
    )
    hide_type(sign_up.scheme, "cafe", by=UserFactory())
    assert list(SignUp.objects.listed(today())) == [library]
    show_type(sign_up.scheme, "cafe", by=UserFactory())
    assert SignUp.objects.listed(today()).count() == 2


def test_suspending_unlists_at_once(sign_up):
    suspend_sign_up(sign_up, by=UserFactory(), reason="A report.")
    assert not is_listed()


def test_a_place_in_two_schemes_is_listed_once(sign_up):
    second = SignUpFactory(venue=sign_up.venue, scheme=SchemeFactory(), approved=True, listed=True)
    assert Venue.objects.listed(today()).count() == 1
    suspend_sign_up(sign_up, by=UserFactory(), reason="A report.")
    assert Venue.objects.listed(today()).count() == 1
    suspend_sign_up(second, by=UserFactory(), reason="A report.")
    assert not Venue.objects.listed(today()).exists()


def test_when_the_last_trained_person_leaves_it_is_warned_once_and_unlisted_after_grace():
    scheme = SchemeFactory(grace_days=28)
    RequirementFactory(
        principle__scheme=scheme,
        evidence="trained_people",
        needed_for="sticker",
        subject="introductory",
    )
    sign_up = SignUpFactory(
        scheme=scheme, approved=True, approved_at=timezone.now() - days(200), listed=True
    )
    person = StaffMemberFactory(organisation=sign_up.venue.organisation, venue=sign_up.venue)
    then = timezone.now() - days(100)
    Enrolment.objects.create(
        staff_member=person,
        module=reviewed_module(),
        module_version=1,
        scheme=scheme,
        enrolled_by=sign_up.started_by,
        code_expires_at=then,
        check_passed_at=then,
        score=90,
        completed_at=then,
        valid_until=today() + days(265),
    )
    assert is_listed()
    assert warn_of_lapses() == 0

    end_post(person.posts.get(), last_day=today(), by=sign_up.started_by)

    def noon(after):
        return timezone.now().replace(hour=12) + days(after)

    assert warn_of_lapses(noon(0)) == 0  # the last day of work counts
    assert warn_of_lapses(noon(1)) == 1
    mail = Email.objects.earliest("pk")
    assert is_listed(today() + days(60))  # the letter has not left the outbox
    Email.objects.update(status=STATUS.sent)
    assert warn_of_lapses(noon(2)) == 0
    assert warn_of_lapses(noon(20)) == 0
    assert mail.to == ["sam@example.org"]
    assert Event.objects.filter(kind="venues.lapse_warned", sign_up=sign_up).count() == 1
    assert warn_of_lapses(noon(21)) == 1  # the second letter, a week before the end
    assert warn_of_lapses(noon(22)) == 0
    assert is_listed(today() + days(28))
    assert not is_listed(today() + days(29))


@pytest.mark.parametrize("number", [2, 12])
def test_listing_takes_one_query_however_many_places(number):
    scheme = SchemeFactory()
    for kind, stage in [("opening_hours", "submission"), ("sticker_displayed", "standing")]:
        RequirementFactory(principle__scheme=scheme, evidence=kind, needed_for=stage)
    for _number in range(number):
        SignUpFactory(scheme=scheme, approved=True, listed=True)
    with CaptureQueriesContext(
        connection,
    ) as queries:
        rows = (
            list(SignUp.objects.listed(today()).with_standing(today()).with_lapse(today())),
            list(Venue.objects.listed(today()).with_hours_state(timezone.now())),
        )
    assert [len(row) for row in rows] == [number, number]
    assert len(queries) == 2


def test_another_places_sticker_does_not_count():
    scheme = SchemeFactory()
    RequirementFactory(principle__scheme=scheme, evidence="current_sticker", needed_for="standing")
    SignUpFactory(scheme=scheme, approved=True)
    StickerFactory(sign_up__scheme=scheme)
    assert SignUp.objects.listed(today()).count() == 1
