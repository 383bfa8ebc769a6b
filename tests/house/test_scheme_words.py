"""Every page, letter and paper speaks the scheme's own words, and none of another's.

The data of one scheme with odd words for its places, its sticker and its meetings is shown through
every URL of the site, every letter and every PDF, and all text is searched, attributes included.
"""

import html
import re
from http import HTTPStatus
from io import BytesIO

import pytest
from django.utils import timezone
from pypdf import PdfReader

from coverage.models import PublicMap
from geography.models import Area
from partnership.minutes import minutes_pdf
from partnership.pack import make_pack
from partnership.pack.pdf import pack_pdf
from partnership.periods import Period
from tests.coverage.town import DISTRICT, at, make_town
from tests.factories import ALWAYS, SchemeFactory, SignUpFactory, UserFactory
from tests.house.chain import QUARTER, address, make_chain
from tests.house.drafts import make_draft
from tests.house.links import make_tokens
from tests.house.test_access import ROUTES, is_public
from tests.house.test_letters import KINDS
from training.certificates import certificate_pdf
from venues.letters import compose
from venues.models import Scheme
from venues.sticker_pdf import SIZES, sticker_pdf

pytestmark = pytest.mark.django_db
FOREIGN = re.compile(
    r"safe[\s_-]*spaces?\b|social\s+inclusion|\b(four|4)\s+(times\s+)?(a|each|every)\s+year", re.I
)
OWN = {
    "noun": "zorbel",
    "noun_plural": "zorbels",
    "sticker_title": "Zorbel",
    "sticker_wording": "Walk in and ask.",
    "what_to_say": "Say “zorbel”.",
    "about": "What a zorbel is.",
    "meetings_every": "year",
}
NOT_ABOUT_A_SCHEME = ("styleguide/", "admin/login/", "admin/logout/")
CLOSED_TO_GET = (301, 302, 400, 403, 404, 405, 410)
OFFICERS = [route for route, _view in ROUTES if route.startswith("admin/") and "(?P" not in route]
AREAS = sorted({route.split("/")[1] for route in OFFICERS})
"""The first word of officers' URLs below /admin/; each is a walk of its own."""


def said_by(answer) -> str:
    """All text of a response: PDFs are read, HTML keeps its attributes."""
    body = answer.getvalue() if answer.streaming else answer.content
    kind = answer.headers.get("Content-Type", "")
    if "pdf" in kind and body.startswith(b"%PDF-1"):
        return text_of(body)
    if kind.startswith(("image/png", "image/jpeg", "image/webp", "font/")):
        return ""
    return html.unescape(body.decode(errors="replace"))


def text_of(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in PdfReader(BytesIO(pdf)).pages)


def foreign(text: str) -> list[str]:
    """Each foreign word with its context, for the failure message."""
    return [
        " ".join(text[max(0, found.start() - 70) : found.end() + 40].split())
        for found in FOREIGN.finditer(text)
    ]


@pytest.fixture
def chain(settings, tmp_path):
    """One council's full data in its own words, with a listed place and public coverage."""
    settings.MEDIA_ROOT = tmp_path
    make_town()
    things = make_chain()
    Scheme.objects.update(**OWN, area=Area.objects.get(code=DISTRICT))
    things["scheme"].refresh_from_db()
    place = {"hours": ALWAYS, "point": at(0), "slug": "open", "postcode": "ZZ1 1AB"}
    SignUpFactory(
        scheme=things["scheme"],
        approved=True,
        listed=True,
        **{f"venue__{name}": value for name, value in place.items()},
    )
    PublicMap.objects.create(scheme=things["scheme"], shown_by=things["officer"].user)
    for name in ("signup", "sticker", "enrolment", "meeting"):
        things[name] = type(things[name]).objects.get(pk=things[name].pk)
    return things


def page_of(route, chain, tokens):
    """The route's URL for the chain's objects."""
    if route.startswith("venues/"):
        words = {"slug": "open"}
    elif route.startswith("calendars/"):
        return "/"
    else:
        words = {"slug": "quixotic", "order": 1}
    if "<int:pk>" in route and not route.startswith(("portal/", "admin/")):
        words["pk"] = chain["venue"].pk  # A photo, a picture or a file: no page with words.
    words["token"] = tokens.get(route.split("<")[0], "")
    if "<str:code>" in route:
        is_sticker = route.startswith("stickers/")
        words["code"] = chain["sticker"].code if is_sticker else chain["enrolment"].certificate_code
    return address(route, chain, **words)


