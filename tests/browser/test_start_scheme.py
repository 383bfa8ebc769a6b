"""Starting a scheme in Chromium, without JavaScript: from a pack to its checklist and look."""

import pytest
from django.conf import settings as project
from django.urls import reverse

from tests.browser.axe import check
from tests.browser.conftest import DESK, PHONE
from tests.browser.test_admin import signed_in
from tests.factories import UserFactory, name_numbers
from venues.models import Scheme

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

LOGO = b"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 240 64">
<rect width="240" height="64" fill="#6b2a5b"/></svg>"""


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_a_scheme_is_started_previewed_and_checked(open_page, client, live_server, viewport):
    client.force_login(UserFactory(is_superuser=True, is_staff=True))
    assert project.SESSION_COOKIE_NAME in client.cookies
    page = signed_in(open_page(viewport), client, live_server)

    page.goto(reverse("admin:venues_scheme_add"))
    check(page)
    page.get_by_label("Spaces of sanctuary").check()
    page.get_by_label("Name", exact=False).first.fill("Havens of a Very Long Borough Name indeed")
    page.get_by_label("Who runs it").fill("London Borough of Barking and Dagenham")
    page.get_by_label("The team’s e-mail address").fill("team@example.org")
    page.get_by_label("E-mail address of its administrator").fill("admin@example.org")
    page.get_by_role("button", name="Start a scheme").click()
    page.get_by_text("The scheme is made.").wait_for()
    check(page)

    scheme = Scheme.objects.get()
    name_numbers(scheme)
    page.get_by_role("link", name="Look", exact=True).click()
    page.get_by_label("What one place is called").fill("Safe Haven")
    page.get_by_label("Title of the sticker").fill("Haven of a borough with a long name")
    page.get_by_label("Colour").fill("#6b2a5b")
    page.get_by_label("Logo", exact=False).first.set_input_files(
        {"name": "logo.svg", "mimeType": "image/svg+xml", "buffer": LOGO}
    )
    page.get_by_role("button", name="Preview").click()
    page.get_by_text("Find the nearest Safe Haven.").wait_for()
    assert page.locator(".scheme-head__logo").is_visible()
    check(page)
    page.get_by_role("button", name="Save").click()
    page.get_by_text("The words and the look are saved.").wait_for()
    scheme.refresh_from_db()
    assert (scheme.noun, bool(scheme.logo)) == ("Safe Haven", True)
    check(page)
    for name in ("sign_off_texts", "record_test_call", "hand_on_scheme"):
        page.goto(reverse(f"admin:{name}", args=[scheme.pk]))
        check(page)
