"""A scheme without meetings, returns, training or stickers never mentions them.

Every portal page, the join page, the officers' first page and decision page, the emails and the
meeting pack are rendered for such a scheme and searched for these words.
"""

import datetime
import re
from html import unescape
from urllib.parse import urljoin

import pytest
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone
from django.utils.html import strip_tags
from post_office.models import Email

from partnership.duties.meetings import propose_dates
from partnership.duties.returns import send_month_letters, send_return_letters, set_up_schemes
from partnership.models import Meeting, ReturnSettings, Series
from partnership.pack import make_pack
from partnership.periods import QUARTER, Period
from tests.factories import (
    ALWAYS,
    MembershipFactory,
    OfficerFactory,
    PrincipleFactory,
    RequirementFactory,
    SchemeFactory,
    SignUpFactory,
    VenueFactory,
)
from tests.house.drafts import make_draft
from tests.house.test_letters import KINDS
from tests.partnership.factories import IssueFactory
from venues import actions
from venues.emails import default_letter
from venues.evidence import proofs
from venues.evidence_kinds import Stage
from venues.letters import compose
from venues.models import SignUp

pytestmark = pytest.mark.django_db

TRACES = re.compile(
    r"\b(stickers?|train(ed|ing|ings|er)?|meet(s|ings?)|returns?|quarters?|partnership)\b", re.I
)


def text_of(page):
    """The text a person reads: without head, scripts, styles and the site's own footer."""
    html = page.content.decode()
    html = re.sub(r"<(head|script|style|footer)\b.*?</\1>", " ", html, flags=re.S)
    html = re.sub(r'<nav class="sticky" id="nav-sidebar".*?</nav>', " ", html, flags=re.S)
    return " ".join(strip_tags(html).split())


def traces(text):
    """Each forbidden word with its context, for the failure message."""
    return [text[max(0, m.start() - 60) : m.end() + 40] for m in TRACES.finditer(text)]


@pytest.fixture
def scheme():
    """Only hours and principles, plus two requirements left over from when it held meetings."""
    scheme = SchemeFactory(bare=True, name="Warm Rooms", council="Example Council")
    principle = PrincipleFactory(scheme=scheme)
    RequirementFactory(principle=principle)
    for evidence in ("meeting_attendance", "usage_return"):
        RequirementFactory(principle=principle, evidence=evidence, needed_for="standing")
    return scheme


@pytest.fixture
def sign_up(scheme):
    venue = VenueFactory(lead_scheme=scheme, name="Corner Café", hours=ALWAYS)
    found = SignUpFactory(scheme=scheme, venue=venue, approved=True, listed=True, agreed=True)
    long_ago = timezone.now() - datetime.timedelta(days=800)
    SignUp.objects.filter(pk=found.pk).update(approved_at=long_ago)
    found.refresh_from_db()
    return found


