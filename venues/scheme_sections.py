"""Sections of a scheme's public page that other apps supply.

Each is registered by its app, in its own `scheme_sections.py`. Sections with the same title are
merged, in the order they were registered.
"""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from venues.models import Scheme


@dataclass(frozen=True)
class Line:
    """A link with a short description, and what is shown at the end of its line."""

    words: Any
    url: str
    detail: Any = ""
    end: Any = ""


@dataclass(frozen=True)
class Section:
    """`lines` is called with a publicly visible scheme and an aware moment."""

    title: Any
    lines: Callable[[Scheme, datetime.datetime], Iterable[Line]]
    order: int = 100


_sections: list[Section] = []


def register(*found: Section) -> None:
    _sections.extend(found)


def sections(scheme: Scheme, at: datetime.datetime) -> list[tuple[str, list[Line]]]:
    """(title, lines) of every section that has lines, in order."""
    by_title: dict[str, list[Line]] = {}
    for section in sorted(_sections, key=lambda section: section.order):
        by_title.setdefault(str(section.title), []).extend(section.lines(scheme, at))
    return [(title, lines) for title, lines in by_title.items() if lines]
