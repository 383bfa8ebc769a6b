"""The evidence kind `trained_people`: held until the at_least-th largest of people's last days."""

import datetime

import pytest

from tests.training.conftest import TODAY, add_person, days, make_venue, train
from training import actions
from training.rules import cover
from venues.evidence import proofs
from venues.evidence_kinds import Stage
from venues.models import Post, SignUp, StaffMember

pytestmark = pytest.mark.django_db


def held_until(sign_up, at=None):
    proof, *__ = proofs(SignUp.objects.get(pk=sign_up.pk), Stage.STICKER, at or TODAY())
    return proof.held_until


@pytest.fixture
def agrees(sign_up, module):
    """Call it to read the evidence; it checks that the rule for the portal agrees."""

    def read():
        found = held_until(sign_up)
        assert cover(sign_up, module, TODAY()).until() == found
        return found

    return read


def test_nobody_trained_is_not_held(sign_up, sam, agrees):
    assert agrees() is None


def test_one_trained_person_holds_it_for_the_months_that_the_scheme_sets(
    sign_up, sam, module, manager, agrees
):
    done = train(sam, module, manager)
    assert done.valid_until > TODAY() + days(360)
    assert agrees() == done.valid_until
    assert SignUp.objects.with_standing(TODAY()).get().ready_for_sticker


def test_a_leaver_counts_until_the_last_day(sign_up, sam, module, manager, agrees):
    train(sam, module, manager)
    sam.posts.update(until=TODAY() + days(3))
    assert agrees() == TODAY() + days(3)
    assert not SignUp.objects.with_standing(TODAY() + days(4)).get().ready_for_sticker


def test_one_who_left_before_finishing_never_counted(sign_up, sam, module, manager, agrees):
    train(sam, module, manager)
    sam.posts.update(until=TODAY() - days(1))
    assert agrees() is None


def test_one_who_came_back_counts_again(sign_up, sam, module, manager, agrees):
    done = train(sam, module, manager)
    sam.posts.update(from_date=TODAY() - days(9), until=TODAY())
    Post.objects.create(staff_member=sam, venue=sign_up.venue, from_date=TODAY())
    assert agrees() == done.valid_until


def test_a_post_that_begins_tomorrow_does_not_count_today(sign_up, sam, module, manager, agrees):
    train(sam, module, manager)
    sam.posts.update(from_date=TODAY() + days(1))
    assert agrees() is None
    assert held_until(sign_up, TODAY() + days(1)) is not None


def test_expired_training_is_held_until_a_day_past(sign_up, sam, module, manager, agrees):
    train(sam, module, manager, until=TODAY() - days(1))
    assert agrees() == TODAY() - days(1)
    assert not SignUp.objects.with_standing(TODAY()).get().ready_for_sticker


def test_of_two_people_the_longer_counts(sign_up, sam, module, manager, agrees):
    train(sam, module, manager, until=TODAY() + days(5))
    train(add_person(sign_up, "Jo"), module, manager, until=TODAY() + days(50))
    assert agrees() == TODAY() + days(50)


def test_when_two_are_needed_the_shorter_counts(sign_up, sam, module, manager, requirement, agrees):
    requirement.at_least = 2
    requirement.save()
    train(sam, module, manager, until=TODAY() + days(5))
    assert agrees() is None
    train(add_person(sign_up, "Jo"), module, manager, until=TODAY() + days(50))
    assert agrees() == TODAY() + days(5)
    train(add_person(sign_up, "Li"), module, manager, until=TODAY() + days(20))
    assert agrees() == TODAY() + days(20)


def test_one_person_trained_twice_is_one_person(sign_up, sam, module, manager, requirement, agrees):
    requirement.at_least = 2
    requirement.save()
    train(sam, module, manager, until=TODAY() + days(5))
    train(sam, module, manager, until=TODAY() + days(50))
    assert agrees() is None


def test_someone_trained_at_another_venue_does_not_count_here(
    sign_up, scheme, module, manager, agrees
):
    other = make_venue(scheme, "Shop", manager)
    train(add_person(other, "Jo"), module, manager)
    assert agrees() is None


def test_when_the_business_is_sold_training_does_not_pass_with_it(
    sign_up, sam, scheme, module, manager
):
    train(sam, module, manager)
    sign_up.venue.organisation = make_venue(scheme, "Shop", manager).venue.organisation
    sign_up.venue.save()
    assert held_until(sign_up) is None


def test_a_module_without_a_review_gates_nothing(sign_up, sam, module, manager, agrees):
    train(sam, module, manager)
    type(module).objects.update(
        reviewed_version=None,
        reviewed_by_name="",
        reviewed_by_role="",
        reviewed_on=None,
        review_recorded_by=None,
    )
    assert agrees() is None


def test_in_the_demo_it_gates_without_a_review(sign_up, sam, unreviewed, manager, settings):
    settings.DEMO = True
    done = train(sam, unreviewed, manager)
    assert held_until(sign_up) == done.valid_until


def test_a_new_version_in_the_writing_leaves_what_was_done_in_force(
    sign_up, sam, module, manager, administrator, agrees
):
    done = train(sam, module, manager)
    actions.start_new_version(module, by=administrator)
    assert agrees() == done.valid_until


def test_a_withdrawn_completion_counts_no_more(sign_up, sam, module, manager, agrees):
    done = train(sam, module, manager)
    actions.withdraw_completion(done, by=manager, reason="A colleague answered.")
    assert agrees() is None


def test_earlier_records_count_until_the_day_the_scheme_set(sign_up, sam, module, manager, agrees):
    day = datetime.date(TODAY().year + 1, 3, 31)
    for __ in range(2):  # an import may be run again
        actions.record_earlier_training(sam, module, by=manager, valid_until=day)
    assert sam.enrolments.count() == 1
    assert agrees() == day


def test_the_list_of_venues_asks_the_same_number_of_queries(
    sign_up, sam, scheme, module, manager, django_assert_num_queries
):
    train(sam, module, manager)
    for number in range(10):
        train(add_person(make_venue(scheme, f"Venue{number}", manager)), module, manager)
    with django_assert_num_queries(1):
        assert all(each.ready_for_sticker for each in SignUp.objects.with_standing(TODAY()))
    assert StaffMember.objects.count() == 11
