"""What every test may ask for, and what every test is held to."""

import gc
import os
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from django.conf import settings
from django.dispatch import receiver
from django.template import engines
from django.test.signals import setting_changed

from venues.evidence_kinds import forget_expressions
from venues.models import sign_ups

ROOT = Path(__file__).resolve().parent.parent


class Undefined(str):
    """Stands for a variable a template does not know; in a template of ours it fails the test."""

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
    # The slow hash that keeps passwords safe takes a third of a second each.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


def pytest_collection_finish():
    # Looking through all that is imported for rubbish, again and again, took a tenth of the run.
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 50)


@receiver(setting_changed)
def build_expressions_anew(setting, **_more):
    """What requirements ask is built once a day; in the demonstration it asks less."""
    if setting == "DEMO":
        forget_expressions()
        for each in (sign_ups.requirements_of_each, sign_ups.unmet_of_each):
            each.cache_clear()
        sign_ups._in_good_standing.cache_clear()


@pytest.fixture(autouse=True)
def undefined_template_variables_fail(monkeypatch):
    monkeypatch.setattr(engines["django"].engine, "string_if_invalid", Undefined("%s"))


@pytest.fixture
def case() -> Callable[[str], Path]:
    """A file of the cases from the wild, by its name; skips where the folder is not present."""
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
    """The folder of inputs from the wild with their right values, for tests marked `real_data`."""
    path = Path(os.environ.get("TEST_CASES") or settings.BASE_DIR.parent / "shared" / "cases")
    if not path.is_dir():
        pytest.skip(f"no cases at {path}")
    return path
