"""A venue's hours in Python, for sentences: the week, open until when, and next opening.

Whether a venue is open now is decided in the database (`venues.hours.model.hours_state`); a test
asserts that the two agree. Times are London wall-clock; moments are aware.
"""

import datetime
from dataclasses import dataclass
from functools import lru_cache

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from venues.hours.model import (
    BANK_HOLIDAY,
    LONDON,
    BankHolidays,
    HoursState,
    divisions_on_holiday,
)
from venues.hours.recurrence import Term, recurrence_in_words, takes_place
from venues.hours.terms import term_on
from venues.hours.times import run_in_words, span_in_words
from venues.models import Closure, OpeningHours, Venue

ONE_DAY = datetime.timedelta(days=1)
DAYS_AHEAD = 14
WEEKDAYS = [
    gettext_lazy("Monday"),
    gettext_lazy("Tuesday"),
    gettext_lazy("Wednesday"),
    gettext_lazy("Thursday"),
    gettext_lazy("Friday"),
    gettext_lazy("Saturday"),
    gettext_lazy("Sunday"),
]


def _in_season(hours: OpeningHours, day: datetime.date) -> bool:
    if hours.season_from is None:
        return True
    number = day.month * 100 + day.day
    if hours.season_from <= hours.season_to:
        return hours.season_from <= number <= hours.season_to
    return number >= hours.season_from or number <= hours.season_to


def hours_on(
    venue: Venue, day: datetime.date, *, by_appointment: bool = False
) -> list[OpeningHours | Closure] | None:
    """What applies on `day`, earliest first; None if the hours are unknown.

    Reads prefetched `opening_hours` and `closures`. By-appointment hours are left out unless
    requested: to somebody who just walks in, the venue is closed. So are hours of term time on a
    day whose term dates nobody has entered: `perhaps_on` has those.
    """
    exceptions = [c for c in venue.closures.all() if c.starts_on <= day <= c.ends_on]
    if exceptions:
        if any(closure.opens is None for closure in exceptions):
            return []
        return sorted(exceptions, key=lambda closure: closure.opens)
    weekday = _weekday_kept(venue, day)
    if weekday is None:
        return None
    found = [
        hours
        for hours in _recurring_on(venue, weekday, day)
        if (by_appointment or not hours.by_appointment)
        and (not hours.term or hours.term == term_on(hours.school_years, day))
    ]
    return sorted(found, key=_by_time)


def perhaps_on(venue: Venue, day: datetime.date) -> list[OpeningHours]:
    """Hours of `day` that only apply in term time, or only in school holidays, when it is unknown
    which.

    They count as neither open nor closed: "hours not confirmed".
    """
    if any(closure.starts_on <= day <= closure.ends_on for closure in venue.closures.all()):
        return []
    weekday = _weekday_kept(venue, day)
    found = [
        hours
        for hours in ([] if weekday is None else _recurring_on(venue, weekday, day))
        if hours.term and not hours.by_appointment and term_on(hours.school_years, day) is None
    ]
    return sorted(found, key=_by_time)


def lacks_term_dates(venue: Venue, day: datetime.date) -> bool:
    """Whether any hours in force on `day` depend on a school term that nobody has entered."""
    return any(
        hours.term and term_on(hours.school_years, day) is None
        for hours in venue.opening_hours.all()
        if hours.valid_from <= day and (hours.valid_to is None or hours.valid_to > day)
    )


CLOSED_ALL_DAY = -1
"""A weekday that no hours have."""


def _weekday_kept(venue: Venue, day: datetime.date) -> int | None:
    """The weekday whose hours apply on `day`: a special one on bank holidays; None if unknown."""
    if venue.division not in divisions_on_holiday(day):
        return day.weekday()
    return {
        BankHolidays.NOT_KNOWN: None,
        BankHolidays.CLOSED: CLOSED_ALL_DAY,
        BankHolidays.OWN_HOURS: BANK_HOLIDAY,
        BankHolidays.AS_USUAL: day.weekday(),
    }[BankHolidays(venue.bank_holidays)]


