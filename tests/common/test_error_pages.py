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
    assert "build/public.css" in errors.error_page(500).content.decode()
