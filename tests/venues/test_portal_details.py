"""The steps about the place: address, point, contact, photo, principles, the space."""

import datetime
from io import BytesIO
from pathlib import Path

import pytest
from django.contrib.gis.geos import Point
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from common import signed_links
from geography.models import Postcode
from tests.factories import SignUpFactory
from tests.venues.portal import managed_sign_up
from venues.models import Criterion, SignUp

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(client, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    sign_up, manager = managed_sign_up()
    client.force_login(manager)
    return sign_up


def post(client, sign_up, name, data, *args):
    return client.post(reverse(name, args=[sign_up.pk, *args]), data)


def place(**changes):
    return {
        "name": "The Bell",
        "type": "pub",
        "address_1": "2 Low Street",
        "town": "Exampleton",
        "postcode": "zz12bb",
        **changes,
    }


def a_picture(form="JPEG", size=(40, 30), **kwargs):
    out = BytesIO()
    Image.new("RGB", size, "teal").save(out, form, **kwargs)
    return SimpleUploadedFile(f"door.{form.lower()}", out.getvalue())


def test_a_new_postcode_moves_the_point(client, draft):
    Postcode.objects.create(postcode="ZZ1 2BB", quality=10, point=Point(451000, 116000, srid=27700))
    assert post(client, draft, "change_venue", place()).status_code == 302
    draft.venue.refresh_from_db()
    assert draft.venue.postcode == "ZZ1 2BB"
    assert draft.venue.point.coords == (451000, 116000)


def test_an_unchanged_postcode_leaves_a_moved_pin_alone(client, draft):
    post(client, draft, "move_point", {}, "north")
    post(client, draft, "change_venue", place(postcode=draft.venue.postcode))
    draft.venue.refresh_from_db()
    assert draft.venue.point.coords == (450000, 115010)


@pytest.mark.parametrize(
    ("easting", "northing", "words"),
    [
        ("0", "0", "not in the United Kingdom"),
        ("-1.4", "50.9", "not in the United Kingdom"),
        ("here", "1", "is a number of metres"),
        ("", "1", "Write the easting"),
    ],
)
def test_an_impossible_point_is_refused_in_words(client, draft, easting, northing, words):
    page = post(client, draft, "change_point", {"easting": easting, "northing": northing})
    assert words in page.content.decode()
    draft.venue.refresh_from_db()
    assert draft.venue.point.coords == (450000, 115000)


def test_a_contact_needs_a_phone_number_or_an_email_address(client, draft):
    page = post(client, draft, "change_contact", {"contact_name": "Sam"})
    assert "Write an e-mail address or a telephone number." in page.content.decode()


def test_facilities_are_yes_no_or_not_known(client, draft):
    data = {"step_free": "True", "toilet": "False", "seating": "", "woman_on_request": "usually"}
    assert post(client, draft, "change_facilities", data).status_code == 302
    draft.venue.refresh_from_db()
    assert (draft.venue.step_free, draft.venue.toilet, draft.venue.seating) == (True, False, None)
    assert draft.venue.woman_on_request == "usually"


def test_a_photo_is_re_encoded_without_its_metadata(client, draft):
    exif = Image.Exif()
    exif[0x010E] = "Taken at home"
    data = {"photo": a_picture(exif=exif, size=(3000, 2000)), "photo_alt": "A green door"}
    assert post(client, draft, "change_photo", data).status_code == 302
    draft.venue.refresh_from_db()
    with Image.open(draft.venue.photo.path) as kept:
        assert kept.size == (1600, 1067)
        assert not kept.getexif()
    assert b"Taken at home" not in Path(draft.venue.photo.path).read_bytes()
    photo = reverse("venue_photo", args=[draft.venue.pk])
    assert client.get(photo).status_code == 200
    client.logout()
    assert client.get(photo).status_code == 404, "not listed: not public"


@pytest.mark.parametrize(
    "content",
    [
        b"#!/bin/sh\necho hello\n",
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"MZ\x90\x00" + b"\x00" * 200,
        b"\xff\xd8\xff\xe0 cut off",
        b"GIF89a\x01\x00\x01\x00\x80\x00\x00\xff\xff\xff\x00\x00\x00!\xf9\x04",
    ],
)
def test_a_file_that_is_not_a_photo_is_refused_in_words(client, draft, content):
    upload = SimpleUploadedFile("door.jpg", content, content_type="image/jpeg")
    page = post(client, draft, "change_photo", {"photo": upload, "photo_alt": "A door"})
    assert "not a photo we can read" in page.content.decode()
    draft.venue.refresh_from_db()
    assert not draft.venue.photo


def test_a_decompression_bomb_is_refused(client, draft):
    data = {"photo": a_picture("PNG", size=(9000, 9000)), "photo_alt": "A door"}
    assert "too many dots" in post(client, draft, "change_photo", data).content.decode()


def test_a_photo_needs_alt_text_and_can_be_removed(client, draft):
    page = post(client, draft, "change_photo", {"photo": a_picture()})
    assert "Say what the photo shows." in page.content.decode()
    post(client, draft, "change_photo", {"photo": a_picture("PNG"), "photo_alt": "A door"})
    post(client, draft, "change_photo", {"remove": "on", "photo_alt": "A door"})
    draft.venue.refresh_from_db()
    assert not draft.venue.photo


def test_we_will_requires_a_date(client, draft):
    first = draft.scheme.principles.first()
    data = {f"q{first.pk}_value": "we_will"}
    address = reverse("agree", args=[draft.pk, first.pk])
    page = client.post(address, data)
    assert "Write the date by which you will do this." in page.content.decode()
    parts = {"day": "1", "month": "June", "year": "2030"}
    day = {f"q{first.pk}_will_by_{name}": part for name, part in parts.items()}
    assert client.post(address, {**data, **day}).status_code == 302
    agreement = draft.agreements.get(principle=first)
    assert (agreement.answer, agreement.will_by) == ("we_will", datetime.date(2030, 6, 1))


def test_every_principle_requires_an_answer(client, draft):
    for principle in draft.scheme.principles.all():
        page = client.post(reverse("agree", args=[draft.pk, principle.pk]), {})
        assert "Choose where you are with this." in page.text


def test_a_change_request_is_shown_at_its_principle(client):
    sign_up, manager = managed_sign_up(state="changes_asked_for")
    client.force_login(manager)
    principle = sign_up.scheme.principles.first()
    sign_up.change_requests.create(principle=principle, text="Say who.", asked_by=manager)
    assert "The team asks" in client.get(reverse("edit_principles", args=[sign_up.pk])).text
    assert "Say who." in client.get(reverse("edit_principle", args=[sign_up.pk, principle.pk])).text


def test_questions_about_the_space_can_be_deferred_and_require_a_reason(client, draft):
    one, two = (
        Criterion.objects.create(
            slug=f"q-{n}", about="venue", theme="space", order=n, question=f"Question {n}?"
        )
        for n in (1, 2)
    )
    draft.scheme.criteria.add(one, two)
    data = {f"q{one.pk}_value": "not_applicable"}
    page = post(client, draft, "answer_criteria", data)
    assert "Write why this does not apply." in page.content.decode()
    data[f"q{one.pk}_because"] = "There are no stairs."
    assert post(client, draft, "answer_criteria", data).status_code == 302
    assert draft.venue.answers.get().because == "There are no stairs."


def test_the_preview_of_an_area_only_place_hides_its_exact_address(client, draft):
    post(client, draft, "change_listing", {"listing": "area_only"})
    page = client.get(reverse("check_answers", args=[draft.pk]))
    assert page.context["seen"].address == ["Exampleton", "ZZ1"]


def test_an_agreement_entered_by_an_officer_is_confirmed_by_link(client):
    sign_up, manager = managed_sign_up(submitted=True, agreed=True)
    sign_up.entered_by = manager
    sign_up.save()
    token = signed_links.make(
        "confirm_agreement", sign_up.pk, lasts=datetime.timedelta(days=1), at=timezone.now()
    )
    page = client.get(reverse("confirm_agreement", args=[token]))
    assert "Yes, we agree to this" in page.content.decode()
    client.post(reverse("confirm_agreement_now", args=[token]))
    sign_up.refresh_from_db()
    assert sign_up.agreement_confirmed_how == "link"
    assert client.get(reverse("confirm_agreement", args=["nonsense"])).status_code == 410


def test_the_preview_shows_the_badges_that_the_public_sees(client):
    sign_up, manager = managed_sign_up(approved=True, listed=True)
    other = SignUpFactory(venue=sign_up.venue, approved=True, listed=True)
    client.force_login(manager)
    page = client.get(reverse("check_answers", args=[sign_up.pk]))
    shown = [facts.scheme for facts in page.context["seen"].badges]
    assert set(shown) == {sign_up.scheme, other.scheme}
    assert f"Run by {other.scheme.runner}." in page.content.decode()
    SignUp.objects.filter(pk=other.pk).update(hides_badge=True)
    page = client.get(reverse("check_answers", args=[sign_up.pk]))
    assert [facts.scheme for facts in page.context["seen"].badges] == [sign_up.scheme]