def _recurring_on(venue, weekday, day):
    """The hours of `weekday` that recur on `day`, in term time or not."""
    return [
        hours
        for hours in venue.opening_hours.all()
        if hours.weekday == weekday
        and hours.valid_from <= day
        and (hours.valid_to is None or hours.valid_to > day)
        and _in_season(hours, day)
        and takes_place(hours, day)
    ]


def _by_time(hours):
    """Sort key: those by appointment, without times, come last."""
    return (hours.opens is None, hours.opens or datetime.time(0))


def spans_on(venue: Venue, day: datetime.date) -> list[tuple]:
    """The (opens, closes) moments of the intervals that start on `day`."""
    spans = []
    for hours in hours_on(venue, day) or []:
        opens, closes = _moment(day, hours.opens), _moment_closes(day, hours)
        if opens < closes:  # an interval within the hour skipped by the clocks never happens
            spans.append((opens, closes))
    return spans


@lru_cache(maxsize=65536)
def _moment(day, clock):
    """The moment of a wall-clock time: the first if it occurs twice, the next if it is skipped.

    London's clocks go forward from 01:00 to 02:00, and back from 02:00 to 01:00.
    """
    moment = datetime.datetime.combine(day, clock, LONDON)
    if moment.utcoffset() == moment.replace(fold=1).utcoffset():
        return moment
    if moment.astimezone(datetime.UTC).astimezone(LONDON).time() == clock:
        return moment
    return datetime.datetime.combine(day, datetime.time(2), LONDON)


def spans_of_days(venue: Venue, first: datetime.date, days: int) -> list[tuple]:
    """The (opens, closes) moments of the intervals that start on these days, joined where they
    meet.
    """
    starts = (first + offset * ONE_DAY for offset in range(days))
    return _joined([span for day in starts for span in spans_on(venue, day)])


def unknown_spans(venue: Venue, first: datetime.date, days: int) -> list[tuple]:
    """When the hours are unknown on these days, as (from, until) moments; agrees with
    `hours_state`.

    A bank holiday on which the venue may or may not open: the whole day, and the night that would
    begin on it. Term-time hours on a day without known term dates: as long as they may be running.
    """
    spans = []
    for day in (first + offset * ONE_DAY for offset in range(days)):
        for hours in perhaps_on(venue, day):
            opens, closes = _moment(day, hours.opens), _moment_closes(day, hours)
            if opens < closes:
                spans.append((opens, closes))
        if hours_on(venue, day) is None:
            midnight = _moment(day + ONE_DAY, datetime.time(0))
            spans.append((_moment(day, datetime.time(0)), midnight))
            for hours in _recurring_on(venue, day.weekday(), day):
                if _may_apply(hours, day) and hours.closes <= hours.opens:
                    spans.append((midnight, _moment(day + ONE_DAY, hours.closes)))
    return _joined(spans)


def _may_apply(hours, day):
    """Whether the hours may apply to a walk-in, unless it is certainly the other part of
    the year.
    """
    if hours.by_appointment:
        return False
    return not hours.term or term_on(hours.school_years, day) in (None, hours.term)


def _spans_around(venue, when, days):
    return spans_of_days(venue, when.astimezone(LONDON).date() - ONE_DAY, days + 1)


def _joined(spans):
    joined = []
    for opens, closes in sorted(spans):
        # Two datetimes in one zone compare by wall clock, so compare timestamps.
        if joined and opens.timestamp() <= joined[-1][1].timestamp():
            joined[-1] = (joined[-1][0], max(joined[-1][1], closes, key=_instant))
        else:
            joined.append((opens, closes))
    return joined


def _instant(moment):
    return moment.timestamp()


def open_until(venue: Venue, when: datetime.datetime) -> datetime.datetime | None:
    """When the interval running at `when` ends; None if none is.

    Adjacent intervals count as one. For a place open a fortnight without a break this is the end of
    the fortnight: check `never_closes` first.
    """
    for opens, closes in _spans_around(venue, when, DAYS_AHEAD):
        if opens.timestamp() <= when.timestamp() < closes.timestamp():
            return closes
    return None


