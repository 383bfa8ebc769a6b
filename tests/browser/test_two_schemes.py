"""From an empty installation to one place in two schemes, in the browser alone: both schemes are
started in the admin and opened, a café joins the second, and one of them suspends it."""

import time
from pathlib import Path

import pytest
from django.test import Client

from tests.browser.conftest import DESK, PHONE
from tests.browser.person import fill, find_places, follow, go, press, sees, sees_not
from tests.browser.test_admin import signed_in
from tests.factories import (
    ALWAYS,
    MembershipFactory,
    SignUpFactory,
    StickerFactory,
    UserFactory,
)
from venues.models import Scheme, SignUp

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

KEPT = ("[scheme]", "[look]", "[texts]", "[[principles]]", "[[checks]]", "[[contacts]]")
PRINCIPLES, CHECKS, CONTACTS = 2, 1, 1
JOINED_WITHIN = 120


def start(page, *, source, name, file=None):
    """The form “Start a scheme”; ends on the new scheme's checklist."""
    go(page, "/admin/venues/scheme/add/")
    page.get_by_label(source, exact=True).check()
    if file:
        page.set_input_files('[name="file"]', file)
    fill(page, name=name, council="Exampleton Council", contact_email="team@example.org")
    fill(page, administrator="ada@example.org")
    press(page, "Start a scheme")
    sees(page, "The scheme is made.", "Nothing is ticked by hand.")
    return Scheme.objects.get(name=name)


def name_numbers(page, scheme):
    """On the scheme's page: each number that it asks for."""
    page.goto(f"/admin/venues/scheme/{scheme.pk}/checklist/")
    follow(page, "Numbers")
    numbers = page.locator("#contacts-group")
    for place, kind in enumerate(scheme.contact_kinds.all()):
        numbers.get_by_role("link", name="Add another").or_(
            numbers.get_by_role("button", name="Add another")
        ).first.click()
        fill(page, **{f"contacts-{place}-kind": str(kind.pk)})
        fill(page, **{f"contacts-{place}-name": "Duty team"})
        fill(page, **{f"contacts-{place}-number": f"01632 96000{place}"})
    page.locator('[name="_save"]').click()
    page.get_by_text("was changed successfully").wait_for()


def make_ready_and_open(page, scheme):
    """The rest of the checklist, from its own links; then the scheme opens."""
    page.goto(f"/admin/venues/scheme/{scheme.pk}/checklist/")
    for contact in scheme.contacts.all():
        page.get_by_role("link", name="Test calls", exact=True).click()
        fill(page, contact=str(contact.pk), caller="Ben", was_answered="yes")
        press(page, "Record a test call")
    page.get_by_role("link", name="Texts", exact=True).click()
    fill(page, name="Ruth", role="Safeguarding lead")
    press(page, "Sign off the texts")
    sees(page, "Ready to open.")
    page.goto(f"/admin/venues/scheme/{scheme.pk}/change/")
    press(page, "Open the scheme")
    sees(page, "The scheme is open.")


def changed_by_hand(text):
    """The exported file as somebody would change it: other words, no sticker, training or meetings,
    and fewer principles, checks and numbers."""
    left = {"[[principles]]": PRINCIPLES, "[[checks]]": CHECKS, "[[contacts]]": CONTACTS}
    blocks = []
    for block in text.strip().split("\n\n"):
        heading = block.split("\n", 1)[0]
        if heading in KEPT and left.get(heading, 1) > 0:
            left[heading] = left.get(heading, 2) - 1
            blocks.append(block)
    scheme = '[scheme]\nmeetings_every = "none"\nreturns_every = "none"'
    changed = "\n\n".join(blocks).replace("[scheme]", scheme, 1)
    changed = changed.replace('slug = "spaces-of-sanctuary"', 'slug = "warm-rooms"')
    changed = changed.replace('"Space of Sanctuary"', '"Warm Room"')
    changed = changed.replace('"Spaces of Sanctuary"', '"Warm Rooms"')
    requirement = '[[requirements]]\nprinciple = 1\nevidence = "opening_hours"\n'
    return f'{changed}\n\n{requirement}needed_for = "submission"\n'


