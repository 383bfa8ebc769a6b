"""Pages drawn once and given to everybody until what they say changes.

Kept in each process. A key says all that a page depends on, so that none is out of date; nothing of
a visitor may be in it.
"""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Hashable
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import get_language

from common.installation import site_words


class Drawn:
    """At most `most` things, the least used forgotten first, none for longer than `seconds`."""

    def __init__(self, most: int, seconds: float) -> None:
        self.most, self.seconds = most, seconds
        self._kept: OrderedDict[Hashable, tuple[float, Any]] = OrderedDict()
        self._drawing: dict[Hashable, threading.Lock] = {}
        self._changing = threading.Lock()
        _all.append(self)

    def get(self, key: Hashable, draw: Callable[[], Any]) -> Any:
        """What is kept under `key`; where nothing is, what `draw()` returns.

        While one thread draws, others that want the same wait for it.
        """
        if (found := self._found(key)) is not None:
            return found
        with self._changing:
            lock = self._drawing.setdefault(key, threading.Lock())
        with lock:
            if (found := self._found(key)) is not None:
                return found
            try:
                made = draw()
                self._keep(key, made)
            finally:
                with self._changing:
                    self._drawing.pop(key, None)
        return made

    def _found(self, key):
        with self._changing:
            drawn_at, found = self._kept.get(key, (0.0, None))
            if found is None or time.monotonic() - drawn_at > self.seconds:
                return None
            self._kept.move_to_end(key)
            return found

    def _keep(self, key, made):
        with self._changing:
            self._kept[key] = time.monotonic(), made
            while len(self._kept) > self.most:
                self._kept.popitem(last=False)

    def forget(self) -> None:
        with self._changing:
            self._kept.clear()


_all: list[Drawn] = []


def forget_drawn() -> None:
    """Draw everything afresh: for tests, whose settings come and go."""
    for each in _all:
        each.forget()


def frame_key(request: HttpRequest) -> tuple:
    """What the frame of a public page depends on, its own words apart."""
    return (
        request.get_host(),
        request.get_full_path(),
        get_language(),
        repr(site_words()),
        settings.SITE_URL,
        settings.STORAGES["staticfiles"]["BACKEND"],
    )
