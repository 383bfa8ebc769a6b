"""The sections of a pack. Each app registers its own in its `pack_sections.py`."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from accounts.models import User
from venues.models import Scheme

from .rows import AnyKey, Row


@dataclass
class Loading:
    """A scheme being loaded from a pack."""

    scheme: Scheme
    by: User | None
    folder: Path | None = None
    """Where the pack is, for files beside it; None for a pack uploaded in a browser."""
    problems: list[str] = field(default_factory=list)
    renamed: dict[str, str] = field(default_factory=dict)
    """Subjects of requirements that have another name here, such as a module's."""

    def complain(self, row: Row, words: str, key: str = "") -> None:
        self.problems.append(row.complaint(words, key))

    def save(self, row: Row, thing: models.Model) -> bool:
        """Save it if it passes the model's validation; otherwise report why at its row."""
        try:
            thing.full_clean()
        except ValidationError as error:
            for name, words in error.message_dict.items():
                self.complain(row, " ".join(words), "" if name == "__all__" else name)
            return False
        thing.save()
        return True


@dataclass(frozen=True)
class Section:
    """One section of a pack: `[key]`, or `[[key]]` if `many`.

    `dump` gives a scheme's tables, omitting defaults; None if the scheme has nothing in this
    section. `load` creates objects from the validated rows; it is None for fields of the scheme
    itself. `order` is the order in the file and, unless `loads_at` differs, of loading: whatever
    others refer to comes first.
    """

    key: str
    keys: Sequence[AnyKey]
    dump: Callable[[Scheme], list[dict[str, Any]]]
    load: Callable[[Loading, list[Row]], None] | None
    order: int
    many: bool = True
    loads_at: int | None = None


_sections: dict[str, Section] = {}


def register(section: Section) -> None:
    """Raises ValueError for a key that is registered already."""
    if section.key in _sections:
        raise ValueError(f"A pack has one section {section.key}.")
    _sections[section.key] = section


def sections() -> list[Section]:
    """Sections in file order."""
    return sorted(_sections.values(), key=lambda section: section.order)


def in_order_of_loading() -> list[Section]:
    return sorted(
        _sections.values(),
        key=lambda each: each.order if each.loads_at is None else each.loads_at,
    )


def dump_fields(thing: models.Model, keys: Sequence[AnyKey]) -> dict[str, Any]:
    """A table of the keys that are fields of `thing`."""
    values = {each.key: each.dump(thing) for each in keys if hasattr(each, "dump")}
    return {key: value for key, value in values.items() if value is not None}
