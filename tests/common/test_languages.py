"""The language is in the address: no cookie, no guess from the browser, no page that varies."""

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
def test_a_browsers_language_changes_nothing_and_leaves_no_cookie(path):
    plain, welsh = get(path), get(path, accept_language="cy,ar;q=0.8")

    assert welsh.content == plain.content
    assert welsh.headers["Content-Language"] == "en-gb"
    assert "Accept-Language" not in welsh.headers.get("Vary", "")
    assert not welsh.cookies


@override_settings(LANGUAGES=THREE)
def test_a_cookie_for_a_language_is_not_read():
    client = Client()
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = "cy"

    assert client.get("/").headers["Content-Language"] == "en-gb"


@override_settings(LANGUAGES=THREE)
@pytest.mark.parametrize(
    ("path", "language", "direction"),
    [("/", "en-gb", "ltr"), ("/cy/", "cy", "ltr"), ("/ar/", "ar", "rtl"), ("/ar/x/", "ar", "rtl")],
)
def test_a_page_says_its_language_and_direction_errors_too(path, language, direction):
    response = get(path)

    start = f'<html lang="{language}" dir="{direction}"'
    assert start in response.content.decode()
    assert response.headers["Content-Language"] == language


@override_settings(LANGUAGES=THREE)
def test_a_page_names_itself_in_every_language_for_search_engines_and_for_people():
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


def test_with_one_language_there_is_nothing_to_choose():
    page = get("/").content.decode()

    assert "hreflang" not in page
    assert get("/cy/").status_code == 404


@override_settings(LANGUAGES=THREE)
def test_robots_keep_out_of_closed_pages_in_every_language():
    rules = get("/robots.txt").content.decode()

    assert "Disallow: /portal/\n" in rules
    assert "Disallow: /cy/portal/\n" in rules
