"""One place, many schemes: merging two entries, hiding a place for safety, an organisation with
400 places, and one that agrees as a whole, without a place.
"""

import re

import pytest
from django.test import Client
from django.urls import reverse
from post_office.models import Email

from tests.browser.axe import check
from tests.browser.conftest import DESK, PHONE
from tests.browser.person import fill, find_places, follow, go, press, sees, sees_not
from tests.browser.test_admin import signed_in
from tests.factories import (
    ALWAYS,
    MembershipFactory,
    OfficerFactory,
    OrganisationFactory,
    PrincipleFactory,
    SchemeFactory,
    SignUpFactory,
    UserFactory,
    VenueFactory,
)
from venues.models import (
    DutyLink,
    Merge,
    Organisation,
    OrganisationSignUp,
    SafetySuspension,
    SignUp,
)

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
NARROW = {"width": 320, "height": 640}
LONG = "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch"
SCREENS = {
    "phone": {"viewport": PHONE},
    "desk": {"viewport": DESK},
    "dark": {"viewport": PHONE, "color_scheme": "dark"},
}


@pytest.fixture(params=SCREENS)
def screen(request, open_page):
    """A fresh browser of this size and colour scheme: `screen()`.

    The public looks with a new one each time: a browser may keep a public page for 30 seconds.
    """
    return lambda: open_page(**SCREENS[request.param])


@pytest.fixture
def desk_of(screen, live_server):
    """A page on which this person is signed in: `desk_of(user)`."""

    def make(user):
        client = Client()
        client.force_login(user)
        return signed_in(screen(), client, live_server)

    return make


@pytest.fixture
def schemes(here):
    return [
        SchemeFactory(name="Haven", slug="haven", contact_phone="01962 111111"),
        SchemeFactory(name="Refuge", slug="refuge", contact_phone="01962 222222"),
    ]


def listed(scheme, **venue) -> SignUp:
    """A place that the finder shows, always open."""
    return SignUpFactory(
        scheme=scheme,
        venue=VenueFactory(lead_scheme=scheme, hours=ALWAYS, **venue),
        approved=True,
        listed=True,
        agreed=True,
    )


def officer_of(*schemes, **more):
    user = UserFactory(**more)
    for scheme in schemes:
        OfficerFactory(scheme=scheme, user=user)
    return user


def answer_without(page, path) -> int:
    """The status of a page that is not there, checked like any other; Chromium's console notes
    each of them, so the page that looks at it is a new one.
    """
    other = page.context.new_page()
    status = other.goto(path).status
    check(other)
    other.close()
    return status


# Two entries of one place


def search(desk, words):
    fill(desk, q=words)
    with desk.expect_navigation():
        desk.get_by_role("button", name="Search", exact=True).click()
    check(desk)


def test_an_officer_finds_a_duplicate_merges_it_and_undoes_the_merge(screen, desk_of, schemes):
    kept = listed(schemes[0], name="The Copper Kettle", slug="copper-kettle").venue
    other = listed(schemes[1], name="Copper Kettle Café", slug="kettle-cafe").venue
    desk = desk_of(officer_of(*schemes))

    go(desk, reverse("admin:venues_venue_change", args=[kept.pk]))
    follow(desk, "Merge it with another entry")
    search(desk, "nothing of the kind")
    sees(desk, "Nothing like that that you may see.")
    search(desk, "kettle café")
    follow(desk, "Look at what merging Copper Kettle Café into this one does")
    sees(
        desk,
        "Name, address, pin, contact and listing of “The Copper Kettle” stand",
        "Old addresses and stickers of “Copper Kettle Café” lead here.",
        "take it back for ten minutes",
    )
    assert not Merge.objects.exists(), "looking at the effect changes nothing"
    press(desk, "Merge the two")
    sees(desk, "The two are merged. You can take it back for ten minutes.")

    public = screen()
    go(public, "/venues/kettle-cafe/")
    assert public.url.endswith("/venues/copper-kettle/")
    sees(public, "The Copper Kettle", "Haven", "Refuge")
    find_places(public)
    sees(public, "The Copper Kettle", "Refuge")
    sees_not(public, "Copper Kettle Café")

    press(desk, "Take it back")
    sees(desk, "Taken back. Both are as they were before.")
    public = screen()
    for venue in (kept, other):
        go(public, f"/venues/{venue.slug}/")
        assert public.url.endswith(f"/venues/{venue.slug}/")
        sees(public, venue.name)
    find_places(public)
    sees(public, "The Copper Kettle", "Copper Kettle Café")


