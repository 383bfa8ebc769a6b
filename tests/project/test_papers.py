"""The documentation matches the repository."""

import re

import pytest
from django.conf import settings

DOCS = settings.BASE_DIR / "docs"


def test_every_decision_record_is_in_the_index():
    index = (DOCS / "README.md").read_text(encoding="utf-8")
    missing = [
        path.name
        for path in sorted((DOCS / "decisions").glob("*.md"))
        if f"(decisions/{path.name})" not in index
    ]
    assert missing == []


PAPERS = [settings.BASE_DIR / "CONTRIBUTING.md", *sorted(DOCS.glob("**/*.md"))]
APPS = "|".join(path.parent.name for path in sorted(settings.BASE_DIR.glob("*/__init__.py")))
OURS = re.compile(rf"(?:{APPS}|templates|tests|bin|docs|assets|static)/[\w./*-]*")
TABLE = (settings.BASE_DIR / "CONTRIBUTING.md").read_text(encoding="utf-8")
NAMED = re.compile(r"`([A-Za-z_.]+)`(?: of the [a-z]+)?,?(?: [a-z ]+)? in `([\w/]+\.py)`")


def paths_named(paper) -> set[str]:
    """Paths of this repository in backticks; those with <a part to fill in> are left out."""
    return {word for word in re.findall(r"`([^`\s<]+)`", paper) if OURS.fullmatch(word)}


def is_there(path: str) -> bool:
    """In the repository, or a template called by its name; `*` stands for any name."""
    return any(any((settings.BASE_DIR / folder).glob(path)) for folder in ("", "templates"))


@pytest.mark.parametrize("paper", PAPERS, ids=lambda path: path.name)
def test_every_path_a_paper_names_exists(paper):
    named = paths_named(paper.read_text(encoding="utf-8"))
    assert [path for path in sorted(named) if not is_there(path)] == []


def defines(source: str, name: str) -> bool:
    return bool(re.search(rf"^ *(class )?{name.split('.')[-1]}\b *[=(:]", source, flags=re.M))


def test_every_name_that_contributing_sends_to_a_module_is_in_it():
    named = NAMED.findall(TABLE)
    assert len(named) > 8
    lost = [
        (name, path)
        for name, path in named
        if not defines((settings.BASE_DIR / path).read_text(encoding="utf-8"), name)
    ]
    assert lost == []


def test_contributing_names_paths():
    assert len(paths_named(TABLE)) > 25
    assert paths_named("`venues/nowhere.py`, `venues/<app>/x.py`, `word`") == {"venues/nowhere.py"}
