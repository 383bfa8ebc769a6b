"""Second step: match the columns of a table to known fields.

A `Field` is one value an importer understands: the titles it goes by, as a pattern or a list, and
the reader of its cells. An importer is a list of fields and what it does with the values.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from common.plain_text import without_invisible
from common.refusals import Refused

from .cells import read_line


@dataclass(frozen=True)
class Field:
    """What one column may hold; `pattern` matches a whole normalised title."""

    name: str
    pattern: str
    read: Callable[[str], Any] = read_line
    needed: bool = False

    def is_called(self, title: str) -> bool:
        return _is(title, self.pattern)


@dataclass
class Matched:
    """Columns by field, and the titles that were not recognised."""

    header: list[str]
    at: dict[str, int]
    unused: list[str] = field(default_factory=list)

    def title(self, name: str) -> str:
        """The column's own title, for a sentence about it."""
        return self.header[self.at[name]] if name in self.at else name


def match(header: list[str], fields: Iterable[Field], file: str) -> Matched:
    """Match each field to its column. Refused if a required one is missing or two columns match
    one.
    """
    fields = list(fields)
    at: dict[str, int] = {}
    unused = []
    for index, title in enumerate(header):
        found = next((each for each in fields if each.is_called(title)), None)
        if found is None:
            unused += [title] if title else []
        elif found.name in at:
            raise Refused(
                _("%(file)s: the columns “%(one)s” and “%(other)s” both say the same.")
                % {"file": file, "one": header[at[found.name]], "other": title}
            )
        else:
            at[found.name] = index
    missing = [each.pattern.split("|")[0] for each in fields if each.needed and each.name not in at]
    if missing:
        raise Refused(
            _("%(file)s has no column “%(missing)s”. Its columns are: %(columns)s.")
            % {
                "file": file,
                "missing": "”, “".join(missing).replace("_", " "),
                "columns": listed(header),
            }
        )
    return Matched(header, at, unused)


def has_needed(fields: Iterable[Field]) -> Callable[[list[str]], bool]:
    """A test of whether a row is the header: it has a title for each needed field."""
    needed = [each for each in fields if each.needed]
    return lambda cells: all(any(map(each.is_called, cells)) for each in needed)


def not_used(titles: Iterable[str], most: int = 40) -> list[str]:
    titles = list(titles)
    if not titles:
        return []
    more = [_("and %(count)s more") % {"count": len(titles) - most}] if len(titles) > most else []
    return [_("Columns not used: %s.") % ", ".join(titles[:most] + more)]


def column(header: list[str], pattern: str) -> int | None:
    """The first column whose whole name matches the pattern, ignoring case and spacing."""
    for index, name in enumerate(header):
        if _is(name, pattern):
            return index
    return None


def _is(title: str, pattern: str) -> bool:
    """Whether a title matches a pattern; "Name (hall, church, shop)" counts as a name too."""
    plain = tidy(title)
    bare = re.sub(r"_?\([^()]*\)$", "", plain)
    return bool(re.fullmatch(pattern, plain) or (bare and re.fullmatch(pattern, bare)))


def tidy(name: str) -> str:
    """A normalised title: "Opening Time", "opening_time" and "OpeningTime" are equal."""
    name = re.sub(r"(?<=[a-z])(?=[A-Z][a-z])", "_", without_invisible(name))
    return re.sub(r"[\s_]+", "_", name.lower()).strip("_")


def listed(header: list[str]) -> str:
    """A header's columns for a sentence, shortened."""
    names = ", ".join(name.strip() for name in header[:8] if name.strip())
    return names[:200] + (" …" if len(header) > 8 or len(names) > 200 else "")
