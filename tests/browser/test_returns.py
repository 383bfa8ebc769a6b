"""A quarterly return on a phone, from the email; the counter; an officer reads and closes it."""

import datetime

import pytest
from django.utils import timezone

from partnership.actions import set_up_returns, start_tally
from partnership.links.returns import make_period_token, make_tally_token
from partnership.models import Issue, TallyCount, UsageReturn
from tests.browser.axe import check
from tests.browser.conftest import PHONE
from tests.browser.person import fill, follow, go, press, sees
from tests.factories import ALWAYS, MembershipFactory, SignUpFactory
from tests.partnership.returns import last_quarter
from venues.models import Scheme

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def member(officer):
    sign_up = SignUpFactory(
        scheme=Scheme.objects.get(),
        approved=True,
        approved_at=timezone.now() - datetime.timedelta(days=400),
        venue__hours=ALWAYS,
    )
    MembershipFactory(organisation=sign_up.venue.organisation)
    set_up_returns(sign_up.scheme)
    return sign_up


def address(sign_up):
    return f"/returns/{make_period_token(sign_up, last_quarter())}/"


def test_a_nil_return_with_hours_takes_three_taps_from_the_email(open_page, member):
    page = open_page(PHONE)
    go(page, address(member))  # the first tap: the link in the letter
    press(page, "0 this quarter")
    sees(page, "Thank you. Your return is sent.", "You said on")
    press(page, "Yes, the hours are right")
    sees(page, "The hours are confirmed.")
    assert UsageReturn.objects.get().is_nil


def test_numbers_are_entered_with_steppers_and_an_issue_is_raised(open_page, member):
    page = open_page(PHONE)
    go(page, address(member))
    follow(page, "Somebody came: give numbers")
    for __ in range(3):
        page.get_by_label("One more: How many people did you help?").click()
    page.get_by_label("One fewer: How many people did you help?").click()
    page.get_by_label("One more: Lost", exact=True).click()
    page.get_by_label("One more: Evening, 18 to 22").click()
    page.get_by_text("Raise an issue with the team as well").click()
    check(page)
    fill(page, progress="All know the sign.", issue_text="Ring 07700 900123", issue_theme="other")
    press(page, "Send")
    sees(page, "a telephone number (07700 900123)")
    fill(page, issue_text="Could you visit us?")
    press(page, "Send")
    sees(page, "Your times of day add up to 1, but you helped 2 people.")
    press(page, "It is right: send")
    sees(page, "Your return is sent.", "Lost: 1")
    assert UsageReturn.objects.get().people == 2
    assert Issue.objects.get().text == "Could you visit us?"


def test_numbers_can_be_entered_without_javascript(open_page, member):
    page = open_page(PHONE, java_script_enabled=False)
    page.goto(address(member) + "numbers/")
    page.get_by_label("How many people did you help?").fill("4")
    page.get_by_role("button", name="Send").click()
    sees(page, "Your return is sent.")
    assert UsageReturn.objects.get().people == 4


def test_the_counter_counts_up(open_page, member):
    tally = start_tally(member, by=member.started_by)
    page = open_page(PHONE)
    go(page, f"/tally/{make_tally_token(tally)}/")
    page.get_by_role("button", name="One more person").click()
    page.get_by_role("button", name="Lost", exact=False).first.click()
    check(page)
    assert sorted(TallyCount.objects.values_list("count", flat=True)) == [1, 1]
