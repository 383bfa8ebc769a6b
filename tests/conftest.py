"""Fixtures for every test, and checks applied to every test."""

import gc
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.dispatch import receiver
from django.template import engines
from django.test.signals import setting_changed

from common.drawn import forget_drawn
from common.shells import forget_shells
from venues.evidence_kinds import forget_expressions
from venues.kept import rebuild, refresh, refresh_left_over, refresh_marked
from venues.models import Venue

ROOT = Path(__file__).resolve().parent.parent


class Undefined(str):
    """Stands for an undefined template variable; in our own templates it fails the test."""

    def __contains__(self, text):
        return text == "%s"

    def __mod__(self, name):
        frame = sys._getframe(1)
        while frame:
            origin = getattr(frame.f_locals.get("self"), "origin", None)
            if origin is not None and frame.f_code.co_name.startswith("render"):
                path = str(origin.name)
                if path.startswith(str(ROOT)) and "node_modules" not in path:
                    pytest.fail(f"undefined template variable {name} in {path}")
                return ""
            frame = frame.f_back
        return ""


def pytest_configure():
    # Secure password hashing takes a third of a second each time.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def pytest_collection_finish():
    # Repeated garbage collection over all imported modules took a tenth of the run.
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@receiver(setting_changed)
def build_expressions_anew(setting, **_more):
    """The expressions of requirements are cached for a day, and the demonstration has fewer of
    them.
    """
    if setting == "DEMO":
        forget_expressions()


@pytest.fixture(autouse=True)
def undefined_template_variables_fail(monkeypatch):
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", Undefined("%s"))


@pytest.fixture
def case() -> Callable[[str], Path]:
    """Path of a real-world case by name; skips where the folder is missing."""
    folder = Path(os.environ.get("TEST_CASES") or settings.BASE_DIR.parent / "shared" / "cases")

    def case(name: str) -> Path:
        path = folder / name
        if not path.is_file():
            pytest.skip(f"no case {name} at {folder}")
        return path

    return case


@pytest.fixture
def real_data() -> Path:
    """The folder of open data, for tests marked `real_data`."""
    path = Path(os.environ.get("TEST_DATA") or settings.BASE_DIR.parent / "shared" / "data")
    if not path.is_dir():
        pytest.skip(f"no test data at {path}")
    return path


@pytest.fixture
def real_cases() -> Path:
    """The folder of real-world inputs with expected values, for tests marked `real_data`."""
    path = Path(os.environ.get("TEST_CASES") or settings.BASE_DIR.parent / "shared" / "cases")
    if not path.is_dir():
        pytest.skip(f"no cases at {path}")
    return path


@pytest.fixture(autouse=True)
def frames_are_drawn_afresh():
    forget_shells()
    forget_drawn()


@pytest.fixture
def kept_stay_right(db, monkeypatch):
    """The kept listings are right after every action of the test.

    A test's transaction never commits, so what happens before a commit happens here whenever an
    action ends. At the end every row is worked out anew: none may differ.
    """
    rebuild()
    outside = len(connection.savepoint_ids)
    release = connection.savepoint_commit

    def end(sid):
        release(sid)
        if len(connection.savepoint_ids) == outside:
            refresh_marked()

    monkeypatch.setattr(connection, "savepoint_commit", end)
    yield
    if connection.needs_rollback:
        return
    refresh_left_over()
    keys = Venue.with_merged.values_list("pk", flat=True)
    assert refresh(keys) == set()
