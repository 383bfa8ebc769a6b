"""The life of a scheme, from starting it in the browser to closing it."""

import datetime
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from common.refusals import Refused
from tests.factories import (
    OfficerFactory,
    PrincipleFactory,
    RequirementFactory,
    SchemeFactory,
    SignUpFactory,
    UserFactory,
    VenueFactory,
    name_numbers,
    ready_to_open,
)
from tests.venues.test_scheme_area import make_area
from training.models import Module
from venues import actions
from venues.checklist import checklist
from venues.models import Event, NumberTried, Scheme, SignUp
from venues.packs import export_scheme
from venues.rules import missing_to_open

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept_stay_right")]

START = {
    "name": "Safe Havens",
    "council": "Barking",
    "contact_email": "team@example.org",
    "administrator": "admin@example.org",
}


@pytest.fixture
def root(client):
    user = UserFactory(is_superuser=True, is_staff=True)
    client.force_login(user)
    return user


@pytest.fixture
def scheme():
    """A scheme that is not open yet, with a principle and its numbers."""
    scheme = SchemeFactory(draft=True)
    PrincipleFactory(scheme=scheme)
    name_numbers(scheme)
    return scheme


@pytest.fixture
def administrator(client, scheme):
    user = OfficerFactory(scheme=scheme, role="administrator").user
    client.force_login(user)
    return user


def text_of(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


def start(client, **sent):
    return client.post(reverse("admin:venues_scheme_add"), START | sent, follow=True)


# Starting a scheme in the browser


def test_starting_from_a_pack_shows_the_administrator_what_is_left(client, root):
    answer = start(client, start_from="pack:spaces_of_sanctuary")
    scheme = Scheme.objects.get()
    assert (scheme.name, scheme.slug, scheme.council) == ("Safe Havens", "safe-havens", "Barking")
    assert scheme.principles.count() == 7
    assert Module.objects.filter(slug="introductory").exists()
    assert scheme.officers.get().user.email == "admin@example.org"
    assert scheme.opened_at is None
    assert "Before it opens: Safe Havens" in text_of(answer)
    assert "has not signed off" in text_of(answer)


def test_a_scheme_can_be_started_from_another_from_a_file_or_blank(client, root):
    other = SchemeFactory(noun="Haven", name="Other")
    PrincipleFactory(scheme=other, title="Kindness")
    start(client, start_from=f"scheme:{other.pk}")
    first = Scheme.objects.get(name="Safe Havens")
    assert (first.noun, first.principles.get().title) == ("Haven", "Kindness")
    assert first.sign_ups.count() == 0

    text = export_scheme(other).replace("Kindness", "Patience")
    file = SimpleUploadedFile("mine.toml", text.encode())
    start(client, start_from="file", file=file, name="Second")
    assert Scheme.objects.get(name="Second").principles.get().title == "Patience"

    start(client, start_from="nothing", name="Third", slug="3rd")
    assert not Scheme.objects.get(slug="3rd").principles.exists()


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"start_from": "file"}, "Choose the file."),
        ({"start_from": "file", "file": b"[scheme"}, "not readable as TOML"),
        ({"start_from": "file", "file": b"\xff\xfe"}, "not a text file"),
        ({"start_from": "file", "file": b"[scheme]\nnam = 1"}, "Line 2, [scheme], nam"),
        ({"start_from": "nothing", "name": "Taken"}, "is here already"),
        ({"start_from": "elsewhere"}, "not one of the available choices"),
    ],
)
def test_mistakes_in_a_start_are_explained_and_nothing_is_created(client, root, sent, said):
    SchemeFactory(name="Taken", slug="taken")
    if "file" in sent:
        sent = sent | {"file": SimpleUploadedFile("a.toml", sent["file"])}
    assert said in text_of(start(client, **sent))
    assert Scheme.objects.count() == 1
    assert not Event.objects.filter(kind="venues.scheme_created").exists()