def now_in_words(venue: Venue, state: HoursState, when: datetime.datetime) -> str:
    """The state from `hours_state` at `when`, in words, with the closing time if open."""
    until = open_until(venue, when) if state == HoursState.OPEN else None
    if until is None or never_closes(venue, when):
        return str(HoursState(state).label)
    return _("Open until %(time)s") % {"time": f"{until.astimezone(LONDON):%H:%M}"}


def never_closes(venue: Venue, when: datetime.datetime) -> bool:
    """Whether the venue stays open throughout the coming week."""
    until = open_until(venue, when)
    return until is not None and until.timestamp() - when.timestamp() > 7 * 86400


def next_opening(venue: Venue, when: datetime.datetime) -> datetime.datetime | None:
    """When it next opens after `when`, within a fortnight; None if unknown."""
    earliest = venue.unavailable_until or when
    earliest = max(when, earliest)
    for opens, closes in _spans_around(venue, when, DAYS_AHEAD):
        if opens.timestamp() > earliest.timestamp():
            return opens
        if earliest > when and opens.timestamp() <= earliest.timestamp() < closes.timestamp():
            return timezone.localtime(earliest, LONDON)
    return None


@dataclass(frozen=True)
class DayAhead:
    """One date at the venue, in words."""

    day: datetime.date
    label: str
    """Today, Friday 27 November."""
    hours: list[str]
    note: str = ""
    """Why it differs from the usual week."""


def days_ahead(venue: Venue, when: datetime.datetime, days: int = 7) -> list[DayAhead]:
    """The days from `when` on, with closures, bank holidays and "cannot help" applied.

    Reads prefetched `opening_hours` and `closures`, like the rest of this module.
    """
    today = when.astimezone(LONDON).date()
    return [_day_ahead(venue, today + offset * ONE_DAY, when) for offset in range(days)]


def _day_ahead(venue, day, when):
    label = date_format(day, "l j F")
    if day == when.astimezone(LONDON).date():
        label = _("Today, %(day)s") % {"day": label}
    found = hours_on(venue, day, by_appointment=True)
    notes = _notes_of(venue, day)
    if found is None:
        return DayAhead(day, label, [_("not known")], "; ".join(notes))
    words = [_day_in_words(hours) for hours in found]
    perhaps = perhaps_on(venue, day)
    away = venue.unavailable_until
    if away and away > when and _moment(day, datetime.time(0)) < away:
        found, words, cannot = _after(away, day, found)
        perhaps = [
            hours for hours in perhaps if _moment_closes(day, hours).timestamp() > away.timestamp()
        ]
        notes += cannot
    if perhaps:
        words += [_perhaps_in_words(hours) for hours in perhaps]
        notes.append(_("not confirmed: we do not have the school term dates"))
    return DayAhead(day, label, words or [_("closed")], "; ".join(notes))


def _notes_of(venue, day):
    exceptions = [c for c in venue.closures.all() if c.starts_on <= day <= c.ends_on]
    if exceptions:
        return list(dict.fromkeys(c.note or _("not as usual") for c in exceptions))
    return [_("bank holiday")] if venue.division in divisions_on_holiday(day) else []


def _after(away, day, found):
    """What is left of a day once the venue can help again, and the note about it."""
    left, words = [], []
    timed = [hours for hours in found if hours.opens is not None]
    for hours in timed:
        opens, closes = _moment(day, hours.opens), _moment_closes(day, hours)
        if closes.timestamp() <= away.timestamp():
            continue
        left.append(hours)
        if opens.timestamp() >= away.timestamp():
            words.append(_day_in_words(hours))
        else:
            back = timezone.localtime(away, LONDON).time().replace(second=0, microsecond=0)
            words.append(span_in_words((back, hours.closes)))
    local = timezone.localtime(away, LONDON)
    cut = len(left) < len(timed) or any(
        _moment(day, hours.opens).timestamp() < away.timestamp() for hours in left
    )
    if local.date() == day:  # an appointment may still be made for the rest of the day
        untimed = [hours for hours in found if hours.opens is None]
        left, words = left + untimed, words + [_day_in_words(hours) for hours in untimed]
    elif len(timed) < len(found):
        cut = True
    if not cut:
        return left, words, []
    if local.date() > day:
        until = _("cannot help")
    else:
        until = _("cannot help until %(time)s") % {"time": f"{local:%H:%M}"}
    return left, words, [until]


