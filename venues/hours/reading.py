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
from dataclasses import replace
from typing import NamedTuple

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from venues.hours.chunks import Day, Days, Meaning, Times, chunks_of, understood
from venues.hours.intervals import EVERY_DAY, HoursRead, Interval, Unread, in_order
from venues.hours.lines import ENGLISH_WEEKS
from venues.hours.model import BANK_HOLIDAY, BankHolidays, OpeningHours
from venues.hours.qualifiers import SIGN
from venues.hours.recurrence import Term, may_coincide
from venues.hours.times import (
    ENGLISH_DAYS,
    WHOLE_DAY,
    Span,
    joined,
    length,
)
from venues.hours.tokens import DAY, HOLIDAY, SAYS_NO_HOURS, USUAL, NotRead, plain_text, tokens_of

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
"""The content of a day's cell when it is closed."""


def read_hours(text: str, today: datetime.date | None = None) -> HoursRead:
    """Parse a week's hours from one text. An empty text gives nothing, and nothing unread.

    A date without a year ("every other Tuesday from 8 December") is the nearest to `today`.
    """
    if not text.strip():
        return HoursRead()
    try:
        return _read(text, today=today)
    except NotRead as why:
        return HoursRead(unread=[Unread(text.strip(), str(why))])


def read_day(text: str, weekday: int) -> HoursRead:
    """Parse one day's hours from its own cell: "9am-12.30pm, 1.30pm-5pm", "closed"."""
    plain = plain_text(text).strip(" .;")
    if plain.lower() in NO_HOURS:
        return HoursRead()
    try:
        tokens = tokens_of(re.sub(r"[;\n]", ",", plain))
        if any(token.text.startswith(SIGN) for token in tokens):
            raise NotRead(_("the column of one day only keeps what is the same every week"))
        if any(token.kind in (DAY, HOLIDAY, USUAL) for token in tokens):
            raise NotRead(_("it names days, in the column of one day"))
        chunks = chunks_of(tokens, understood)
        if len(chunks) != 1 or isinstance(chunks[0], Days):
            raise NotRead(_("not understood"))
        spans = joined(chunks[0].spans)
    except NotRead as why:
        return HoursRead(unread=[Unread(text.strip(), str(why))])
    return HoursRead([Interval(weekday, *span) for span in spans])


def read_from_to(opens: str, closes: str, weekday: int) -> HoursRead:
    """Parse one day's hours from separate opening and closing cells."""
    if opens.strip().lower() == closes.strip().lower() and opens.strip().lower() in NO_HOURS:
        return HoursRead()
    return read_day(f"{opens.strip()} - {closes.strip()}", weekday)


def read_line(text: str, meaning: Meaning, today: datetime.date | None = None) -> HoursRead:
    """Parse one line of a week.

    Ambiguous pairs are passed to `meaning`, which may ask. A line may also be just "Sunday closed"
    or "closed in school holidays".
    """
    try:
        return _read(text, meaning, may_be_closed=True, today=today)
    except NotRead as why:
        return HoursRead(unread=[Unread(text.strip(), str(why))])


class _Which(NamedTuple):
    """The days a group of hours applies to: the fields of Interval other than its times."""

    weekday: int
    weeks: tuple[int, ...] = ()
    fortnight_from: datetime.date | None = None
    term: str = ""
    by_appointment: bool = False


