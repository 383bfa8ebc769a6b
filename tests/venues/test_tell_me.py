"""Being told of the next round: asked for, confirmed, told once, taken off in one press."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone
from post_office.models import STATUS, Email

from common.refusals import Refused
from tests.factories import OfficerFactory, UserFactory
from tests.venues.rounds import DAY, make_area, make_round, scheme_in
from tests.venues.test_concurrency import at_once
from venues import actions
from venues.links import waiting_token
from venues.models import Event, Letter, Round, RoundNotice, Waiting
from venues.retention import delete_old_waiting

pytestmark = pytest.mark.django_db


@pytest.fixture
def scheme():
    return scheme_in(make_area("Town"))


@pytest.fixture
def officer(scheme):
    return OfficerFactory(scheme=scheme).user


def ask(client, scheme, email="Kim@example.org"):
    data = {"scheme": scheme.pk, "email": email}
    return client.post(reverse("ask_to_be_told"), data)


def page_of(waiting):
    return reverse("waiting", args=[waiting_token(waiting)])


def confirm(client, waiting):
    return client.post(f"{page_of(waiting)}confirm/", follow=True).content.decode()


def wait(scheme, number=0, **more):
    fields = {"email": f"k{number}@example.org", "confirmed_at": timezone.now(), **more}
    return Waiting.objects.create(scheme=scheme, **fields)


def letters():
    return Letter.objects.filter(kind="venues.round_opens")


# Asking and confirming


def test_asking_sends_a_link_and_only_a_press_on_its_page_confirms(client, scheme):
    make_round(scheme, -20, -10)
    assert ask(client, scheme).url == reverse("telling_asked")
    waiting = Waiting.objects.get()
    assert waiting.email == "kim@example.org"
    email = Email.objects.get()
    assert "/tell-me/" in email.message
    assert "Yes, tell me" in client.get(page_of(waiting)).content.decode()
    waiting.refresh_from_db()
    assert waiting.confirmed_at is None, "a mail scanner opens links too"
    assert "You are on the list" in confirm(client, waiting)
    waiting.refresh_from_db()
    assert waiting.confirmed_at is not None


def test_confirming_twice_says_so_and_changes_nothing(client, scheme):
    waiting = wait(scheme, confirmed_at=None)
    confirm(client, waiting)
    waiting.refresh_from_db()
    first = waiting.confirmed_at
    assert "You are on the list already" in confirm(client, waiting)
    waiting.refresh_from_db()
    assert waiting.confirmed_at == first


def test_confirming_a_week_too_late_says_to_ask_again(client, scheme):
    waiting = wait(scheme, confirmed_at=None, asked_at=timezone.now() - 8 * DAY)
    assert "This link has run out" in confirm(client, waiting)
    waiting.refresh_from_db()
    assert waiting.confirmed_at is None


def test_confirming_a_year_late_says_that_the_address_is_gone(client, scheme):
    waiting = wait(scheme, confirmed_at=timezone.now() - 370 * DAY)
    page = page_of(waiting)
    delete_old_waiting()
    answer = client.post(f"{page}confirm/", follow=True)
    assert "This address is not on the list, or not any more." in answer.content.decode()
    assert client.get(page).status_code == 410
    assert not Waiting.objects.exists()


def test_asking_again_sends_another_link_and_keeps_one_row(client, scheme):
    make_round(scheme, -20, -10)
    ask(client, scheme)
    ask(client, scheme)
    assert Waiting.objects.count() == 1
    assert Email.objects.count() == 2


def test_the_answer_never_says_whether_the_address_was_known(client, scheme):
    make_round(scheme, -20, -10)
    wait(scheme, email="kim@example.org")
    known, unknown = ask(client, scheme), ask(client, scheme, "lee@example.org")
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)


def test_a_mailbox_gets_three_links_an_hour_at_most(client, scheme):
    make_round(scheme, -20, -10)
    for _each in range(5):
        ask(client, scheme)
    assert Email.objects.count() == 3


def test_a_wrong_address_is_said_at_the_field_and_kept(client, scheme):
    make_round(scheme, -20, -10)
    page = ask(client, scheme, "not an address").content.decode()
    assert "Write an e-mail address, like name@example.org." in page
    assert 'value="not an address"' in page
    assert not Waiting.objects.exists()


def test_while_a_round_is_on_nobody_has_to_wait(client, scheme):
    make_round(scheme)
    assert ask(client, scheme).url == reverse("join_one", args=[scheme.slug])
    assert not Waiting.objects.exists()


def test_one_press_takes_the_address_off_and_deletes_it(client, scheme):
    waiting = wait(scheme)
    page = page_of(waiting)
    assert "Take my address off the list" in client.get(page).content.decode()
    answer = client.post(f"{page}stop/", follow=True)
    assert "You are off the list" in answer.content.decode()
    assert not Waiting.objects.exists()
    again = client.post(f"{page}stop/", follow=True)
    assert "not on the list" in again.content.decode()


# Telling


def test_the_officer_sees_how_many_before_telling_them_in_one_press(
    client,
    scheme,
    officer,
):
    client.force_login(officer)
    made = make_round(scheme)
    for number in range(3):
        wait(scheme, number)
    wait(scheme, 9, confirmed_at=None)
    page = client.get(reverse("admin:venues_round_change", args=[made.pk])).content.decode()
    assert "3 confirmed addresses have not been told of this round." in page
    answer = client.post(reverse("admin:tell_waiting", args=[made.pk]), follow=True)
    assert "3 addresses are told." in answer.content.decode()
    assert letters().count() == 3
    assert {each.recipients for each in letters()} == {1}
    for letter in letters():
        assert "@" not in letter.text.replace(scheme.contact_email, ""), "no address in the history"
    assert Event.objects.filter(kind="venues.round_told").get().data["count"] == 3


def test_nobody_is_told_twice_of_one_round_but_of_the_next_too(scheme, officer):
    made = make_round(scheme)
    wait(scheme)
    actions.tell_waiting(made, by=officer)
    with pytest.raises(Refused, match="Nobody who confirmed an address waits"):
        actions.tell_waiting(made, by=officer)
    wait(scheme, 2)
    assert len(actions.tell_waiting(made, by=officer)) == 1, "whoever came later is told too"
    second = make_round(scheme, 20, 30, name="Two")
    assert len(actions.tell_waiting(second, by=officer)) == 2


def test_the_letters_can_be_taken_back_before_they_leave(scheme, officer):
    made = make_round(scheme)
    wait(scheme)
    actions.tell_waiting(made, by=officer)
    with pytest.raises(Refused, match="ten minutes only"):
        actions.take_back_telling(made, by=UserFactory())
    assert actions.take_back_telling(made, by=officer) == 1
    assert not RoundNotice.objects.exists()
    assert not Email.objects.filter(status=STATUS.queued).exists()
    assert letters().get().fate == Letter.Fate.WITHDRAWN
    assert len(actions.tell_waiting(made, by=officer)) == 1, "they can be told after all"


def test_after_ten_minutes_the_letters_stay(scheme, officer):
    made = make_round(scheme)
    wait(scheme)
    actions.tell_waiting(made, by=officer)
    later = timezone.now() + datetime.timedelta(minutes=11)
    with pytest.raises(Refused, match="ten minutes only"):
        actions.take_back_telling(made, by=officer, at=later)


def test_nobody_is_told_of_a_round_that_is_over(scheme, officer):
    made = make_round(scheme, -20, -10)
    wait(scheme)
    with pytest.raises(Refused, match="This round is over"):
        actions.tell_waiting(made, by=officer)


def test_the_letter_leads_to_the_start_page_and_off_the_list(scheme, officer):
    made = make_round(scheme)
    waiting = wait(scheme)
    actions.tell_waiting(made, by=officer)
    email = Email.objects.get()
    assert reverse("join_one", args=[scheme.slug]) in email.message
    assert reverse("waiting", args=[waiting_token(waiting)])[:30] in email.message
    assert email.to == [waiting.email]


def test_another_councils_officer_neither_sees_nor_tells(client, scheme):
    made = make_round(scheme)
    waiting = wait(scheme)
    client.force_login(OfficerFactory().user)
    assert client.post(reverse("admin:tell_waiting", args=[made.pk])).status_code == 404
    assert waiting.email not in client.get("/admin/venues/waiting/").content.decode()


def test_an_address_is_deleted_when_its_owner_asks_the_team(client, scheme, officer):
    client.force_login(officer)
    waiting = wait(scheme)
    found = client.get("/admin/venues/waiting/export/").content.decode()
    assert waiting.email in found
    client.post(reverse("admin:delete_waiting", args=[waiting.pk]))
    assert not Waiting.objects.exists()
    event = Event.objects.get(kind="venues.waiting_deleted")
    assert waiting.email not in str(event.data)


def test_what_was_told_is_counted_after_the_address_is_gone(scheme, officer):
    made = make_round(scheme)
    waiting = wait(scheme)
    actions.tell_waiting(made, by=officer)
    actions.stop_telling(waiting)
    assert made.notices.count() == 1


@pytest.mark.django_db(transaction=True)
def test_two_officers_who_tell_at_once_write_one_letter_each(scheme, officer):
    made, other = make_round(scheme), OfficerFactory(scheme=scheme).user
    for number in range(3):
        wait(scheme, number)
    at_once(
        lambda: actions.tell_waiting(made, by=officer),
        lambda: actions.tell_waiting(made, by=other),
    )
    assert RoundNotice.objects.count() == 3
    assert letters().count() == 3


@pytest.mark.django_db(transaction=True)
def test_two_officers_who_make_a_round_at_once_make_one(scheme, officer):
    results = at_once(
        lambda: make_round(scheme, name="One", by=officer),
        lambda: make_round(scheme, name="Two", by=officer),
    )
    assert Round.objects.count() == 1
    [refused] = [each for each in results if isinstance(each, Refused)]
    assert "one round at a time" in str(refused)
