"""A scheme may require that a place is open a least number of hours a week."""

import datetime

import pytest
from django.core.exceptions import ValidationError

from tests.factories import PrincipleFactory, RequirementFactory, SchemeFactory, SignUpFactory
from venues.evidence import outstanding, proofs
from venues.evidence_kinds import Stage
from venues.models import OpeningHours, SignUp

pytestmark = pytest.mark.django_db
AT = datetime.date(2026, 7, 1)
EVENING = (datetime.time(18), datetime.time(22))


@pytest.fixture
def sign_up():
    scheme = SchemeFactory(bare=True)
    RequirementFactory(
        principle=PrincipleFactory(scheme=scheme),
        evidence="open_hours_a_week",
        needed_for="submission",
        at_least=8,
    )
    return SignUpFactory(scheme=scheme, approved=True, venue__hours=[])


def opens(sign_up, *days, at=EVENING, **more):
    for day in days:
        OpeningHours.objects.create(
            venue=sign_up.venue, weekday=day, opens=at[0], closes=at[1], **{"valid_from": AT} | more
        )


def is_held(sign_up, at=AT):
    (proof,) = proofs(sign_up, Stage.STANDING, at)
    listed = SignUp.objects.listed(at).filter(pk=sign_up.pk).exists()
    assert proof.is_held or not listed or proof.state != "missing"
    return proof.is_held


def test_what_is_required_is_said_in_words(sign_up):
    (proof,) = outstanding(sign_up, Stage.SUBMISSION, AT)
    assert proof.words == "Open at least 8 hours in an ordinary week."
    assert proof.url_name == "edit_hours"


@pytest.mark.parametrize(
    ("days", "at", "held"),
    [
        ((), EVENING, False),
        ((0,), EVENING, False),
        ((0, 4), EVENING, True),
        ((0,), (datetime.time(9), datetime.time(16, 59)), False),
        ((0,), (datetime.time(9), datetime.time(17)), True),
        ((4,), (datetime.time(20), datetime.time(4)), True),  # past midnight
        ((6,), (datetime.time(0), datetime.time(0)), True),  # around the clock
        ((7,), (datetime.time(0), datetime.time(0)), False),  # on bank holidays alone
    ],
)
def test_hours_of_the_week_are_added_up(sign_up, days, at, held):
    opens(sign_up, *days, at=at)
    assert is_held(sign_up) is held


def test_every_other_week_counts_half(sign_up):
    opens(sign_up, 2, 3, fortnight_from=None)
    OpeningHours.objects.filter(weekday=3).update(fortnight_from=datetime.date(2026, 7, 2))
    assert not is_held(sign_up)
    opens(sign_up, 5, fortnight_from=datetime.date(2026, 7, 4))
    assert is_held(sign_up)


def test_two_sundays_a_month_count_as_half_of_them(sign_up):
    opens(sign_up, 2)
    opens(sign_up, 6, weeks=[1, 3])
    assert not is_held(sign_up)
    opens(sign_up, 5, weeks=[2, 4])
    assert is_held(sign_up)


@pytest.mark.parametrize(
    "more",
    [
        {"by_appointment": True},
        {"term": "holidays"},
        {"season_from": 1201, "season_to": 228},
        {"valid_from": AT + datetime.timedelta(days=1)},
        {"valid_from": AT - datetime.timedelta(days=9), "valid_to": AT},
    ],
)
def test_hours_that_nobody_can_count_on_do_not_count(sign_up, more):
    opens(sign_up, 0, 1, 2, **more)
    assert not is_held(sign_up)
    opens(sign_up, 3, 4)
    assert is_held(sign_up)


def test_term_time_is_an_ordinary_week(sign_up):
    opens(sign_up, 0, 1, term="term")
    assert is_held(sign_up)


def test_a_place_that_cuts_its_hours_leaves_the_finder_after_its_grace(sign_up):
    opens(sign_up, 0, 1, 2)
    assert is_held(sign_up)
    OpeningHours.objects.filter(venue=sign_up.venue, weekday__gt=0).update(
        valid_to=AT + datetime.timedelta(days=1)
    )
    assert not is_held(sign_up, AT + datetime.timedelta(days=1))


def test_places_of_one_scheme_are_judged_each_by_its_own_hours(sign_up):
    other = SignUpFactory(scheme=sign_up.scheme, approved=True, venue__hours=[])
    opens(other, 0, 1, 2, 3)
    assert is_held(other)
    assert not is_held(sign_up)


def test_more_hours_than_a_week_has_are_refused(sign_up):
    requirement = sign_up.scheme.principles.get().requirements.get()
    requirement.at_least = 169
    with pytest.raises(ValidationError, match="More than 168 is not possible"):
        requirement.full_clean()
    requirement.at_least = 168
    requirement.full_clean()
