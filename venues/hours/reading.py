"""The parser of free-text opening hours, used by the portal and every import.

"Mon, Wed and Fri 9am-5pm", "10am to 4pm, Monday - Saturday", "1st and 3rd Sunday 2pm-4pm", "every
other Tuesday from 8 December 2026 10am-noon", "Sat by appointment", OpenStreetMap's "Mo-We,Fr
08:30-14:00; Th off; SH off". It never guesses: text that is ambiguous, applies only to some months,
or contains an unknown word is left unread as a whole, and `HoursRead.unread` says why. Half of a
text would be a timetable nobody wrote.

What says on which days hours recur is first replaced by a sign of its own
(`venues.hours.qualifiers`), so that the rest reads as for any week.
"""

import datetime
import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from typing import NamedTuple

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from venues.hours.model import BANK_HOLIDAY, BankHolidays, OpeningHours
from venues.hours.qualifiers import MONTH, SIGN, WEEKDAY, NotUnderstood, signed
from venues.hours.recurrence import Term, may_coincide, recurrence_in_words
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
    """One weekly interval; Monday is 0, `BANK_HOLIDAY` (7) stands for bank holidays.

    The times are None for "by appointment" alone. The other fields are those of OpeningHours.
    """

    weekday: int
    opens: datetime.time | None
    closes: datetime.time | None
    weeks: tuple[int, ...] = ()
    fortnight_from: datetime.date | None = None
    term: str = ""
    by_appointment: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether it is every week of the year, for whoever walks in."""
        return not (self.weeks or self.fortnight_from or self.term or self.by_appointment)


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
    closed_in: Term | None = None
    """The part of the school year in which the whole week is closed, if the text says so."""

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
        return [
            OpeningHours(**{**each._asdict(), "weeks": list(each.weeks)}) for each in self.intervals
        ]

    def only_plain(self) -> "HoursRead":
        """The same, but unread if it says more than a week that is the same all year.

        For lists that cannot keep the rest: it is refused by name, never dropped.
        """
        special = next((each for each in self.intervals if not each.is_plain), None)
        if special is None:
            return self
        why = _("%(hours)s: this list can only keep hours that are the same every week")
        words = why % {"hours": week_in_words([special])}
        return HoursRead(unread=[Unread(week_in_words(self.intervals), words)])

    def __str__(self):
        return "; ".join([week_in_words(self.intervals), *self.notes])


class _NotRead(Exception):
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
    (r"\bweek \d|\b(?:even|odd) weeks?\b", WEEK_NUMBERS),
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


def read_hours(text: str, today: datetime.date | None = None) -> HoursRead:
    """Parse a week's hours from one text. An empty text gives nothing, and nothing unread.

    A date without a year ("every other Tuesday from 8 December") is the nearest to `today`.
    """
    if not text.strip():
        return HoursRead()
    try:
        return _read(text, today=today)
    except _NotRead as why:
        return HoursRead(unread=[Unread(text.strip(), str(why))])


def read_day(text: str, weekday: int) -> HoursRead:
    """Parse one day's hours from its own cell: "9am-12.30pm, 1.30pm-5pm", "closed"."""
    plain = _plain(text).strip(" .;")
    if plain.lower() in NO_HOURS:
        return HoursRead()
    try:
        tokens = _tokens(re.sub(r"[;\n]", ",", plain))
        if any(token.text.startswith(SIGN) for token in tokens):
            raise _NotRead(_("the column of one day only keeps what is the same every week"))
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


def read_line(text: str, meaning: Meaning, today: datetime.date | None = None) -> HoursRead:
    """Parse one line of a week.

    Ambiguous pairs are passed to `meaning`, which may ask. A line may also be just "Sunday closed"
    or "closed in school holidays".
    """
    try:
        return _read(text, meaning, may_be_closed=True, today=today)
    except _NotRead as why:
        return HoursRead(unread=[Unread(text.strip(), str(why))])