def read(client, chain, routes, tokens=None) -> dict[str, str]:
    """By path, the text of every page among these that opens."""
    pages = {}
    for route in routes:
        if route.startswith(NOT_ABOUT_A_SCHEME):
            continue
        asked = page_of(route, chain, tokens or {})
        answer = client.get(asked)
        moved = (
            HTTPStatus.PERMANENT_REDIRECT
        )  # An address of earlier letters: its page is in the list.
        assert answer.status_code in (200, moved, *CLOSED_TO_GET), asked
        if answer.status_code == 200:
            pages[asked] = said_by(answer)
    return pages


def assert_own_words(pages: dict[str, str]) -> None:
    assert {name: foreign(text) for name, text in pages.items() if foreign(text)} == {}


PUBLIC = [route for route, view in ROUTES if is_public(view) and not route.startswith("admin/")]


def search(client) -> dict[str, str]:
    """The answers to a search, to one of an unknown place, and to an error."""
    found = {"latitude": "51.6985", "longitude": "-2.0014"}
    asked = ({"location": "Smalltown"}, {"location": "nowhere at all"}, {}, found)
    return {str(data): said_by(client.post("/", data)) for data in asked}


def test_no_public_page_says_another_schemes_words(client, chain):
    pages = read(client, chain, PUBLIC, make_tokens(chain))
    assert len(pages) > 40
    assert_own_words(pages | search(client))
    assert "Make your place a zorbel" in pages["/join/"]
    assert "within 800 m of a zorbel" in pages["/coverage/quixotic/"]


def test_no_page_of_two_schemes_says_a_thirds_words(client, chain):
    SchemeFactory(noun="blenk", noun_plural="blenks", what_to_say="Say “blenk”.")
    pages = read(client, chain, [route for route in PUBLIC if "<str:token>" not in route])
    assert_own_words(pages | search(client))
    assert "Sign up your place" in pages["/join/"]
    assert "zorbel" not in pages["/join/"]


def test_no_portal_page_says_another_schemes_words(client, chain):
    client.force_login(chain["user"])
    pages = read(client, chain, [route for route, _view in ROUTES if route.startswith("portal/")])
    assert len(pages) > 40
    assert_own_words(pages)


@pytest.mark.parametrize("area", AREAS)
def test_no_officers_page_says_another_schemes_words(client, chain, area):
    """Read by whoever runs the installation: they see every page."""
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    routes = [route for route in OFFICERS if route.split("/")[1] == area]
    assert_own_words(read(client, chain, routes))


def test_the_walk_reads_officers_pages(client, chain):
    client.force_login(UserFactory(is_staff=True, is_superuser=True))
    routes = ["admin/", "admin/venues/signup/<path:object_id>/change/"]
    assert len(read(client, chain, routes)) == 2


@pytest.mark.parametrize("kind", KINDS)
def test_no_letter_says_another_schemes_words(kind):
    draft = make_draft(SchemeFactory(name="Quay Watch", **OWN))
    for more in (
        {"has_meetings": True},
        {"has_meetings": False},
        {"alone": False, "time_changed": False, "overdue": True, "place": "", "completed": False},
    ):
        draft.context |= more
        letter = compose(kind, draft)
        assert_own_words(
            {"subject": letter.subject, "text": letter.text, "html": html.unescape(letter.html)}
        )


def test_no_paper_says_another_schemes_words(chain):
    scheme, today = chain["scheme"], timezone.localdate()
    papers = {
        **{size: sticker_pdf([chain["sticker"]], size) for size in SIZES},
        "certificate": certificate_pdf(chain["enrolment"]),
        "minutes": minutes_pdf(chain["meeting"]),
        "pack": pack_pdf(make_pack(scheme, Period.parse(QUARTER), today), today),
    }
    texts = {name: text_of(paper) for name, paper in papers.items()}
    assert all("Quixotic" in text for text in texts.values())
    assert_own_words(texts)
    assert "zorbel" in texts["window"].lower()


def test_foreign_words_are_found():
    assert foreign("a Safe  Space, a safe-space\nfour times a year, Social\nInclusion") != []
    assert foreign("a safe place, spaces, a zorbel each year") == []
