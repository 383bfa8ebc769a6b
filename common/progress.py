"""Progress of long work, reported by the worker code to whoever listens.

An importer calls `at_row(n, of=total)` in its loop and knows nothing of pages or tasks; without a
listener that does nothing. The listener may stop the work by raising.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

Listener = Callable[[int, int], None]
_listener: ContextVar[Listener | None] = ContextVar("progress", default=None)


def at_row(number: int, *, of: int) -> None:
    """Row `number` of `of` rows is next."""
    if listener := _listener.get():
        listener(number, of)


@contextmanager
def heard_by(listener: Listener) -> Iterator[None]:
    """Send progress reported inside the block to `listener`."""
    before = _listener.set(listener)
    try:
        yield
    finally:
        _listener.reset(before)
