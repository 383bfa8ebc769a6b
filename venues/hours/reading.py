"""The parser of free-text opening hours, used by every import.

"Mon, Wed and Fri 9am-5pm", "10am to 4pm, Monday - Saturday", OpenStreetMap's "Mo-We,Fr 08:30-14:00;
Th off". It never guesses: text that is ambiguous, applies only to some weeks or months, or contains
an unknown word is left unread as a whole, and `HoursRead.unread` says why. Half of a text would be
a timetable nobody wrote.
"""

import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from venues.hours.model import BANK_HOLIDAY, BankHolidays, OpeningHours
from venues.hours.times import (
    ENGLISH_DAYS,
    TIME,
    WHOLE_DAY,
    Span,
    WrittenTime,
    is_long,
    joined,
    length,
    long_in_words,
    meanings_in_words,
    read_written,
    readings,
    run_in_words,
    span_in_words,
    written,
)

MOST = 1000
"""Characters. Longer texts are prose, not hours."""

EVERY_DAY = tuple(range(7))
NO_HOURS = (
    "",
    "-",
    "none",
    "na",
    "n/a",
    "n/a closed",
    "not open",
    "shut",
    "closed",
    "closed all day",
)
"""What stands in a day's cell when it is closed."""


class Interval(NamedTuple):
    """One weekly interval; Monday is 0, `BANK_HOLIDAY` (7) stands for bank holidays."""

    weekday: int
    opens: datetime.time
    closes: datetime.time


class Unread(NamedTuple):
    """Text that was left unread, and why, in words."""

    text: str
    why: str

    @property
    def reason(self) -> str:
        """`why` as a sentence."""
        words = self.why[:1].upper() + self.why[1:]
        return words if words.endswith("?") else f"{words}."

    def __str__(self):
        return _("“%(text)s” (%(why)s)") % {"text": _short(self.text), "why": self.why}


@dataclass
class HoursRead:
    """The weekly hours in a text. If anything is `unread`, `intervals` is empty."""

    intervals: list[Interval] = field(default_factory=list)
    bank_holidays: BankHolidays | None = None
    unread: list[Unread] = field(default_factory=list)

    @property
    def week(self) -> set[Interval]:
        """The intervals of the seven weekdays, without bank holidays."""
        return {each for each in self.intervals if each.weekday != BANK_HOLIDAY}

    @property
    def notes(self) -> list[str]:
        """What was understood besides the week, in words."""
        if self.bank_holidays is None:
            return []
        return [_("bank holidays: %(rule)s") % {"rule": self.bank_holidays.label.lower()}]

    def opening_hours(self) -> list[OpeningHours]:
        """Unsaved rows without a venue."""
        return [OpeningHours(**each._asdict()) for each in self.intervals]

    def __str__(self):
        return "; ".join([week_in_words(self.intervals), *self.notes])


class _NotRead(Exception):
    """Raised with the reason, in words, why a text is left unread."""


# Kinds of token. Days, times and states carry a value; the others only join or separate.
DAY, HOLIDAY, TIME_, WHOLE, CLOSED = "day", "holiday", "time", "whole", "closed"
USUAL, EXCEPT = "usual", "except"
TO, AND, BREAK, SOFT, BETWEEN = "to", "and", "break", "soft", "between"

SOME_WEEKS = gettext_lazy("only some weeks of the month, which cannot be kept yet")
SOME_MONTHS = gettext_lazy(
    "only a part of the year, which needs a row of its own with its first and last day"
)
NO_CLOCK = gettext_lazy("not a time on the clock")
SAYS_NO_HOURS = gettext_lazy("gives no hours")
ON_REQUEST = gettext_lazy("only by appointment")
DAYTIME_OR_24 = gettext_lazy("day and night, or the whole of the day?")

