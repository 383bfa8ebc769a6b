"""Languages by URL prefix; English has none.

Neither a cookie nor Accept-Language is read: one URL is the same page for everybody, so it can be
cached and leaves no trace of a visit.
"""

from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest
from django.urls import translate_url
from django.utils import translation
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


def said(words: str) -> str:
    """`gettext`, remembered: looking one text up goes through the catalogues of every app, and a
    page full of places asks for the same few a hundred times.
    """
    return _said(translation.get_language(), words)


@lru_cache(maxsize=4096)
def _said(_language: str | None, words: str) -> str:
    return translation.gettext(words)


def forget_words() -> None:
    """For tests, which change the catalogue of a language."""
    _said.cache_clear()


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