def lines_of(intervals) -> list[str]:
    """One season's OpeningHours as lines that `read_line` parses back to the same.

    Always in English, like the parser, whatever the language of the page.
    """
    hours: dict[tuple, list[str]] = {}
    for each in sorted(intervals, key=_in_order):
        key = (tuple(each.weeks), each.fortnight_from, each.term, each.by_appointment)
        words = [] if each.opens is None else [_as_line((each.opens, each.closes))]
        # Those without times have a line of their own.
        hours.setdefault((each.weekday, each.opens is None, *key), []).extend(words)
    alike: dict[tuple, list[int]] = {}
    for (day, __, weeks, fortnight, *rest), spans in hours.items():
        # Bank holidays have their own line: "every day" does not include them. So does each day
        # with weeks of its own, because "1st Monday, Tuesday" would be ambiguous.
        alone = day if day == BANK_HOLIDAY or weeks or fortnight else None
        alike.setdefault((", ".join(spans), alone, weeks, fortnight, *rest), []).append(day)
    return [
        " ".join(
            filter(
                None,
                [
                    _which_weeks(weeks, fortnight),
                    _english(days),
                    fortnight and f"from {fortnight.day} {fortnight:%B %Y}",
                    spans,
                    term and f"{ENGLISH_TERMS[term]} only",
                    "by appointment" if asked else "",
                ],
            )
        )
        for (spans, __, weeks, fortnight, term, asked), days in alike.items()
    ]


ENGLISH_TERMS = {Term.TERM: "term time", Term.HOLIDAYS: "school holidays"}
ENGLISH_WEEKS = {1: "1st", 2: "2nd", 3: "3rd", 4: "4th", 5: "5th", -1: "last"}


def _which_weeks(weeks, fortnight):
    if fortnight:
        return "every other"
    return " and ".join(ENGLISH_WEEKS[week] for week in weeks)


def _in_order(each):
    """Of one day the hours of every week come first, and those without times last."""
    return (each.weekday, bool(each.weeks), each.opens is None, each.opens or datetime.time(0))


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


def week_in_words(week: Iterable[tuple]) -> str:
    """Intervals, or (weekday, opens, closes) triples, on one line, grouping days of the same hours.

    "Monday to Friday 09:00 to 17:00; Saturday 10:00 to 13:00".
    """
    names = dict(OpeningHours.WEEKDAYS)
    hours: dict[int, str] = {}
    for each in sorted((Interval(*each) for each in week), key=_in_order):
        words = _interval_in_words(each, str(names[each.weekday]))
        if each.weekday in hours:
            words = _("%(one)s and %(other)s") % {"one": hours[each.weekday], "other": words}
        hours[each.weekday] = words
    alike: dict[str, list[int]] = {}
    for day, words in hours.items():
        alike.setdefault(words, []).append(day)
    return "; ".join(
        _("%(days)s %(hours)s") % {"days": _days_in_words(days, names), "hours": words}
        for words, days in alike.items()
    )


def _interval_in_words(each, weekday):
    recurrence = recurrence_in_words(each, weekday)
    if each.opens is None:
        return _("by appointment") + recurrence
    words = span_in_words((each.opens, each.closes)) + recurrence
    return _("%(hours)s, by appointment") % {"hours": words} if each.by_appointment else words


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


def _tokens(text: str, today: datetime.date | None = None) -> list[_Token]:
    if len(text) > MOST:
        raise _NotRead(_("too long"))
    # OpenStreetMap's two-letter days only in its own case: "We" is a day, "we" is a word.
    text = re.sub(
        r"\b(Mo|Tu|We|Th|Fr|Sa|Su)\b", lambda found: found[1] + _REST[found[1].lower()], text
    )
    text = re.sub(r"\bPH\b", "bank holidays", text).lower()
    # Nothing is known of them, which is what a text that does not mention them says too.
    text = re.sub(r"(?:^|[;,.]) ?\bbank holidays:? (?:unknown|not known)\b", "", text)
    try:
        text = signed(text, today or timezone.localdate())
    except NotUnderstood as why:
        raise _NotRead(str(why)) from None
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
    word = re.match(r"\S+", text[at:])[0].replace(SIGN, "")
    raise _NotRead(_("“%(word)s” is not understood") % {"word": word[:30]})


def _value(kind, found):
    if kind == DAY:
        return _days_of(found[0])
    if kind == TIME_:
        try:
            return written(found)
        except ValueError:
            raise _NotRead(_("“%(time)s” is no time") % {"time": found[0]}) from None
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


# From tokens to chunks: days, or times


class _Day(NamedTuple):
    """A weekday with the weeks in which it is meant."""

    weekday: int
    weeks: tuple[int, ...] = ()
    is_fortnightly: bool = False
    date: datetime.date | None = None

    @property
    def is_special(self) -> bool:
        return bool(self.weeks or self.is_fortnightly or self.date)


