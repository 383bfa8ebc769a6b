"""What every action does first: lock the row it decides about, and move it to its next state.

A model says beside its fields what an action needs to know of it:

- `LOCKED_WITH`: the relations that actions read, fetched in the query that locks;
- `MOVES`: from each state, the set of states that may follow;
- `CANNOT_MOVE`: why another is refused, with `%(state)s` and `%(other)s`, both in lower case.
"""

from typing import TypeVar

from django.db.models import Model

from common.refusals import Refused

M = TypeVar("M", bound=Model)


def lock(thing: M) -> M:
    """The row of `thing` as it is now, kept from others until the transaction ends.

    Call it inside a transaction, before any check: what was read earlier may be out of date. Only
    the row itself is locked, not its relations. DoesNotExist when it was deleted meanwhile.
    """
    # `__class__`, because request.user is a lazy stand-in of another type.
    rows = thing.__class__._default_manager.select_for_update(of=("self",))
    if related := getattr(thing, "LOCKED_WITH", ()):  # without names, it would join every relation
        rows = rows.select_related(*related)
    return rows.get(pk=thing.pk)


def move(thing: Model, state: str, **changes) -> None:
    """Apply one move of the model's table with its `changes`, or refuse it in the model's words.

    Saves the state and the changed fields alone. `thing` is locked already.
    """
    if state not in thing.MOVES.get(thing.state, ()):
        raise Refused(
            thing.CANNOT_MOVE
            % {
                "state": thing.get_state_display().lower(),
                "other": _label(thing, state),
            }
        )
    thing.state = state
    for field, value in changes.items():
        setattr(thing, field, value)
    thing.save(update_fields=["state", *changes])


def _label(thing, state: str):
    return str(dict(type(thing)._meta.get_field("state").flatchoices)[state]).lower()