# Hidden for safety


@pytest.fixture
def shared(schemes):
    """A place in both schemes: its sign-up to each."""
    first = listed(schemes[0], name="The Copper Kettle", slug="copper-kettle")
    second = SignUpFactory(
        scheme=schemes[1], venue=first.venue, approved=True, listed=True, agreed=True
    )
    return first, second


def test_an_officer_hides_a_place_for_safety_and_the_other_team_reads_whom_to_ring(
    screen, desk_of, schemes, shared
):
    mine, theirs = shared
    desk, public = desk_of(officer_of(schemes[0], name="Olu Officer")), screen()
    find_places(public)
    sees(public, "The Copper Kettle")
    go(public, "/venues/copper-kettle/")

    go(desk, reverse("admin:venues_signup_change", args=[mine.pk]))
    follow(desk, "Hide it everywhere, for safety")
    sees(desk, "Nobody finds it any more", "The officers of Refuge are told to ring you.")
    press(desk, "Hide it now")
    sees(desk, "Hidden everywhere. The other schemes’ officers are told whom to ring.")

    public = screen()
    find_places(public)
    sees_not(public, "The Copper Kettle")
    assert answer_without(public, "/venues/copper-kettle/") == 404
    sticker = theirs.stickers.get()
    go(public, f"/stickers/{sticker.code}/")
    sees_not(public, "The Copper Kettle")

    other_desk = desk_of(officer_of(schemes[1]))
    go(other_desk, reverse("admin:venues_signup_change", args=[theirs.pk]))
    sees(other_desk, "Hidden everywhere for safety since", "Ring Olu Officer, Haven, 01962 111111")
    assert not other_desk.get_by_text("No longer hide it for safety").count()

    follow(desk, "No longer hide it for safety")
    press(desk, "No longer hide it")
    public = screen()
    go(public, "/venues/copper-kettle/")
    sees(public, "The Copper Kettle")


def make_duty_link(desk) -> str:
    """As an administrator; the address that the letter brings, which no page shows."""
    go(desk, reverse("admin:venues_dutylink_changelist"))
    go(desk, reverse("admin:make_duty_link"))
    press(desk, "Make it and send it")
    fill(desk, name="Robin Duty", phone="07700 900123", email="duty@example.org")
    for part in ("Day", "Month", "Year"):
        first, last = desk.get_by_label(part, exact=True).all()
        last.fill(first.input_value())
    press(desk, "Make it and send it")
    sees(desk, "The link is made and on its way.", "Robin Duty")
    letter = Email.objects.get(to="duty@example.org").message
    address = re.search(r"https?://[^/\s]+(/duty/\S+/)", letter)[1]
    go(desk, reverse("admin:venues_dutylink_change", args=[DutyLink.objects.get().pk]))
    sees_not(desk, address)
    return address


def test_a_duty_officer_without_an_account_hides_a_place_once_by_link(
    screen, desk_of, schemes, shared
):
    listed(schemes[0], name="The Bakery")
    administrator = OfficerFactory(scheme=schemes[0], role="administrator").user
    address = make_duty_link(desk_of(administrator))

    duty = screen()
    go(duty, address)
    sees(duty, "Hide a place now", "In an emergency ring 999 first.")
    fill(duty, q="nowhere")
    press(duty, "Find it")
    sees(duty, "No place in this scheme has that name.")
    fill(duty, q="zz11aa")
    press(duty, "Find it")
    sees(duty, "The Bakery")
    left_open = duty.context.new_page()
    left_open.goto(duty.url)
    left_open.get_by_role("link", name="The Bakery").click()
    left_open.wait_for_url("**?place=*")

    follow(duty, "The Copper Kettle")
    sees(duty, "Hide The Copper Kettle everywhere?", "Nobody finds it any more")
    assert not SafetySuspension.objects.exists(), "nothing happens before it is confirmed"
    press(duty, "Hide it now")
    sees(duty, "The Copper Kettle is hidden everywhere", "The team of Haven decides")

    left_open.get_by_role("button", name="Hide it now").click()
    sees(left_open, "This link has been used, and works once. Contact the team: 01962 111111.")
    check(left_open)
    assert answer_without(duty, address) == 410
    assert SafetySuspension.objects.get().venue.name == "The Copper Kettle"

    public = screen()
    find_places(public)
    sees(public, "The Bakery")
    sees_not(public, "The Copper Kettle")


