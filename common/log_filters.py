"""Keep tokens of signed links, and email addresses, out of the logs."""

import logging
import re
from functools import cache

from django.urls import URLPattern, URLResolver, get_resolver

from common.signed_links import SIGNATURE_LENGTH

SECRET = re.compile(r"<(str:token|uuid:key|str:code)>")
"""Converters that carry what only a letter's recipient should know."""
SIGNED = re.compile(rf"[\w.%:~-]{{1,2000}}?(?::|%3A)[\w-]{{{SIGNATURE_LENGTH}}}(?![\w-])")
EMAIL = re.compile(r"(?<![\w.+%-])[\w.+%-]{1,64}(?:@|%40)[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")


class HideLinks(logging.Filter):
    """Replaces tokens, codes and email addresses with … in log records."""

    def filter(self, record):
        record.msg, record.args = hide(record.getMessage()), ()
        if record.exc_info and not record.exc_text:
            record.exc_text = hide(logging.Formatter().formatException(record.exc_info))
        return True


def hide(text: str) -> str:
    """`text` without tokens or addresses, whether complete or truncated."""
    for prefix in _prefixes():
        text = prefix.sub(r"\g<1>…", text)
    return EMAIL.sub("…", SIGNED.sub("…", text))


@cache
def _prefixes() -> list[re.Pattern]:
    """Prefixes of all URLs that carry a secret, derived from the URL configuration."""
    found = {SECRET.split(route)[0] for route in _routes(get_resolver().url_patterns, "")}
    return [
        re.compile(rf"(/{re.sub('<[^>]+>', '[^/]+', prefix)})[^/\s\"'?&]+")
        for prefix in sorted(found, key=len, reverse=True)
    ]


def _routes(patterns, before):
    for pattern in patterns:
        route = before + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from _routes(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern) and SECRET.search(route):
            yield route