@dataclass
class _Days:
    days: list[_Day]
    broken: bool = False
    """Whether a semicolon, a line end or a full stop stands before it."""
    term: str = ""
    asked: bool = False
    leads: bool = False
    """Whether "term time:" or "by appointment:" stands before it, and might reach further."""


@dataclass
class _Times:
    spans: list[Span]
    broken: bool = False
    usual: bool = False
    """Whether this says that bank holidays are as other days."""
    closed_in: Term | None = None
    """The part of the school year in which everything is closed, if this says so."""
    exception: bool = False
    """Whether it takes days out of those before it: "daily 9am-5pm except Sunday"."""
    term: str = ""
    asked: bool = False
    """Whether it is by appointment; without spans, at no certain time."""

    @property
    def is_about_all(self) -> bool:
        return self.usual or self.closed_in is not None


STARTS_DAYS = (DAY, HOLIDAY, WEEKS, FORTNIGHT)
TIMES = (TIME_, WHOLE, BETWEEN)


def _chunks(tokens, meaning):
    """Runs of days and runs of times, in order."""
    tokens = [token for token in tokens if token.kind != SOFT or token.text == ":"]
    chunks, at, broken = [], 0, False
    leading: dict = {}
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
        elif kind == TERM and _following(tokens, at) == CLOSED:
            chunk, at = _closed_in(tokens, at, chunks), at + 2
            broken, chunk.broken = False, broken and bool(chunks)
            chunks.append(chunk)
        elif kind == FORTNIGHT and _is_of_days_before(tokens, at, chunks, broken):
            at += 1
        elif kind in (TERM, ASKED) and not _is_times(tokens, at, chunks, broken):
            leading |= _bind(tokens, at, chunks, broken)
            at += 1
        elif kind == DATE:
            _bind_date(tokens[at].value, chunks, broken)
            at += 1
        else:
            if kind in STARTS_DAYS:
                chunk, at = _days_chunk(tokens, at)
                if leading:
                    chunk, leading = replace(chunk, leads=True, **leading), {}
            else:
                chunk, at = _times_chunk(tokens, at, meaning, chunks)
            chunk.broken, broken = broken and bool(chunks), False
            chunks.append(chunk)
    return chunks


def _is_times(tokens, at, chunks, broken):
    """Whether "by appointment" stands where the times of some days would: "Sat by appointment"."""
    if tokens[at].kind != ASKED:
        return False
    if not chunks:
        return len(tokens) == 1
    before = chunks[-1]
    whole = len(chunks) % 2 == 0 or isinstance(before, _Times)
    return (
        isinstance(before, _Days)
        and not broken
        and not whole
        and _following(tokens, at) not in TIMES
    )


def _following(tokens, at):
    """The kind of the token after `at`, but for a colon."""
    return _kind(tokens, at + 2 if _kind(tokens, at + 1) == SOFT else at + 1)


def _bind(tokens, at, chunks, broken):
    """Let "term time" or "by appointment" belong to the hours beside it.

    Returns what is to be said of the days that follow. With nothing between, it belongs to what
    stands before; after a comma to a single group of hours, and it is refused where there are more.
    """
    value = {"term": tokens[at].value} if tokens[at].kind == TERM else {"asked": True}
    before, after = _kind(tokens, at - 1) if at else None, _following(tokens, at)
    unclear = _NotRead(_("which hours are %(when)s?") % {"when": _said_of_all(tokens[at])})
    starts, ends = before in (None, BREAK), after in (None, BREAK, AND)
    if starts and after in STARTS_DAYS:
        return value
    if starts or (before == AND and after not in (None, BREAK)):
        raise unclear
    if before == AND and len(_since_break(chunks)) != 2:
        raise unclear
    last = chunks[-1]
    if isinstance(last, _Times) and not ends and after not in (TERM, ASKED, DATE):
        raise unclear
    for name, given in value.items():
        if getattr(last, name):
            raise unclear
        setattr(last, name, given)
    return {}


def _said_of_all(token):
    if token.kind == ASKED:
        return _("by appointment")
    return str(token.value.label)


def _since_break(chunks):
    """The chunks since the last semicolon or line end."""
    for number in range(len(chunks) - 1, -1, -1):
        if chunks[number].broken:
            return chunks[number:]
    return chunks