def test_only_an_installation_administrator_can_start_a_scheme(client, administrator):
    assert client.get(reverse("admin:venues_scheme_add")).status_code == 403
    assert start(client, start_from="nothing").status_code == 403
    assert Scheme.objects.count() == 1


def test_an_administrator_downloads_the_scheme_as_a_pack(client, administrator, scheme):
    answer = client.get(reverse("admin:export_scheme", args=[scheme.pk]))
    assert answer["Content-Disposition"] == f'attachment; filename="{scheme.slug}.toml"'
    assert answer.content.decode() == export_scheme(scheme)


# Before opening


def test_opening_requires_signed_off_texts_and_tested_numbers(client, administrator, scheme):
    with pytest.raises(Refused) as refused:
        actions.open_scheme(scheme, by=administrator)
    assert len(refused.value.reasons) == 6  # five numbers and the texts
    today = timezone.localdate()
    day = {"signed_on": today.isoformat()}
    client.post(
        reverse("admin:sign_off_texts", args=[scheme.pk]), {"name": "Ada", "role": "Lead", **day}
    )
    day = {"called_on": today.isoformat()}
    for contact in scheme.contacts.all():
        call = {"contact": contact.pk, "caller": "Ben", "was_answered": "yes", **day}
        client.post(reverse("admin:record_test_call", args=[scheme.pk]), call)
    assert missing_to_open(scheme) == []
    actions.open_scheme(scheme, by=administrator)
    assert Event.objects.filter(kind="venues.texts_signed_off").count() == 1


def test_a_changed_text_has_to_be_signed_off_again(scheme, administrator):
    ready_to_open(scheme)
    actions.change_look(scheme, what_to_say="Say anything.", by=administrator)
    scheme.refresh_from_db()
    assert missing_to_open(scheme) == [
        "The texts changed after Ada signed them off: have them signed off again."
    ]


def test_a_changed_or_unanswered_number_has_to_be_tested_again(scheme, administrator):
    ready_to_open(scheme)
    contact = scheme.contacts.first()
    contact.number = "01632 960099"
    contact.save()
    today = timezone.localdate()
    call = {"contact": contact, "called_on": today, "caller": "Ben", "by": administrator}
    actions.record_test_call(scheme, was_answered=False, **call)
    (missing,) = missing_to_open(scheme)
    assert "Nobody has rung 01632 960099" in missing
    actions.record_test_call(scheme, was_answered=True, **call)
    assert missing_to_open(scheme) == []


def test_future_dates_and_other_schemes_numbers_are_refused(scheme, administrator):
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    with pytest.raises(Refused, match="not come yet"):
        actions.sign_off_texts(scheme, name="A", role="B", signed_on=tomorrow, by=administrator)
    other = SchemeFactory().contacts.first()
    call = {"called_on": timezone.localdate(), "caller": "Ben", "was_answered": True}
    with pytest.raises(Refused, match="another scheme"):
        actions.record_test_call(scheme, contact=other, **call, by=administrator)
    assert not NumberTried.objects.exists()


def test_a_scheme_that_was_already_open_stays_open():
    scheme = SchemeFactory()
    assert not scheme.sign_offs.exists()
    assert scheme in Scheme.objects.shown()


def test_the_checklist_is_computed_and_each_line_links_to_its_page(client, administrator, scheme):
    page = reverse("admin:scheme_checklist", args=[scheme.pk])
    lines = {line.words: line for line in checklist(scheme)}
    assert list(lines) == [
        *("Area", "Numbers", "Test calls", "Principles", "Questions", "Training", "Meetings"),
        *("Sticker", "Texts", "Look", "Open"),
    ]
    done = [words for words, line in lines.items() if line.is_done]
    assert done == ["Numbers", "Principles", "Training", "Sticker"]
    for line in lines.values():
        assert line.url in text_of(client.get(page))
        assert client.get(line.url.partition("#")[0]).status_code in (200, 403)
    ready_to_open(scheme)
    scheme.meetings_every, scheme.offers_training = "none", False
    scheme.offers_stickers = False
    scheme.save()
    RequirementFactory(principle=scheme.principles.get(), evidence="opening_hours")
    scheme = Scheme.objects.get(pk=scheme.pk)
    lines = {line.words: line for line in checklist(scheme)}
    assert not {"Meetings", "Training", "Sticker"} & set(lines)
    assert lines["Texts"].is_done
    assert lines["Test calls"].is_done
    assert lines["Open"].says == "Ready to open."


