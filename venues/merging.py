"""The registry of foreign keys that a merge moves, and the plan of one merge.

In its `mergers.py` every app declares, for each foreign key of its own to Venue, Organisation or
SignUp, whether the rows move to the kept entry (`comes_over`) or deliberately stay (`stays`).
`VenuesConfig.ready` loads them all; a test walks the models and reports any that is missing.
"""

import datetime
import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.contrib.gis.geos import GEOSGeometry
from django.db.models import Model, QuerySet
from django.db.models.fields.files import FieldFile


@dataclass(frozen=True)
class Rule:
    """What happens to the rows of one foreign key.

    `words(count)` describes in the preview how many move; empty means nothing is said. `but(keep,
    other)` returns the other entry's rows that stay because the kept one already has an equivalent.
    """

    model: type[Model]
    field: str
    comes: bool
    words: Callable[[int], str] | None = None
    but: Callable[[Model, Model], QuerySet] | None = None
    why: str = ""


_rules: dict[tuple[type[Model], str], Rule] = {}
_hindrances: dict[type[Model], list[Callable[[Model, Model], Iterable[str]]]] = {}


def _add(rule: Rule) -> None:
    key = (rule.model, rule.field)
    rule.model._meta.get_field(rule.field)  # raises FieldDoesNotExist for a wrong name
    if key in _rules:
        raise ValueError(f"{rule.model._meta.label}.{rule.field} has two rules for merging.")
    _rules[key] = rule


def comes_over(
    model: type[Model],
    field: str,
    words: Callable[[int], str] | None = None,
    *,
    but: Callable[[Model, Model], QuerySet] | None = None,
) -> None:
    """Rows whose foreign key `field` points to the other entry move to the kept one."""
    _add(Rule(model, field, True, words, but))


def stays(model: type[Model], *fields: str, why: str) -> None:
    """Leave the rows alone. `why` documents the reason."""
    for name in fields:
        _add(Rule(model, name, False, why=why))


def refuses(model: type[Model], find: Callable[[Model, Model], Iterable[str]]) -> None:
    """`find(keep, other)` returns, in words, what has to be settled before merging."""
    _hindrances.setdefault(model, []).append(find)


def rules() -> dict[tuple[type[Model], str], Rule]:
    """Every rule, by model and foreign key name."""
    return dict(_rules)


def hindrances(keep: Model, other: Model) -> list[str]:
    """What has to be settled before merging, in words."""
    found = _hindrances.get(type(keep), [])
    return [words for find in found for words in find(keep, other)]


@dataclass(frozen=True)
class Change:
    """A field's value before and after the merge, or a row that the merge created.

    A created row has no `field`. Values are JSON-compatible.
    """

    model: str
    pk: int
    field: str = ""
    was: Any = None
    now: Any = None

    @property
    def rows(self) -> QuerySet:
        return apps.get_model(self.model)._base_manager.filter(pk=self.pk)

    def as_json(self) -> list:
        return [self.model, self.pk, self.field, self.was, self.now]


@dataclass
class Plan:
    """The changes of one merge and their description. Nothing is written before `carry_out`."""

    changes: list[Change] = field(default_factory=list)
    effect: list[str] = field(default_factory=list)

    def set(self, thing: Model, **values: Any) -> None:
        """Set fields of one row, by attribute name (`venue_id`)."""
        for name, value in values.items():
            self._set(thing._meta.label, thing.pk, name, getattr(thing, name), value)

    def set_each(self, rows: QuerySet, name: str, value: Any) -> int:
        """Set one field of many rows; returns how many."""
        found = rows.order_by("pk").values_list("pk", name)
        label = rows.model._meta.label
        for pk, was in found:
            self._set(label, pk, name, was, value)
        return len(found)

    def _set(self, label, pk, name, was, now):
        if was != now:
            self.changes.append(Change(label, pk, name, _plain(was), _plain(now)))

    def created(self, row: Model) -> None:
        self.changes.append(Change(row._meta.label, row.pk))

    def say(self, words: str) -> None:
        self.effect.append(words)

    def follow_rules(self, keep: Model, other: Model) -> None:
        """Plan the moves that the registry declares for this kind of entry."""
        for (model, name), rule in _rules.items():
            if not rule.comes or model._meta.get_field(name).related_model is not type(keep):
                continue
            rows = model._base_manager.filter(**{name: other.pk})
            if rule.but:
                rows = rows.exclude(pk__in=rule.but(keep, other).order_by().values("pk"))
            attname = model._meta.get_field(name).attname
            if (count := self.set_each(rows, attname, keep.pk)) and rule.words:
                self.say(rule.words(count))


def _plain(value):
    """As JSON, keeping microseconds, which Django's own encoder truncates."""
    if isinstance(value, datetime.date | datetime.datetime):
        return value.isoformat()
    return value.name or "" if isinstance(value, FieldFile) else value


def carry_out(changes: Iterable[Change]) -> None:
    """Apply the planned changes in order, in few statements."""
    _write([(each, each.now) for each in changes if each.field])


def put_back(changes: Iterable[Change]) -> None:
    """Revert them in reverse order."""
    backwards = list(changes)[::-1]
    for each in backwards:
        if not each.field:
            each.rows.delete()
    _write([(each, each.was) for each in backwards if each.field])


def _write(values):
    """One statement per group of rows given the same value, at the position of the first."""
    together: dict[tuple, tuple[Any, list[int]]] = {}
    for change, value in values:
        key = (change.model, change.field, repr(value))
        together.setdefault(key, (value, []))[1].append(change.pk)
    for (label, name, _value), (value, pks) in together.items():
        apps.get_model(label)._base_manager.filter(pk__in=pks).update(**{name: value})


def _comparable(value):
    """A point's str() does not contain its coordinates."""
    return value.hexewkb if isinstance(value, GEOSGeometry) else value


NOT_WATCHED = {"venues.Event", "venues.Letter"}
"""Append-only, or updated by the outbox: changes to them do not prevent an undo."""


def fingerprint(changes: Iterable[Change]) -> str:
    """A fingerprint of the current state of every changed or created row."""
    pks: dict[str, set[int]] = {}
    for each in changes:
        if each.model not in NOT_WATCHED:
            pks.setdefault(each.model, set()).add(each.pk)
    seen = hashlib.sha256()
    for label in sorted(pks):
        model = apps.get_model(label)
        rows = model._base_manager.filter(pk__in=pks[label]).order_by("pk")
        names = [each.attname for each in model._meta.concrete_fields]
        for row in rows.values_list(*names):
            seen.update(repr((label, *map(_comparable, row))).encode())
    return seen.hexdigest()