def portal_pages(patterns=None, prefix=""):
    """The names of all portal pages about one sign-up and nothing else."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from portal_pages(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern) and re.match(r"portal/<int:\w+>/[^<]*$", route):
            yield pattern.name


@pytest.mark.parametrize("name", sorted(set(portal_pages())))
@pytest.mark.parametrize("state", ["approved", "draft"])
def test_no_portal_page_mentions_a_disabled_part(client, sign_up, name, state):
    client.force_login(MembershipFactory(organisation=sign_up.venue.organisation).user)
    if state == "draft":
        SignUp.objects.filter(pk=sign_up.pk).update(
            state="draft", approved_at=None, approved_by=None
        )
    page = client.get(reverse(name, args=[sign_up.pk]))
    if page.status_code == 200 and "html" in page["Content-Type"]:
        assert not traces(text_of(page))


@pytest.mark.parametrize(
    "name",
    ["training_home", "portal_meetings", "returns_home", "portal_sticker", "training_sessions"],
)
def test_the_page_of_a_disabled_part_is_404(client, sign_up, name):
    client.force_login(MembershipFactory(organisation=sign_up.venue.organisation).user)
    address = reverse(name, args=[sign_up.pk])
    assert client.get(address).status_code == 404
    sign_up.scheme.meetings_every = sign_up.scheme.returns_every = "quarter"
    sign_up.scheme.offers_stickers = sign_up.scheme.offers_training = True
    sign_up.scheme.save()
    assert client.get(address).status_code == 200


@pytest.mark.parametrize("address", ["/join/", "/join/{slug}/"])
def test_the_join_page_promises_no_work_the_scheme_does_not_ask_for(client, scheme, address):
    said = text_of(client.get(address.format(slug=scheme.slug)))
    assert not traces(said)
    assert "Opening hours" in said


def test_the_join_page_says_how_often_a_scheme_meets(client):
    SchemeFactory(meetings_every="year")
    said = text_of(client.get("/join/"))
    assert "Meetings: once a year" in said
    assert "about ten minutes, every three months" in said


@pytest.mark.parametrize("state", ["submitted", "approved", "suspended"])
def test_officers_pages_mention_no_disabled_part(client, scheme, state):
    SignUpFactory(scheme=scheme, agreed=True, **{state: True})
    client.force_login(OfficerFactory(scheme=scheme, role="administrator").user)
    sign_up = SignUp.objects.get()
    for address in (
        reverse("admin:index"),
        reverse("admin:venues_signup_changelist"),
        reverse("admin:venues_signup_change", args=[sign_up.pk]),
    ):
        said = text_of(client.get(address))
        # Issues, and coverage at the end of each quarter, exist for every scheme.
        said = said.replace("Quarters of coverage", "").replace("Partnership Model name", "")
        assert not traces(said), address


def test_an_officer_of_both_kinds_of_scheme_sees_all_queues(client, scheme):
    officer = OfficerFactory(scheme=scheme, role="administrator").user
    OfficerFactory(scheme=SchemeFactory(), user=officer)
    client.force_login(officer)
    said = text_of(client.get(reverse("admin:index")))
    assert "Stickers to issue" in said
    assert "Meeting packs" in said


def test_requirements_of_a_disabled_part_do_not_apply(sign_up):
    found = proofs(sign_up, Stage.STANDING, timezone.localdate())
    assert [proof.requirement.evidence for proof in found] == ["opening_hours"]
    today = timezone.localdate()
    assert SignUp.objects.with_lapse(today).get(pk=sign_up.pk).has_lapsed is False


def test_no_automatic_email_asks_for_a_disabled_part(sign_up):
    ReturnSettings.objects.create(scheme=sign_up.scheme)
    Series.objects.create(scheme=sign_up.scheme, name="Old series", address="Guildhall")
    now = timezone.now()
    for day in range(0, 95, 5):
        at = now + datetime.timedelta(days=day)
        assert send_return_letters(at) == 0
        send_month_letters(at)
    assert propose_dates(now) == 0
    assert not Meeting.objects.exists()
    assert set_up_schemes() == 0
    for letter in Email.objects.all():
        assert not traces(letter.message)


def test_decision_emails_mention_no_disabled_part(scheme):
    officer = OfficerFactory(scheme=scheme).user
    kinds = ("approve", "ask_for_changes", "decline", "suspend", "reinstate")
    venue = VenueFactory(lead_scheme=scheme, hours=ALWAYS)
    sign_up = SignUpFactory(scheme=scheme, venue=venue, agreed=True, checked=True, submitted=True)
    for kind in kinds:
        assert not traces(default_letter(kind, sign_up)), kind
    actions.approve_sign_up(sign_up, by=officer, letter=default_letter("approve", sign_up))
    for letter in Email.objects.all():
        assert not traces(letter.message)
        assert not traces(strip_tags(letter.html_message))


def test_the_pack_has_no_section_for_a_disabled_part(sign_up):
    pack = make_pack(sign_up.scheme, Period(QUARTER, 2026, 1), timezone.localdate())
    keys = {part.key for part in pack.parts}
    assert keys == {"members", "coverage", "issues"}


OF_A_PART = re.compile(
    r"training\.|\.sticker|\.(quarter|before|after)_places$|partnership\.(?!month|urgent)"
)
"""Letters that only a scheme with the part sends."""


@pytest.mark.parametrize("kind", [kind for kind in KINDS if not OF_A_PART.search(kind)])
def test_no_other_letter_mentions_a_disabled_part(kind, scheme):
    draft = make_draft(scheme)
    draft.context["issue"].theme = "space"
    for more in ({}, {"alone": False, "overdue": True}):
        draft.context |= more
        letter = compose(kind, draft)
        for text in (letter.subject, letter.text, strip_tags(letter.html)):
            assert not traces(text)


def crawl(client, start, deep=5):
    """(path, text) of every page within so many links of `start`."""
    seen, ahead = {start}, [(start, deep)]
    while ahead:
        asked, deep = ahead.pop(0)
        page = client.get(asked, follow=True)
        if page.status_code != 200 or "html" not in page["Content-Type"]:
            continue
        yield asked, text_of(page)
        base = page.redirect_chain[-1][0] if page.redirect_chain else asked
        for link in re.findall(r'<a\b[^>]*\bhref="([^"#]+)', page.content.decode()):
            path = urljoin(base, unescape(link)).split("?")[0]
            if deep and path.startswith("/") and path not in seen and "logout" not in path:
                seen.add(path)
                ahead.append((path, deep - 1))


OF_ALL_SCHEMES = re.compile(
    # Notices of the whole site, and the public sessions of whichever scheme has some.
    r"/(privacy|training/\w+|accounts/[\w/]+)/$"
    # Quarters of coverage are of the calendar; "Partnership" is the name of a group of lists; a
    # role may be of use once there is training; the columns are those of any scheme's file.
    r"|/admin/((coverage|partnership)/.*|venues/officer/.*|import-members/)?$"
)


def mentions(client, start, deep=5):
    """{path: traces} of the pages reached, and how many pages those are."""
    pages = {p: text for p, text in crawl(client, start, deep) if not OF_ALL_SCHEMES.fullmatch(p)}
    return {path: traces(text) for path, text in pages.items() if traces(text)}, len(pages)


def test_no_page_the_portal_links_to_mentions_a_disabled_part(client, sign_up):
    other = VenueFactory(lead_scheme=sign_up.scheme, organisation=sign_up.venue.organisation)
    SignUpFactory(scheme=sign_up.scheme, venue=other)
    issue = {"scheme": sign_up.scheme, "sign_up": sign_up, "urgency": "meeting"}
    IssueFactory(**issue, theme="listing", text="The door sticks.")
    client.force_login(MembershipFactory(organisation=sign_up.venue.organisation).user)
    found, pages = mentions(client, "/portal/")
    assert found == {}
    assert pages > 60


def test_no_public_page_mentions_a_disabled_part(client, sign_up):
    found, pages = mentions(client, "/")
    assert found == {}
    assert pages > 12


def test_no_page_the_officers_first_page_links_to_mentions_a_disabled_part(client, sign_up):
    issue = {"scheme": sign_up.scheme, "sign_up": sign_up, "urgency": "meeting"}
    IssueFactory(**issue, theme="listing", text="The door sticks.")
    client.force_login(OfficerFactory(scheme=sign_up.scheme, role="administrator").user)
    found, pages = mentions(client, "/admin/", deep=1)
    assert found == {}
    assert pages > 15


FOREIGN = re.compile(r"safe spaces?\b|Social Inclusion Partnership|four (times )?a year", re.I)


@pytest.mark.parametrize("name", sorted(set(portal_pages())))
def test_the_portal_says_the_schemes_own_noun_and_cadence(client, settings, name):
    settings.INSTALLATION_NAME = "Havens of the County"
    scheme = SchemeFactory(
        name="Quay Watch",
        noun="harbour",
        noun_plural="harbours",
        sticker_title="Harbour",
        what_to_say="Say you need a harbour.",
        meetings_every="year",
        returns_every="quarter",
    )
    sign_up = SignUpFactory(scheme=scheme, approved=True, listed=True, agreed=True)
    client.force_login(MembershipFactory(organisation=sign_up.venue.organisation).user)
    page = client.get(reverse(name, args=[sign_up.pk]))
    if page.status_code == 200 and "html" in page["Content-Type"]:
        said = text_of(page)
        assert not FOREIGN.search(said), FOREIGN.search(said)
        if name == "returns_home":
            assert "Every quarter we ask how often somebody needed your harbour." in said
