"""Languages by URL prefix; English has none.

Neither a cookie nor Accept-Language is read: one URL is the same page for everybody, so it can be
cached and leaves no trace of a visit.
"""

import datetime
from collections.abc import Callable, Hashable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import get_language_info, get_supported_language_variant
from django.utils.translation.trans_real import get_language_from_path


@dataclass(frozen=True)
class Version:
    """A page in one of the offered languages."""

    code: str
    name: str
    """In the language itself."""
    direction: str
    url: str
    """Absolute."""
    is_current: bool


class Words(dict[Hashable, Any]):
    """`gettext` of one language, remembered: `words["Closed"]`.

    Looking one text up goes through the catalogues of every app, and even the question which
    language is active takes longer than the rest of a short sentence. A page full of places asks
    for the same few a hundred times. Holds our own texts only, never those of a visitor.
    """

    def __init__(self, language: str | None) -> None:
        super().__init__()
        self.language = language

    def __missing__(self, text: str) -> str:
        return self.kept(text, lambda: translation.gettext(text))

    def kept(self, key: Hashable, make: Callable[[], Any]) -> Any:
        """What `make()` returns in this language, remembered under `key`."""
        if key not in self:
            with translation.override(self.language):
                self[key] = make()
        return self[key]

    def ngettext(self, one: str, many: str, count: int) -> str:
        return self.kept((one, many, count), lambda: translation.ngettext(one, many, count))

    def date(self, day: datetime.date, style: str) -> str:
        """`day` in one of Django's formats, such as "l j F"."""
        return self.kept((day, style), lambda: date_format(day, style))


@cache
def _words(language: str | None) -> Words:
    return Words(language)


def words_now() -> Words:
    """The words of the reader's language."""
    return _words(translation.get_language())


def said(words: str) -> str:
    """`gettext`, remembered."""
    return words_now()[words]


def forget_words() -> None:
    """For tests, which change the catalogue of a language."""
    _words.cache_clear()


def language_of(path: str) -> str:
    """The language code of a path such as `/cy/map/`."""
    return get_language_from_path(path) or get_supported_language_variant(settings.LANGUAGE_CODE)


def versions(request: HttpRequest) -> list[Version]:
    """This page in every offered language; empty if there is only one."""
    if len(settings.LANGUAGES) < 2:
        return []
    here = request.get_full_path()
    current = translation.get_language()
    return [
        Version(
            code=code,
            name=str(name),
            direction="rtl" if get_language_info(code)["bidi"] else "ltr",
            url=request.build_absolute_uri(translate_url(here, code)),
            is_current=code == current,
        )
        for code, name in settings.LANGUAGES
    ]


class LanguageMiddleware:
    """Activates the language of the URL and sets Content-Language.

    Replaces Django's LocaleMiddleware, which varies every page by Accept-Language and leaves the
    language active in the thread after the request.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        language = language_of(request.path_info)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response
