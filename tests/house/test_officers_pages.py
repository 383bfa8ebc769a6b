"""Officers' pages are either a plain ModelAdmin or declared on the kit."""

import functools
import inspect
import re

import pytest
from django.contrib.admin import AdminSite

from common.admin.pages import Deciding
from tests.house.test_access import ROUTES
from tests.house.test_layers import ROOT, SOURCES

KIT = ROOT / "common" / "admin"
OFFICERS = [(route, view) for route, view in ROUTES if route.startswith("admin/")]
OF_DJANGO = {"changelist_view", "add_view", "change_view", "history_view", "delete_view"}
"""What a ModelAdmin may bend of Django's own pages."""


def is_declared(view) -> bool:
    """Whether the kit made this view from a declaration."""
    while view is not None:
        if isinstance(view, functools.partial) and isinstance(view.func.__self__, Deciding):
            return True
        view = getattr(view, "__wrapped__", None)
    return False


def is_of_django(view) -> bool:
    page = inspect.unwrap(view)
    of_the_site = hasattr(view, "admin_site") or isinstance(
        getattr(view, "__self__", None), AdminSite
    )
    is_its_own = page.__module__.startswith("django.") or of_the_site
    return is_its_own or page.__name__ in OF_DJANGO


def test_the_walk_finds_officers_pages():
    assert sum(is_declared(view) for _route, view in OFFICERS) > 150


def test_every_officers_page_is_declared_on_the_kit_or_is_djangos():
    others = [route for route, view in OFFICERS if not is_declared(view) and not is_of_django(view)]
    assert others == []


@pytest.mark.parametrize("word", [r"def get_urls\(", r"path\(\s*f?[\"']admin/(?![\"'])"])
def test_no_app_writes_urls_of_officers_pages_by_hand(word):
    found = [
        str(path.relative_to(ROOT))
        for path in SOURCES
        if KIT not in path.parents and re.search(word, path.read_text(encoding="utf-8"))
    ]
    assert found == []


def test_a_hand_written_view_is_detected():
    assert not is_declared(lambda request: None)
    assert not is_of_django(is_declared)
