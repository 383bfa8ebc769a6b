"""Every letter renders for any scheme, has its button, and is queued only by the kit."""

import ast
import datetime
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.utils import timezone

from partnership.emails import AskedAbout
from partnership.periods import QUARTER, Period
from tests.factories import SchemeFactory, SignUpFactory, StickerFactory
from tests.house.test_layers import SOURCES
from tests.partnership.factories import IssueFactory
from tests.training.factories import CompletionFactory
from tests.training.session_factories import SessionFactory
from venues.due import Due
from venues.letters import Draft, compose
from venues.models import DutyLink

ROOT = Path(settings.BASE_DIR)
LETTERS = sorted((ROOT / "templates").glob("*/letters/*.txt"))
KINDS = [f"{path.parts[-3]}.{path.stem}" for path in LETTERS if not path.stem.startswith("_")]
WITHOUT_BUTTON = {
    "venues.decline",
    "venues.suspend",
    "training.your_training_ends",
    "training.your_training_changed",
    # These list a link for each venue or task.
    "training.training_of_people_ends",
    "training.who_came",
    "partnership.month",
    "partnership.month_places",
    "partnership.quarter_places",
    "partnership.before_places",
    "partnership.after_places",
}
QUEUES_MAIL = re.compile(r"send_mail|EmailMessage|EmailMulti|mail_managers|mail_admins")


@pytest.fixture
def everything(db):
    """Context for any letter, of a scheme whose noun is "haven" and which has no meetings."""
    scheme = SchemeFactory(name="Quiet Havens", council="Elsewhere Town Council")
    sign_up = SignUpFactory(scheme=scheme, approved=True, venue__name="The Ark & Dove")
    now, link = timezone.now(), f"{settings.SITE_URL}/somewhere/"
    completion = CompletionFactory(scheme=scheme, venue=sign_up.venue)
    return Draft(
        ["sam@example.org"],
        {
            "action": None,
            "alone": True,
            "asked": [AskedAbout(sign_up, Period(QUARTER, 2026, 3), link, now.date())],
            "answer_link": link,
            "completed": True,
            "completion": completion,
            "day": now.date(),
            "duty": DutyLink(scheme=scheme, name="Robin", starts_on=now.date(), ends_on=now.date()),
            "due_on": now.date(),
            "enrolment": completion,
            "feedback_link": link,
            "has_meetings": False,
            "issue": IssueFactory(sign_up=sign_up),
            "lapsed": True,
            "leave_link": link,
            "leaves_on": now.date(),
            "link": link,
            "module": completion.module,
            "name": "quarterly tea",
            "number": 2,
            "offer_until": now + datetime.timedelta(days=1),
            "organisation": sign_up.venue.organisation,
            "parent": sign_up.venue.organisation,
            "overdue": False,
            "people": 3,
            "person": completion.staff_member,
            "place": "1 High Street",
            "position": 4,
            "principle": SimpleNamespace(title="Welcome"),
            "period": Period(QUARTER, 2026, 3).label,
            "reason": "The sign over the door says The Bell.",
            "rows": [
                {
                    "sign_up": sign_up,
                    "venue": sign_up.venue,
                    "people": 2,
                    "first": now.date(),
                    "link": link,
                }
            ],
            "set_by": scheme,
            "still_hidden": True,
            "whom_to_ring": "Robin, 01962 1",
            "session": SessionFactory(scheme=scheme, module=completion.module),
            "sticker": StickerFactory(sign_up=sign_up),
            "tasks": [Due("Confirm your hours.", "/somewhere/")],
            "places": [(sign_up, [Due("Confirm your hours.", "/somewhere/")])],
            "time_changed": True,
            "what": "name of the place",
            "kept_name": "Copper Kettle",
            "other_name": "The Copper Kettle",
            "when": "1 October 2026, 10:00",
            "words": ["The place can be found online."],
        },
        sign_up=sign_up,
    )


def test_the_walk_finds_letters():
    assert len(KINDS) > 35


@pytest.mark.parametrize("kind", KINDS)
def test_every_letter_renders_as_text_and_html_for_another_noun(kind, everything):
    for more in ({}, {"alone": False, "time_changed": False, "overdue": True, "place": ""}):
        everything.context |= more
        letter = compose(kind, everything)
        assert 0 < len(letter.subject) <= 200
        assert "Elsewhere Town Council, Quiet Havens\nteam@example.org" in letter.text
        assert letter.html.count("display:inline-block") == (kind not in WITHOUT_BUTTON)
        assert "Quiet Havens" in letter.html
        assert "Ark & Dove" not in letter.html
        for text in (letter.text, letter.html):
            assert "\x02" not in text
            assert "\x03" not in text
            assert "safe space" not in text.lower()
            assert "&amp;amp;" not in text
        assert "\n\n\n" not in letter.text
        for line in letter.text.splitlines():
            assert line == line.rstrip()


@pytest.mark.parametrize("path", LETTERS, ids=lambda path: f"{path.parts[-3]}/{path.stem}")
def test_no_letter_is_unused(path):
    app, name = path.parts[-3], path.stem
    used_as = (f'"{app}.{name}"', f'"{app}/letters/{name}.txt"')
    decided = app == "venues" and any(
        f'emails.letter("{name}"' in source.read_text(encoding="utf-8") for source in SOURCES
    )
    others = [*SOURCES, *(other for other in LETTERS if other != path)]
    texts = (source.read_text(encoding="utf-8") for source in others)
    assert decided or any(words in text for text in texts for words in used_as)


def test_only_the_letter_kit_queues_mail():
    allowed = {
        "accounts/adapter.py",  # Overrides allauth's send_mail to limit letters per hour.
        "common/letters/outbox.py",
        "common/tasks/mail_backend.py",  # What Django and allauth send: codes.
    }
    strays = []
    for path in SOURCES:
        name = str(path.relative_to(ROOT))
        if name in allowed:
            continue
        text = path.read_text(encoding="utf-8")
        imports = [
            f"{node.module}.{alias.name}"
            for node in ast.walk(ast.parse(text))
            if isinstance(node, ast.ImportFrom) and node.module
            for alias in node.names
        ]
        sends = {"post_office.mail", "post_office.mail.send", "post_office.mail.send_many"}
        builds = "Email(" in text and "post_office.models.Email" in imports
        if sends & set(imports) or QUEUES_MAIL.search(text) or builds or "Email.objects.cr" in text:
            strays.append(name)
    assert strays == []


def test_letters_live_only_in_their_apps_folder():
    elsewhere = [
        path
        for path in (ROOT / "templates").glob("*/email/*.txt")
        if path.parts[-3] not in ("account", "mfa")
    ]
    assert elsewhere == []
