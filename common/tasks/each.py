"""Doing the same to many things, each by itself."""

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

logger = logging.getLogger(__name__)
Thing = TypeVar("Thing")
Result = TypeVar("Result")


def each_by_itself(things: Iterable[Thing], act: Callable[[Thing], Result]) -> list[Result]:
    """What `act` returns for each thing. One that fails holds up no other.

    The first failure is raised when all have had their turn, so that the task is tried again, and
    shown when it goes on failing.
    """
    results, first = [], None
    for thing in things:
        try:
            results.append(act(thing))
        except Exception as error:
            logger.exception("Failed for %s %s", type(thing).__name__, getattr(thing, "pk", ""))
            first = first or error
    if first:
        raise first
    return results
