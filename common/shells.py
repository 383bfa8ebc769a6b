"""What of a page is drawn now and then and kept: its frame, and parts that few things change.

Rendering the header, footer and styles of a public page takes longer than the rest of a search.
"""

import time
from collections import OrderedDict
from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.template import loader
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from common.installation import site_words

MARK = mark_safe("<!-- inside -->")
KEPT_SECONDS = 20
"""A frame may contain words of the schemes, such as what their places are called."""
MOST = 64
"""Frames cached in one process: one per language, host, page and kind of answer."""

_kept: OrderedDict[tuple, tuple[float, str, str]] = OrderedDict()


def in_shell(request: HttpRequest, template: str, inside: str, **flags: bool) -> str:
    """The page `template` with `inside` in place of its `{{ inside }}`.

    Apart from `inside` the template receives only `flags`, and the frame is cached per value of
    them for KEPT_SECONDS: so nothing about one visitor can stay in it for the next. Only for pages
    without a log-in, a form token or a nonce.
    """
    key = (
        template,
        get_language(),
        request.get_host(),
        request.path,
        tuple(sorted(flags.items())),
        repr(site_words()),
        settings.STORAGES["staticfiles"]["BACKEND"],
    )
    drawn_at, before, after = _kept.get(key, (0.0, "", ""))
    if not drawn_at or time.monotonic() - drawn_at > KEPT_SECONDS:
        page = loader.render_to_string(template, {**flags, "inside": MARK}, request)
        before, _mark, after = page.partition(MARK)
        _kept[key] = time.monotonic(), before, after
        while len(_kept) > MOST:
            _kept.popitem(last=False)
    return f"{before}{inside}{after}"


_parts: list[Any] = []


def drawn_once(draw: Callable[..., str]) -> Callable[..., str]:
    """Keeps what `draw` returned for the same arguments in the same language.

    For parts of a page that say nothing but their arguments, which must not be of one visitor.
    """

    @lru_cache(maxsize=MOST)
    def kept(_language: str | None, *arguments: Any) -> str:
        return draw(*arguments)

    _parts.append(kept)

    @wraps(draw)
    def drawn(*arguments: Any) -> str:
        return kept(get_language(), *arguments)

    return drawn


def forget_shells() -> None:
    """Draw everything afresh: for tests, whose schemes come and go."""
    _kept.clear()
    for part in _parts:
        part.cache_clear()
