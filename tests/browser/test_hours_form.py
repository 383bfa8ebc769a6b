"""The hours form on the narrowest phone: what is asked back, answered and saved, for everybody."""

import pytest
from django.conf import settings

from tests.browser.axe import check
from tests.browser.person import go, press, sees
from tests.venues.portal import managed_sign_up

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NARROW = {"width": 320, "height": 640}


@pytest.fixture
def page(open_page, client, live_server, here):
    """The hours form of a venue whose nation is not known, opened by its manager."""
    sign_up, manager = managed_sign_up(approved=True, agreed=True)
    client.force_login(manager)
    name = settings.SESSION_COOKIE_NAME
    cookie = {"name": name, "value": client.cookies[name].value, "url": live_server.url}
    page = open_page(NARROW, java_script_enabled=True)
    page.context.add_cookies([cookie])
    go(page, f"/portal/{sign_up.pk}/hours/")
    page.sign_up = sign_up
    return page


def type_hours(page, day, opens, closes):
    page.locator(f"[name=d{day}_0_opens]").fill(opens)
    page.locator(f"[name=d{day}_0_closes]").fill(closes)


def test_questions_that_are_asked_back_can_be_read_and_answered_on_a_narrow_phone(page):
    type_hours(page, 0, "9", "5")
    type_hours(page, 1, "0:00", "0:00")
    type_hours(page, 2, "07:00", "01:00")
    type_hours(page, 3, "oops", "5pm")
    page.locator("[name=bank_holidays][value=closed]").check()
    press(page, "Save")
    check(page)
    sees(page, "Monday: which do you mean?")
    sees(page, "Tuesday: which do you mean?")
    sees(page, "that is 18 hours")
    assert page.locator("[name=d0_0_opens]").input_value() == "9"

    type_hours(page, 3, "9am", "5pm")
    page.get_by_label("09:00 to 17:00 (until 5 in the afternoon)").check()
    page.locator("[value='closed'][name^=means_]").check()
    page.locator("[name='long_0700-0100']").check()
    press(page, "Save")
    check(page)
    assert [str(each) for each in page.sign_up.venue.opening_hours.order_by("weekday")] == [
        "Monday 09:00-17:00",
        "Wednesday 07:00-01:00",
        "Thursday 09:00-17:00",
    ]
