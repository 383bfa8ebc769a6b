"""“If somebody follows, touches or stalks you”: a scheme's page, with the police force's form."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from signposting import actions
from signposting.models import Service
from tests.factories import ALWAYS, SchemeFactory, SignUpFactory, UserFactory

pytestmark = pytest.mark.django_db
TITLE = "If somebody follows, touches or stalks you"
FORM = "https://police.example.org/report/"


@pytest.fixture
def scheme():
    return SchemeFactory(name="Safe Places", noun="Safe Place", noun_plural="Safe Places")


def service(confirmed=True, **fields):
    on = {"confirmed_by_name": "Ruth", "confirmed_on": datetime.date(2026, 11, 1)}
    made = Service(what_for="Tell them.", answers="always", **(on if confirmed else {}), **fields)
    made.full_clean()
    made.save()
    return made


def force(scheme, **more):
    return service(**{"scheme": scheme, "name": "Exampleshire Police", "by": "online"}, **more)


def read(client, scheme):
    return client.get(reverse("if_followed", args=[scheme.slug]))


def test_it_says_what_to_do_now_what_to_keep_and_whom_to_tell(client, scheme):
    answer = read(client, scheme)
    page = answer.content.decode()
    for words in (TITLE, "What to keep", "Telling the police", "Find a Safe Place that is open"):
        assert words in page
    assert 'href="tel:999"' in page
    assert 'href="tel:101"' in page
    assert "data-leaving" in page, "Exit, as on every public page"
    assert not answer.cookies
    assert "Set-Cookie" not in answer.headers


def test_the_forces_form_is_linked_once_somebody_confirmed_it(client, scheme):
    made = force(scheme, website=FORM, confirmed=False)
    said = "nobody has confirmed the address of your police force’s form here yet"
    assert said in read(client, scheme).content.decode()
    actions.confirm_service(made, name="Ruth", by=UserFactory())
    page = read(client, scheme).content.decode()
    assert f'href="{FORM}"' in page
    assert "the form of Exampleshire Police" in page
    assert said not in page


def test_another_schemes_force_is_not_named(client, scheme):
    force(SchemeFactory(), website=FORM)
    assert FORM not in read(client, scheme).content.decode()


def test_helplines_for_it_are_named_and_others_are_not(client, scheme):
    service(name="Stalking line", number="01632 960001", for_followed=True)
    service(name="Line for asylum", number="01632 960002")
    page = read(client, scheme).content.decode()
    assert "Stalking line" in page
    assert "Line for asylum" not in page


@pytest.mark.parametrize("fields", [{}, {"agrees": "organisation"}])
def test_there_is_no_page_without_public_places(client, fields):
    if "agrees" in fields:
        scheme = SchemeFactory(bare=True, **fields)
    else:
        scheme = SchemeFactory()
        type(scheme).objects.filter(pk=scheme.pk).update(
            hidden_at=scheme.opened_at, hidden_by=scheme.opened_by
        )
    assert read(client, scheme).status_code == 404


def test_scheme_page_help_and_the_places_of_the_scheme_lead_to_it(client, scheme):
    venue = SignUpFactory(scheme=scheme, approved=True, listed=True, venue__hours=ALWAYS).venue
    url = reverse("if_followed", args=[scheme.slug])
    for page in (
        reverse("scheme_page", args=[scheme.slug]),
        reverse("venue_page", args=[venue.slug]),
        reverse("help"),
    ):
        assert f'href="{url}"' in client.get(page).content.decode(), page


def test_help_offers_the_form_beside_the_polices_number(client, scheme):
    force(scheme, website=FORM)
    page = client.get(reverse("help")).content.decode()
    assert page.index('href="tel:101"') < page.index(f'href="{FORM}"')
    assert "Open the form" in page


@pytest.mark.parametrize(
    "fields",
    [
        {"by": "online"},
        {"by": "online", "website": FORM, "number": "101"},
        {"by": "call"},
        {"by": "text", "website": FORM},
    ],
)
def test_a_service_that_cannot_be_reached_is_refused_in_words(fields):
    with pytest.raises(ValidationError) as error:
        service(name="Nobody", **fields)
    assert "Give a number, or for an online form its website and no number." in str(error.value)


def test_a_form_that_moves_has_to_be_confirmed_again(scheme):
    made = force(scheme, website=FORM)
    made.website = "https://police.example.org/new/"
    actions.change_service(made, ["website"], by=UserFactory())
    made.refresh_from_db()
    assert made.confirmed_on is None


def test_a_helplines_new_website_keeps_its_confirmation(scheme):
    made = service(scheme=scheme, name="Line", number="01632 960001")
    made.website = "https://line.example.org/"
    actions.change_service(made, ["website"], by=UserFactory())
    made.refresh_from_db()
    assert made.confirmed_on is not None
