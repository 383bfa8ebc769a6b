"""Training content as files: a folder per module, a Markdown file per section, TOML questions."""

import hashlib
import tomllib
from dataclasses import dataclass
from pathlib import Path

from django.utils.translation import gettext as _

from common.refusals import Refused

FOLDER = Path(__file__).parent / "content"


@dataclass(frozen=True)
class Content:
    """A module read from its folder and validated."""

    slug: str
    about: dict  # title, summary, kind, minutes and other fields; prerequisites by slug
    sections: list[tuple[str, str]]  # (title, body)
    questions: list[dict]  # each with text and choices; a choice has text, right and feedback
    digest: str


def read_all(folder: Path = FOLDER) -> list[Content]:
    """Every module shipped with the software, prerequisites first."""
    found = [read(path.parent) for path in sorted(folder.glob("*/module.toml"))]
    return sorted(found, key=lambda content: "prerequisites" in content.about)


def read(folder: Path) -> Content:
    """Read the module in `folder`; Refused with the file and the reason if it is invalid."""
    paths = [folder / "module.toml", *sorted(folder.glob("*.md")), folder / "questions.toml"]
    texts = {path.name: path.read_text(encoding="utf-8") for path in paths if path.exists()}
    about = _toml(texts, "module.toml")
    questions = _toml(texts, "questions.toml").get("questions", [])
    problems = [*_section_problems(texts), *_question_problems(questions)]
    if about.get("completed_by") != "attendance" and not questions:
        problems.append(_("There are no questions."))
    if problems:
        raise Refused(*problems)
    return Content(
        slug=folder.name,
        about=about,
        sections=[_section(text) for name, text in texts.items() if name.endswith(".md")],
        questions=questions,
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


def _section_problems(texts: dict[str, str]) -> list[str]:
    return [
        _("%(file)s does not begin with a title: “# Title”.") % {"file": name}
        for name, text in texts.items()
        if name.endswith(".md") and not text.startswith("# ")
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