def _read(
    text: str,
    meaning: Meaning = understood,
    *,
    may_be_closed: bool = False,
    today: datetime.date | None = None,
) -> HoursRead:
    plain = plain_text(text).strip(" .;")
    osm = bool(re.search(r"\b(?:Mo|Tu|We|Th|Fr|Sa|Su|PH|SH)\b", plain))
    chunks = chunks_of(tokens_of(plain, today), meaning)
    about_all = [chunk for chunk in chunks if isinstance(chunk, Times) and chunk.is_about_all]
    chunks = [chunk for chunk in chunks if not any(chunk is each for each in about_all)]
    if len(chunks) == 1 and isinstance(chunks[0], Times) and _is_every_day(chunks[0]):
        chunks.insert(0, Days(list(map(Day, EVERY_DAY))))  # "24/7", "by appointment"
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
        raise NotRead(str(SAYS_NO_HOURS))
    closed = {which.weekday for which, spans in hours.items() if not spans}
    intervals = [
        Interval(which.weekday, *span, *which[1:])
        for which, spans in hours.items()
        for span in joined(spans)
    ] + [Interval(which.weekday, None, None, *which[1:]) for which in untimed]
    intervals = _joined_weeks(sorted(set(intervals), key=in_order))
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
    """Merge the qualifiers beside the days with those beside the times."""
    if times.term and days.term:
        raise NotRead(_("term time is given twice"))
    name = ENGLISH_DAYS[day.weekday]
    if day.is_fortnightly and day.date is None:
        raise NotRead(
            _("every other week from when? Write it like “every other %(day)s from 8 December”")
            % {"day": name}
        )
    if day.date and day.date.weekday() != day.weekday:
        raise NotRead(
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
        raise NotRead(_("bank holidays in term time only cannot be kept"))
    if not (times.spans or times.asked) and (day.is_special or which.term):
        raise NotRead(_("write the weeks when it is open, not those when it is closed"))
    return which


def _make_room(hours, which, times, replaces):
    """Resolve hours of the same weekday that apply to other weeks or terms.

    OpenStreetMap's "Mo-Fr 09:00-17:00; SH Mo-Fr 10:00-14:00" removes the days of the later part
    from the earlier one. Only school terms can be removed from a week; the rest is refused.
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

    Unread if some hours are for exactly that part.
    """
    try:
        return replace(read, intervals=_out_of(read.intervals, closed_in))
    except NotRead as why:
        return HoursRead(unread=[Unread(str(read), str(why))])


def _out_of(intervals, closed_in):
    found = []
    for each in intervals:
        if each.term == closed_in:
            raise NotRead(_("open and closed %(when)s") % {"when": closed_in.label})
        keeps = each.weekday == BANK_HOLIDAY
        found.append(each if keeps else each._replace(term=_other_term(closed_in)))
    return found


def _bank_holiday_rule(about_all, closed, intervals):
    given = BANK_HOLIDAY in closed or any(each.weekday == BANK_HOLIDAY for each in intervals)
    if any(each.usual for each in about_all):
        if given:
            raise NotRead(_("bank holidays are given twice"))
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
    """ "Sun 10am-noon, 1st Sun 10am-4pm": the second may replace the first, or be a slip."""
    for number, each in enumerate(intervals):
        for other in intervals[:number]:
            if each.weekday != other.weekday or None in (each.opens, other.opens):
                continue
            apart = sum(map(length, joined([each[1:3]]) + joined([other[1:3]])))
            if may_coincide(each, other) and _total(joined([each[1:3], other[1:3]])) < apart:
                raise _given_twice(each.weekday)


def _given_twice(day):
    words = _("%(day)s is given twice, differently")
    return NotRead(words % {"day": dict(OpeningHours.WEEKDAYS)[day]})


def _pairs(chunks):
    """Match days with their times: adjacent chunks, in either order, each used once."""
    if not chunks or len(chunks) % 2:
        raise NotRead(
            _("which days are meant?")
            if all(isinstance(chunk, Times) for chunk in chunks)
            else _("which hours belong to which days?")
        )
    pairs = []
    leads = False
    for one, other in zip(chunks[::2], chunks[1::2], strict=True):
        if isinstance(one, Days) == isinstance(other, Days) or (other.broken and len(chunks) > 2):
            raise NotRead(_("which hours belong to which days?"))
        days, times = (one, other) if isinstance(one, Days) else (other, one)
        if times.exception and (times is other or not pairs):
            raise NotRead(_("which hours belong to which days?"))  # "daily except Sunday 9am-5pm"
        if leads and not one.broken:
            # "Term time: Mon-Fri 9am-5pm, Sat 10am-1pm": does it apply to Saturday too?
            raise NotRead(_("write hours of other weeks or terms in a line of their own"))
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