def _is_of_days_before(tokens, at, chunks, broken):
    """Whether "every other week" belongs to the hours before it; if so, they are told."""
    if broken or len(chunks) < 2 or _following(tokens, at) in (DAY, HOLIDAY, AND):
        return False
    days = next((each for each in chunks[:-3:-1] if isinstance(each, _Days)), None)
    if days is None or len(days.days) != 1 or days.days[0].is_special:
        return False
    days.days = [days.days[0]._replace(is_fortnightly=True)]
    return True


def _bind_date(date, chunks, broken):
    """Give the first day of fortnights to the days of the hours before it."""
    for chunk in chunks[:-3:-1]:
        if isinstance(chunk, _Days) and len(chunk.days) == 1 and not broken:
            day = chunk.days[0]
            if day.is_fortnightly and day.date is None:
                chunk.days = [day._replace(date=date)]
                return
    raise _NotRead(str(SOME_MONTHS))


def _kind(tokens, at):
    return tokens[at].kind if at < len(tokens) else None


def _is_day(tokens, at):
    return _kind(tokens, at) in (DAY, HOLIDAY)


def _days_chunk(tokens, at):
    days: list[_Day] = []
    while True:
        found, at = _some_days(tokens, at)
        if days and days[-1].is_special and not found[0].is_special:
            # "1st Monday and Wednesday": the 1st Wednesday, or every one?
            raise _NotRead(
                _("say for each day which weeks are meant, such as “1st Monday and 1st Tuesday”")
            )
        days += found
        following = at
        while _kind(tokens, following) == AND:
            following += 1
        if _kind(tokens, following) not in STARTS_DAYS:
            break
        if following == at:
            # "mon tue" may be two days, or the first and last of a range
            raise _NotRead(_("which days are meant?"))
        at = following
    for number, day in enumerate(days):
        for other in days[:number]:
            if day.weekday == other.weekday and not set(day.weeks).isdisjoint(other.weeks or WHICH):
                raise _NotRead(_("a day is named twice"))
            if day.weekday == other.weekday and not (day.weeks and other.weeks):
                raise _NotRead(_("a day is named twice"))
    return _Days(days), at


WHICH = frozenset((1, 2, 3, 4, 5, -1))


def _some_days(tokens, at):
    """One day or a range of days, with what says in which weeks."""
    weeks, fortnightly, date = (), False, None
    while _kind(tokens, at) in (WEEKS, FORTNIGHT, AND):
        if tokens[at].kind == WEEKS:
            if weeks:
                raise _NotRead(str(SOME_WEEKS))
            weeks = tokens[at].value
        fortnightly = fortnightly or tokens[at].kind == FORTNIGHT
        at += 1
    if not _is_day(tokens, at):
        raise _NotRead(str(SOME_WEEKS))
    is_holiday = tokens[at].kind == HOLIDAY
    days = [BANK_HOLIDAY] if is_holiday else list(tokens[at].value)
    at += 1
    if _kind(tokens, at) == TO and _is_day(tokens, at + 1):
        last = tokens[at + 1].value
        if len(days) != 1 or is_holiday or not last or len(last) != 1:
            raise _NotRead(_("not understood"))
        days = [(days[0] + step) % 7 for step in range((last[0] - days[0]) % 7 + 1)]
        at += 2
    while True:
        kind = _kind(tokens, at)
        if kind == AND and _kind(tokens, at + 1) == FORTNIGHT:
            # "Tuesdays, fortnightly", but not "Mondays, fortnightly Tuesdays"
            if _is_day(tokens, at + 2):
                break
            at += 1
            continue
        if kind == WEEKS_AFTER and not weeks:
            weeks = tokens[at].value
        elif kind == OF_MONTH and weeks:
            pass
        elif kind == FORTNIGHT and not fortnightly:
            fortnightly = True
        elif kind == DATE and fortnightly and date is None:
            date = tokens[at].value
        else:
            break
        at += 1
    if (weeks or fortnightly) and (len(days) > 1 or is_holiday or (weeks and fortnightly)):
        raise _NotRead(str(SOME_WEEKS))
    return [_Day(day, weeks, fortnightly, date) for day in days], at


def _times_chunk(tokens, at, meaning, before):
    kind = tokens[at].kind
    if kind == WHOLE:
        return _Times([WHOLE_DAY]), at + 1
    if kind == ASKED:
        return _Times([], asked=True), at + 1
    if kind in (CLOSED, EXCEPT):
        if _kind(tokens, at + 1) == TERM:
            return _closed_in(tokens, at, before), at + 2
        return _Times([], exception=kind == EXCEPT), at + 1
    if kind == USUAL:
        return _Times([], usual=True), at + 1
    if kind in (OF_MONTH, WEEKS_AFTER):
        raise _NotRead(str(SOME_WEEKS))
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


