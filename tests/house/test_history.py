"""Every recorded event kind has its sentence, and every sentence its event."""

import ast
import re
from pathlib import Path

from django.conf import settings

from venues import event_sentences

ROOT = Path(settings.BASE_DIR)
APPS = ("accounts", "venues", "training", "signposting", "coverage", "partnership", "safespaces")


def strings_in(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def kinds_written_in_actions():
    found = set()
    for app in APPS:
        for path in (ROOT / app).rglob("*.py"):
            if "actions" in path.name or "actions" in path.parts:
                found |= {
                    text for text in strings_in(path) if re.fullmatch(rf"{app}\.[a-z_]+", text)
                }
    return found


def test_every_event_kind_has_its_sentence():
    kinds = kinds_written_in_actions()
    assert len(kinds) > 30
    assert sorted(kind for kind in kinds if not event_sentences.has_sentence(kind)) == []


def test_an_event_of_a_removed_kind_still_renders():
    class Gone:
        kind, data = "venues.forgotten", {}

    assert "venues.forgotten" in event_sentences.sentence(Gone)


def test_data_missing_from_an_old_event_is_shown_as_a_question_mark():
    class Old:
        kind, data = "venues.sticker_issued", {}

    assert "?" in event_sentences.sentence(Old)
