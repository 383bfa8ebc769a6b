"""From the public start page to a submitted sign-up, as a café would do it."""

import base64
import datetime
import re

import pytest
from django.core.cache import cache
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from post_office.models import Email

from accounts.models import User
from tests.venues.portal import a_scheme
from venues.models import Enquiry, Event, SignUp
from venues.retention import delete_old_starts

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_asks_counted_yet():
    cache.clear()


def ask(client, email="kim@example.org", postcode="zz11aa"):
    return client.post(reverse("ask_to_join"), {"email": email, "postcode": postcode})


def link_in_mail():
    return re.search(r"https?://[^/\s]+(/join/\S+)", Email.objects.latest("id").message)[1]


def begin(client):
    ask(client)
    client.post(link_in_mail() + "start/")
    return SignUp.objects.get()


def fill_in(client, sign_up):
    def save(name, data, *more):
        response = client.post(reverse(name, args=[sign_up.pk, *more]), data)
        assert response.status_code == 302, (name, response.context["form"].errors)

    save("change_organisation", {"name": "Kim’s Ltd", "sector": "commercial"})
    save(
        "change_venue",
        {
            "name": "Kim’s Café",
            "type": "cafe",
            "address_1": "1 High Street",
            "town": "Exampleton",
            "postcode": "ZZ1 1AA",
        },
    )
    save("change_point", {"easting": "450000", "northing": "115000"})
    save("change_listing", {"listing": "public"})
    save(
        "change_contact",
        {"contact_name": "Kim", "contact_phone": "01632 960001", "website": "example.org"},
    )
    save("change_hours", {"lines-0": "Mon 9-5pm", "bank_holidays": "closed"})
    for principle in sign_up.scheme.principles.all():
        save("agree", {f"q{principle.pk}_value": "need_help"}, principle.pk)


def test_the_start_page_says_how_long_it_takes_and_what_we_never_ask(client):
    a_scheme()
    page = client.get(reverse("join")).content.decode()
    for words in ("It is free", "Training:", "Meetings:", "Opening hours:", "What we never ask"):
        assert words in page


def test_the_whole_journey_from_the_start_page_to_submission(client):
    scheme = a_scheme()
    assert ask(client).url == reverse("join_sent")
    assert not User.objects.filter(email="kim@example.org").exists()
    link = link_in_mail()
    assert client.get(link).status_code == 200
    assert not SignUp.objects.exists(), "opening the link changes nothing"

    response = client.post(link + "start/")
    sign_up = SignUp.objects.get()
    assert response.url == reverse("sign_up", args=[sign_up.pk])
    assert sign_up.scheme == scheme
    assert sign_up.venue.postcode == "ZZ1 1AA"
    assert client.get(response.url).status_code == 200

    fill_in(client, sign_up)
    page = client.get(reverse("check_answers", args=[sign_up.pk])).content.decode()
    assert "Kim’s Café" in page
    assert "09:00 to 17:00" in page
    sent = client.post(reverse("submit_sign_up", args=[sign_up.pk]))
    assert sent.url == reverse("sign_up_sent", args=[sign_up.pk])
    assert sign_up.reference in client.get(sent.url).content.decode()
    sign_up.refresh_from_db()
    assert sign_up.state == "submitted"
    home = client.get(reverse("portal_home", args=[sign_up.pk])).content.decode()
    assert "is looking at it" in home


def test_submitting_twice_submits_once(client):
    a_scheme()
    sign_up = begin(client)
    fill_in(client, sign_up)
    for __ in range(2):
        client.post(reverse("submit_sign_up", args=[sign_up.pk]))
    assert Event.objects.filter(kind="venues.sign_up_submitted").count() == 1


def test_pressing_start_again_continues_the_same_draft(client):
    a_scheme()
    sign_up = begin(client)
    client.post(link_in_mail() + "start/")
    assert SignUp.objects.get() == sign_up


def test_a_link_works_once_and_forwarding_it_gives_no_access(client):
    a_scheme()
    sign_up = begin(client)
    link = link_in_mail()
    forwarded = Client()
    page = forwarded.get(link)
    assert page.status_code == 410
    assert "Sign in to go on" in page.text
    forwarded.post(link + "start/")
    assert forwarded.get(reverse("sign_up", args=[sign_up.pk])).status_code == 302
    assert SignUp.objects.get() == sign_up


def test_a_link_scanner_does_not_use_up_the_link(client):
    a_scheme()
    ask(client)
    link = link_in_mail()
    scanner = Client()
    for __ in range(3):
        assert scanner.head(link).status_code == 200
        assert scanner.get(link).status_code == 200
        assert scanner.get(link + "start/").status_code in (302, 405)
    assert client.post(link + "start/").url.endswith("/tasks/")


