"""Every letter is recorded with its text and its fate."""

import datetime
import html

import pytest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import escape
from post_office.models import STATUS, Email

from common.refusals import Refused
from tests.factories import (
    OfficerFactory,
    SignUpFactory,
    StaffMemberFactory,
    StickerFactory,
    UserFactory,
)
from venues import emails, letters
from venues.actions import (
    anonymise_staff_member,
    approve_sign_up,
    forget_venue,
    keep_fates,
    mark_letter_posted,
    withdraw_letter,
)
from venues.actions.stickers import mark_sticker_sent
from venues.models import Event, Letter, SignUp
from venues.retention import delete_old_letters, delete_old_mail

pytestmark = pytest.mark.django_db
WAIT = datetime.timedelta(minutes=10)


@pytest.fixture
def officer():
    return OfficerFactory().user


@pytest.fixture
def sign_up():
    return SignUpFactory(approved=True)


@pytest.fixture
def without_address():
    return SignUpFactory(approved=True, venue__contact_email="")


def write(sign_up, **more):
    return letters.write_to_venue("venues.suspend", sign_up, context={"link": ""}, **more)


def test_an_approval_letter_is_recorded_with_its_text_and_author(officer):
    sign_up = SignUpFactory(submitted=True, checked=True)
    approve_sign_up(sign_up, by=officer, letter="Dear Sam")
    letter = Letter.objects.get()
    assert letter.text.startswith("Dear Sam")
    assert (letter.kind, letter.by, letter.sign_up) == ("venues.approve", officer, sign_up)
    assert (letter.scheme, letter.venue) == (sign_up.scheme, sign_up.venue)
    assert letter.organisation == sign_up.venue.organisation


def test_no_address_is_stored_with_a_letter(sign_up):
    letter = write(sign_up)
    assert "@example.org" in str(letter.email.to)
    stored = Letter.objects.filter(pk=letter.pk).values().get()
    assert "sam@example.org" not in str(stored)


def test_a_sent_letter_shows_when_it_was_sent(sign_up):
    letter = write(sign_up)
    assert not Letter.objects.gone().exists()
    assert letter.fate == "leaving"
    Email.objects.update(status=STATUS.sent, last_updated=timezone.now())
    found = Letter.objects.gone().get()
    assert (found.fate, found.fate_at) == ("sent", found.gone_at)


def test_a_letters_fate_outlives_its_outbox_row(sign_up):
    letter = write(sign_up)
    sent_at = timezone.now() - datetime.timedelta(days=40)
    Email.objects.update(status=STATUS.sent, last_updated=sent_at, created=sent_at)
    delete_old_mail()
    assert not Email.objects.exists()
    letter = Letter.objects.gone().get(pk=letter.pk)
    assert (letter.fate, letter.fate_at, letter.gone_at) == ("sent", sent_at, sent_at)


def test_a_failed_letter_gives_the_reason_without_the_address_and_is_to_be_posted(sign_up, officer):
    letter = write(sign_up)
    letter.email.logs.create(status=STATUS.failed, message="550 <sam@example.org> unknown user")
    Email.objects.update(status=STATUS.failed, last_updated=timezone.now())
    assert keep_fates() == 1
    assert keep_fates() == 0
    letter.refresh_from_db()
    assert letter.fate == "failed"
    assert letter.failed_because == "550 … unknown user"
    assert list(Letter.objects.to_post()) == [letter]
    mark_letter_posted(letter, by=officer)
    assert not Letter.objects.to_post().exists()
    assert Letter.objects.gone().exists()


def test_a_letter_without_an_address_is_to_be_printed_and_posted(without_address, officer):
    letter = write(without_address)
    assert not Email.objects.exists()
    assert letter.fate == "to_post"
    assert list(Letter.objects.to_post()) == [letter]
    assert not Letter.objects.gone().exists()
    posted = mark_letter_posted(letter, by=officer)
    assert (posted.fate, posted.posted_by) == ("posted", officer)
    assert Letter.objects.gone().get().gone_at == posted.posted_at
    assert Event.objects.get(kind="venues.letter_posted").sign_up == without_address
    with pytest.raises(Refused, match="marked already"):
        mark_letter_posted(letter, by=officer)


def test_an_emailed_letter_cannot_be_marked_as_posted(sign_up, officer):
    with pytest.raises(Refused, match="by e-mail"):
        mark_letter_posted(write(sign_up), by=officer)


