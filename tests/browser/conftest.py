"""Chromium for the journeys. Where it cannot be had they are skipped, by name."""

import os
import shutil

import pytest
from django.core.cache import cache

from tests.browser.axe import watch

playwright = pytest.importorskip("playwright.sync_api")
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}


@pytest.fixture(scope="package")
def chromium():
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not path:
        pytest.skip("no Chromium here: set CHROMIUM to its path")
    # Playwright runs a loop in this thread, in which Django would refuse every query.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=path, args=SWITCHES)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def open_page(chromium, live_server, settings, tmp_path):
    """A browser with no cookies: `open_page(PHONE, java_script_enabled=False)`."""
    settings.SITE_URL = live_server.url
    settings.MEDIA_ROOT = tmp_path
    cache.clear()
    contexts = []

    def make(viewport=DESK, **more):
        context = chromium.new_context(base_url=live_server.url, viewport=viewport, **more)
        context.set_default_timeout(10_000)
        contexts.append(context)
        return watch(context.new_page())

    yield make
    for context in contexts:
        context.close()
