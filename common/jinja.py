"""The second template engine: Jinja2, for parts of pages that are rendered many times a request.

Its templates are in templates/jinja/. Layout is there and wording in Python: sentences with numbers
or names come from functions, so that translators find them all in one place.
"""

import re
from functools import cache, lru_cache
from typing import Any

from django.template import engines
from django.templatetags.static import static
from django.urls import get_script_prefix, get_urlconf, reverse
from django.utils.formats import date_format
from django.utils.translation import get_language, gettext, override
from jinja2 import BaseLoader, Environment, FileSystemLoader, StrictUndefined, Template
from jinja2.ext import Extension

from common.languages import said
from common.template_loading import INDENTATION
from common.templatetags.safespaces_ui import DOORS


class Unindented(BaseLoader):
    """Templates without indentation, as in common.template_loading."""

    def __init__(self, files: FileSystemLoader) -> None:
        self.files = files

    def get_source(self, environment: Environment, template: str) -> tuple:
        source, *rest = self.files.get_source(environment, template)
        return INDENTATION.sub("", source), *rest


def environment(**options: Any) -> Environment:
    """Named by TEMPLATES in the settings. An undefined name is an error, not an empty string."""
    env = Environment(
        **options | {"loader": Unindented(options["loader"]), "undefined": StrictUndefined},
        trim_blocks=True,
    )
    env.globals.update(_=worded, url=url, each_url=each_url, static=static, doors=DOORS)
    env.filters["date"] = date_format
    return env


def worded(text: str, **facts: object) -> str:
    """`text` translated, with its facts filled in, then escaped."""
    return said(text) % facts if facts else said(text)


def url(name: str, *arguments: str) -> str:
    """The address of a page. The URL patterns are asked once for each kind of page."""
    if len(arguments) == 1 and SHORT_NAME.fullmatch(arguments[0]):
        return _pattern(
            get_language(), get_script_prefix(), get_urlconf(), name, STANDS_FOR
        ).replace(STANDS_FOR, arguments[0])
    return _pattern(get_language(), get_script_prefix(), get_urlconf(), name, *arguments)


def each_url(name: str) -> tuple[str, str]:
    """What stands before and after the short name in the address of a page: for many of a kind."""
    before, _name, after = url(name, STANDS_FOR).partition(STANDS_FOR)
    return before, after


SHORT_NAME = re.compile(r"[-a-zA-Z0-9_]+")
STANDS_FOR = "one-of-many"


@lru_cache(maxsize=256)
def _pattern(_language: str | None, _prefix: str, _urlconf: object, name: str, *args: str) -> str:
    return reverse(name, args=args)


FIXED_WORDS = re.compile(r'(?<![\w.])_\("([^"\\]*)"\)')
"""Words in a template without any fact in them."""


def _worded_in(language: str | None) -> type[Extension]:
    class Worded(Extension):
        """Puts the words of `language` in when a template is compiled: an answer has two hundred,
        and looking each up for every search takes as long as finding the places.
        """

        def preprocess(self, source: str, name: str | None, filename: str | None = None) -> str:
            with override(language):
                return FIXED_WORDS.sub(lambda found: f'"{_quoted(gettext(found[1]))}"', source)

    return Worded


def _quoted(words: str) -> str:
    return words.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


@cache
def in_language(code: str | None) -> Environment:
    """The engine with templates compiled in the language `code`."""
    return engines["jinja2"].env.overlay(extensions=[_worded_in(code)])


def template(name: str) -> Template:
    """A template in the reader's language."""
    return in_language(get_language()).get_template(name)


def macros(name: str) -> Any:
    """A template's macros as functions: `macros("signposting/cards.html").near(card)`.

    Each returns safe HTML, for templates of either engine.
    """
    return template(name).module
