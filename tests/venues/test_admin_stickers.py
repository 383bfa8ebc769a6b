"""Printing, sending and ending window stickers, one or many."""

import zlib

import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from tests.factories import OfficerFactory, SchemeFactory, SignUpFactory, StickerFactory
from venues.models import Event, Sticker
from venues.sticker_pdf import Printed, sticker_address, sticker_pdf

pytestmark = pytest.mark.django_db

LIST = "admin:venues_sticker_changelist"


@pytest.fixture
def scheme():
    return SchemeFactory()


@pytest.fixture
def officer(client, scheme):
    user = OfficerFactory(scheme=scheme, role="officer").user
    client.force_login(user)
    return user


def a_sticker(scheme, **details):
    return StickerFactory(sign_up=SignUpFactory(scheme=scheme, approved=True), **details)


def pages_of(pdf):
    """How many pages a PDF has, and the first page's size in points."""
    text = pdf
    for stream in pdf.split(b"stream\n")[1:]:
        try:
            text += zlib.decompressobj().decompress(stream)
        except zlib.error:
            continue
    width, height = text.split(b"/MediaBox [0 0 ")[1].split(b"]")[0].split()[:2]
    return text.count(b"/MediaBox "), (round(float(width)), round(float(height)))


@pytest.mark.parametrize(("size", "points"), [("window", (420, 595)), ("door", (298, 420))])
def test_stickers_print_in_two_sizes(scheme, size, points):
    pdf = sticker_pdf([a_sticker(scheme), a_sticker(scheme)], size)
    assert pdf.startswith(b"%PDF-")
    assert pages_of(pdf)[1] == points


def test_a_sticker_shows_the_schemes_wording_and_where_to_check_it(scheme, settings):
    settings.SITE_URL = "https://safe.example.org"
    sticker = a_sticker(scheme, code="KTMA3479")
    address = sticker_address(sticker)
    assert address == "https://safe.example.org/stickers/KTMA3479/"
    sheets = [Printed(sticker, address, "data:,")]
    said = render_to_string("venues/sticker_print.html", {"sheets": sheets, "size": "door"})
    for words in ("No phone needed: walk in and ask", "KTMA3479", address, "Call 999"):
        assert words in said


def test_each_sticker_is_one_page_however_long_its_words_are(scheme):
    scheme.sticker_title = "Wendlebury Quiet-Corner of Welcome"
    scheme.what_to_say, scheme.sticker_wording = "Say something. " * 13, "Walk in and ask. " * 9
    scheme.save()
    stickers = [a_sticker(scheme), a_sticker(scheme)]
    for size in ("window", "door"):
        assert pages_of(sticker_pdf(stickers, size))[0] == 2


def test_the_foot_of_a_sticker_is_readable_on_the_schemes_colour():
    for colour, ink in (("#6b2a5b", "#ffffff"), ("#ffd54a", "#12272f")):
        assert Printed(None, "", "", brand=colour).brand_ink == ink


def test_printing_changes_nothing(client, officer, scheme):
    sticker = a_sticker(scheme)
    answer = client.get(reverse("admin:print_stickers"), {"id": sticker.pk, "size": "door"})
    assert answer["Content-Type"] == "application/pdf"
    assert "no-store" in answer["Cache-Control"]
    sticker.refresh_from_db()
    assert sticker.sent_at is None
    assert not Event.objects.exists()


def test_an_ended_sticker_cannot_be_printed(client, officer, scheme):
    sticker = a_sticker(scheme)
    client.post(reverse("admin:end_sticker", args=[sticker.pk]), {"reason": "lost"})
    answer = client.get(reverse("admin:print_stickers"), {"id": sticker.pk}, follow=True)
    assert "Choose stickers that have not ended." in answer.content.decode()


def test_another_councils_sticker_cannot_be_printed(client, officer):
    sticker = a_sticker(SchemeFactory())
    answer = client.get(reverse("admin:print_stickers"), {"id": sticker.pk})
    assert answer.status_code == 302


def test_a_viewer_cannot_print(client, scheme):
    client.force_login(OfficerFactory(scheme=scheme, role="viewer").user)
    sticker = a_sticker(scheme)
    assert client.get(reverse("admin:print_stickers"), {"id": sticker.pk}).status_code == 403
    said = client.get(reverse(LIST)).content.decode()
    assert "mark_stickers_sent" not in said


def test_bulk_marking_shows_its_full_effect_before_confirmation(client, officer, scheme):
    waiting, sent = a_sticker(scheme), a_sticker(scheme)
    client.post(reverse("admin:mark_sticker_sent", args=[sent.pk]))
    ids = [waiting.pk, sent.pk]
    answer = client.post(reverse(LIST), {"action": "mark_stickers_sent", "_selected_action": ids})
    said = answer.content.decode()
    assert "Printed; would be marked as sent today." in said
    assert "Printed again; marked as sent already." in said
    assert "Mark 1 sticker as sent" in said
    assert Sticker.objects.filter(sent_at__isnull=False).count() == 1
    client.post(reverse("admin:mark_stickers_sent"), {"id": [waiting.pk]})
    assert Sticker.objects.filter(sent_at__isnull=False).count() == 2
    assert Event.objects.filter(kind="venues.sticker_sent").count() == 2


def test_a_sticker_page_shows_its_history(client, officer, scheme):
    sticker = a_sticker(scheme)
    client.post(reverse("admin:mark_sticker_displayed", args=[sticker.pk]))
    page = client.get(reverse("admin:venues_sticker_change", args=[sticker.pk]))
    assert f"Sticker {sticker.number} is up in the window." in page.content.decode()
    assert "Mark as up in the window" not in page.content.decode()


def test_ending_a_sticker_requires_a_reason(client, officer, scheme):
    sticker = a_sticker(scheme)
    client.post(reverse("admin:end_sticker", args=[sticker.pk]), {"reason": ""})
    sticker.refresh_from_db()
    assert sticker.ended_at is None
