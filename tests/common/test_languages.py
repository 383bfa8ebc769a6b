"""The URL decides the language: no cookie, no browser preference, no Vary header."""

import re

import pytest
from django.conf import settings
from django.test import Client, override_settings

pytestmark = pytest.mark.django_db
THREE = [("en-gb", "English"), ("cy", "Cymraeg"), ("ar", "العربيّة")]
PUBLIC = ["/", "/map/", "/help/", "/privacy/", "/nowhere/"]


def get(path, **headers):
    return Client().get(path, headers=headers)


@pytest.mark.parametrize("path", PUBLIC)
@override_settings(LANGUAGES=THREE)
def test_accept_language_changes_nothing_and_sets_no_cookie(path):
    plain, welsh = get(path), get(path, accept_language="cy,ar;q=0.8")

    assert welsh.content == plain.content
    assert welsh.headers["Content-Language"] == "en-gb"
    assert "Accept-Language" not in welsh.headers.get("Vary", "")
    assert not welsh.cookies


@override_settings(LANGUAGES=THREE)
def test_a_language_cookie_is_ignored():
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "cy"

    assert client.get("/").headers["Content-Language"] == "en-gb"


@override_settings(LANGUAGES=THREE)
@pytest.mark.parametrize(
    ("path", "language", "direction"),
    [("/", "en-gb", "ltr"), ("/cy/", "cy", "ltr"), ("/ar/", "ar", "rtl"), ("/ar/x/", "ar", "rtl")],
)
def test_every_page_including_errors_states_its_language_and_direction(path, language, direction):
    response = get(path)

    start = f'<html lang="{language}" dir="{direction}"'
    assert start in response.content.decode()
    assert response.headers["Content-Language"] == language


@override_settings(LANGUAGES=THREE)
def test_a_page_links_to_its_translations_for_search_engines_and_people():
    page = get("/cy/help/").content.decode()

    alternates = re.findall(r'<link rel="alternate" hreflang="(\S+)" href="(\S+)">', page)
    assert alternates == [
        ("en-gb", "http://testserver/help/"),
        ("cy", "http://testserver/cy/help/"),
        ("ar", "http://testserver/ar/help/"),
    ]
    chooser = page[page.index('aria-label="Language"') :]
    assert re.findall(r'lang="(\S+)"\s+hreflang', chooser) == ["en-gb", "cy", "ar"]
    assert re.search(r'lang="cy"[^>]*aria-current="true"', chooser)
    assert "العربيّة" in chooser


def test_a_single_language_offers_no_choice():
    page = get("/").content.decode()

    assert "hreflang" not in page
    assert get("/cy/").status_code == 404


@override_settings(LANGUAGES=THREE)
def test_robots_are_kept_out_of_private_pages_in_every_language():
    rules = get("/robots.txt").content.decode()

    assert "Disallow: /portal/\n" in rules
    assert "Disallow: /cy/portal/\n" in rules
