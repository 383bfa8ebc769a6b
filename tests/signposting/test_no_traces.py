"""No cookie, no session, no logging, and help even without a database."""

import logging

import pytest
from django.db import OperationalError
from django.urls import reverse

from geography import rules as geography_rules
from signposting import forms
from tests.factories import StickerFactory, UserFactory

pytestmark = pytest.mark.django_db
PAGES = ["/", "/map/", "/map/places.geojson", "/map/areas.geojson", "/show-this/", "/help/"]
PAGES += ["/card/", "/privacy/", "/accessibility/", "/cookies/", "/robots.txt", "/stickers/NOSUCH/"]


@pytest.mark.parametrize("path", PAGES)
def test_no_page_sets_a_cookie_or_touches_the_session(client, path):
    response = client.get(path)
    assert response.status_code == 200
    assert not response.cookies
    assert not response.wsgi_request.session.accessed
    assert "Cookie" not in response.get("Vary", "")


def test_no_finder_answer_or_place_page_sets_a_cookie(client, here, place):
    venue = place()
    code = StickerFactory(code="ACDEFH34", sign_up__venue__hours=[]).code
    answers = [client.post("/", {"location": text}) for text in ("ZZ1 1AA", "", "Nowhereton")]
    answers += [client.get(f"/venues/{venue.slug}/"), client.get(f"/stickers/{code}/")]
    for response in answers:
        assert response.status_code == 200
        assert not response.cookies
        assert not response.wsgi_request.session.accessed


def test_a_cross_site_post_without_a_token_is_answered(here, place):
    from django.test import Client

    place()
    assert Client(enforce_csrf_checks=True).post("/", {"location": "ZZ1 1AA"}).status_code == 200


def test_a_signed_in_person_gets_the_same_page(client, here, place):
    place()
    stranger = client.post("/", {"location": "ZZ1 1AA"}).content
    client.force_login(UserFactory())
    assert client.post("/", {"location": "ZZ1 1AA"}).content == stranger


def test_searches_are_never_logged(client, here, place, caplog):
    place()
    with caplog.at_level(logging.DEBUG):
        caplog.handler.setLevel(logging.INFO)
        client.post("/", {"location": "ZZ1 1AA"})
        client.post("/", {"location": "Nowhereton"})
    said = " ".join(r.getMessage() for r in caplog.records if not r.name.startswith("django.db"))
    assert "ZZ1" not in said
    assert "Nowhereton" not in said


def test_an_error_report_hides_the_search(client, monkeypatch):
    def fail(text):
        raise ValueError("broken")

    monkeypatch.setattr(forms, "locate", fail)
    client.raise_request_exception = False
    response = client.post("/", {"location": "Secretville"})
    assert response.status_code == 500
    assert b"999" in response.content
    hidden = response.wsgi_request.sensitive_post_parameters
    assert {"location", "latitude", "longitude"} <= set(hidden)


def test_a_shared_address_is_never_rate_limited(client, here):
    # More than any limit per address. An unknown location counts like any other.
    for location in [*["ZZ9"] * 150, "ZZ1"]:
        assert client.post("/", {"location": location}).status_code == 200


def test_without_a_database_the_answer_is_503_with_999(client, monkeypatch):
    class Away:
        def cursor(self):
            raise OperationalError("no server")

    monkeypatch.setattr(geography_rules, "connection", Away())
    client.raise_request_exception = False
    response = client.post(reverse("finder"), {"location": "SO14 0AA"})
    assert response.status_code == 503
    assert b"tel:999" in response.content
    assert "no-store" in response["Cache-Control"]


def test_robots_may_index_the_finder_but_no_sticker_or_portal_page(client):
    said = client.get("/robots.txt").content.decode()
    assert "Disallow: /portal/" in said
    assert "Disallow: /stickers/" in said
    assert "Disallow: /\n" not in said


def test_the_demonstration_is_not_indexed(client, settings):
    settings.DEMO = True
    assert b'content="noindex"' in client.get("/").content
