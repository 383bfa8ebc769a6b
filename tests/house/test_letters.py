"""Every letter renders for any scheme, has its button, and is queued only by the kit."""

import ast
import re
from pathlib import Path

import pytest
from django.conf import settings

from tests.factories import SchemeFactory
from tests.house.drafts import make_draft
from tests.house.test_layers import SOURCES
from venues.letters import compose

ROOT = Path(settings.BASE_DIR)
LETTERS = sorted((ROOT / "templates").glob("*/letters/*.txt"))
KINDS = [f"{path.parts[-3]}.{path.stem}" for path in LETTERS if not path.stem.startswith("_")]
WITHOUT_BUTTON = {
    # There is nothing to do.
    "venues.address_no_longer_used",
    "venues.address_used_now",
    "venues.decline",
    "venues.suspend",
    "venues.organisation_decline",
    "venues.organisation_suspend",
    "training.your_training_ends",
    "training.your_training_changed",
    # These list a link for each venue or task.
    "training.training_of_people_ends",
    "training.who_came",
    "partnership.month",
    "partnership.month_places",
    "partnership.return_asked_places",
    "partnership.before_places",
    "partnership.after_places",
}
QUEUES_MAIL = re.compile(r"send_mail|EmailMessage|EmailMulti|mail_managers|mail_admins")


@pytest.fixture
def everything(db):
    """Context for any letter, of a scheme whose noun is "haven" and which has no meetings."""
    return make_draft(SchemeFactory(name="Quiet Havens", council="Elsewhere Town Council"))


@pytest.mark.parametrize("kind", KINDS)
def test_every_letter_about_a_place_names_place_scheme_and_council(kind, everything):
    letter = compose(kind, everything)
    for part in (letter.text, letter.html.replace("&amp;", "&")):
        for words in ("The Ark & Dove", "Quiet Havens", "Elsewhere Town Council"):
            assert words in part


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