# The scheme's area


def test_an_area_excluding_places_of_the_scheme_is_refused_naming_them(
    client, administrator, scheme
):
    outside = VenueFactory(lead_scheme=scheme, name="Far Café")
    SignUpFactory(scheme=scheme, venue=outside, approved=True)
    area = make_area()
    address = reverse("admin:venues_scheme_change", args=[scheme.pk])
    form = client.get(address).context["adminform"].form
    data = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    rows = ("contacts", "contact_kinds", "checks_asked", "clearances")
    counts = {f"{row}-{count}_FORMS": 0 for row in rows for count in ("TOTAL", "INITIAL")}
    answer = client.post(address, data | counts | {"area": area.pk})
    assert "does not cover 1 place of the scheme: Far Café" in text_of(answer)
    scheme.refresh_from_db()
    assert scheme.area is None


# Closing and handing on


def listed_sticker(scheme):
    sign_up = SignUpFactory(scheme=scheme, approved=True, listed=True, agreed=True)
    return sign_up.stickers.get()


def test_a_closed_schemes_sticker_pages_say_where_to_look_now(client):
    scheme, next_one = SchemeFactory(name="Old Spaces"), SchemeFactory(name="New Spaces")
    sticker = listed_sticker(scheme)
    page = reverse("sticker_page", args=[sticker.code])
    assert "This sticker is current" in text_of(client.get(page))
    by = OfficerFactory(scheme=scheme, role="administrator").user
    actions.close_scheme(scheme, successor=next_one, where_now="Ask at the Guildhall.", by=by)
    said = text_of(client.get(page))
    assert "This sticker was one of Old Spaces, run by Example Council, which ended on" in said
    assert "New Spaces, run by Example Council, has taken its place." in said
    assert "Ask at the Guildhall." in said
    assert not SignUp.objects.listed(timezone.localdate()).exists()
    assert scheme not in Scheme.objects.open()
    scheme.refresh_from_db()
    with pytest.raises(Refused, match="closed already"):
        actions.close_scheme(scheme, by=by)
    with pytest.raises(Refused, match="stay hidden"):
        actions.show_scheme(scheme, by=by)


def test_closing_shows_who_will_be_unlisted_before_it_is_confirmed(client):
    scheme = SchemeFactory()
    listed_sticker(scheme)
    client.force_login(OfficerFactory(scheme=scheme, role="administrator").user)
    url = reverse("admin:close_scheme", args=[scheme.pk])
    assert "1 place is a member. It leaves the finder at once" in text_of(client.post(url, {}))
    scheme.refresh_from_db()
    assert scheme.closed_at is None
    assert client.post(url, {"confirmed": "yes"}).status_code == 302
    scheme.refresh_from_db()
    assert scheme.closed_at


def test_handing_on_a_scheme_keeps_its_places_stickers_and_urls(client):
    scheme = SchemeFactory()
    sticker = listed_sticker(scheme)
    actions.hand_on_scheme(
        scheme,
        council="New Forest",
        contact_email="new@example.org",
        administrator="new@example.org",
        by=UserFactory(),
    )
    scheme.refresh_from_db()
    assert (scheme.council, scheme.data_controller) == ("New Forest", "New Forest")
    assert scheme.officers.get().user.email == "new@example.org"
    assert "This sticker is current" in text_of(
        client.get(reverse("sticker_page", args=[sticker.code]))
    )
    with pytest.raises(Refused, match="already"):
        actions.hand_on_scheme(
            scheme,
            council="New Forest",
            contact_email="a@example.org",
            administrator="a@example.org",
            by=UserFactory(),
        )
