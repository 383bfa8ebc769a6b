"""Reading a pack: which sections and keys are allowed, and where a mistake is."""

import base64
import binascii
import datetime
import re
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.core.validators import ProhibitNullCharactersValidator
from django.db import models
from django.utils.translation import gettext as _

from common import sizes
from common.refusals import Refused

HEADER = re.compile(r"^\s*(\[\[?)\s*([A-Za-z0-9_.-]+)\s*\]\]?\s*(#.*)?$")
KEY = re.compile(r"^\s*([A-Za-z0-9_-]+)\s*=")

TYPES: list[tuple[type[models.Field], tuple[type, ...], Callable[[], str]]] = [
    (models.BooleanField, (bool,), lambda: _("write true or false")),
    (models.IntegerField, (int,), lambda: _("write a whole number")),
    (models.DateField, (datetime.date, str), lambda: _("write a date, such as 2027-03-31")),
    (models.TimeField, (datetime.time, str), lambda: _("write a time, such as 10:30:00")),
    (ArrayField, (list,), lambda: _("write a list, such as [“pub”, “cafe”]")),
    (models.Field, (str,), lambda: _("write text between quotation marks")),
]


def _clean_text(text: str) -> str:
    """Strip whitespace. ValidationError for characters that PostgreSQL text cannot store."""
    text = text.strip()
    ProhibitNullCharactersValidator()(text)
    return text


def from_base64(text: str) -> bytes:
    """The content of a picture or file. ValidationError for anything that is not base 64."""
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except (binascii.Error, ValueError):
        raise ValidationError(_("This is not a file in base 64.")) from None


def in_base64(content: bytes) -> str:
    return base64.encodebytes(content).decode()


@dataclass(frozen=True)
class Key:
    """One key of a section, validated like the model field of this name.

    `name` is the key in the file if it differs from the field's name.
    """

    model: type[models.Model]
    attr: str
    name: str = ""
    is_required: bool | None = None

    @property
    def key(self) -> str:
        return self.name or self.attr

    @property
    def field(self) -> models.Field:
        return self.model._meta.get_field(self.attr)

    @property
    def required(self) -> bool:
        if self.is_required is not None:
            return self.is_required
        return not (self.field.blank or self.field.has_default())

    def parse(self, value: Any) -> Any:
        """The value for the field. ValidationError in words if the field cannot hold it."""
        kinds, words = next((k, w) for f, k, w in TYPES if isinstance(self.field, f))
        is_wrong = not isinstance(value, kinds) or (isinstance(value, bool) and bool not in kinds)
        if is_wrong or (isinstance(value, datetime.datetime) and str in kinds):
            raise ValidationError(words())
        if isinstance(value, list):
            if not all(isinstance(each, str) for each in value):
                raise ValidationError(words())
            value = [_clean_text(each) for each in value]
        if isinstance(value, str):
            value = _clean_text(value)
        return self.field.clean(value, None)

    def dump(self, thing: models.Model) -> Any:
        """The value for the file; None if it can be omitted."""
        value = getattr(thing, self.attr)
        default = self.field.get_default()
        if value is None or (not self.required and value == default) or value == "":
            return None
        return value


@dataclass(frozen=True)
class Text:
    """A key that is not a model field: text, or another type with `kind`. `check` may reject it."""

    key: str
    required: bool = False
    kind: type = str
    check: Callable[[Any], Any] | None = None

    def parse(self, value: Any) -> Any:
        words = {
            str: _("write text between quotation marks"),
            int: _("write a whole number"),
            bool: _("write true or false"),
            list: _("write a list, such as [“introductory”]"),
        }
        is_wrong = not isinstance(value, self.kind) or (self.kind is int and value is True)
        if is_wrong or (self.kind is list and not all(isinstance(each, str) for each in value)):
            raise ValidationError(words[self.kind])
        if self.kind is str:
            value = _clean_text(value)
        return self.check(value) if self.check else value


@dataclass(frozen=True)
class Tables:
    """A key that holds nested tables, such as a module's sections."""

    key: str
    keys: Sequence["AnyKey"]
    required: bool = False


AnyKey = Key | Text | Tables