def _moment_closes(day, hours):
    return _moment(day if hours.closes > hours.opens else day + ONE_DAY, hours.closes)


def _day_in_words(hours, recurrence=""):
    if hours.opens is None:
        return _("by appointment%(recurrence)s: ring first") % {"recurrence": recurrence}
    words = span_in_words((hours.opens, hours.closes)) + recurrence
    if getattr(hours, "by_appointment", False):
        return _("%(hours)s, by appointment: ring first") % {"hours": words}
    return words


def _perhaps_in_words(hours):
    return _("%(hours)s if it is %(term)s") % {
        "hours": span_in_words((hours.opens, hours.closes)),
        "term": {
            Term.TERM: _("term time"),
            Term.HOLIDAYS: _("school holidays"),
        }[Term(hours.term)],
    }


def week(venue: Venue, at: datetime.date) -> list[tuple[str, list[str]]]:
    """The seven weekdays from Monday, in words, with the hours in force on `at`.

    Bank holidays are described separately. A day without hours says "closed".
    """
    rows = []
    for number, label in enumerate(WEEKDAYS):
        found = _kept_on(venue, number, at)
        rows.append((str(label), [_in_words(hours, at) for hours in found] or [_("closed")]))
    return rows


def _kept_on(venue, weekday, at):
    """The intervals of one weekday in force on `at`, in every season."""
    return sorted(
        (
            hours
            for hours in venue.opening_hours.all()
            if hours.weekday == weekday
            and hours.valid_from <= at
            and (hours.valid_to is None or hours.valid_to > at)
        ),
        key=lambda hours: (hours.season_from or 0, bool(hours.weeks), *_by_time(hours)),
    )


def week_as_read(venue: Venue, at: datetime.date) -> str:
    """The week as the public reads it, on one line, ending with bank holidays.

    "Monday to Friday 09:00 to 17:00; Saturday and Sunday closed; bank holidays: closed".
    """
    days = [(label, " and ".join(words)) for label, words in week(venue, at)]
    runs: list[tuple[list[str], str]] = []
    for label, words in days:
        if runs and runs[-1][1] == words:
            runs[-1][0].append(label)
        else:
            runs.append(([label], words))
    said = [
        _("%(days)s %(hours)s") % {"days": run_in_words(labels), "hours": words}
        for labels, words in runs
    ]
    said.append(_("bank holidays: %(hours)s") % {"hours": bank_holidays_in_words(venue, at)})
    return "; ".join(said)


def bank_holidays_in_words(venue: Venue, at: datetime.date) -> str:
    """What the venue does on bank holidays, including its own hours if it has any."""
    words = str(venue.get_bank_holidays_display()).lower()
    if venue.bank_holidays != BankHolidays.OWN_HOURS:
        return words
    own = [_in_words(hours, at) for hours in _kept_on(venue, BANK_HOLIDAY, at)]
    return _("open %(hours)s") % {"hours": _(" and ").join(own)} if own else words


def _in_words(hours, at):
    when = recurrence_in_words(hours, str(hours.get_weekday_display()), at)
    if hours.season_from is not None:
        when += f", {season_in_words(hours.season_from, hours.season_to)}"
    return _day_in_words(hours, when)


def season_in_words(first: int, last: int) -> str:
    """ "from 1 April to 30 September"."""
    days = {"first": _day_of_year(first), "last": _day_of_year(last)}
    return _("from %(first)s to %(last)s") % days


def _day_of_year(number):
    # A leap year, so that 29 February can be formatted too.
    return f"{datetime.date(2024, number // 100, number % 100):%-d %B}"
