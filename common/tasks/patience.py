"""A loop that runs until told to stop, and survives a database outage."""

import logging
import signal
import threading
from collections.abc import Callable

from django.db import Error as DatabaseError
from django.db import close_old_connections, connection

logger = logging.getLogger(__name__)

LONGEST_WAIT = 15
"""Longest wait in seconds between two tries while they fail."""


def told_to_stop() -> threading.Event:
    """An event set by TERM or Ctrl-C. Not obeyed at once: work in progress is finished first."""
    stopped = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        if signal.getsignal(number) != signal.SIG_IGN:
            signal.signal(number, lambda *__: stopped.set())
    return stopped


def repeat(step: Callable[[], float], stopped: threading.Event, what: str) -> None:
    """Call `step` repeatedly; it returns the seconds to wait before the next call."""
    failing = 0
    while not stopped.is_set():
        try:
            close_old_connections()
            wait, failing = step(), 0
        except Exception as error:
            failing += 1
            wait = min(2 ** min(failing - 1, 10), LONGEST_WAIT)
            # A database outage is logged in one line; anything else with its traceback.
            known = isinstance(error, DatabaseError)
            logger.error(
                "%s failed; again in %s seconds: %s",
                what,
                wait,
                str(error).strip(),
                exc_info=None if known else error,
            )
            connection.close()
        stopped.wait(wait)
    connection.close()