@dataclass
class Row:
    """One validated table of a pack, and its position."""

    section: str
    values: dict[str, Any]
    place: str  # "[[principles]] 3"
    line: int = 0
    lines: dict[str, int] = field(default_factory=dict)

    def where(self, key: str = "") -> str:
        """Such as “Line 12, [[principles]] 3, title”."""
        line = self.lines.get(key, self.line)
        parts = [_("Line %(line)s") % {"line": line}] if line else []
        return ", ".join([*parts, self.place, *([key] if key else [])])

    def complaint(self, words: str, key: str = "") -> str:
        return f"{self.where(key)}: {words}"


def read_toml(text: str) -> dict:
    """The tables of a pack; Refused in words, with the line, if it is not valid TOML."""
    if len(text.encode()) > sizes.PACK:
        raise Refused(
            _("This file is larger than %(most)s MB, which no pack is.")
            % {"most": sizes.megabytes(sizes.PACK)}
        )
    try:
        return tomllib.loads(text)
    # Also raised for 31 February, or a thousand nested brackets.
    except (ValueError, RecursionError) as error:
        words = _("The file is not readable as TOML: %(error)s.")
        raise Refused(words % {"error": error}) from None


def places_of(text: str) -> dict[tuple[str, int], tuple[int, dict[str, int]]]:
    """(section, number) -> its line and each key's line. Approximate, but enough to find a
    mistake.
    """
    found: dict[tuple[str, int], tuple[int, dict[str, int]]] = {}
    counted: dict[str, int] = {}
    keys: dict[str, int] = {}
    for number, line in enumerate(text.splitlines(), start=1):
        if header := HEADER.match(line):
            name = header[2]
            counted[name] = counted.get(name, 0) + 1
            keys = {}
            found[name, counted[name]] = (number, keys)
        elif key := KEY.match(line):
            keys.setdefault(key[1], number)
    return found


def check_rows(
    section: str, many: bool, keys: Sequence[AnyKey], table: Any, places: dict
) -> tuple[list[Row], list[str]]:
    """The validated rows of one section, and a sentence per mistake."""
    head = f"[[{section}]]" if many else f"[{section}]"
    if not (isinstance(table, list) if many else isinstance(table, dict)):
        return [], [_("%(section)s: begin it with %(head)s.") % {"section": section, "head": head}]
    rows, problems = [], []
    for number, data in enumerate(table if many else [table], start=1):
        line, lines = places.get((section, number), (0, {}))
        row = Row(section, {}, f"{head} {number}" if many else head, line, lines)
        if not isinstance(data, dict):
            problems.append(row.complaint(_("begin it with %(head)s.") % {"head": head}))
            continue
        row.values, wrong = _checked(data, keys)
        problems += [row.complaint(words, key) for key, words in wrong]
        rows.append(row)
    return rows, problems


def _checked(data: dict, keys: Sequence[AnyKey]) -> tuple[dict, list[tuple[str, str]]]:
    """The values by field name (or else key), and (key, words) per mistake."""
    known = {each.key: each for each in keys}
    values: dict[str, Any] = {}
    wrong = [
        (key, _("there is no such key. There are: %(known)s.") % {"known": ", ".join(known)})
        for key in data
        if key not in known
    ]
    for name, key in known.items():
        if name not in data:
            if key.required:
                wrong.append((name, _("this key is missing.")))
        elif isinstance(key, Tables):
            values[name], inside = _checked_tables(data[name], key)
            wrong += inside
        else:
            try:
                values[getattr(key, "attr", name)] = key.parse(data[name])
            except ValidationError as error:
                wrong.append((name, " ".join(error.messages)))
    return values, wrong


def _checked_tables(tables: Any, key: Tables) -> tuple[list[dict], list[tuple[str, str]]]:
    if not isinstance(tables, list) or not all(isinstance(each, dict) for each in tables):
        return [], [(key.key, _("write tables, each of its own."))]
    found, wrong = [], []
    for number, each in enumerate(tables, start=1):
        values, inside = _checked(each, key.keys)
        found.append(values)
        wrong += [(f"{key.key} {number}, {name}", words) for name, words in inside]
    return found, wrong