def export(page, scheme, folder) -> str:
    page.goto(f"/admin/venues/scheme/{scheme.pk}/change/")
    with page.expect_download() as download:
        page.get_by_role("link", name="Download it as a pack, one readable file").click()
    file = folder / "mine.toml"
    download.value.save_as(file)
    file.write_text(changed_by_hand(file.read_text(encoding="utf-8")), encoding="utf-8")
    return str(file)


def join(page, cafe, scheme):
    """The manager, on a telephone: from the place's home to “Sent”; how many seconds it took."""
    began = time.monotonic()
    go(page, f"/portal/{cafe.pk}/")
    follow(page, "What else this place can be")
    follow(page, f"What joining means: {scheme}")
    fill(page, shares_people="no")
    page.get_by_label("We have read this and agree").check()
    press(page, f"Join {scheme}")
    follow(page, "The core principles")
    principles = list(scheme.principles.all())
    follow(page, f"Go on: {principles[0].title}")
    for principle in principles:
        page.get_by_role("heading", name=principle.title).wait_for()
        page.get_by_label("We do this").check()
        press(page, "Save")
    follow(page, "Back to your details")
    follow(page, "Check your answers and send")
    press(page, "Send")
    sees(page, "Sent. Thank you.")
    return time.monotonic() - began


def approve(page, sign_up):
    page.goto(f"/admin/venues/signup/{sign_up.pk}/change/")
    for check in sign_up.scheme.checks_asked.all():
        press(page, f"Yes: {check.words}")
    follow(page, "Approve")
    press(page, "Do this, with this letter")
    sees(page, "Approved.")


def find(page):
    """The café stands once among the places found; the schemes that are named beside it."""
    find_places(page)
    sees(page, "The Copper Kettle")
    badges = page.get_by_role("list", name="Belongs to")
    assert badges.count() == 1, "one place, named once"
    return badges.inner_text()


@pytest.fixture
def office(open_page, client, live_server, here):
    """Whoever runs the installation, signed in; there is no scheme yet."""
    client.force_login(UserFactory(is_superuser=True, is_staff=True))
    return signed_in(open_page(DESK), client, live_server)


@pytest.fixture
def telephone(open_page, live_server):
    """A manager's telephone: `telephone(cafe)`."""

    def make(cafe):
        client = Client()  # the office stays signed in with its own
        client.force_login(MembershipFactory(organisation=cafe.venue.organisation).user)
        return signed_in(open_page(PHONE), client, live_server)

    return make


def test_two_schemes_are_started_and_a_cafe_is_in_both_until_one_suspends_it(
    office, telephone, open_page, tmp_path: Path
):
    first = start(office, source="Spaces of sanctuary", name="Spaces of Sanctuary")
    name_numbers(office, first)
    make_ready_and_open(office, first)
    file = export(office, first, tmp_path)
    second = start(office, source="A pack file", name="Warm Rooms", file=file)
    assert (second.slug, second.noun, second.principles.count()) == ("warm-rooms", "Warm Room", 2)
    assert not any([second.has_meetings, second.has_returns, second.has_stickers])
    make_ready_and_open(office, second)

    cafe = SignUpFactory(
        scheme=first, approved=True, venue__name="The Copper Kettle", venue__hours=ALWAYS
    )
    StickerFactory(sign_up=cafe, displayed_at=cafe.approved_at, displayed_by=cafe.approved_by)
    assert join(telephone(cafe), cafe, second) < JOINED_WITHIN
    joined = SignUp.objects.get(scheme=second)
    assert joined.venue == cafe.venue
    approve(office, joined)

    public = open_page(PHONE)
    said = find(public)
    assert "Spaces of Sanctuary" in said
    assert "Warm Rooms" in said
    office.goto(f"/admin/venues/signup/{cafe.pk}/change/")
    office.get_by_text("Suspend", exact=True).click()
    office.get_by_label("Why it is suspended").fill("A complaint")
    press(office, "Suspend now")
    said = find(public)
    assert "Spaces of Sanctuary" not in said
    assert "Warm Rooms" in said
    sees_not(public, "A complaint")