_ORDINAL = r"1st|2nd|3rd|[45]th|first|second|third|fourth|fifth"
_WEEKDAY = r"mon(?:day)?|tue(?:s(?:day)?)?|weds?|wednesday|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?"
_WEEKDAY += r"|sat(?:urday)?|sun(?:day)?"
_MONTH = r"jan|feb|mar|apr|jun|jul|aug|sep|oct|nov|dec"
REFUSED: list[tuple[str, Promise]] = [
    (rf"\b(?:{_MONTH})\b|\b(?:january|february|march|april|may|june|july|august)\b", SOME_MONTHS),
    (r"\b(?:september|sept|october|november|december)\b", SOME_MONTHS),
    (r"\b(?:summer|winter|spring|autumn|season\w*|term|terms|school)\b|\bsh\b", SOME_MONTHS),
    (r"\bterm[- ]?time|christmas|easter|holidays? only", SOME_MONTHS),
    (rf"\b(?:{_ORDINAL})\b|\blast (?:{_WEEKDAY})|\bevery other\b", SOME_WEEKS),
    (r"\balternate\b|\bfortnight|\bonce a\b", SOME_WEEKS),
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
    (WHOLE, r"24\s?/\s?7|(?:open )?(?:for )?24\s?-?(?:hours|hrs|hour|hr|h)\b(?: (?:a|per) day)?"),
    (WHOLE, r"(?:all )?day and (?:all )?night\b|round the clock\b"),
    (USUAL, r"(?:including|incl\.?) (?:all )?(?:bank|public) (?:holidays?|hols?)\b"),
    (HOLIDAY, r"(?:bank|public) (?:holidays?|hols?)\b|\bph\b"),
    (DAY, r"(?:7|seven) days(?: (?:a|per) week)?\b|every ?day\b|each day\b|daily\b|all week\b"),
    (DAY, r"(?:on )?weekdays?\b|(?:at )?weekends?\b"),
    (DAY, rf"(?:{_WEEKDAY})(?:'?s|’s)?\b\.?"),
    (CLOSED, r"closed\b|off\b|shut\b|not open\b"),
    (EXCEPT, r"except(?: for| on)?\b|excluding\b|excl\b\.?|not\b"),
    (TIME_, TIME),
    (TO, r"-+|to\b|until\b|til\b|till\b|through\b|thru\b"),
    (AND, r",|&|\band\b|/|\bplus\b"),
    (BREAK, r";|\n|\.(?!\d)"),
    (BETWEEN, r"between\b"),
    (SOFT, r":|\(|\)|(?:now |we are |we're )?open(?:s|ed|ing)?\b|(?:opening )?(?:hours|times?)\b"),
    (SOFT, r"from\b|every\b|each\b|on\b|(?:a |per |each |every )?week\b|the\b|only\b|hrs\b|="),
]
_TOKEN = [(kind, re.compile(pattern)) for kind, pattern in _TOKENS]
_SPACE = re.compile(r"[ \t]+")


def read_hours(text: str) -> HoursRead:
    """Parse a week's hours from one text. An empty text gives nothing, and nothing unread."""
    if not text.strip():
        return HoursRead()
    try:
        return _read(text)
    except _NotRead as why:
        return HoursRead(unread=[Unread(text.strip(), str(why))])


def read_day(text: str, weekday: int) -> HoursRead:
    """Parse one day's hours from its own cell: "9am-12.30pm, 1.30pm-5pm", "closed"."""
    plain = _plain(text).strip(" .;")
    if plain.lower() in NO_HOURS:
        return HoursRead()
    try:
        tokens = _tokens(re.sub(r"[;\n]", ",", plain))
        if any(token.kind in (DAY, HOLIDAY, USUAL) for token in tokens):
            raise _NotRead(_("it names days, in the column of one day"))
        chunks = _chunks(tokens, _understood)
        if len(chunks) != 1 or isinstance(chunks[0], _Days):
            raise _NotRead(_("not understood"))
        spans = joined(chunks[0].spans)
    except _NotRead as why:
        return HoursRead(unread=[Unread(text.strip(), str(why))])
    return HoursRead([Interval(weekday, *span) for span in spans])


def read_from_to(opens: str, closes: str, weekday: int) -> HoursRead:
    """Parse one day's hours from separate opening and closing cells."""
    if opens.strip().lower() == closes.strip().lower() and opens.strip().lower() in NO_HOURS:
        return HoursRead()
    return read_day(f"{opens.strip()} - {closes.strip()}", weekday)


Meaning = Callable[[WrittenTime, WrittenTime], Span | None]
"""What a pair of times means: its span, or None where it stands for "closed"."""
_APPOINTMENT = re.compile(
    r"[,(;]?\s*\b(?:only )?by (?:prior )?(?:appointment|arrangement)(?: only)?\b\s*\)?",
    re.IGNORECASE,
)


