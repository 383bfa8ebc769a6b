"""A chain's page with long names and more places than it holds, for its people and officers."""

import pytest
from django.test import Client
from django.urls import reverse

from tests.browser.axe import check
from tests.browser.conftest import DESK, PHONE
from tests.factories import (
    MembershipFactory,
    OrganisationFactory,
    SignUpFactory,
    UserFactory,
    VenueFactory,
)
from tests.venues.portal import a_scheme

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LONG = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogochers"


@pytest.fixture
def organisation():
    scheme, organisation = a_scheme(), OrganisationFactory(name=LONG)
    franchisee = OrganisationFactory(name=f"Y{LONG}", parent=organisation)
    for number in range(102):
        place = {"name": f"{LONG[:57]}{number:03}", "organisation": organisation}
        if number < 2:
            place["organisation"] = franchisee
        venue = VenueFactory(lead_scheme=scheme, **place)
        SignUpFactory(scheme=scheme, agreed=True, approved=number % 3 != 0, venue=venue)
    return organisation


def sign_in(page, user):
    client = Client()
    client.force_login(user)
    for name, cookie in client.cookies.items():
        page.context.add_cookies(
            [{"name": name, "value": cookie.value, "domain": "localhost", "path": "/"}]
        )


@pytest.mark.parametrize("viewport", [PHONE, DESK], ids=["phone", "desk"])
def test_a_chain_with_long_names_fits_every_screen(open_page, organisation, viewport, tmp_path):
    page = open_page(viewport)
    manager = MembershipFactory(organisation=organisation).user
    officer = UserFactory(is_staff=True, is_superuser=True)
    for user, name in (
        (manager, "organisation_home"),
        (manager, "edit_branch_closures"),
        (officer, "admin:organisation_places"),
        (officer, "admin:venues_organisation_change"),
        (officer, "admin:set_parent"),
    ):
        sign_in(page, user)
        page.goto(reverse(name, args=[organisation.pk]))
        assert LONG in page.content()
        page.screenshot(path=tmp_path / f"{name.replace(':', '_')}.png")
        check(page)
