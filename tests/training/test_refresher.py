"""A refresher ends older completions on a set day, after a warning and a letter."""

import pytest
from django.urls import reverse
from post_office.models import Email

from common.refusals import Refused
from tests.training.conftest import TODAY, add_person, days, make_venue, read_all, right_answers
from tests.training.conftest import train as train_person
from training import actions
from training.links.enrolments import find_by_token, make_link
from training.models import Enrolment, Module, Refresher
from training.rules import counts_until, cover, version_taught, what_refresher_changes
from venues.models import Event, SignUp

pytestmark = pytest.mark.django_db
BY = TODAY() + days(40)


@pytest.fixture
def trained(sign_up, sam, module, manager):
    SignUp.objects.update(state="approved", approved_at="2020-01-01T12:00Z", approved_by=manager)
    sam.email = "sam@example.org"
    sam.save()
    return train_person(sam, module, manager)


@pytest.fixture
def draft(trained, module, administrator):
    return actions.start_new_version(module, by=administrator)


def review(module, administrator, by=BY):
    return actions.review_module(module, by=administrator, name="Ada", role="Lead", refresher_by=by)


def token_of(enrolment):
    return make_link(enrolment).rstrip("/").rpartition("/")[2]


def test_older_completions_count_up_to_and_including_the_day(
    draft, trained, sign_up, administrator
):
    earned = trained.valid_until
    review(draft, administrator)
    trained.refresh_from_db()
    assert (trained.valid_until, trained.shortened_from) == (BY, earned)
    assert cover(sign_up, draft, TODAY()).until() == BY
    assert SignUp.objects.with_standing(BY).get().ready_for_sticker
    assert not SignUp.objects.with_standing(BY + days(1)).get().ready_for_sticker


def test_a_new_version_without_a_refresher_changes_nothing(draft, trained, administrator):
    earned = trained.valid_until
    review(draft, administrator, by=None)
    trained.refresh_from_db()
    assert (trained.valid_until, trained.shortened_from) == (earned, None)


def test_completions_that_end_sooner_or_of_the_new_version_are_unchanged(
    draft, trained, sign_up, administrator, manager
):
    soon = train_person(add_person(sign_up, "Jo"), draft, manager, until=TODAY() + days(3))
    module = review(draft, administrator)
    soon.refresh_from_db()
    assert (soon.valid_until, soon.shortened_from) == (TODAY() + days(3), None)
    new = train_person(add_person(sign_up, "Li"), module, manager)
    assert (new.module_version, new.valid_until > BY) == (2, True)


def test_a_learner_on_the_older_version_may_finish_it_and_it_counts_until_the_day(
    draft, sign_up, administrator, manager
):
    begun = actions.enrol(add_person(sign_up, "Jo"), draft, by=manager)
    review(draft, administrator)
    done = actions.take_check(read_all(begun), right_answers(begun))
    assert (done.module_version, done.valid_until) == (1, BY)


def test_after_the_day_the_older_version_is_closed_and_the_new_one_can_be_started(
    draft, sign_up, administrator, manager
):
    jo = add_person(sign_up, "Jo")
    begun = actions.enrol(jo, draft, by=manager)
    module = review(draft, administrator)
    Refresher.objects.update(by=TODAY() - days(1))
    with pytest.raises(Refused, match="has changed since"):
        find_by_token(token_of(begun))
    assert actions.enrol(jo, module, by=manager).module_version == 2


def test_a_session_before_the_review_counts_as_the_older_version_even_if_recorded_later(
    draft, scheme, administrator
):
    module = review(draft, administrator)
    assert version_taught(module, TODAY() - days(1)) == 1
    assert counts_until(module, scheme, TODAY() - days(1)) == BY
    assert version_taught(module, TODAY()) == 2
    assert counts_until(module, scheme, TODAY()) > BY


def test_learners_and_their_managers_are_told(draft, trained, administrator, manager):
    review(draft, administrator)
    letters = {letter.to[0]: letter for letter in Email.objects.all()}
    assert set(letters) == {"sam@example.org", manager.email}
    for letter in letters.values():
        assert f"{BY:%Y}" in letter.message
        assert "Sam" not in letter.message
    event = Event.objects.get(kind="training.refresher_called_for")
    assert event.data == {"version": 2, "until": BY.isoformat(), "people": 1}


@pytest.mark.parametrize("day", [TODAY() - days(1), TODAY(), TODAY() + days(27)])
def test_less_than_four_weeks_notice_is_refused(draft, trained, administrator, day):
    already = Email.objects.count()
    with pytest.raises(Refused, match="at least four weeks"):
        review(draft, administrator, by=day)
    trained.refresh_from_db()
    assert trained.shortened_from is None
    assert Module.objects.get().reviewed_version == 1
    assert Email.objects.count() == already


def test_a_first_version_cannot_call_for_a_refresher(unreviewed, administrator):
    with pytest.raises(Refused, match="first version"):
        review(unreviewed, administrator)


def test_previewing_the_effect_changes_nothing_and_uses_few_queries(
    draft, trained, sign_up, scheme, manager, django_assert_max_num_queries
):
    for number in range(5):
        other = make_venue(scheme, f"Venue{number}", manager)
        SignUp.objects.filter(pk=other.pk).update(
            state="approved", approved_at="2020-01-01T12:00Z", approved_by=manager
        )
        train_person(add_person(other), draft, manager)
    with django_assert_max_num_queries(8):
        changes = what_refresher_changes(draft, BY, TODAY())
    assert len(changes) == 6
    assert {change.then for change in changes} == {BY}
    trained.refresh_from_db()
    assert trained.valid_until > BY
    assert Enrolment.objects.filter(shortened_from__isnull=False).count() == 0


def test_the_reviewer_confirms_the_effect_before_the_review_is_recorded(
    officer_of, draft, trained, scheme
):
    draft.schemes.set([scheme])
    officer = officer_of("administrator", scheme)
    url = reverse("admin:review_module", args=[draft.pk])
    day = {"refresher_by": BY.isoformat()}
    without_day = {"name": "Ada", "role": "Lead", "refresher": "on"}
    assert "Write the day" in officer.post(url, without_day, follow=True).text
    page = officer.post(url, without_day | day)
    assert "Cafe" in page.text
    assert "One place has enough trained people only until an earlier day" in page.text
    assert Module.objects.get().reviewed_version == 1
    sent = officer.post(url, without_day | day | {"confirmed": "yes"}, follow=True)
    assert "The review is recorded." in sent.text
    assert "called for a refresher" in sent.text
    trained.refresh_from_db()
    assert trained.valid_until == BY
