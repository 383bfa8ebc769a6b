"""From a text about opening hours to its tokens: days, times, and what joins them."""

import datetime
import re
from typing import NamedTuple

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from venues.hours.intervals import EVERY_DAY
from venues.hours.qualifiers import MONTH, SIGN, WEEKDAY, NotUnderstood, signed
from venues.hours.recurrence import Term
from venues.hours.times import (
    TIME,
    written,
)

MOST = 1000
"""Characters. Longer texts are prose, not hours."""


class NotRead(Exception):
    """Raised with the reason, in words, why a text is left unread."""


# Kinds of token. Days, times, states and signs carry a value; the others only join or separate.
DAY, HOLIDAY, TIME_, WHOLE, CLOSED = "day", "holiday", "time", "whole", "closed"
USUAL, EXCEPT = "usual", "except"
TO, AND, BREAK, SOFT, BETWEEN = "to", "and", "break", "soft", "between"
WEEKS, WEEKS_AFTER, OF_MONTH = "weeks", "weeks after", "of the month"
FORTNIGHT, DATE, TERM, ASKED = "fortnight", "date", "term", "asked"

SOME_WEEKS = gettext_lazy(
    "which weeks of the month? Write it like “1st and 3rd Sunday 2pm–4pm” or “last Friday"
    " 10am–noon”"
)
SOME_MONTHS = gettext_lazy(
    "only a part of the year, which needs a row of its own with its first and last day"
)
WHICH_TERM = gettext_lazy(
    "which hours are in term time? Put “term time only” or “school holidays only” behind them"
)
WEEK_NUMBERS = gettext_lazy(
    "numbers of weeks change their rhythm at the end of a year: write it like “every other Tuesday"
    " from 8 December 2026”"
)
NO_CLOCK = gettext_lazy("not a time on the clock")
SAYS_NO_HOURS = gettext_lazy("gives no hours")
ON_REQUEST = gettext_lazy("only by appointment")
DAYTIME_OR_24 = gettext_lazy("day and night, or the whole of the day?")

_ORDINAL = r"1st|2nd|3rd|[45]th|first|second|third|fourth|fifth"
REFUSED: list[tuple[str, Promise]] = [
    (rf"\b(?:{MONTH})\b|\b(?:january|february|march|april|may|june|july|august)\b", SOME_MONTHS),
    (r"\b(?:september|sept|october|november|december)\b", SOME_MONTHS),
    (r"\b(?:summer|winter|spring|autumn|season\w*)\b", SOME_MONTHS),
    (r"\b(?:terms?|school)\b|\bsh\b", WHICH_TERM),
    (r"christmas|easter|holidays? only", SOME_MONTHS),
    # "week 2", but not "7 days a week 9am-5pm"
    (
        r"(?<!\ba )(?<!\bper )(?<!\ball )(?<!\beach )(?<!\bevery )\bweek \d"
        r"|\b(?:even|odd) weeks?\b",
        WEEK_NUMBERS,
    ),
    (rf"\b(?:{_ORDINAL})\b|\blast (?:{WEEKDAY})|\bevery other\b", SOME_WEEKS),
    (r"\balternate\b|\bfortnight|\bonce a\b|\bbi-?(?:weekly|monthly)\b", SOME_WEEKS),
    (r"\bmonth|\[-?\d", SOME_WEEKS),
    (r"\b(?:dusk|dawn|sunset|sunrise|daylight|late|close|evenings?|mornings?)\b", NO_CLOCK),
    (r"\b(?:afternoons?|lunch\w*|am only|pm only)\b|\d\s*\+", NO_CLOCK),
    (r"\bappointments?\b|\barrangement\b|\brequest\b|\bring\b", ON_REQUEST),
    (r"^(?:not known|unknown|varies|vary|see website|tbc)$", SAYS_NO_HOURS),
]
_REFUSED = [(re.compile(pattern), why) for pattern, why in REFUSED]

