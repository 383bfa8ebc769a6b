"""What a scheme's public page shows of apps that it does not know.

Each is registered by its app, in a `scheme_sections.py` of its own. Sections of one title are drawn
as one, in the order in which they were registered.
"""

import datetime
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

from venues.models import Scheme


@dataclass(frozen=True)
class Line:
    """A link with a few words beside it, and what stands at the end of its line."""

    words: Any
    url: str
    detail: Any = ""
    end: Any = ""


@dataclass(frozen=True)
class Section:
    """`lines` is asked for a scheme that the public may see, at an aware moment."""

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
