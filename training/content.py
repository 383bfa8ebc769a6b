"""Training content as files: a folder per module with a Markdown file per section.

`easy-read.md` and `handout.md` are for printing; `questions.toml`, `outline.toml` (what a trainer
does in a room) and `facts.toml` (what the text relies on, with sources) hold tables.
"""

import hashlib
import tomllib
from dataclasses import dataclass, field
from pathlib import Path

from django.utils.translation import gettext as _

from common.refusals import Refused

FOLDER = Path(__file__).parent / "content"


PAPERS = ["easy-read", "handout"]
"""The kinds of `training.models.Paper`, in order; each is a file of this name."""


@dataclass(frozen=True)
class VersionText:
    """Everything written in one version of a module, in order."""

    sections: list[tuple[str, str]]  # (title, body)
    questions: list[dict]  # each with text and choices; a choice has text, right and feedback
    papers: list[dict] = field(default_factory=list)  # kind and body
    outline: list[dict] = field(default_factory=list)  # minutes, title and text
    facts: list[dict] = field(default_factory=list)  # says, source, url and to_confirm


@dataclass(frozen=True)
class Content:
    """A module read from its folder and validated."""

    slug: str
    about: dict  # title, summary, kind, minutes and other fields; prerequisites by slug
    text: VersionText
    digest: str


def read_all(folder: Path = FOLDER) -> list[Content]:
    """Every module shipped with the software, prerequisites first."""
    found = [read(path.parent) for path in sorted(folder.glob("*/module.toml"))]
    return sorted(found, key=lambda content: "prerequisites" in content.about)


def read(folder: Path) -> Content:
    """Read the module in `folder`; Refused with the file and the reason if it is invalid."""
    papers = [f"{kind}.md" for kind in PAPERS]
    sections = sorted(path.name for path in folder.glob("*.md") if path.name not in papers)
    names = ["module.toml", *sections, "questions.toml", *papers, "outline.toml", "facts.toml"]
    texts = {
        name: (folder / name).read_text(encoding="utf-8")
        for name in names
        if (folder / name).exists()
    }
    about = _toml(texts, "module.toml")
    questions = _toml(texts, "questions.toml").get("questions", [])
    outline = _toml(texts, "outline.toml").get("steps", [])
    facts = _toml(texts, "facts.toml").get("facts", [])
    problems = [
        *_section_problems({name: texts[name] for name in sections}),
        *_question_problems(questions),
        *_missing_keys("outline.toml", outline, "minutes", "title", "text"),
        *_missing_keys("facts.toml", facts, "says", "source"),
    ]
    if about.get("completed_by") != "attendance" and not questions:
        problems.append(_("There are no questions."))
    if problems:
        raise Refused(*problems)
    return Content(
        slug=folder.name,
        about=about,
        text=VersionText(
            sections=[_section(texts[name]) for name in sections],
            questions=[_question(each) for each in questions],
            papers=[
                {"kind": kind, "body": texts[f"{kind}.md"].strip()}
                for kind in PAPERS
                if f"{kind}.md" in texts
            ],
            outline=[{**each, "text": each["text"].strip()} for each in outline],
            facts=[{"url": "", "to_confirm": False, **each} for each in facts],
        ),
        digest=hashlib.sha256("\0".join(texts.values()).encode()).hexdigest(),
    )


def _toml(texts: dict[str, str], name: str) -> dict:
    try:
        return tomllib.loads(texts.get(name, ""))
    except tomllib.TOMLDecodeError as error:
        raise Refused(f"{name}: {error}") from error


def _section(text: str) -> tuple[str, str]:
    title, __, body = text.partition("\n")
    return title.removeprefix("# ").strip(), body.strip()


def _question(question: dict) -> dict:
    choices = [{"right": False, **choice} for choice in question["choices"]]
    return {**question, "choices": choices}


def _missing_keys(name: str, tables: list[dict], *keys: str) -> list[str]:
    return [
        _("%(file)s: number %(number)s has no “%(key)s”.")
        % {"file": name, "number": number, "key": key}
        for number, table in enumerate(tables, start=1)
        for key in keys
        if not table.get(key)
    ]


def _section_problems(texts: dict[str, str]) -> list[str]:
    return [
        _("%(file)s does not begin with a title: “# Title”.") % {"file": name}
        for name, text in texts.items()
        if not text.startswith("# ")
    ]


def _question_problems(questions: list[dict]) -> list[str]:
    problems = []
    for number, question in enumerate(questions, start=1):
        choices = question.get("choices", [])
        if not any(choice.get("right") for choice in choices):
            problems.append(_("Question %(number)s has no right answer.") % {"number": number})
        if not all(choice.get("text") and choice.get("feedback") for choice in choices):
            problems.append(
                _("Question %(number)s has an answer without text or feedback.")
                % {"number": number}
            )
    return problems