def test_a_link_alone_does_not_log_in_to_an_existing_account(client):
    a_scheme()
    known = User.objects.create_user("kim@example.org")
    ask(client)
    link = link_in_mail()
    answer = client.post(link + "start/")
    assert answer.url.startswith(reverse("account_request_login_code"))
    assert "_auth_user_id" not in client.session
    assert not SignUp.objects.exists()
    assert "There is an account for this address" in client.get(answer.url).text

    client.force_login(known)  # having typed the emailed code
    assert client.get(link).status_code == 200
    client.post(link + "start/")
    assert SignUp.objects.get().started_by == known


def test_somebody_logged_in_with_another_address_is_asked_to_log_out_first(client):
    a_scheme()
    User.objects.create_user("kim@example.org")
    ask(client)
    client.force_login(User.objects.create_user("sam@example.org"))
    page = client.post(link_in_mail() + "start/", follow=True)
    assert "You are signed in with another address" in page.text
    assert not SignUp.objects.exists()


def test_the_link_contains_no_personal_data(client):
    a_scheme()
    ask(client)
    token = link_in_mail().split("/")[2]
    data = token.split(":")[0].lstrip(".")
    assert b"kim" not in base64.urlsafe_b64decode(data + "=" * (-len(data) % 4))


def test_an_unused_request_is_deleted_when_its_link_expires(client):
    a_scheme()
    ask(client)
    assert delete_old_starts() == 0
    assert delete_old_starts(timezone.now() + datetime.timedelta(days=4)) == 1
    assert client.get(link_in_mail()).status_code == 410


def test_six_requests_do_not_send_a_stranger_six_emails(client):
    a_scheme()
    for number in range(6):
        browser = Client(REMOTE_ADDR=f"198.51.100.{number}")
        assert ask(browser, email=f"kim+{number}@example.org").url == reverse("join_sent")
    assert Email.objects.count() == 3


def test_an_invisible_character_does_not_create_another_account(client):
    a_scheme()
    ask(client, email="zwtest@example.org\u200b")
    client.post(link_in_mail() + "start/")
    assert User.objects.filter(email="zwtest@example.org").exists()


def test_an_empty_sign_up_is_refused_with_every_reason(client):
    a_scheme()
    sign_up = begin(client)
    page = client.post(reverse("submit_sign_up", args=[sign_up.pk]), follow=True)
    sign_up.refresh_from_db()
    assert sign_up.state == "draft"
    assert "Say whom we can reach" in page.content.decode()


def test_the_response_does_not_reveal_whether_an_address_is_known(client):
    a_scheme()
    User.objects.create_user("known@example.org")
    known, unknown = ask(client, email="known@example.org"), ask(client)
    assert (known.status_code, known.url) == (unknown.status_code, unknown.url)


@pytest.mark.parametrize("postcode", ["", "nonsense", "12345", "SO14"])
def test_a_bad_postcode_is_explained_and_nothing_is_sent(client, postcode):
    a_scheme()
    page = ask(client, postcode=postcode)
    assert page.status_code == 200
    assert "postcode" in str(page.context["form"].errors)
    assert not Email.objects.exists()


def test_a_tampered_link_is_refused(client):
    a_scheme()
    ask(client)
    link = link_in_mail()
    assert client.get(link[:-4] + "aaa/").status_code == 410
    client.post(link[:-4] + "aaa/start/")
    assert not SignUp.objects.exists()


def test_too_many_requests_are_refused(client):
    a_scheme()
    codes = [ask(client, email=f"p{n}@example.org").status_code for n in range(21)]
    assert codes == [302] * 20 + [429]


def test_one_mailbox_is_not_flooded_and_the_response_does_not_reveal_it(client):
    a_scheme()
    answers = {ask(client).url for __ in range(6)}
    assert answers == {reverse("join_sent")}
    assert Email.objects.count() == 3


def test_an_unsure_place_can_ask_for_a_call(client):
    a_scheme()
    client.post(
        reverse("ask_to_be_rung"),
        {"name": "Kim", "venue_name": "Kim’s Café", "phone": "01632 960001"},
    )
    assert Enquiry.objects.get().venue_name == "Kim’s Café"


def test_the_scheme_is_asked_when_there_are_several(client):
    a_scheme(name="North")
    other = a_scheme(name="South")
    assert ask(client).status_code == 200
    data = {"email": "kim@example.org", "postcode": "ZZ1 1AA", "scheme": other.pk}
    assert client.post(reverse("ask_to_join"), data).status_code == 302
    client.post(link_in_mail() + "start/")
    assert SignUp.objects.get().scheme == other