def test_a_waiting_letter_can_be_withdrawn_and_says_so(sign_up, officer):
    letter = write(sign_up, wait=WAIT)
    assert letter.fate == "waiting"
    assert letter.fate_at == letter.waits_until
    assert abs(letter.waits_until - timezone.now() - WAIT) < datetime.timedelta(seconds=5)
    taken_back = withdraw_letter(letter, by=officer)
    assert taken_back.fate == "withdrawn"
    assert not Email.objects.exists()
    assert not Letter.objects.to_post().exists()
    assert Event.objects.get(kind="venues.letter_withdrawn").by == officer


def test_a_sent_letter_cannot_be_withdrawn(sign_up, officer):
    letter = write(sign_up, wait=WAIT)
    Email.objects.update(scheduled_time=timezone.now())
    with pytest.raises(Refused, match="gone already"):
        withdraw_letter(letter, by=officer)
    assert Letter.objects.get().withdrawn_at is None
    assert Email.objects.exists()


def test_an_unaddressed_letter_can_be_withdrawn_until_it_is_posted(without_address, officer):
    letter = write(without_address, wait=WAIT)
    assert withdraw_letter(letter, by=officer).fate == "withdrawn"
    posted = mark_letter_posted(write(without_address), by=officer)
    with pytest.raises(Refused, match="posted already"):
        withdraw_letter(posted, by=officer)


def test_many_letters_take_a_constant_number_of_queries(sign_up, django_assert_num_queries):
    for count in (1, 5):
        drafts = [letters.Draft(["a@example.org"], sign_up=sign_up) for _ in range(count)]
        with django_assert_num_queries(2):
            assert len(letters.write_each("venues.suspend", drafts)) == count


def test_the_text_of_a_letter_is_deleted_after_a_year(sign_up):
    letter = write(sign_up)
    assert delete_old_letters() == 0
    assert delete_old_letters(timezone.now() + datetime.timedelta(days=367)) == 1
    letter.refresh_from_db()
    assert (letter.text, letter.subject != "") == ("", True)


def test_the_officers_copy_omits_the_confirmation_link(sign_up):
    emails.confirm_agreement(sign_up)
    letter = Letter.objects.get()
    assert "/agreement/" in letter.email.message
    assert "/agreement/" not in letter.text


def test_only_officers_of_its_scheme_can_read_a_letter(sign_up, officer):
    write(sign_up)
    own = OfficerFactory(scheme=sign_up.scheme).user
    assert Letter.objects.for_officer(own).count() == 1
    assert Letter.objects.for_officer(officer).count() == 0


def test_the_sticker_letter_is_about_its_sticker(sign_up):
    sticker = StickerFactory(sign_up=sign_up)
    emails.sticker_issued(sticker)
    assert Letter.objects.get().about == sticker


def test_letters_are_deleted_with_their_venue_or_recipient(sign_up):
    person = StaffMemberFactory(organisation=sign_up.venue.organisation, venue=sign_up.venue)
    to_person = letters.Draft([person.email], {"link": ""}, sign_up=sign_up, staff_member=person)
    letter = letters.write("venues.decline", to_person)
    anonymise_staff_member(person)
    letter.refresh_from_db()
    assert letter.text == ""
    letter = write(sign_up)
    forget_venue(sign_up.venue)
    letter.refresh_from_db()
    assert letter.text == ""


# On screen


@pytest.fixture
def own_officer(client, without_address):
    user = OfficerFactory(scheme=without_address.scheme).user
    client.force_login(user)
    return user


def page_of(client, path, **data):
    answer = client.post(path, data, follow=True) if data else client.get(path)
    assert answer.status_code == 200
    return html.unescape(" ".join(answer.content.decode().split()))


def decide(client, sign_up):
    SignUp.objects.filter(pk=sign_up.pk).update(state="submitted")
    return page_of(
        client,
        reverse("admin:decline_sign_up", args=[sign_up.pk]),
        letter="We are sorry.",
        reason="Too far away",
    )


def test_no_page_claims_a_letter_was_sent_when_there_is_no_address(
    client, without_address, own_officer
):
    SignUp.objects.filter(pk=without_address.pk).update(state="submitted")
    draft = page_of(client, reverse("admin:decline_sign_up", args=[without_address.pk]))
    assert "nothing is sent" in draft
    assert "send the letter" not in draft
    page = decide(client, without_address)
    assert "There is no e-mail address: no letter was sent. <a href=" in page
    assert "on its way" not in page
    assert "no e-mail address: print and post it" in page


def test_an_emailed_letter_is_said_to_be_on_its_way(client, sign_up):
    client.force_login(OfficerFactory(scheme=sign_up.scheme).user)
    page = decide(client, sign_up)
    leaves_at = timezone.localtime(Letter.objects.get().waits_until)
    assert f"The letter leaves at {leaves_at:%H:%M}." in page
    assert f"waiting until {leaves_at.day}" in page
    assert "no e-mail address" not in page
    suspension = reverse("admin:send_suspension_letter", args=[sign_up.pk])
    SignUp.objects.filter(pk=sign_up.pk).update(state="suspended")
    assert "The letter is on its way." in page_of(client, suspension, letter="Please ring us.")