# An organisation with 400 places


PLACES = 400


@pytest.fixture
def chain(here):
    scheme = SchemeFactory(bare=True, checks={})
    principle = PrincipleFactory(scheme=scheme, title="A welcome")
    organisation = OrganisationFactory(name=f"{LONG} and Daughters")
    for number in range(PLACES):
        name = f"{LONG[:50]} {number:03}" if number % 10 == 0 else f"Kettle {number:03}"
        venue = VenueFactory(lead_scheme=scheme, organisation=organisation, name=name)
        SignUpFactory(scheme=scheme, venue=venue, approved=number % 3 != 0)
    assert principle
    return organisation


def test_an_organisation_with_400_places_fits_the_screen_and_can_be_filtered(desk_of, chain):
    page = desk_of(MembershipFactory(organisation=chain).user)
    home = reverse("organisation_home", args=[chain.pk])
    go(page, home)
    sees(page, f"{PLACES} places.", LONG)
    rows = page.locator("tbody tr")
    assert 0 < rows.count() < PLACES, "a page at a time"
    follow(page, "Next page")
    fill(page, q="kettle 123")
    press(page, "Show")
    sees(page, "1 place.", "Kettle 123")
    assert rows.count() == 1
    fill(page, q="no such place")
    press(page, "Show")
    sees(page, "None of your places match.")
    page.set_viewport_size(NARROW)
    for path in (home, f"{home}?q=Llanfair", reverse("edit_branch_closures", args=[chain.pk])):
        go(page, path)
        sees(page, LONG)
        assert page.evaluate("document.documentElement.scrollWidth") == NARROW["width"], path


# An organisation that agrees without a place


@pytest.fixture
def charter(here):
    scheme = SchemeFactory(
        bare=True,
        agrees="organisation",
        name="The Charter",
        slug="charter",
        checks={},
    )
    for title in ("We include everybody", "We listen"):
        PrincipleFactory(scheme=scheme, title=title, wording=f"{title}, every day.")
    return scheme


def begin_as_organisation(page):
    go(page, "/join/charter/")
    sees(page, "Your organisation signs up as a whole", "We include everybody", "We listen")
    sees_not(page, "Postcode")
    press(page, "Send me the link")
    sees(page, "Write your e-mail address.")
    fill(page, email="ada@example.org")
    press(page, "Send me the link")
    letter = Email.objects.get(to="ada@example.org").message
    go(page, re.search(r"https?://[^/\s]+(/join/\S+)", letter)[1])
    press(page, "Start")
    return OrganisationSignUp.objects.get()


def test_an_organisation_without_a_place_agrees_is_approved_and_is_named_on_the_schemes_page(
    screen, desk_of, charter
):
    page = screen()
    sign_up = begin_as_organisation(page)
    assert not page.get_by_role("button", name="Send it").count()
    follow(page, "Your organisation")
    press(page, "Save")
    fill(page, name=f"{LONG} Trust", sector="community")
    press(page, "Save")
    follow(page, "The core principles")
    press(page, "Save")
    sees(page, "Choose an answer")
    first, second = charter.principles.all()
    fill(page, **{f"q{first.pk}_value": "we_do", f"q{second.pk}_value": "need_help"})
    press(page, "Save")
    follow(page, "What the public reads")
    fill(page, website="https://kettle.example/")
    press(page, "Save")
    press(page, "Send it")
    sees(page, "Sent. The team looks at it and answers.", "The team has not decided yet")
    before = screen()
    go(before, "/schemes/charter/")
    sees_not(before, LONG)

    desk = desk_of(officer_of(charter))
    go(desk, "/admin/")
    sees(desk, "Organisations that wait for a decision")
    follow(desk, f"{LONG} Trust")
    sees(desk, "We need help", "ada@example.org")
    desk.get_by_text("Approve", exact=True).click()
    check(desk)
    press(desk, "Do this, with this letter")
    sees(desk, "Approved.", "The scheme’s page names it.")

    public = screen()
    go(public, "/schemes/charter/")
    sees(public, f"{LONG} Trust", "1 organisation belongs to it.")
    go(page, reverse("organisation_sign_up", args=[sign_up.organisation_id, "charter"]))
    assert Organisation.objects.get().name == f"{LONG} Trust"