def read_line(text: str, meaning: Meaning) -> tuple[HoursRead, bool]:
    """Parse one line of a week; also returns whether it is by appointment only.

    Ambiguous pairs are passed to `meaning`, which may ask. A line may also be just "Sunday closed".
    """
    plain, by_appointment = _APPOINTMENT.subn(" ", text)
    if not plain.strip():
        return HoursRead(unread=[Unread(text.strip(), str(SAYS_NO_HOURS))]), True
    try:
        return _read(plain, meaning, may_be_closed=True), bool(by_appointment)
    except _NotRead as why:
        return HoursRead(unread=[Unread(text.strip(), str(why))]), bool(by_appointment)


def lines_of(intervals) -> list[str]:
    """One season's OpeningHours as lines that `read_line` parses back to the same.

    Always in English, like the parser, whatever the language of the page.
    """
    hours: dict[tuple[int, bool], list[str]] = {}
    for each in sorted(intervals, key=lambda each: (each.weekday, each.opens)):
        words = _as_line((each.opens, each.closes))
        hours.setdefault((each.weekday, each.by_appointment), []).append(words)
    alike: dict[tuple[str, bool, bool], list[int]] = {}
    for (day, by_appointment), spans in hours.items():
        # Bank holidays have their own line: "every day" does not include them.
        key = (", ".join(spans), by_appointment, day == BANK_HOLIDAY)
        alike.setdefault(key, []).append(day)
    return [
        f"{_english(days)} {spans}" + (" by appointment" if by_appointment else "")
        for (spans, by_appointment, __), days in alike.items()
    ]


def _as_line(span):
    """09:00–17:00, with 24:00 for midnight, and am/pm where digits alone would be ambiguous."""
    opens, closes = span
    end = "24:00" if closes == datetime.time(0) else f"{closes:%H:%M}"
    start = f"{opens:%H:%M}"
    if readings(read_written(start), read_written(end)) == [span]:
        return f"{start}–{end}"
    return f"{opens:%I:%M%p}–{closes:%I:%M%p}".lower()


def _english(days):
    runs: list[list[int]] = []
    for day in days:
        if runs and runs[-1][-1] == day - 1:
            runs[-1].append(day)
        else:
            runs.append([day])
    names = [
        f"{ENGLISH_DAYS[run[0]]} to {ENGLISH_DAYS[run[-1]]}"
        if len(run) > 2
        else ", ".join(ENGLISH_DAYS[day] for day in run)
        for run in runs
    ]
    return ", ".join(names)


def week_in_words(week) -> str:
    """(weekday, opens, closes) triples on one line, grouping days with the same hours.

    "Monday to Friday 09:00 to 17:00; Saturday 10:00 to 13:00".
    """
    names = dict(OpeningHours.WEEKDAYS)
    hours: dict[int, str] = {}
    for day, opens, closes in sorted(week):
        words = span_in_words((opens, closes))
        if day in hours:
            words = _("%(one)s and %(other)s") % {"one": hours[day], "other": words}
        hours[day] = words
    alike: dict[str, list[int]] = {}
    for day, words in hours.items():
        alike.setdefault(words, []).append(day)
    return "; ".join(
        _("%(days)s %(hours)s") % {"days": _days_in_words(days, names), "hours": words}
        for words, days in alike.items()
    )


def _days_in_words(days, names):
    """Monday to Friday; Monday, Wednesday and Friday; Monday to Thursday and Saturday."""
    if days == list(EVERY_DAY):
        return _("Every day")
    runs: list[list[int]] = []
    for day in days:
        if runs and runs[-1][-1] == day - 1 and day != BANK_HOLIDAY:
            runs[-1].append(day)
        else:
            runs.append([day])
    parts = []
    for run in runs:
        parts += (
            [run_in_words([str(names[day]) for day in run])]
            if len(run) > 2
            else [str(names[day]) for day in run]
        )
    return get_text_list(parts, _("and"))


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= 80 else f"{text[:79]}…"


# From text to tokens


class _Token(NamedTuple):
    kind: str
    text: str
    value: object = None


def _plain(text: str) -> str:
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


