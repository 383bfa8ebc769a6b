"""The chair, from the email before a meeting to the pack; and what the public sees afterwards."""

import datetime
import re

import pytest
from allauth.account.models import EmailAddress
from django.utils import timezone
from post_office.models import Email

from partnership.duties.meetings import tell_chairs
from partnership.models import ReturnItem
from partnership.periods import QUARTER, Period
from tests.browser.conftest import DESK, PASSWORD, PHONE
from tests.browser.person import fill, follow, go, press, sees
from tests.factories import OfficerFactory
from tests.partnership.factories import MeetingFactory
from tests.partnership.use import held, make_items, make_members, send
from venues.models import Scheme

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def chair(officer):
    """The chair of a scheme with a meeting in an hour, a past meeting and a quarter of returns."""
    scheme = Scheme.objects.get()
    user = OfficerFactory(scheme=scheme, role="chair").user
    user.set_password(PASSWORD)
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    quarter = Period.containing(QUARTER, timezone.localdate()).previous
    members = make_members(scheme, 4)
    ReturnItem.objects.filter(scheme=scheme).delete()  # the lists below, not the pack's
    items = make_items(scheme)
    for sign_up in members:
        send(sign_up, 9, quarter, items, reason=[3, 3, 2, 1], outcome=[0, 9, 0, 0])
    came = [(sign_up.venue.organisation, "present") for sign_up in members]
    held(scheme, user, quarter.starts + datetime.timedelta(days=20), came)
    soon = timezone.now() + datetime.timedelta(hours=1)
    MeetingFactory(scheme=scheme, confirmed=True, starts_at=soon)
    return user


@pytest.mark.parametrize("viewport", [DESK, PHONE], ids=["desk", "phone"])
def test_the_chair_opens_the_email_and_downloads_the_pack(open_page, chair, viewport):
    assert tell_chairs() == 1
    letter = Email.objects.filter(to=chair.email).latest("id")
    page = open_page(viewport)
    go(page, re.search(r"https?://[^/\s]+(/\S+)", letter.message)[1])
    fill(page, login=chair.email, password=PASSWORD)
    press(page, "Sign in")
    quarter = Period.containing(QUARTER, timezone.localdate()).previous
    follow(page, "The pack for this meeting: the latest figures")
    sees(page, "The figures of this quarter are not made yet.")
    press(page, "Make the figures")
    sees(page, "The pack is ready.", "Calm space", "Who came, meeting by meeting")
    press(page, "Make a PDF")
    paper = page.get_by_role("link", name="Open the PDF").get_attribute("href")
    answer = page.request.get(paper)
    assert answer.headers["content-type"] == "application/pdf"
    assert answer.body().startswith(b"%PDF")
    follow(page, "Print again or something else")
    press(page, "Put them on the public page")
    follow(page, "see the public page")
    sees(page, str(quarter), "People helped", "35", "Made on")
    follow(page, "Figures")
    follow(page, f"{chair.officer_roles.get().scheme.name}, Exampleton")
    sees(page, str(quarter))
