"""An administrator sets a scheme's wording, logo and colour, with a preview before saving."""

import base64
import re
import subprocess
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from tests.factories import OfficerFactory, SchemeFactory
from venues import logos
from venues.forms.look import WORDS
from venues.models import Event
from venues.models.opening import digest_of_texts

pytestmark = pytest.mark.django_db

SVG = b"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 400 100">
<rect width="400" height="100" fill="#6b2a5b"/></svg>"""


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


@pytest.fixture
def scheme():
    return SchemeFactory()


@pytest.fixture
def page(client, scheme):
    client.force_login(OfficerFactory(scheme=scheme, role="administrator").user)
    return reverse("admin:change_look", args=[scheme.pk])


def typed(scheme, **changes):
    return {name: getattr(scheme, name) for name in WORDS} | changes


def png(size=(900, 300), mode="RGBA"):
    out = BytesIO()
    Image.new(mode, size).save(out, "PNG")
    return SimpleUploadedFile("logo.png", out.getvalue())


def svg(content=SVG):
    return SimpleUploadedFile("logo.svg", content)


def text_of(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


def test_preview_shows_page_sticker_and_letter_with_the_new_wording_and_saves_nothing(
    client, scheme, page
):
    words = typed(
        scheme,
        noun="Safe Haven",
        noun_plural="Safe Havens",
        sticker_title="Haven here",
        colour="#6B2A5B",
        about="We are **here** for you.",
        delivered_by="Studio Three",
        preview="yes",
    )
    shown = text_of(client.post(page, words))
    for said in (
        "nothing is saved yet",
        "Find the nearest Safe Haven.",
        "Haven here",
        "<strong>here</strong>",
        "delivered by Studio Three",
        "/look/6b2a5b.css",
        f"is approved for {scheme.name}",
    ):
        assert said in shown
    scheme.refresh_from_db()
    assert scheme.noun == "safe space"
    assert not Event.objects.filter(kind="venues.look_changed").exists()


def test_saving_stores_the_new_wording_and_records_history(client, scheme, page):
    answer = client.post(page, typed(scheme, noun="Safe Haven", colour="#6B2A5B", new_logo=svg()))
    assert answer.status_code == 302
    scheme.refresh_from_db()
    assert (scheme.noun, scheme.colour) == ("Safe Haven", "#6b2a5b")
    with Image.open(scheme.logo) as drawn:
        assert (drawn.format, drawn.size) == ("PNG", (480, 120))
        assert drawn.getpixel((9, 9)) == (0x6B, 0x2A, 0x5B)
    assert Event.objects.get(kind="venues.look_changed").data["fields"] == "colour, noun, logo"
    logo = client.get(reverse("scheme_logo", args=[scheme.slug]))
    assert logo["Content-Type"] == "image/png"


def test_a_previewed_logo_is_saved_without_choosing_the_file_again(client, scheme, page):
    shown = client.post(page, typed(scheme, new_logo=png(), preview="yes")).content.decode()
    kept = re.search(r'name="kept_logo" value="([^"]+)"', shown)[1]
    assert f"data:image/png;base64,{kept}" in shown
    client.post(page, typed(scheme, kept_logo=kept))
    scheme.refresh_from_db()
    with Image.open(scheme.logo) as drawn:
        assert (drawn.size, drawn.mode) == ((384, 128), "RGB")


def test_replacing_or_removing_a_logo_deletes_its_file(
    client, scheme, page, media, django_capture_on_commit_callbacks
):
    def files():
        return [path for path in media.rglob("*.png") if path.is_file()]

    with django_capture_on_commit_callbacks(execute=True):
        client.post(page, typed(scheme, new_logo=png()))
        client.post(page, typed(scheme, new_logo=svg()))
    assert len(files()) == 1
    with django_capture_on_commit_callbacks(execute=True):
        client.post(page, typed(scheme, remove_logo="on"))
    assert files() == []


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"noun": "a" * 80}, "at most 40 characters"),
        ({"noun": "   "}, "This field is required"),
        ({"colour": "#8a8a8a"}, "Neither white nor dark text is readable"),
        ({"colour": "violet"}, "such as #6b2a5b"),
        ({"host": "nowhere.example.org"}, "adds the name to SCHEME_HOSTS first"),
        ({"host": "127.0.0.1"}, "installation’s own address"),
        ({"host": "https://a.org"}, "adds the name to SCHEME_HOSTS"),
    ],
)
def test_unusable_values_are_refused_at_their_field_and_nothing_typed_is_lost(
    client, scheme, page, wrong, said
):
    answer = client.post(page, typed(scheme, delivered_by="Studio Three", **wrong))
    assert answer.status_code == 200
    assert said in text_of(answer)
    assert "Studio Three" in text_of(answer)
    scheme.refresh_from_db()
    assert scheme.delivered_by == ""


def test_a_host_the_server_answers_to_is_accepted(client, scheme, page, settings):
    settings.SCHEME_HOSTS = ["places.example.org"]
    assert client.post(page, typed(scheme, host="places.example.org")).status_code == 302


@pytest.mark.parametrize(
    ("upload", "said"),
    [
        (SimpleUploadedFile("logo.png", b"x" * (5 * 1024 * 1024 + 1)), "larger than 5 MB"),
        (SimpleUploadedFile("logo.png", b"MZ program"), "not a logo we can read"),
        (svg(b"<svg"), "not a logo we can read"),
        (svg(SVG.replace(b"<rect", b'<image href="/etc/hostname"/><rect')), "another file"),
        (svg(SVG.replace(b"<rect", b'<use href="http://example.org/a.svg"/><rect')), "another"),
        (svg(SVG.replace(b"0 0 400 100", b"0 0 0 0")), "not a logo we can read"),
        (png((6000, 5000), "L"), "over 24 million dots"),
    ],
    ids=["5 MB", "program", "broken", "file", "address", "no size", "bomb"],
)
def test_a_file_that_is_not_a_logo_is_refused_in_words(client, scheme, page, upload, said):
    upload.seek(0)
    answer = client.post(page, typed(scheme, new_logo=upload))
    assert said in text_of(answer)
    scheme.refresh_from_db()
    assert not scheme.logo


def test_an_svg_that_exhausts_memory_only_kills_its_own_process():
    bomb = b"""<!DOCTYPE svg [<!ENTITY a "aaaaaaaaaa">%s]>
    <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><text>&z;</text></svg>"""
    steps = [b'<!ENTITY b "%s">' % (b"&a;" * 10)]
    before = "b"
    for name in "cdefghijkz":
        steps.append(b'<!ENTITY %s "%s">' % (name.encode(), b"&%s;" % before.encode() * 10))
        before = name
    with pytest.raises(ValidationError, match="not a logo"):
        logos.redraw_logo(ContentFile(bomb % b"".join(steps), name="logo.svg"))
    tall = SVG.replace(b"0 0 400 100", b"0 0 1 100000000")
    with Image.open(logos.redraw_logo(ContentFile(tall, name="logo.svg"))) as drawn:
        assert max(drawn.size) <= 480


def test_an_svg_that_takes_too_long_is_abandoned(monkeypatch):
    def slow(*args, **kwargs):
        raise subprocess.TimeoutExpired("draw", 1)

    monkeypatch.setattr(logos.subprocess, "run", slow)
    with pytest.raises(ValidationError, match="not a logo"):
        logos.redraw_logo(ContentFile(SVG, name="logo.svg"))


def test_a_tampered_preview_logo_has_to_be_chosen_again(client, scheme, page):
    answer = client.post(page, typed(scheme, kept_logo="no base64!"))
    assert "Choose the logo again" in text_of(answer)
    odd = base64.b64encode(b"something else").decode()
    assert "not a logo" in text_of(client.post(page, typed(scheme, kept_logo=odd)))


def test_the_logo_of_an_unopened_scheme_is_not_public(client):
    scheme = SchemeFactory(draft=True)
    scheme.logo.save("a.png", ContentFile(b"x"))
    assert client.get(reverse("scheme_logo", args=[scheme.slug])).status_code == 404


def test_the_colour_stylesheet_covers_light_and_dark_pages(client):
    answer = client.get("/look/6b2a5b.css")
    assert answer["Content-Type"] == "text/css"
    assert "--brand: #6b2a5b; --brand-ink: #ffffff" in answer.content.decode()
    assert "prefers-color-scheme: dark" in answer.content.decode()
    assert not answer.cookies
    assert client.get("/look/8a8a8a.css").status_code == 404
    assert client.get("/look/red.css").status_code == 404


def test_steps_for_walking_in_are_written_one_a_line_and_shown_in_the_preview(client, scheme, page):
    lines = "Go to the counter.\r\n\r\n  Say the words.  \r\n"
    shown = text_of(client.post(page, typed(scheme, walk_in_steps=lines, preview="yes")))
    assert "<li>Go to the counter.</li><li>Say the words.</li>" in shown.replace("> <", "><")
    client.post(page, typed(scheme, walk_in_steps=lines))
    scheme.refresh_from_db()
    assert scheme.walk_in_steps == ["Go to the counter.", "Say the words."]
    event = Event.objects.get(kind="venues.look_changed")
    assert event.data["fields"] == "walk_in_steps"
    client.post(page, typed(scheme, walk_in_steps=""))
    scheme.refresh_from_db()
    assert scheme.walk_in_steps == []


@pytest.mark.parametrize(
    ("lines", "said"),
    [
        ("a\n" * 9, "Write at most 8 lines. There are 9."),
        ("a\n" + "b" * 201, "Line 2 is too long: write at most 200 characters."),
    ],
)
def test_too_many_or_too_long_steps_are_refused_and_nothing_typed_is_lost(
    client, scheme, page, lines, said
):
    shown = text_of(client.post(page, typed(scheme, walk_in_steps=lines)))
    assert said in shown
    assert lines.split()[-1] in shown
    scheme.refresh_from_db()
    assert scheme.walk_in_steps == []


def test_changed_steps_have_to_be_signed_off_again(scheme):
    before = digest_of_texts(scheme)
    scheme.walk_in_steps = ["Go to the counter."]
    assert digest_of_texts(scheme) != before
