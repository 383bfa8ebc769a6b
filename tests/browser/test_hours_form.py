"""The hours form on the narrowest phone: follow-up questions are shown, answered and saved."""

import pytest
from django.conf import settings

from tests.browser.axe import check
from tests.browser.person import go, press, sees
from tests.venues.portal import managed_sign_up

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NARROW = {"width": 320, "height": 640}


@pytest.fixture
def page(open_page, client, live_server, here):
    """The hours form, opened by its manager, of a venue whose nation is not known."""
    sign_up, manager = managed_sign_up(approved=True, agreed=True)
    client.force_login(manager)
    name = settings.SESSION_COOKIE_NAME
    cookie = {"name": name, "value": client.cookies[name].value, "url": live_server.url}
    page = open_page(NARROW, java_script_enabled=True)
    page.context.add_cookies([cookie])
    go(page, f"/portal/{sign_up.pk}/hours/")
    page.sign_up = sign_up
    return page


def write(page, number, line):
    page.locator(f"[name=lines-{number}]").fill(line)


def test_follow_up_questions_fit_a_narrow_phone_and_can_be_answered(page):
    write(page, 0, "Monday 9-5")
    write(page, 1, "Tuesday 0:00-0:00")
    write(page, 2, "Wednesday 07:00-01:00")
    press(page, "+ Another line")
    write(page, 3, "Thursday oops-5pm")
    page.locator("[name=bank_holidays][value=closed]").check()
    press(page, "Save")
    check(page)
    sees(page, "Monday: which do you mean?")
    sees(page, "Tuesday: which do you mean?")
    sees(page, "that is 18 hours")
    assert page.locator("[name=lines-0]").input_value() == "Monday 9-5"

    write(page, 3, "Thursday 9am-5pm")
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


def test_a_week_with_every_recurrence_fits_a_phone_and_is_read_back(open_page, page):
    page.set_viewport_size({"width": 360, "height": 640})
    page.reload()
    check(page)
    box = page.locator("[name=lines-0]").bounding_box()
    assert box["y"] + box["height"] < 640, "the first line is on the first screen"

    write(page, 0, "Mon–Fri 9am–3pm term time only")
    write(page, 1, "Sat 10am–1pm, 1st and 3rd Sun 2pm–4pm")
    write(page, 2, "1st Monday and Wednesday 6pm–8pm")
    page.locator("[name=bank_holidays][value=closed]").check()
    press(page, "Save")
    sees(page, "“1st Monday and Wednesday 6pm–8pm”: Say for each day which weeks are meant")
    assert page.locator("[name=lines-1]").input_value() == "Sat 10am–1pm, 1st and 3rd Sun 2pm–4pm"

    write(page, 2, "Sat by appointment")
    press(page, "Save")
    sees(page, "Sunday 14:00 to 16:00 on the 1st and 3rd Sunday of the month")
    go(page, f"/portal/{page.sign_up.pk}/hours/")
    sees(page, "by appointment: ring first", "has not entered the school term dates yet")
    page.locator("summary").first.click()
    check(page)
    sees(page, "every other Tuesday from")
