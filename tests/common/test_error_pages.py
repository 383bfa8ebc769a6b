import base64
import hashlib

import pytest
from django.contrib.staticfiles.storage import staticfiles_storage
from django.test import Client

from common import errors

pytestmark = pytest.mark.urls("tests.common.urls")


@pytest.fixture
def visitor():
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("status", [400, 403, 404, 429, 500, 503])
def test_every_error_page_shows_999_and_needs_no_database(visitor, status):
    response = visitor.get(f"/{status}/")

    assert response.status_code == status
    page = response.content.decode()
    assert 'href="tel:999"' in page
    assert "press 55" in page
    assert "no-store" in response["Cache-Control"]
    assert not response.cookies


def test_a_database_outage_says_when_to_try_again(visitor):
    response = visitor.get("/late/")

    assert response.status_code == 503
    assert response["Retry-After"] == "30"


def test_a_form_without_its_token_is_shown_again_with_999(settings):
    settings.CSRF_FAILURE_VIEW = "common.errors.csrf_failure"
    visitor = Client(enforce_csrf_checks=True)

    response = visitor.post("/400/")

    assert response.status_code == 403
    assert "Please send that again" in response.content.decode()
    assert 'href="tel:999"' in response.content.decode()


def test_error_pages_render_without_the_static_files_manifest(monkeypatch):
    def unknown(name):
        raise ValueError(f"Missing staticfiles manifest entry for '{name}'")

    monkeypatch.setattr(staticfiles_storage, "url", unknown, raising=False)

    assert 'href="tel:999"' in errors.error_page(500).content.decode()


@pytest.mark.parametrize("status", [400, 403, 404, 413, 429, 500, 503, 507])
def test_every_error_page_carries_its_own_style_and_the_ways_out(status):
    page = errors.error_page(status, wait="1 minute").content.decode()
    assert "<style>" in page
    assert 'rel="stylesheet"' not in page
    assert "Find a place near you" in page
    assert "pill--exit" in page
    assert 'rel="nofollow noreferrer"' in page


def test_the_policy_allows_the_error_pages_style_and_no_other_inline_one(visitor):
    response = visitor.get("/500/")
    page = response.content.decode()
    style = page.partition("<style>")[2].partition("</style>")[0]
    assert len(style) > 500
    assert len(style) < 20_000
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = response["Content-Security-Policy"]
    assert f"style-src 'self' 'sha256-{digest}'" in policy
    assert "unsafe-inline" not in policy


def test_an_error_page_without_its_style_sheet_still_shows_999(monkeypatch, tmp_path):
    errors.style_sheet.cache_clear()
    monkeypatch.setattr(errors, "SHEET", tmp_path / "missing.css")
    assert 'href="tel:999"' in errors.error_page(500).content.decode()
    errors.style_sheet.cache_clear()
