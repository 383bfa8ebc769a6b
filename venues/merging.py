"""What a merge moves: the registry of foreign keys to venues and organisations, and the plan.

Every app says in its `mergers.py`, for each foreign key of its own to Venue, Organisation or
SignUp, whether the rows come over to the entry that is kept (`comes_over`) or are deliberately left
(`stays`). `VenuesConfig.ready` loads them all; a test walks the models and finds what nobody named.
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
    """What becomes of one foreign key's rows.

    `words(count)` says in the effect how many come over; empty, nothing is said. `but(keep, other)`
    returns those of the other's rows that stay behind, because the kept one has such a row already.
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
    rule.model._meta.get_field(rule.field)  # FieldDoesNotExist for a wrong name
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
    """The rows whose foreign key `field` names the other entry name the kept one afterwards."""
    _add(Rule(model, field, True, words, but))


def stays(model: type[Model], *fields: str, why: str) -> None:
    """The rows are not touched. `why` is for whoever reads the code."""
    for name in fields:
        _add(Rule(model, name, False, why=why))


def refuses(model: type[Model], find: Callable[[Model, Model], Iterable[str]]) -> None:
    """`find(keep, other)` returns, in words, what has to be settled before two are merged."""
    _hindrances.setdefault(model, []).append(find)


def rules() -> dict[tuple[type[Model], str], Rule]:
    """Every rule, by model and name of the foreign key."""
    return dict(_rules)


def hindrances(keep: Model, other: Model) -> list[str]:
    """What has to be settled first, in words."""
    found = _hindrances.get(type(keep), [])
    return [words for find in found for words in find(keep, other)]


@dataclass(frozen=True)
class Change:
    """One field of one row as a merge found it and left it; or a row that it created.

    A created row has no `field`. Values are as JSON holds them.
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
    """What one merge changes and what it says of it. Nothing is written before `carry_out`."""

    changes: list[Change] = field(default_factory=list)
    effect: list[str] = field(default_factory=list)

    def set(self, thing: Model, **values: Any) -> None:
        """Change fields of one row, by attribute name (`venue_id`)."""
        for name, value in values.items():
            self._set(thing._meta.label, thing.pk, name, getattr(thing, name), value)

    def set_each(self, rows: QuerySet, name: str, value: Any) -> int:
        """Change one field of many rows; how many."""
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
        """Plan what the registry says of the foreign keys to this kind of entry."""
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
    """As JSON holds it; to the microsecond, which Django's own encoder cuts off."""
    if isinstance(value, datetime.date | datetime.datetime):
        return value.isoformat()
    return value.name or "" if isinstance(value, FieldFile) else value


def carry_out(changes: Iterable[Change]) -> None:
    """Write the planned changes, in order and in few statements."""
    _write([(each, each.now) for each in changes if each.field])


def put_back(changes: Iterable[Change]) -> None:
    """Undo them, the last first."""
    backwards = list(changes)[::-1]
    for each in backwards:
        if not each.field:
            each.rows.delete()
    _write([(each, each.was) for each in backwards if each.field])


def _write(values):
    """One statement for all rows that get the same value, where the first of them stands."""
    together: dict[tuple, tuple[Any, list[int]]] = {}
    for change, value in values:
        key = (change.model, change.field, repr(value))
        together.setdefault(key, (value, []))[1].append(change.pk)
    for (label, name, _value), (value, pks) in together.items():
        apps.get_model(label)._base_manager.filter(pk__in=pks).update(**{name: value})


def _comparable(value):
    """A point has no text of its own that says where it is."""
    return value.hexewkb if isinstance(value, GEOSGeometry) else value


NOT_WATCHED = {"venues.Event", "venues.Letter"}
"""Only ever added to, or told their fate by the outbox: no change of theirs forbids an undo."""


def fingerprint(changes: Iterable[Change]) -> str:
    """Of all rows that were changed or created, as they are now."""
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
