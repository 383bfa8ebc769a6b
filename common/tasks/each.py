"""Apply an action to many objects independently."""

import logging
from collections.abc import Callable, Iterable
from typing import TypeVar

logger = logging.getLogger(__name__)
Thing = TypeVar("Thing")
Result = TypeVar("Result")


def each_by_itself(things: Iterable[Thing], act: Callable[[Thing], Result]) -> list[Result]:
    """Call `act` for each thing and return the results. One failure does not stop the others.

    The first exception is raised after all have run, so the task is retried, and reported if it
    keeps failing.
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