def _closed_in(tokens, at, before):
    """ "Closed in school holidays", about the whole text; "except …" only after one group."""
    term = next(token for token in tokens[at:] if token.kind == TERM)
    if tokens[at].kind == EXCEPT and len(before) > 2:
        raise _NotRead(_("which hours are %(when)s?") % {"when": _said_of_all(term)})
    if before and isinstance(before[-1], _Days) and len(before) % 2:
        raise _NotRead(_("which hours belong to which days?"))
    return _Times([], closed_in=term.value)


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


class _Which(NamedTuple):
    """Which days a group of hours is for: the fields of Interval besides its times."""

    weekday: int
    weeks: tuple[int, ...] = ()
    fortnight_from: datetime.date | None = None
    term: str = ""
    by_appointment: bool = False


def _read(
    text: str,
    meaning: Meaning = _understood,
    *,
    may_be_closed: bool = False,
    today: datetime.date | None = None,
) -> HoursRead:
    plain = _plain(text).strip(" .;")
    osm = bool(re.search(r"\b(?:Mo|Tu|We|Th|Fr|Sa|Su|PH|SH)\b", plain))
    chunks = _chunks(_tokens(plain, today), meaning)
    about_all = [chunk for chunk in chunks if isinstance(chunk, _Times) and chunk.is_about_all]
    chunks = [chunk for chunk in chunks if not any(chunk is each for each in about_all)]
    if len(chunks) == 1 and isinstance(chunks[0], _Times) and _is_every_day(chunks[0]):
        chunks.insert(0, _Days(list(map(_Day, EVERY_DAY))))  # "24/7", "by appointment"
    hours: dict[_Which, list[Span]] = {}
    untimed: list[_Which] = []
    for days, times in _pairs(chunks) if chunks or not about_all else []:
        for day in days.days:
            which = _which(day, days, times)
            replaces = osm and days.broken
            _make_room(hours, which, times, replaces)
            if times.asked and not times.spans:
                untimed.append(which)
            else:
                hours[which] = _together(hours.get(which), times, day.weekday, replace=replaces)
    if not any(hours.values()) and not untimed and not may_be_closed:
        raise _NotRead(str(SAYS_NO_HOURS))
    closed = {which.weekday for which, spans in hours.items() if not spans}
    intervals = [
        Interval(which.weekday, *span, *which[1:])
        for which, spans in hours.items()
        for span in joined(spans)
    ] + [Interval(which.weekday, None, None, *which[1:]) for which in untimed]
    intervals = _joined_weeks(sorted(set(intervals), key=_in_order))
    _refuse_contradictions(intervals)
    closed_in = next((each.closed_in for each in about_all if each.closed_in), None)
    return HoursRead(
        _out_of(intervals, closed_in) if closed_in else intervals,
        _bank_holiday_rule(about_all, closed, intervals),
        closed_in=closed_in,
    )


def _is_every_day(times):
    return times.spans == [WHOLE_DAY] or (times.asked and not times.spans)


def _which(day, days, times) -> _Which:
    """Merge what stands beside the days with what stands beside the times."""
    if times.term and days.term:
        raise _NotRead(_("term time is given twice"))
    name = ENGLISH_DAYS[day.weekday]
    if day.is_fortnightly and day.date is None:
        raise _NotRead(
            _("every other week from when? Write it like “every other %(day)s from 8 December”")
            % {"day": name}
        )
    if day.date and day.date.weekday() != day.weekday:
        raise _NotRead(
            _("%(date)s is a %(real)s, not a %(day)s")
            % {
                "date": date_format(day.date, "j F Y"),
                "real": ENGLISH_DAYS[day.date.weekday()],
                "day": name,
            }
        )
    which = _Which(
        day.weekday, day.weeks, day.date, days.term or times.term, days.asked or times.asked
    )
    if day.weekday == BANK_HOLIDAY and which.term:
        raise _NotRead(_("bank holidays in term time only cannot be kept"))
    if not (times.spans or times.asked) and (day.is_special or which.term):
        raise _NotRead(_("write the weeks when it is open, not those when it is closed"))
    return which


