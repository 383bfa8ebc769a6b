"""The `trained_people` evidence is held until the at_least-th latest last day of its people."""

import datetime

import pytest

from tests.training.conftest import TODAY, add_person, days, make_venue, train
from training import actions
from training.rules import cover
from venues.evidence import proofs
from venues.evidence_kinds import Stage
from venues.models import Post, SignUp, StaffMember

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept_stay_right")]


def held_until(sign_up, at=None):
    proof, *__ = proofs(SignUp.objects.get(pk=sign_up.pk), Stage.STICKER, at or TODAY())
    return proof.held_until


@pytest.fixture
def agrees(sign_up, module):
    """A function that reads the evidence, having checked that the portal's rule agrees."""

    def read():
        found = held_until(sign_up)
        assert cover(sign_up, module, TODAY()).until() == found
        return found

    return read


def test_without_trained_people_it_is_not_held(sign_up, sam, agrees):
    assert agrees() is None


def test_one_trained_person_holds_it_for_the_schemes_months(sign_up, sam, module, manager, agrees):
    done = train(sam, module, manager)
    assert done.valid_until > TODAY() + days(360)
    assert agrees() == done.valid_until
    assert SignUp.objects.with_standing(TODAY()).get().ready_for_sticker


def test_a_leaver_counts_until_their_last_day(sign_up, sam, module, manager, agrees):
    train(sam, module, manager)
    sam.posts.update(until=TODAY() + days(3))
    assert agrees() == TODAY() + days(3)
    assert not SignUp.objects.with_standing(TODAY() + days(4)).get().ready_for_sticker


def test_somebody_who_left_before_finishing_does_not_count(sign_up, sam, module, manager, agrees):
    train(sam, module, manager)
    sam.posts.update(until=TODAY() - days(1))
    assert agrees() is None


def test_somebody_who_returns_counts_again(sign_up, sam, module, manager, agrees):
    done = train(sam, module, manager)
    sam.posts.update(from_date=TODAY() - days(9), until=TODAY())
    Post.objects.create(staff_member=sam, venue=sign_up.venue, from_date=TODAY())
    assert agrees() == done.valid_until


def test_a_post_that_begins_tomorrow_does_not_count_today(sign_up, sam, module, manager, agrees):
    train(sam, module, manager)
    sam.posts.update(from_date=TODAY() + days(1))
    assert agrees() is None
    assert held_until(sign_up, TODAY() + days(1)) is not None


def test_expired_training_is_held_until_a_past_day(sign_up, sam, module, manager, agrees):
    train(sam, module, manager, until=TODAY() - days(1))
    assert agrees() == TODAY() - days(1)
    assert not SignUp.objects.with_standing(TODAY()).get().ready_for_sticker


def test_of_two_people_the_later_expiry_counts(sign_up, sam, module, manager, agrees):
    train(sam, module, manager, until=TODAY() + days(5))
    train(add_person(sign_up, "Jo"), module, manager, until=TODAY() + days(50))
    assert agrees() == TODAY() + days(50)


def test_when_two_are_required_the_earlier_expiry_counts(
    sign_up, sam, module, manager, requirement, agrees
):
    requirement.at_least = 2
    requirement.save()
    train(sam, module, manager, until=TODAY() + days(5))
    assert agrees() is None
    train(add_person(sign_up, "Jo"), module, manager, until=TODAY() + days(50))
    assert agrees() == TODAY() + days(5)
    train(add_person(sign_up, "Li"), module, manager, until=TODAY() + days(20))
    assert agrees() == TODAY() + days(20)


def test_one_person_trained_twice_counts_once(sign_up, sam, module, manager, requirement, agrees):
    requirement.at_least = 2
    requirement.save()
    train(sam, module, manager, until=TODAY() + days(5))
    train(sam, module, manager, until=TODAY() + days(50))
    assert agrees() is None


def test_somebody_trained_at_another_venue_does_not_count_here(
    sign_up, scheme, module, manager, agrees
):
    other = make_venue(scheme, "Shop", manager)
    train(add_person(other, "Jo"), module, manager)
    assert agrees() is None


def test_training_does_not_pass_to_a_venues_new_owner(sign_up, sam, scheme, module, manager):
    train(sam, module, manager)
    sign_up.venue.organisation = make_venue(scheme, "Shop", manager).venue.organisation
    sign_up.venue.save()
    assert held_until(sign_up) is None


def test_an_unreviewed_module_unlocks_nothing(sign_up, sam, module, manager, agrees):
    train(sam, module, manager)
    type(module).objects.update(
        reviewed_version=None,
        reviewed_by_name="",
        reviewed_by_role="",
        reviewed_on=None,
        review_recorded_by=None,
    )
    assert agrees() is None


def test_in_the_demo_an_unreviewed_module_counts(sign_up, sam, unreviewed, manager, settings):
    settings.DEMO = True
    done = train(sam, unreviewed, manager)
    assert held_until(sign_up) == done.valid_until


def test_a_draft_version_leaves_existing_completions_valid(
    sign_up, sam, module, manager, administrator, agrees
):
    done = train(sam, module, manager)
    actions.start_new_version(module, by=administrator)
    assert agrees() == done.valid_until


def test_a_withdrawn_completion_does_not_count(sign_up, sam, module, manager, agrees):
    done = train(sam, module, manager)
    actions.withdraw_completion(done, by=manager, reason="A colleague answered.")
    assert agrees() is None


def test_earlier_records_count_until_the_day_the_scheme_set(sign_up, sam, module, manager, agrees):
    day = datetime.date(TODAY().year + 1, 3, 31)
    for __ in range(2):  # an import may run twice
        actions.record_earlier_training(sam, module, by=manager, valid_until=day)
    assert sam.enrolments.count() == 1
    assert agrees() == day


def test_the_queryset_of_ready_venues_takes_one_query(
    sign_up, sam, scheme, module, manager, django_assert_num_queries
):
    train(sam, module, manager)
    for number in range(10):
        train(add_person(make_venue(scheme, f"Venue{number}", manager)), module, manager)
    with django_assert_num_queries(1):
        assert all(each.ready_for_sticker for each in SignUp.objects.with_standing(TODAY()))
    assert StaffMember.objects.count() == 11