def _tokens(text: str) -> list[_Token]:
    if len(text) > MOST:
        raise _NotRead(_("too long"))
    # OpenStreetMap's two-letter days only in its own case: "We" is a day, "we" is a word.
    text = re.sub(
        r"\b(Mo|Tu|We|Th|Fr|Sa|Su)\b", lambda found: found[1] + _REST[found[1].lower()], text
    )
    text = re.sub(r"\bPH\b", "bank holidays", text).lower()
    for pattern, why in _REFUSED:
        if pattern.search(text):
            raise _NotRead(str(why))
    if re.search(r"\ball day\b(?! and)", text):
        raise _NotRead(str(DAYTIME_OR_24))
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
            return _Token(kind, found[0], _value(kind, found)), found.end()
    word = re.match(r"\S+", text[at:])[0]
    raise _NotRead(_("“%(word)s” is not understood") % {"word": word[:30]})


def _value(kind, found):
    if kind == DAY:
        return _days_of(found[0])
    if kind == TIME_:
        try:
            return written(found)
        except ValueError:
            raise _NotRead(_("“%(time)s” is no time") % {"time": found[0]}) from None
    return None


def _days_of(text):
    if "weekday" in text:
        return EVERY_DAY[:5]
    if "weekend" in text:
        return EVERY_DAY[5:]
    return (_STARTS[text[:3]],) if text[:3] in _STARTS else EVERY_DAY


# From tokens to chunks: days, or times


@dataclass
class _Days:
    days: list[int]
    broken: bool = False
    """Whether a semicolon, a line end or a full stop stands before it."""


@dataclass
class _Times:
    spans: list[Span]
    broken: bool = False
    usual: bool = False
    """Whether this says that bank holidays are as other days."""
    exception: bool = False
    """Whether it takes days out of those before it: "daily 9am-5pm except Sunday"."""


def _chunks(tokens, meaning):
    """Runs of days and runs of times, in order."""
    tokens = [token for token in tokens if token.kind != SOFT or token.text == ":"]
    chunks, at, broken = [], 0, False
    while at < len(tokens):
        kind = tokens[at].kind
        if kind in (AND, SOFT, BREAK):
            broken = broken or kind == BREAK
            at += 1
        elif kind == TO:
            # "Friday - 10am until 2pm": a dash between a day and its hours is only a separator
            if not (chunks and isinstance(chunks[-1], _Days) and not _is_day(tokens, at + 1)):
                raise _NotRead(_("not understood"))
            at += 1
        else:
            if kind in (DAY, HOLIDAY):
                chunk, at = _days_chunk(tokens, at)
            else:
                chunk, at = _times_chunk(tokens, at, meaning)
            chunk.broken, broken = broken and bool(chunks), False
            chunks.append(chunk)
    return chunks


def _kind(tokens, at):
    return tokens[at].kind if at < len(tokens) else None


def _is_day(tokens, at):
    return _kind(tokens, at) in (DAY, HOLIDAY)


def _days_chunk(tokens, at):
    days: list[int] = []
    while True:
        first = [BANK_HOLIDAY] if tokens[at].kind == HOLIDAY else list(tokens[at].value)
        at += 1
        if _kind(tokens, at) == TO and _is_day(tokens, at + 1):
            last = tokens[at + 1].value
            if len(first) != 1 or first == [BANK_HOLIDAY] or not last or len(last) != 1:
                raise _NotRead(_("not understood"))
            first = [(first[0] + step) % 7 for step in range((last[0] - first[0]) % 7 + 1)]
            at += 2
        days += first
        following = at
        while _kind(tokens, following) == AND:
            following += 1
        if not _is_day(tokens, following):
            break
        if following == at:
            # "mon tue" may be two days, or the first and last of a range
            raise _NotRead(_("which days are meant?"))
        at = following
    if len(days) != len(set(days)):
        raise _NotRead(_("a day is named twice"))
    return _Days(days), at


def _times_chunk(tokens, at, meaning):
    kind = tokens[at].kind
    if kind == WHOLE:
        return _Times([WHOLE_DAY]), at + 1
    if kind in (CLOSED, EXCEPT):
        return _Times([], exception=kind == EXCEPT), at + 1
    if kind == USUAL:
        return _Times([], usual=True), at + 1
    spans: list[Span] = []
    while True:
        span, at = _one_span(tokens, at, meaning)
        spans += [span] if span else []
        following = at
        while _kind(tokens, following) == AND:
            following += 1
        if following == at or _kind(tokens, following) not in (TIME_, BETWEEN):
            return _Times(spans), at
        at = following


