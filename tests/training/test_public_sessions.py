"""What the public sees of sessions, and registering interest without an account or a cookie."""

import pytest
from django.core.cache import cache
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from post_office.models import Email

from tests.factories import SchemeFactory, SignUpFactory, UserFactory
from tests.training.session_factories import (
    BookingFactory,
    InterestFactory,
    SessionFactory,
    SpecialistModuleFactory,
)
from training import actions
from training.links.sessions import interest_link
from training.models import Interest

pytestmark = pytest.mark.django_db
REGISTER = "/training/interest/register/"


def test_the_public_page_reveals_no_names_and_sets_no_cookie(client, scheme, manager):
    hidden = SignUpFactory(scheme=scheme, approved=True).venue
    hidden.listing, hidden.name = "internal", "The Refuge"
    hidden.save()
    session = SessionFactory(
        scheme=scheme,
        venue=hidden,
        address="",
        video_link="https://meet.example.org/secret",
        co_trainers="Kit Quill",
    )
    session.trainers.add(manager)
    BookingFactory(session=session)

    for url in (reverse("sessions"), reverse("session", args=[session.pk])):
        page = client.get(url)
        assert "1 seat left" in page.text
        for secret in ("The Refuge", "meet.example.org", "Kit Quill", str(manager)):
            assert secret not in page.text
        assert not page.cookies


def test_sessions_of_a_draft_scheme_are_not_public(client, scheme, manager):
    session = SessionFactory(scheme=scheme)
    draft = SessionFactory(scheme=SchemeFactory(draft=True))
    assert list(client.get(reverse("sessions")).context["sessions"]) == [session]
    assert client.get(reverse("session", args=[draft.pk])).status_code == 404


def test_the_session_list_uses_a_constant_number_of_queries(client, scheme):
    def queries():
        with CaptureQueriesContext(connection) as found:
            client.get(reverse("sessions"))
        return len(found)

    BookingFactory(session=SessionFactory(scheme=scheme))
    few = queries()
    for __ in range(5):
        BookingFactory(session=SessionFactory(scheme=scheme))
    assert queries() == few


def test_anybody_can_register_interest_without_an_organisation(client, scheme):
    module = SpecialistModuleFactory()
    asked = {"module": module.pk, "people": 1, "brings": "I sign BSL.", "wants_covered": "Calm"}
    answer = client.post(REGISTER, asked)
    assert answer.status_code == 302
    assert not answer.cookies
    assert "Thank you" in client.get(answer.url).text
    interest = Interest.objects.get()
    assert (interest.scheme, interest.module, interest.brings) == (scheme, module, "I sign BSL.")
    assert interest.sign_up is None


def test_invalid_interest_is_refused_and_the_input_is_kept(client, scheme):
    other = SchemeFactory()
    module = SpecialistModuleFactory()
    module.schemes.add(other)
    for data, said in (
        ({"people": 1, "suits": "Late"}, "Choose an answer to"),
        ({"people": "", "scheme": scheme.pk, "suits": "Late"}, "Fill in"),
        ({"people": 1, "scheme": scheme.pk, "email": "no", "suits": "Late"}, "Write an e-mail"),
        ({"people": 1, "scheme": scheme.pk, "module": module.pk, "suits": "Late"}, "does not give"),
        ({"people": 1, "scheme": scheme.pk, "module": "999999", "suits": "Late"}, "valid choice"),
    ):
        page = client.post(REGISTER, data)
        assert page.status_code == 200
        assert said in page.text
        assert "Late" in page.text
    assert not Interest.objects.exists()


def test_there_is_no_interest_form_without_a_public_scheme(client):
    assert "Please come back later" in client.get(reverse("interest_for_all")).text


def test_registering_interest_is_rate_limited(client, scheme):
    cache.clear()
    answers = [client.post(REGISTER, {"people": 1}).status_code for __ in range(11)]
    assert answers == [302] * 10 + [429]


@pytest.mark.parametrize("listing", ["public", "internal"])
def test_the_letter_hides_an_address_that_is_not_public(scheme, listing):
    sign_up = SignUpFactory(scheme=scheme, approved=True, venue__listing=listing)
    session = SessionFactory(scheme=scheme, venue=sign_up.venue, address="Back door, Room 9")
    InterestFactory(scheme=scheme, module=session.module)
    actions.tell_interested(session, by=UserFactory())
    letter = Email.objects.get().message
    assert "Back door" not in letter
    assert sign_up.venue.address_1 not in letter
    assert (sign_up.venue.name in letter) == (listing == "public")
    assert ("We give the address to those who book." in letter) == (listing == "internal")


def test_the_link_in_the_letter_deletes_the_interest(client, scheme):
    interest = InterestFactory(scheme=scheme)
    link = interest_link(interest)
    path = link[link.index("/training/") :]
    assert "Delete it" in client.get(path).text
    assert Interest.objects.exists()
    assert "We have deleted" in client.post(path + "delete/").text
    assert not Interest.objects.exists()
    assert "nothing left to do" in client.get(path).text


@pytest.mark.parametrize("name", ["sessions", "interest_for_all"])
def test_public_pages_link_to_sessions_and_the_interest_form(client, scheme, name):
    assert reverse("sessions") in client.get(reverse("join")).text
    assert reverse("interest_for_all") in client.get(reverse("sessions")).text
    assert client.get(reverse(name)).status_code == 200
