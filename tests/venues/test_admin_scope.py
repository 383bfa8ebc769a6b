"""Lists, pages, choices and CSV show an officer their own schemes and no other council's."""

import pytest
from django.contrib.gis.geos import Point
from django.urls import reverse

from tests.factories import (
    OfficerFactory,
    PrincipleFactory,
    SchemeFactory,
    SignUpFactory,
    StickerFactory,
    VenueFactory,
)
from venues.models import (
    Enquiry,
    Event,
    Officer,
)

pytestmark = pytest.mark.django_db

LISTS = ["scheme", "principle", "officer", "venue", "organisation", "signup", "sticker"]
LISTS += ["enquiry", "event"]


@pytest.fixture
def scheme():
    return SchemeFactory(name="Our Scheme")


@pytest.fixture
def officer(client, scheme):
    user = OfficerFactory(scheme=scheme, role="officer").user
    client.force_login(user)
    return user


@pytest.fixture
def administrator(client, scheme):
    user = OfficerFactory(scheme=scheme, role="administrator").user
    client.force_login(user)
    return user


FAR = {"postcode": "ZZ9 9ZZ", "point": Point(300_000, 300_000, srid=27700)}
"""Two public places at one postcode would be proposed as the same, each to the other's officers."""


def a_council(name, **where):
    """One object of each kind, each named after `name`."""
    scheme = SchemeFactory(name=f"{name} scheme")
    PrincipleFactory(scheme=scheme, title=f"{name} principle")
    venue = VenueFactory(lead_scheme=scheme, name=f"{name} venue", **where)
    venue.organisation.name = f"{name} organisation"
    venue.organisation.save()
    sign_up = SignUpFactory(scheme=scheme, venue=venue, approved=True, agreed=True)
    StickerFactory(sign_up=sign_up, code=f"{name.upper()}CODE"[:12])
    officer = OfficerFactory(scheme=scheme, role="administrator")
    officer.user.name = f"{name} officer"
    officer.user.save()
    Enquiry.objects.create(
        scheme=scheme, venue_name=f"{name} enquiry", name=f"{name} person", phone="01632 960003"
    )
    Event.objects.record("venues.sticker_issued", sign_up=sign_up, by=officer.user, number=1)
    return sign_up, officer.user


def page(client, name, *args, query="", **more):
    return client.get(reverse(name, args=args) + query, **more)


def text_of(answer):
    return answer.content.decode()


@pytest.mark.parametrize("model", LISTS)
def test_lists_and_csv_exports_contain_nothing_of_another_council(client, model):
    __, ours = a_council("ours")
    a_council("theirs", **FAR)
    client.force_login(ours)
    for name in (f"admin:venues_{model}_changelist", f"admin:venues_{model}_export"):
        answer = page(client, name)
        assert answer.status_code == 200
        assert "ours" in text_of(answer).lower()
        assert "theirs" not in text_of(answer).lower()


@pytest.mark.parametrize("model", LISTS)
def test_another_councils_pages_return_404(client, model):
    a_council("ours")
    theirs, __ = a_council("theirs", **FAR)
    things = {
        "scheme": theirs.scheme,
        "principle": theirs.scheme.principles.get(),
        "officer": theirs.scheme.officers.get(),
        "venue": theirs.venue,
        "organisation": theirs.venue.organisation,
        "signup": theirs,
        "sticker": theirs.stickers.get(),
        "enquiry": theirs.scheme.enquiries.get(),
        "event": theirs.events.first(),
    }
    client.force_login(Officer.objects.get(user__name="ours officer").user)
    answer = page(client, f"admin:venues_{model}_change", things[model].pk, follow=True)
    assert "theirs" not in text_of(answer).lower()
    assert answer.redirect_chain or answer.status_code == 404


@pytest.mark.parametrize(
    "name", ["venues_principle_add", "venues_officer_add", "venues_signup_add"]
)
def test_choices_offer_no_other_councils_scheme(client, name):
    __, ours = a_council("ours")
    a_council("theirs", **FAR)
    client.force_login(ours)
    answer = page(client, f"admin:{name}")
    assert "ours scheme" in text_of(answer)
    assert "theirs" not in text_of(answer)


def test_the_dashboard_shows_nothing_of_another_council(client):
    __, ours = a_council("ours")
    a_council("theirs", **FAR)
    client.force_login(ours)
    assert "ours enquiry" in text_of(page(client, "admin:index"))
    assert "theirs" not in text_of(page(client, "admin:index"))


def test_csv_export_escapes_formulas(client, officer, scheme):
    venue = VenueFactory(lead_scheme=scheme, name='=HYPERLINK("x")', town="@town")
    SignUpFactory(scheme=scheme, venue=venue)
    lines = page(client, "admin:venues_venue_export").content.decode("utf-8-sig").splitlines()
    assert lines[1].startswith('"\'=HYPERLINK(""x"")"')
    assert "'@town" in lines[1]


def test_csv_export_applies_the_lists_filter(client, officer, scheme):
    SignUpFactory(scheme=scheme, submitted=True, venue__name="Waiting place")
    SignUpFactory(scheme=scheme, venue__name="Draft place")
    said = text_of(page(client, "admin:venues_signup_export", query="?state__exact=submitted"))
    assert "Waiting place" in said
    assert "Draft place" not in said


def test_the_event_list_shows_every_event_as_a_sentence(client, officer, scheme):
    sign_up = SignUpFactory(scheme=scheme)
    Event.objects.record("venues.sign_up_approved", sign_up=sign_up, by=officer)
    event = Event.objects.get()
    assert "The sign-up was approved." in text_of(page(client, "admin:venues_event_changelist"))
    assert page(client, "admin:venues_event_change", event.pk).status_code == 200


def test_codes_and_secrets_have_no_admin_pages(client, django_user_model):
    client.force_login(django_user_model.objects.create_superuser("root@example.org", "x"))
    said = text_of(page(client, "admin:index"))
    for path in ("post_office", "/auth/", "/mfa/"):
        assert f"/admin/{path.strip('/')}/" not in said


def test_a_superuser_can_open_every_page(client, django_user_model):
    sign_up, __ = a_council("ours")
    client.force_login(django_user_model.objects.create_superuser("root@example.org", "x"))
    for model in LISTS:
        assert page(client, f"admin:venues_{model}_changelist").status_code == 200
    assert page(client, "admin:venues_signup_change", sign_up.pk).status_code == 200
    assert page(client, "admin:venues_scheme_add").status_code == 200
