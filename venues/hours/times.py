"""Times of day as people write them, and what a pair of them can mean.

"9" and "5" are 09:00 to 17:00 to the person writing, and 09:00 to 05:00 to a computer. A pair is
accepted if its notation leaves one meaning: am/pm, or a 24-hour clock (13:00, 09:00, 0930).
Otherwise `readings` gives every possible meaning: the portal asks, an import leaves it unread.
"""

import datetime
import enum
import re
from typing import NamedTuple

from django.utils.translation import gettext as _

Span = tuple[datetime.time, datetime.time]
"""When it opens and closes. `closes <= opens` passes midnight; equal is 24 hours."""

MIDNIGHT = datetime.time(0)
LAST_MINUTE = datetime.time(23, 59)
WHOLE_DAY: Span = (MIDNIGHT, MIDNIGHT)
HALF_DAY, DAY = 12 * 60, 24 * 60
LONG = 16 * 60
"""Minutes. Hardly anything is open for longer without closing: the form asks about longer spans."""

ENGLISH_DAYS = (
    *("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "Bank holidays",
)
"""By weekday, as the parser knows them; the last is `BANK_HOLIDAY`."""

WORDS = {"midnight": MIDNIGHT, "noon": datetime.time(12), "midday": datetime.time(12)}
TIME = (
    r"(?:(?P<hour>\d{1,2})(?:[:.h]?(?P<minute>\d{2}))?(?!\d)"
    r"\s?(?P<half>(?:[ap]\.?\s?m\b\.?)|noon|midday|midnight)?|(?P<word>noon|midday|midnight))"
)
_TIME = re.compile(TIME)


class Style(enum.Enum):
    BARE = "neither am nor pm, nor on a 24-hour clock for certain"
    CLOCK = "on a 24-hour clock"
    NAMED = "am, pm, noon or midnight"


class WrittenTime(NamedTuple):
    """A time as written: a bare "5" is 05:00 unless context says otherwise."""

    time: datetime.time
    style: Style = Style.CLOCK
    ends_day: bool = False
    """Whether it is written as the end of a day: 24:00 or 23:59."""

    @property
    def minutes(self) -> int:
        return minutes_of(self.time)


def read_time(text: str) -> datetime.time:
    """The 24-hour time that `text` means; ValueError if it is not a time."""
    return read_written(text).time


def read_written(text: str) -> WrittenTime:
    """The time in `text` with its notation; ValueError if it is not a time."""
    lower = text.strip().lower()
    found = _TIME.fullmatch(lower)
    if not found:
        raise ValueError(lower)
    return written(found)


def written(found: re.Match) -> WrittenTime:
    """What a lower-case match of `TIME` says; ValueError for 25:00, 9:75 or 13am."""
    if found["word"]:
        return WrittenTime(WORDS[found["word"]], Style.NAMED)
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    half = (found["half"] or "").replace(".", "").replace(" ", "")
    if half in WORDS:
        if (hour, minute) != (12, 0):
            raise ValueError(found[0])
        return WrittenTime(WORDS[half], Style.NAMED)
    if half == "pm" and 13 <= hour <= 23 and found["minute"]:
        half = ""  # "13:00pm" can only mean one thing
    if half:
        if not 1 <= hour <= 12 and not (hour == 0 and minute and half == "am"):
            raise ValueError(found[0])
        hour = hour % 12 + (12 if half == "pm" else 0)
        return WrittenTime(datetime.time(hour, minute), Style.NAMED)
    if (hour, minute) == (24, 0):
        return WrittenTime(MIDNIGHT, Style.CLOCK, ends_day=True)
    digits = re.match(r"\d+", found[0])[0]
    on_24_hours = hour > 12 or digits[0] == "0" or len(digits) == 4
    time = datetime.time(hour, minute)
    return WrittenTime(
        time, Style.CLOCK if on_24_hours else Style.BARE, ends_day=time == LAST_MINUTE
    )


def minutes_of(time: datetime.time) -> int:
    return time.hour * 60 + time.minute


def time_of(minutes: int) -> datetime.time:
    return datetime.time(minutes // 60 % 24, minutes % 60)


def length(span: Span) -> int:
    """Minutes from opening to closing, including past midnight; equal times are a whole day."""
    return (minutes_of(span[1]) - minutes_of(span[0]) - 1) % DAY + 1


def is_long(span: Span) -> bool:
    """Whether to ask before accepting it. A full day, 00:00 to 24:00, is not a slip."""
    return span != WHOLE_DAY and length(span) > LONG


def readings(opens: WrittenTime, closes: WrittenTime) -> list[Span | None]:
    """Every meaning of a written pair, the likeliest first; just one if it is unambiguous.

    None stands for "closed": people write 0:00 to 0:00 for that as well as for 24 hours. A closing
    time of 23:59 is read as midnight.
    """
    if closes.ends_day:
        closes = WrittenTime(MIDNIGHT, Style.CLOCK, ends_day=True)
    literal = (opens.time, closes.time)
    if literal == WHOLE_DAY and not closes.ends_day:
        return [WHOLE_DAY, None]
    found: list[Span | None] = list(_readings(opens, closes)) or [literal]
    return list(dict.fromkeys(found))


def _readings(opens, closes):
    start, end = opens.minutes, closes.minutes
    if opens.style is Style.BARE and closes.style is Style.BARE:
        return _both_bare(start, end)
    if closes.style is Style.BARE:
        return _closing_bare(opens, start, end)
    if opens.style is Style.BARE and closes.style is Style.NAMED:
        return _opening_bare(start, end)
    return [_span(start, end)]


def _both_bare(start, end):
    later = [_span(start + HALF_DAY, end + HALF_DAY)]
    if end > start:
        # 8 to 12 is most likely a morning; 1.30 to 4.30 an afternoon.
        morning_is_clear = start >= 8 * 60
        return [_span(start, end)] if morning_is_clear else [*later, _span(start, end)]
    return [_span(start, end + HALF_DAY), _span(start + HALF_DAY, end), _span(start, end)]


def _closing_bare(opens, start, end):
    literal, later = _span(start, end), _span(start, end + HALF_DAY)
    later_is_same_day = start < end + HALF_DAY <= DAY
    if end > start:
        # "9am-11" may run until the evening; "9am-12" and "09:00-11:00" are unambiguous.
        doubtful = opens.style is Style.NAMED and end < HALF_DAY and later_is_same_day
        return [literal, later] if doubtful else [literal]
    # "22:00-2:00" passes midnight; "13:00-4:00" may end in the afternoon.
    return [later, literal] if later_is_same_day else [literal]


def _opening_bare(start, end):
    """A bare opening time with an explicit closing time: "9-5pm", "2-4pm", "10-2am"."""
    if start >= HALF_DAY:  # "12-4pm" starts at noon; "12-2am" perhaps at midnight
        noon = _span(start, end)
        after_midnight = start - HALF_DAY < end < HALF_DAY
        return [_span(start - HALF_DAY, end), noon] if after_midnight else [noon]
    morning, evening = _span(start, end), _span(start + HALF_DAY, end)
    if end < HALF_DAY and start < end:
        return [morning]  # "9-11am"
    if start + HALF_DAY < end and start < 6 * 60:
        return [evening]  # "2-4pm": nobody opens at two in the morning
    short = [span for span in (evening, morning) if length(span) <= LONG]
    if end >= HALF_DAY and start + HALF_DAY >= end:
        return [morning]  # "9-5pm" cannot begin at nine in the evening
    return short


def _span(start, end) -> Span:
    return time_of(start), time_of(end)


def joined(spans: list[Span]) -> list[Span]:
    """The same hours of one day, sorted and without overlaps."""
    apart: list[tuple[int, int]] = []
    for opens, closes in sorted(spans):
        start = minutes_of(opens)
        end = start + length((opens, closes))
        if apart and start <= apart[-1][1]:
            start, end = apart[-1][0], max(end, apart.pop()[1])
        apart.append((start, min(end, start + DAY)))
    return [_span(start, end) for start, end in apart]


def time_in_words(time: datetime.time) -> str:
    """ "5 in the afternoon", half-hours as "5:30"; noon and midnight by name."""
    if time in (MIDNIGHT, datetime.time(12)):
        return _("noon") if time.hour else _("midnight")
    hour = (time.hour - 1) % 12 + 1
    clock = f"{hour}:{time.minute:02}" if time.minute else f"{hour}"
    if time.hour < 12:
        return _("%(time)s in the morning") % {"time": clock}
    if time.hour < 18:
        return _("%(time)s in the afternoon") % {"time": clock}
    return _("%(time)s in the evening") % {"time": clock}


def span_in_words(span: Span) -> str:
    """ "09:00 to 17:00", "to midnight", "to 02:00 the next day", "all day and night"."""
    opens, closes = span
    if opens == closes:
        if opens == MIDNIGHT:
            return _("all day and night")
        return _("24 hours from %(opens)s") % {"opens": f"{opens:%H:%M}"}
    words = {"opens": f"{opens:%H:%M}", "closes": f"{closes:%H:%M}"}
    if closes == MIDNIGHT:
        return _("%(opens)s to midnight") % words
    if closes < opens:
        return _("%(opens)s to %(closes)s the next day") % words
    return _("%(opens)s to %(closes)s") % words


def long_in_words(span: Span) -> str:
    """Its length: "20 hours", "19 hours 30 minutes"."""
    hours, minutes = divmod(length(span), 60)
    if minutes:
        return _("%(hours)s hours %(minutes)s minutes") % {"hours": hours, "minutes": minutes}
    return _("%(hours)s hours") % {"hours": hours}


def meanings_in_words(spans: list[Span | None]) -> str:
    """The question about an ambiguous pair, such as "5 in the afternoon, or …?"."""
    if None in spans:
        return _("open day and night, or closed?")
    ends = [time_in_words(closes) for __, closes in spans]
    if len(set(ends)) == 1:
        ends = [time_in_words(opens) for opens, __ in spans]
    ends = list(dict.fromkeys(ends))
    return _("%(one)s, or %(other)s?") % {"one": ", ".join(ends[:-1]), "other": ends[-1]}


def run_in_words(days: list[str]) -> str:
    """A run of days: Monday; Monday and Tuesday; Monday to Friday; every day."""
    if len(days) == 7:
        return _("every day")
    if len(days) > 2:
        return _("%(first)s to %(last)s") % {"first": days[0], "last": days[-1]}
    return _(" and ").join(days)
