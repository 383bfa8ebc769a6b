"""The chair from invitation to minutes, attendance at the door, a reply by link."""

import datetime
import re

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone
from post_office.models import Email

from partnership.actions.attendance import invite_to_meeting
from partnership.duties.meetings import tell_chairs
from partnership.models import Attendance, Meeting, Series
from tests.browser.axe import check
from tests.browser.conftest import DESK, PASSWORD, PHONE
from tests.browser.person import fill, follow, press, sees, sees_not
from tests.factories import UserFactory
from tests.partnership.factories import PartnerFactory, make_member
from venues.models import Officer, Scheme

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def meeting(officer):
    """A meeting in an hour, to which two members and a partner are invited."""
    scheme = Scheme.objects.get()
    Series.objects.filter(scheme=scheme).update(name="Inclusion Partnership", address="Guildhall")
    make_member(scheme, "Harbour Café and Community Bookshop", "cafe@example.org")
    make_member(scheme, "Library", "library@example.org")
    PartnerFactory(scheme=scheme, role="Sergeant", organisation="Police")
    found = Meeting.objects.create(
        scheme=scheme,
        starts_at=timezone.now() + datetime.timedelta(hours=1),
        state="confirmed",
        confirmed_at=timezone.now(),
        confirmed_by=officer,
        address="Guildhall",
    )
    found.items.create(order=1, title="How the spaces are used")
    invite_to_meeting(found, by=officer)
    return found


def link_in_letter(to):
    letter = Email.objects.filter(to=[to]).latest("id")
    return re.search(r"https?://\S+", letter.message)[0]


def test_a_reply_by_link_on_a_phone(open_page, meeting):
    page = open_page(PHONE)
    page.goto(link_in_letter("cafe@example.org"))
    check(page)
    sees(page, "This page is for Harbour Café", "Are you coming?", "How the spaces are used")
    press(page, "Send our reply")
    sees(page, "There is a problem")
    fill(page, reply="report", text="Ring me on 01632 960123")
    press(page, "Send our reply")
    sees(page, "telephone number")
    fill(page, text="Calm days, busy Fridays.")
    press(page, "Send our reply")
    sees(page, "Thank you. We have your reply.")
    sees_not(page, "busy Fridays")
    assert Attendance.objects.get(reply="report").text == "Calm days, busy Fridays."


def test_the_chair_goes_from_invitation_to_minutes(open_page, meeting):
    chair = UserFactory(email="chair@example.org")
    chair.set_password(PASSWORD)
    chair.save()
    EmailAddress.objects.create(user=chair, email=chair.email, verified=True, primary=True)
    Officer.objects.create(scheme=meeting.scheme, user=chair, role="chair")
    tell_chairs()

    page = open_page(PHONE)
    page.goto(link_in_letter("chair@example.org"))
    fill(page, login="chair@example.org", password=PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    check(page)
    sees(page, "Inclusion Partnership", "How the spaces are used", "No reply: 3")

    # At the door, on the same telephone.
    follow(page, "Take the register")
    sees(page, "Who is here?", "0 here of 3 on the list.")
    page.get_by_label("Harbour Café and Community Bookshop", exact=True).check()
    page.get_by_label("How Library is taking part").select_option("deputy")
    page.get_by_label("Library", exact=True).check()
    press(page, "Save and continue")
    sees(page, "2 here of 3 on the list.")
    fill(page, visitor="Night bus company, driver")
    press(page, "Add and tick")
    sees(page, "3 here of 4 on the list.")
    press(page, "Save and close the register")
    sees(page, "The register is closed.", "sent a deputy", "did not come")

    # Afterwards, at the desk.
    page.set_viewport_size(DESK)
    fill(page, what="Print the map", due_on="2031-05-01")
    page.get_by_label("Who does it").select_option(label="Library")
    press(page, "Note it")
    sees(page, "The action is noted.", "due 1 May 2031")
    press(page, "Draft them from what is known")
    draft = page.locator("textarea").input_value()
    assert "- Library (deputy)" in draft
    assert "- Print the map. Library, due 1 May 2031" in draft
    press(page, "Save the draft")
    press(page, "Approve, and send the link round")
    sees(page, "The minutes are approved.")

    page = open_page(PHONE)
    page.goto(link_in_letter("library@example.org"))
    check(page)
    sees(page, "Actions agreed", "Night bus company, driver", "What you agreed to do")
    press(page, "This is done: Print the map")
    sees(page, "Thank you. It is marked as done.")
