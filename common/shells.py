"""A page whose frame is drawn once and kept: only what is inside differs from request to request.

Drawing header, footer and styles of a public page takes longer than all the rest of a search.
"""

from collections import OrderedDict

from django.conf import settings
from django.http import HttpRequest
from django.template import loader
from django.utils.safestring import mark_safe
from django.utils.translation import get_language

from common.installation import site_words

MARK = mark_safe("<!-- inside -->")
MOST = 64
"""Frames kept in one process: for each language, host, page and kind of answer."""

_kept: OrderedDict[tuple, tuple[str, str]] = OrderedDict()


def in_shell(request: HttpRequest, template: str, inside: str, **flags: bool) -> str:
    """The page `template` with `inside` where it says `{{ inside }}`.

    Apart from `inside` the template is given `flags` alone, and the frame is drawn once for each of
    their values: so nothing of one visitor can stay in it for the next. Only for pages without a
    log-in, a form token or a nonce.
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
    if key not in _kept:
        page = loader.render_to_string(template, {**flags, "inside": MARK}, request)
        before, _mark, after = page.partition(MARK)
        _kept[key] = before, after
        while len(_kept) > MOST:
            _kept.popitem(last=False)
    before, after = _kept[key]
    return f"{before}{inside}{after}"