def test_a_refused_decision_mentions_no_letter(client, sign_up):
    client.force_login(OfficerFactory(scheme=sign_up.scheme).user)
    data = {"letter": "x", "reason": "x"}
    page = page_of(client, reverse("admin:decline_sign_up", args=[sign_up.pk]), **data)
    assert "The letter is on its way." not in page
    assert not Letter.objects.exists()


def test_an_officer_can_read_print_and_mark_a_letter_as_posted(
    client, without_address, own_officer
):
    decide(client, without_address)
    letter = Letter.objects.get()
    queue = page_of(client, "/admin/")
    assert "Letters to print and post" in queue
    assert letter.subject in queue
    page = page_of(client, reverse("admin:venues_letter_change", args=[letter.pk]))
    assert "We are sorry." in page
    printed = page_of(client, reverse("admin:print_letter", args=[letter.pk]))
    for words in ("We are sorry.", "1 High Street", "ZZ1 1AA", "Example Council"):
        assert words in printed
    path = reverse("admin:mark_letter_posted", args=[letter.pk])
    assert "marked as posted" in page_of(client, path, really="yes")
    letter.refresh_from_db()
    assert (letter.fate, letter.posted_by) == ("posted", own_officer)
    assert not Letter.objects.to_post().exists()
    assert letter.subject not in page_of(client, "/admin/")
    sign_up_page = page_of(client, reverse("admin:venues_signup_change", args=[without_address.pk]))
    assert "posted, " in sign_up_page
    assert "A letter was printed and posted." in sign_up_page


def test_a_viewer_can_read_a_letter_but_not_mark_it(client, without_address):
    client.force_login(OfficerFactory(scheme=without_address.scheme, role="viewer").user)
    letter = write(without_address)
    page = page_of(client, reverse("admin:venues_letter_change", args=[letter.pk]))
    assert "Mark as posted" not in page
    path = reverse("admin:mark_letter_posted", args=[letter.pk])
    assert client.post(path).status_code == 403


@pytest.mark.parametrize("fate", ["to_post", "waiting", "sent", "withdrawn", "nonsense"])
def test_the_list_of_letters_can_be_filtered_by_fate(client, sign_up, without_address, fate):
    by = OfficerFactory(scheme=sign_up.scheme).user
    without_address.scheme.officers.create(user=by, role="officer")
    client.force_login(by)
    write(without_address)
    waiting = write(sign_up, wait=WAIT)
    if fate == "withdrawn":
        withdraw_letter(waiting, by=by)
    if fate == "sent":
        Email.objects.update(status=STATUS.sent)
    answer = client.get(reverse("admin:venues_letter_changelist"), {"fate": fate})
    rows = answer.context["cl"].result_count
    assert rows == (2 if fate == "nonsense" else 1)


def test_entering_a_venue_without_an_address_does_not_claim_it_was_emailed(
    client, without_address, own_officer
):
    SignUp.objects.filter(pk=without_address.pk).update(
        entered_by=own_officer, submitted_by=own_officer, submitted_at=timezone.now()
    )
    page = page_of(client, reverse("sign_up_sent", args=[without_address.pk]))
    assert "We have asked" not in page
    assert "You get an e-mail" not in page
    assert "has no e-mail address" in page


def test_a_temporarily_refused_letter_says_how_often_it_was_tried(sign_up):
    letter = write(sign_up)
    Email.objects.update(status=STATUS.requeued, number_of_retries=3)
    letter.email.refresh_from_db()
    assert letter.fate_words == "not delivered yet: tried 3 times"


def test_the_letter_for_a_sent_sticker_asks_to_display_it_and_names_venue_scheme_and_council(
    sign_up,
):
    sticker = StickerFactory(sign_up=sign_up)
    mark_sticker_sent(sticker, by=UserFactory())
    letter = Letter.objects.get()
    assert letter.about == sticker
    assert "Put it up where people can see it" in letter.text
    shown = letter.email.html_message
    for name in (sign_up.venue.name, sign_up.scheme.name, sign_up.scheme.council):
        assert str(escape(name)) in shown
    assert shown.count("The sticker is up") == 1


def test_the_letter_for_an_issued_sticker_does_not_ask_to_display_it(sign_up):
    emails.sticker_issued(StickerFactory(sign_up=sign_up))
    letter = Letter.objects.get()
    assert "nothing to do until then" in letter.text
    assert "The sticker is up" not in letter.email.html_message
