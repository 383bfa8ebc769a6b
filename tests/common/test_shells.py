"""A kept frame shows what is inside it now, in the reader's language, and nothing of others."""

import time

import pytest
from django.test import RequestFactory

from common.shells import forget_shells, in_shell

pytestmark = pytest.mark.django_db


@pytest.fixture
def request_():
    return RequestFactory().post("/")


def page(request, inside, **flags):
    return in_shell(request, "signposting/result.html", inside, **flags)


def test_only_the_content_inside_the_frame_differs(request_):
    flags = {"is_wrong": False, "is_open_near": True}
    one, other = page(request_, "<p>One</p>", **flags), page(request_, "<p>Other</p>", **flags)
    assert "<p>One</p>" in one
    assert one.replace("<p>One</p>", "<p>Other</p>") == other


def test_each_kind_of_answer_has_its_own_frame(request_):
    wrong = page(request_, "", is_wrong=True, is_open_near=True)
    right = page(request_, "", is_wrong=False, is_open_near=True)
    assert "Error:" in wrong
    assert "Error:" not in right


def test_a_changed_name_of_the_installation_is_shown_at_once(request_, settings):
    flags = {"is_wrong": False, "is_open_near": True}
    page(request_, "", **flags)
    settings.INSTALLATION_NAME = "Elsewhere"
    assert "Elsewhere" in page(request_, "", **flags)


def test_a_frame_is_rendered_again_after_it_expires(request_, monkeypatch):
    flags = {"is_wrong": False, "is_open_near": True}
    drawn = []

    def draw(template, context, request):
        drawn.append(template)
        return f"frame {len(drawn)}: {context['inside']}"

    monkeypatch.setattr("common.shells.loader.render_to_string", draw)
    forget_shells()
    assert page(request_, "One", **flags) == "frame 1: One"
    assert page(request_, "Two", **flags) == "frame 1: Two"
    now = time.monotonic()
    monkeypatch.setattr("common.shells.time.monotonic", lambda: now + 21)
    assert page(request_, "Three", **flags) == "frame 2: Three"
    forget_shells()