def _one_span(tokens, at, meaning):
    joints = (TO,)
    if tokens[at].kind == BETWEEN:
        joints, at = (TO, AND), at + 1
    kinds = [_kind(tokens, at + step) for step in range(3)]
    if kinds[0] != TIME_ or kinds[1] not in joints or kinds[2] != TIME_:
        raise _NotRead(_("an opening time without a closing time, or the other way round"))
    if _kind(tokens, at + 3) == TO and _kind(tokens, at + 4) == TIME_:
        raise _NotRead(_("not understood"))
    return meaning(tokens[at].value, tokens[at + 2].value), at + 3


def _understood(opens: WrittenTime, closes: WrittenTime) -> Span:
    """The only meaning of a pair; refused if there are several or it is unusually long."""
    found = readings(opens, closes)
    if len(found) > 1:
        raise _NotRead(meanings_in_words(found))
    if is_long(found[0]):
        raise _NotRead(
            _("%(hours)s is %(long)s: is that so?")
            % {"hours": span_in_words(found[0]), "long": long_in_words(found[0])}
        )
    return found[0]


# From chunks to a week


def _read(text: str, meaning: Meaning = _understood, *, may_be_closed=False) -> HoursRead:
    plain = _plain(text).strip(" .;")
    of_day: dict[int, list[Span]] = {}
    osm = bool(re.search(r"\b(?:Mo|Tu|We|Th|Fr|Sa|Su|PH)\b", plain))
    chunks = _chunks(_tokens(plain), meaning)
    usual = [chunk for chunk in chunks if isinstance(chunk, _Times) and chunk.usual]
    chunks = [chunk for chunk in chunks if not any(chunk is each for each in usual)]
    if len(chunks) == 1 and isinstance(chunks[0], _Times) and chunks[0].spans == [WHOLE_DAY]:
        chunks.insert(0, _Days(list(EVERY_DAY)))  # "24/7"
    for days, times in _pairs(chunks):
        for day in days.days:
            of_day[day] = _together(of_day.get(day), times, day, replace=osm and days.broken)
    if not any(of_day.values()) and not may_be_closed:
        raise _NotRead(str(SAYS_NO_HOURS))
    holiday = of_day.pop(BANK_HOLIDAY, None)
    intervals = [Interval(day, *span) for day in sorted(of_day) for span in joined(of_day[day])]
    rule = None
    if usual:
        if holiday is not None:
            raise _NotRead(_("bank holidays are given twice"))
        rule = BankHolidays.AS_USUAL
    elif holiday is not None:
        rule = BankHolidays.OWN_HOURS if holiday else BankHolidays.CLOSED
        intervals += [Interval(BANK_HOLIDAY, *span) for span in joined(holiday)]
    return HoursRead(intervals, rule)


def _pairs(chunks):
    """Match days with their times: adjacent chunks, in either order, each used once."""
    if not chunks or len(chunks) % 2:
        raise _NotRead(
            _("which days are meant?")
            if all(isinstance(chunk, _Times) for chunk in chunks)
            else _("which hours belong to which days?")
        )
    pairs = []
    for one, other in zip(chunks[::2], chunks[1::2], strict=True):
        if isinstance(one, _Days) == isinstance(other, _Days) or (other.broken and len(chunks) > 2):
            raise _NotRead(_("which hours belong to which days?"))
        days, times = (one, other) if isinstance(one, _Days) else (other, one)
        if times.exception and (times is other or not pairs):
            raise _NotRead(_("which hours belong to which days?"))  # "daily except Sunday 9am-5pm"
        pairs.append((_Days(days.days, one.broken), times))
    return pairs


def _together(before, times, day, *, replace):
    """Merge a day's spans when a later part names the day again.

    In OpenStreetMap's syntax a part after a semicolon replaces the day and one after a comma adds
    to it. Elsewhere "closed" removes the day and other hours are added; overlapping hours ("Mon-Fri
    9am-5pm, Fri 9am-1pm") could mean either, and are left unread.
    """
    if before is None or replace or not times.spans:
        return list(times.spans)
    both = joined(before + times.spans)
    apart = _total(both) == _total(joined(before)) + _total(joined(times.spans))
    if before and (apart or both == joined(times.spans)):
        return both
    raise _NotRead(
        _("%(day)s is given twice, differently") % {"day": dict(OpeningHours.WEEKDAYS)[day]}
    )


def _total(spans):
    return sum(map(length, spans))