def _make_room(hours, which, times, replaces):
    """Settle hours of the same weekday that are for other weeks or terms.

    OpenStreetMap's "Mo-Fr 09:00-17:00; SH Mo-Fr 10:00-14:00" takes the days of the later part out
    of the earlier one. Only school terms can be taken out of a week; the rest is refused.
    """
    others = [
        each
        for each in hours
        if each.weekday == which.weekday
        and each != which
        and hours[each]
        and may_coincide(each, which)
    ]
    if not times.spans and not times.asked and others:
        raise _given_twice(which.weekday)
    if not replaces:
        return
    for each in others:
        if not which.term or each.term or each.weeks != which.weeks:
            raise _given_twice(which.weekday)
        hours[each._replace(term=_other_term(which.term))] = hours.pop(each)


def _other_term(term):
    return Term.HOLIDAYS if term == Term.TERM else Term.TERM


def out_of(read: HoursRead, closed_in: Term) -> HoursRead:
    """What was read, without the part of the school year in which everything is closed.

    Unread where some hours are for just that part.
    """
    try:
        return replace(read, intervals=_out_of(read.intervals, closed_in))
    except _NotRead as why:
        return HoursRead(unread=[Unread(str(read), str(why))])


def _out_of(intervals, closed_in):
    found = []
    for each in intervals:
        if each.term == closed_in:
            raise _NotRead(_("open and closed %(when)s") % {"when": closed_in.label})
        keeps = each.weekday == BANK_HOLIDAY
        found.append(each if keeps else each._replace(term=_other_term(closed_in)))
    return found


def _bank_holiday_rule(about_all, closed, intervals):
    given = BANK_HOLIDAY in closed or any(each.weekday == BANK_HOLIDAY for each in intervals)
    if any(each.usual for each in about_all):
        if given:
            raise _NotRead(_("bank holidays are given twice"))
        return BankHolidays.AS_USUAL
    if not given:
        return None
    return BankHolidays.CLOSED if BANK_HOLIDAY in closed else BankHolidays.OWN_HOURS


def _joined_weeks(intervals):
    """ "Tu[1] 10:00-12:00; Tu[3] 10:00-12:00" as one interval of two weeks."""
    found: list[Interval] = []
    for each in intervals:
        for number, other in enumerate(found):
            if each.weeks and other.weeks and other._replace(weeks=each.weeks) == each:
                weeks = sorted({*other.weeks, *each.weeks}, key=list(ENGLISH_WEEKS).index)
                found[number] = each._replace(weeks=tuple(weeks))
                break
        else:
            found.append(each)
    return found


def _refuse_contradictions(intervals):
    """ "Sun 10am-noon, 1st Sun 10am-4pm": the first may replace the second, or be a slip."""
    for number, each in enumerate(intervals):
        for other in intervals[:number]:
            if each.weekday != other.weekday or None in (each.opens, other.opens):
                continue
            apart = sum(map(length, joined([each[1:3]]) + joined([other[1:3]])))
            if may_coincide(each, other) and _total(joined([each[1:3], other[1:3]])) < apart:
                raise _given_twice(each.weekday)


def _given_twice(day):
    words = _("%(day)s is given twice, differently")
    return _NotRead(words % {"day": dict(OpeningHours.WEEKDAYS)[day]})


def _pairs(chunks):
    """Match days with their times: adjacent chunks, in either order, each used once."""
    if not chunks or len(chunks) % 2:
        raise _NotRead(
            _("which days are meant?")
            if all(isinstance(chunk, _Times) for chunk in chunks)
            else _("which hours belong to which days?")
        )
    pairs = []
    leads = False
    for one, other in zip(chunks[::2], chunks[1::2], strict=True):
        if isinstance(one, _Days) == isinstance(other, _Days) or (other.broken and len(chunks) > 2):
            raise _NotRead(_("which hours belong to which days?"))
        days, times = (one, other) if isinstance(one, _Days) else (other, one)
        if times.exception and (times is other or not pairs):
            raise _NotRead(_("which hours belong to which days?"))  # "daily except Sunday 9am-5pm"
        if leads and not one.broken:
            # "Term time: Mon-Fri 9am-5pm, Sat 10am-1pm": does it go for Saturday too?
            raise _NotRead(_("write hours of other weeks or terms in a line of their own"))
        leads = days.leads
        joint = replace(days, broken=one.broken)
        pairs.append((joint, times))
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
    raise _given_twice(day)


def _total(spans):
    return sum(map(length, spans))