_OSM_DAYS = {"mo": 0, "tu": 1, "we": 2, "th": 3, "fr": 4, "sa": 5, "su": 6}
_STARTS = {"mon": 0, "tue": 1, "wed": 2, "thu": 3, "fri": 4, "sat": 5, "sun": 6}
# Longest first: the first pattern that matches at a position wins.
_TOKENS = [
    (WEEKS, rf"{SIGN}n(?P<value>-?\d(?:,-?\d)*)"),
    (WEEKS_AFTER, rf"{SIGN}o(?P<value>-?\d(?:,-?\d)*)"),
    (OF_MONTH, rf"{SIGN}m"),
    (FORTNIGHT, rf"{SIGN}f"),
    (DATE, rf"{SIGN}d(?P<value>[-\d]{{10}})"),
    (TERM, rf"{SIGN}t(?P<value>[a-z]+)"),
    (ASKED, rf"{SIGN}b"),
    (WHOLE, r"24\s?/\s?7|(?:open )?(?:for )?24\s?-?(?:hours|hrs|hour|hr|h)\b(?: (?:a|per) day)?"),
    (WHOLE, r"(?:all )?day and (?:all )?night\b|round the clock\b"),
    (USUAL, r"(?:including|incl\.?) (?:all )?(?:bank|public) (?:holidays?|hols?)\b"),
    (HOLIDAY, r"(?:bank|public) (?:holidays?|hols?)\b|\bph\b"),
    (DAY, r"(?:7|seven) days(?: (?:a|per) week)?\b|every ?day\b|each day\b|daily\b|all week\b"),
    (DAY, r"(?:on )?weekdays?\b|(?:at )?weekends?\b"),
    (DAY, rf"(?:{WEEKDAY})(?:'?s|’s)?\b\.?"),
    (CLOSED, r"closed\b|off\b|shut\b|not open\b"),
    (EXCEPT, r"except(?: for| on)?\b|excluding\b|excl\b\.?|not\b"),
    (TIME_, TIME),
    (TO, r"-+|to\b|until\b|til\b|till\b|through\b|thru\b"),
    (AND, r",|&|\band\b|/|\bplus\b"),
    (BREAK, r";|\n|\.(?!\d)"),
    (BETWEEN, r"between\b"),
    (
        SOFT,
        r"[:()\"“”]|(?:now |we are |we're )?open(?:s|ed|ing)?\b|(?:opening )?(?:hours|times?)\b",
    ),
    (SOFT, r"from\b|every\b|each\b|on\b|(?:a |per |each |every )?week\b|the\b|only\b|hrs\b|="),
]
_TOKEN = [(kind, re.compile(pattern)) for kind, pattern in _TOKENS]
_SPACE = re.compile(r"[ \t]+")


class Token(NamedTuple):
    kind: str
    text: str
    value: object = None


def plain_text(text: str) -> str:
    """Normalise dashes and spaces, strip HTML, and restore line breaks lost in copying."""
    text = re.sub(r"<br ?/?>", "\n", text.replace("&amp;", "&").replace("&nbsp;", " "))
    text = re.sub(r"[\xa0\u2007\u202f\u200b\ufeff]", " ", text)
    text = re.sub(r"[\u2010-\u2015\u2212]", "-", text)
    text = re.sub(r"^\s*opening_hours\s*[=:]", "", text)
    # "…to 7pmSunday…": a list that lost its line breaks
    day = r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)"
    text = re.sub(rf"(?<=[a-z0-9])(?={day}[a-z]*\b)", "\n", text)
    text = re.sub(r"(?<=[ap]m)(?=[Cc]losed\b)", "\n", text)
    # "09:30 - 15:30 / -": an empty second pair
    text = re.sub(r"\s/\s-(?=\s*(?:[,;]|$))|(?<=:)\s-\s/(?=\s\d)", "", text)
    return _SPACE.sub(" ", text).strip()


def tokens_of(text: str, today: datetime.date | None = None) -> list[Token]:
    if len(text) > MOST:
        raise NotRead(_("too long"))
    # OpenStreetMap's two-letter days only in their own case: "We" is a day, "we" is a word.
    text = re.sub(
        r"\b(Mo|Tu|We|Th|Fr|Sa|Su)\b", lambda found: found[1] + _REST[found[1].lower()], text
    )
    text = re.sub(r"\bPH\b", "bank holidays", text).lower()
    # They say "unknown", which is what a text that does not mention them means too.
    text = re.sub(r"(?:^|[;,.]) ?\bbank holidays:? (?:unknown|not known)\b", "", text)
    try:
        text = signed(text, today or timezone.localdate())
    except NotUnderstood as why:
        raise NotRead(str(why)) from None
    for pattern, why in _REFUSED:
        if pattern.search(text):
            raise NotRead(str(why))
    if re.search(r"\ball day\b(?! and)", text):
        raise NotRead(str(DAYTIME_OR_24))
    tokens, at = [], 0
    while at < len(text):
        if text[at] == " ":
            at += 1
            continue
        token, at = _next_token(text, at)
        tokens.append(token)
    return tokens


_REST = {"mo": "nday", "tu": "esday", "we": "dnesday", "th": "ursday", "fr": "iday"}
_REST |= {"sa": "turday", "su": "nday"}


def _next_token(text, at):
    for kind, pattern in _TOKEN:
        found = pattern.match(text, at)
        if found and found.end() > at:
            return Token(kind, found[0], _value(kind, found)), found.end()
    word = re.match(r"\S+", text[at:])[0].replace(SIGN, "")
    raise NotRead(_("“%(word)s” is not understood") % {"word": word[:30]})


def _value(kind, found):
    if kind == DAY:
        return _days_of(found[0])
    if kind == TIME_:
        try:
            return written(found)
        except ValueError:
            raise NotRead(_("“%(time)s” is no time") % {"time": found[0]}) from None
    if kind in (WEEKS, WEEKS_AFTER):
        return tuple(map(int, found["value"].split(",")))
    if kind == DATE:
        return datetime.date.fromisoformat(found["value"])
    return Term(found["value"]) if kind == TERM else None


def _days_of(text):
    if "weekday" in text:
        return EVERY_DAY[:5]
    if "weekend" in text:
        return EVERY_DAY[5:]
    return (_STARTS[text[:3]],) if text[:3] in _STARTS else EVERY_DAY
