"""Shared by all actions: lock the row, then move it to its next state.

A model declares beside its fields what actions need:

- `LOCKED_WITH`: related objects that actions read, fetched by the locking query;
- `MOVES`: for each state, the set of states that may follow;
- `CANNOT_MOVE`: why any other move is refused, with `%(state)s` and `%(other)s` in lower case.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, ClassVar, Protocol, TypeVar

from django.db.models import Model
from django.db.models.options import Options

from common.refusals import Refused

if TYPE_CHECKING:  # not a dependency in production
    from django_stubs_ext import StrPromise

M = TypeVar("M", bound=Model)
Moves = Mapping[str, set[str]]


class Movable(Protocol):
    """A model instance with a table of moves."""

    MOVES: ClassVar[Moves]
    state: str

    @property
    def CANNOT_MOVE(self) -> StrPromise: ...

    @property
    def _meta(self) -> Options: ...

    def save(self, *, update_fields: Iterable[str]) -> None: ...


def lock(thing: M, *, against_new_rows: bool = False) -> M:
    """The current row of `thing`, locked until the transaction ends.

    Others may still insert rows that refer to it, such as an event about it; otherwise two actions
    that lock a venue and its sign-up in different orders would deadlock. With `against_new_rows`
    they cannot: for objects about to be deleted or merged.

    Call it inside a transaction, before any check: values read earlier may be out of date. Only the
    row itself is locked, not its relations. Raises DoesNotExist if it was deleted meanwhile, and
    Refused with its property `gone` if it was merged into another.
    """
    # `__class__`, because request.user is a lazy wrapper of another type.
    # The base manager, because the default one may exclude a row that was merged meanwhile.
    rows = thing.__class__._base_manager.select_for_update(
        of=("self",), no_key=not against_new_rows
    )
    # With no arguments, select_related() would join every relation.
    if related := getattr(thing, "LOCKED_WITH", ()):
        rows = rows.select_related(*related)
    row = rows.get(pk=thing.pk)
    if gone := getattr(row, "gone", ""):
        raise Refused(gone)
    return row


def move(thing: Movable, state: str, **changes: object) -> None:
    """Make one move of the model's table and set `changes`, or refuse in the model's words.

    Saves only the state and the changed fields. `thing` must be locked already.
    """
    if state not in thing.MOVES.get(thing.state, ()):
        raise Refused(
            thing.CANNOT_MOVE
            % {
                "state": _label(thing, thing.state),
                "other": _label(thing, state),
            }
        )
    thing.state = state
    for field, value in changes.items():
        setattr(thing, field, value)
    thing.save(update_fields=["state", *changes])


def _label(thing: Movable, state: str) -> str:
    field = next(each for each in thing._meta.fields if each.name == "state")
    return str(dict(field.flatchoices)[state]).lower()
