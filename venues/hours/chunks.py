"""From tokens to chunks: runs of days, and runs of times."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import NamedTuple

from django.utils.translation import gettext as _

from venues.hours.model import BANK_HOLIDAY
from venues.hours.recurrence import Term
from venues.hours.times import (
    WHOLE_DAY,
    Span,
    WrittenTime,
    is_long,
    long_in_words,
    meanings_in_words,
    readings,
    span_in_words,
)
from venues.hours.tokens import (
    AND,
    ASKED,
    BETWEEN,
    BREAK,
    CLOSED,
    DATE,
    DAY,
    EXCEPT,
    FORTNIGHT,
    HOLIDAY,
    OF_MONTH,
    SOFT,
    SOME_MONTHS,
    SOME_WEEKS,
    TERM,
    TIME_,
    TO,
    USUAL,
    WEEKS,
    WEEKS_AFTER,
    WHOLE,
    NotRead,
)

Meaning = Callable[[WrittenTime, WrittenTime], Span | None]
"""What a pair of times means: its span, or None if it stands for "closed"."""


class Day(NamedTuple):
    """A weekday and the weeks it applies to."""

    weekday: int
    weeks: tuple[int, ...] = ()
    is_fortnightly: bool = False
    date: datetime.date | None = None

    @property
    def is_special(self) -> bool:
        return bool(self.weeks or self.is_fortnightly or self.date)


@dataclass
class Days:
    days: list[Day]
    broken: bool = False
    """Whether it follows a semicolon, a line end or a full stop."""
    term: str = ""
    asked: bool = False
    leads: bool = False
    """Whether it follows "term time:" or "by appointment:", which might apply to more than it."""


@dataclass
class Times:
    spans: list[Span]
    broken: bool = False
    usual: bool = False
    """Whether this says that bank holidays are like other days."""
    closed_in: Term | None = None
    """The part of the school year in which everything is closed, if this says so."""
    exception: bool = False
    """Whether it removes days from those before it: "daily 9am-5pm except Sunday"."""
    term: str = ""
    asked: bool = False
    """Whether it is by appointment; without spans, at no fixed time."""

    @property
    def is_about_all(self) -> bool:
        return self.usual or self.closed_in is not None


STARTS_DAYS = (DAY, HOLIDAY, WEEKS, FORTNIGHT)
TIMES = (TIME_, WHOLE, BETWEEN)


def chunks_of(tokens, meaning):
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
            if not (chunks and isinstance(chunks[-1], Days) and not _is_day(tokens, at + 1)):
                raise NotRead(_("not understood"))
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
    whole = len(chunks) % 2 == 0 or isinstance(before, Times)
    return (
        isinstance(before, Days)
        and not broken
        and not whole
        and _following(tokens, at) not in TIMES
    )


def _following(tokens, at):
    """The kind of the token after `at`, ignoring a colon."""
    return _kind(tokens, at + 2 if _kind(tokens, at + 1) == SOFT else at + 1)


def _bind(tokens, at, chunks, broken):
    """Attach "term time" or "by appointment" to the hours beside it.

    Returns the qualifier for the days that follow. Without punctuation it applies to what precedes
    it; after a comma to a single group of hours, and it is refused if there are more.
    """
    value = {"term": tokens[at].value} if tokens[at].kind == TERM else {"asked": True}
    before, after = _kind(tokens, at - 1) if at else None, _following(tokens, at)
    unclear = NotRead(_("which hours are %(when)s?") % {"when": _said_of_all(tokens[at])})
    starts, ends = before in (None, BREAK), after in (None, BREAK, AND)
    if starts and after in STARTS_DAYS:
        return value
    if starts or (before == AND and after not in (None, BREAK)):
        raise unclear
    if before == AND and len(_since_break(chunks)) != 2:
        raise unclear
    last = chunks[-1]
    if isinstance(last, Times) and not ends and after not in (TERM, ASKED, DATE):
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
    """Whether "every other week" applies to the hours before it; if so, marks them."""
    if broken or len(chunks) < 2 or _following(tokens, at) in (DAY, HOLIDAY, AND):
        return False
    days = next((each for each in chunks[:-3:-1] if isinstance(each, Days)), None)
    if days is None or len(days.days) != 1 or days.days[0].is_special:
        return False
    days.days = [days.days[0]._replace(is_fortnightly=True)]
    return True


def _bind_date(date, chunks, broken):
    """Attach the first day of fortnights to the days of the hours before it."""
    for chunk in chunks[:-3:-1]:
        if isinstance(chunk, Days) and len(chunk.days) == 1 and not broken:
            day = chunk.days[0]
            if day.is_fortnightly and day.date is None:
                chunk.days = [day._replace(date=date)]
                return
    raise NotRead(str(SOME_MONTHS))


def _kind(tokens, at):
    return tokens[at].kind if at < len(tokens) else None


def _is_day(tokens, at):
    return _kind(tokens, at) in (DAY, HOLIDAY)


def _days_chunk(tokens, at):
    days: list[Day] = []
    while True:
        found, at = _some_days(tokens, at)
        if days and days[-1].is_special and not found[0].is_special:
            # "1st Monday and Wednesday": the 1st Wednesday, or every one?
            raise NotRead(
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
            raise NotRead(_("which days are meant?"))
        at = following
    for number, day in enumerate(days):
        for other in days[:number]:
            apart = day.weeks and other.weeks and set(day.weeks).isdisjoint(other.weeks)
            if day.weekday == other.weekday and not apart:
                raise NotRead(_("a day is named twice"))
    return Days(days), at


def _some_days(tokens, at):
    """One day or a range of days, with the weeks it applies to."""
    weeks, fortnightly, date = (), False, None
    while _kind(tokens, at) in (WEEKS, FORTNIGHT, AND):
        if tokens[at].kind == WEEKS:
            if weeks:
                raise NotRead(str(SOME_WEEKS))
            weeks = tokens[at].value
        fortnightly = fortnightly or tokens[at].kind == FORTNIGHT
        at += 1
    if not _is_day(tokens, at):
        raise NotRead(str(SOME_WEEKS))
    is_holiday = tokens[at].kind == HOLIDAY
    days = [BANK_HOLIDAY] if is_holiday else list(tokens[at].value)
    at += 1
    if _kind(tokens, at) == TO and _is_day(tokens, at + 1):
        last = tokens[at + 1].value
        if len(days) != 1 or is_holiday or not last or len(last) != 1:
            raise NotRead(_("not understood"))
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
        raise NotRead(str(SOME_WEEKS))
    return [Day(day, weeks, fortnightly, date) for day in days], at


def _times_chunk(tokens, at, meaning, before):
    kind = tokens[at].kind
    if kind == WHOLE:
        return Times([WHOLE_DAY]), at + 1
    if kind == ASKED:
        return Times([], asked=True), at + 1
    if kind in (CLOSED, EXCEPT):
        if _kind(tokens, at + 1) == TERM:
            return _closed_in(tokens, at, before), at + 2
        return Times([], exception=kind == EXCEPT), at + 1
    if kind == USUAL:
        return Times([], usual=True), at + 1
    if kind in (OF_MONTH, WEEKS_AFTER):
        raise NotRead(str(SOME_WEEKS))
    spans: list[Span] = []
    while True:
        span, at = _one_span(tokens, at, meaning)
        spans += [span] if span else []
        following = at
        while _kind(tokens, following) == AND:
            following += 1
        if following == at or _kind(tokens, following) not in (TIME_, BETWEEN):
            return Times(spans), at
        at = following


def _closed_in(tokens, at, before):
    """ "Closed in school holidays", about the whole text; "except …" only after one group."""
    term = next(token for token in tokens[at:] if token.kind == TERM)
    if tokens[at].kind == EXCEPT and len(before) > 2:
        raise NotRead(_("which hours are %(when)s?") % {"when": _said_of_all(term)})
    if before and isinstance(before[-1], Days) and len(before) % 2:
        raise NotRead(_("which hours belong to which days?"))
    return Times([], closed_in=term.value)


def _one_span(tokens, at, meaning):
    joints = (TO,)
    if tokens[at].kind == BETWEEN:
        joints, at = (TO, AND), at + 1
    kinds = [_kind(tokens, at + step) for step in range(3)]
    if kinds[0] != TIME_ or kinds[1] not in joints or kinds[2] != TIME_:
        raise NotRead(_("an opening time without a closing time, or the other way round"))
    if _kind(tokens, at + 3) == TO and _kind(tokens, at + 4) == TIME_:
        raise NotRead(_("not understood"))
    return meaning(tokens[at].value, tokens[at + 2].value), at + 3


def understood(opens: WrittenTime, closes: WrittenTime) -> Span:
    """The only meaning of a pair; refused if there are several or it is unusually long."""
    found = readings(opens, closes)
    if len(found) > 1:
        raise NotRead(meanings_in_words(found))
    if is_long(found[0]):
        raise NotRead(
            _("%(hours)s is %(long)s: is that so?")
            % {"hours": span_in_words(found[0]), "long": long_in_words(found[0])}
        )
    return found[0]
