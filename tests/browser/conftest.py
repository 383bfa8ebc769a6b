"""Chromium for browser tests; they are skipped, with a reason, where it is not installed."""

import os
import shutil

import pytest
from allauth.account.models import EmailAddress
from django.contrib.gis.geos import Point
from django.core.cache import cache
from django.core.management import call_command

from geography.models import Postcode
from tests.browser.axe import watch
from tests.factories import UserFactory, name_numbers, ready_to_open
from training.actions import review_module
from training.models import Module
from venues.actions import open_scheme
from venues.models import Scheme

playwright = pytest.importorskip("playwright.sync_api")
SWITCHES = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
PHONE = {"width": 360, "height": 740}
PASSWORD = "only-for-this-journey"
HERE = Point(450000, 115000, srid=27700)
DESK = {"width": 1280, "height": 900}


@pytest.fixture(scope="package")
def chromium():
    path = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if not path:
        pytest.skip("no Chromium here: set CHROMIUM to its path")
    # Playwright runs an event loop in this thread, in which Django would refuse every query.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    with playwright.sync_playwright() as running:
        browser = running.chromium.launch(executable_path=path, args=SWITCHES)
        yield browser
        browser.close()
    del os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"]


@pytest.fixture
def open_page(chromium, live_server, settings, tmp_path):
    """A fresh browser context without cookies: `open_page(PHONE, java_script_enabled=False)`."""
    settings.SITE_URL = live_server.url
    settings.MEDIA_ROOT = tmp_path
    cache.clear()
    contexts = []

    def make(viewport=DESK, **more):
        context = chromium.new_context(base_url=live_server.url, viewport=viewport, **more)
        context.set_default_timeout(10_000)
        contexts.append(context)
        return watch(context.new_page(), script=more.get("java_script_enabled", True))

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def here(transactional_db):
    """A made-up postcode."""
    return Postcode.objects.create(postcode="ZZ1 1AA", outward="ZZ1", point=HERE, quality=10)


@pytest.fixture
def officer(here):
    """An open scheme with training, and an officer of its team."""
    user = UserFactory(email="officer@example.org")
    call_command(
        "create_scheme",
        "spaces_of_sanctuary",
        council="Exampleton",
        email="team@example.org",
        administrator=user.email,
    )
    user.set_password(PASSWORD)
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    scheme = Scheme.objects.get()
    name_numbers(scheme)
    call_command("load_training")
    module = Module.objects.get(slug="introductory")
    module.facts.update(to_confirm=False)  # as the reviewer would after checking them
    review_module(module, by=user, name="Ada", role="Lead")
    ready_to_open(scheme, by=user)
    open_scheme(scheme, by=user)
    return user
