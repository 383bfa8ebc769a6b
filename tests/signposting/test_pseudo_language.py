"""The public pages in a pseudo-language: any plain-letter text left was not translatable.

Each translatable string is written in letters with a ring below, so a word in plain ASCII letters
is one no translator could reach. Data, which nobody translates, is written in Greek letters here.
"""

import re
from html.parser import HTMLParser

import pytest
from django.test import override_settings
from django.utils import timezone, translation

from common.jinja import in_language
from common.languages import forget_words
from signposting.models import Service
from tests.factories import ALWAYS, SchemeFactory
from venues.models import Closure, ContactKind, SchemeContact, Sticker

pytestmark = pytest.mark.django_db
KEPT = re.compile(r"%(?:\(\w+\))?[-+#0-9.]*[a-zA-Z]|\{\w+\}|<[^>]*>|&\w+;|%%|\n|https?://\S+")
SHOWN = {"alt", "title", "aria-label", "placeholder"}
AS_THEY_ARE = re.compile(r"\S+@\S+|https?://\S+|English|sessionid|csrftoken|device|Markdown")
"""Addresses, the name of a language in itself, and the names of cookies."""

PAGES = [
    "/",
    "/map/",
    "/help/",
    "/privacy/",
    "/accessibility/",
    "/cookies/",
    "/show-this/",
    "/card/",
    "/stickers/ACDEFH34/",
    "/stickers/23456789/",
    "/venues/open/",
    "/venues/closed/",
    "/venues/hidden/",
    "/coverage/",
    "/coverage/scheme/",
    "/statistics/",
    "/training/sessions/",
    "/training/interest/",
    "/join/",
    "/accounts/login/",
    "/nowhere/",
]


def pseudo(text: str) -> str:
    """`text` in letters no English sentence uses; placeholders and markup are unchanged."""

    def wide(part: str) -> str:
        return "".join(chr(ord(c) + 0xFEE0) if c.isascii() and c.isalpha() else c for c in part)

    parts, start = [], 0
    for kept in KEPT.finditer(text):
        parts += [wide(text[start : kept.start()]), kept[0]]
        start = kept.end()
    return "".join([*parts, wide(text[start:])])


@pytest.fixture(autouse=True)
def invented_language(monkeypatch):
    catalogue = translation._trans
    for name in ("gettext", "pgettext", "ngettext", "npgettext"):
        plain = getattr(catalogue, name)
        monkeypatch.setattr(catalogue, name, lambda *a, plain=plain: pseudo(plain(*a)))
    forget_all_words()
    yield
    forget_all_words()


def forget_all_words():
    in_language.cache_clear()
    forget_words()


@pytest.fixture
def greek(here, place):
    """An installation whose every row is in Greek letters."""
    scheme = SchemeFactory(
        slug="scheme",
        name="Σχέδιο",
        council="Δήμος",
        what_to_say="Πείτε το.",
        noun="χώρος",
        noun_plural="χώροι",
    )
    SchemeContact.objects.update(
        name="Ομάδα", confirmed_by_name="Άννα", confirmed_on=timezone.localdate()
    )
    ContactKind.objects.update(words="Αριθμός")
    Service.objects.all().delete()
    Service.objects.create(
        name="Γραμμή",
        what_for="Για όλους.",
        number="01632 960111",
        answers="always",
        confirmed_by_name="Άννα",
        confirmed_on=timezone.localdate(),
    )
    where = {"address_1": "Οδός 1", "town": "Πόλη", "scheme": scheme}
    sorts = {
        "open": {"step_free": True, "toilet": False, "phone": "01632 960001"},
        "closed": {"hours": []},
        "unsure": {"hours_confirmed_at": None},
        "hidden": {"listing": "area_only", "seating": True},
    }
    for number, (slug, fields) in enumerate(sorts.items()):
        fields = {"hours": ALWAYS, **fields}
        place(name=f"Χώρος {number}", slug=slug, metres=100 * number, **fields, **where)
    venue = scheme.sign_ups.get(venue__slug="open").venue
    day = timezone.localdate()
    Closure.objects.create(venue=venue, starts_on=day, ends_on=day, note="Γιορτή")
    Sticker.objects.filter(sign_up__venue=venue).update(code="ACDEFH34")
    return scheme


def is_words(attribute: str) -> bool:
    """Whether an attribute holds text that scripts show: data-looking, data-i18n.activated and
    so on.
    """
    known = ("looking", "failed", "i18n", "loading", "ready", "hide", "show", "more", "zoom")
    return attribute.startswith("data-") and attribute[5:].startswith(known)


class Words(HTMLParser):
    """The words of a page: its text, and attributes that are read out."""

    def __init__(self, page: str):
        super().__init__()
        self.found, self.inside = [], []
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        if tag in ("script", "style"):
            self.inside.append(tag)
        self.found += [value for name, value in attributes if name in SHOWN or is_words(name)]

    def handle_endtag(self, tag):
        if self.inside and self.inside[-1] == tag:
            self.inside.pop()

    def handle_data(self, data):
        if not self.inside:
            self.found.append(data)


def untranslated(response) -> list[str]:
    return words_left(response.content.decode())


def words_left(page: str) -> list[str]:
    said = [AS_THEY_ARE.sub("", words or "") for words in Words(page).found]
    return [
        " ".join(words.split()) for words in said if re.search(r"(?<!\w)[A-Za-z]{2,}(?!\w)", words)
    ]


@pytest.mark.parametrize("path", PAGES)
@override_settings(INSTALLATION_NAME="Πόλη", INSTALLATION_RUN_BY="Δήμος")
def test_every_word_of_a_public_page_is_translatable(client, greek, path):
    response = client.get(path)

    assert response.status_code in (200, 404)
    assert max(response.content.decode()) >= "\uff21", "the invented language was not spoken"
    assert untranslated(response) == []


@pytest.mark.parametrize("searched", ["ZZ1 1AA", "Ουτοπία", ""])
@override_settings(INSTALLATION_NAME="Πόλη", INSTALLATION_RUN_BY="Δήμος")
def test_a_finder_answer_is_translated_completely(client, greek, searched):
    assert untranslated(client.post("/", {"location": searched})) == []


def test_the_pseudo_language_keeps_placeholders_and_markup():
    assert pseudo("Open <b>%(time)s</b> {count}") == "Ｏｐｅｎ <b>%(time)s</b> {count}"
    assert words_left("<p>plain</p>") == ["plain"]
