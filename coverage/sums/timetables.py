"""Which of many venues are open at many moments: `venues.hours.model` over arrays.

`hours_state` asks the database about one moment. Here the 168 hours of a week are computed for ten
thousand venues at once; a test checks that both agree.
"""

import datetime
from dataclasses import dataclass, field, replace

import numpy as np

from venues.hours.model import (
    BANK_HOLIDAY,
    LONDON,
    BankHolidays,
    Division,
    divisions_on_holiday,
)
from venues.hours.recurrence import WEEKS, Term, occurrences

CLOSED, OPEN, NOT_CONFIRMED = 0, 1, 2
DAY = 86_400
FOREVER = np.iinfo(np.int64).max
DIVISIONS = [division.value for division in Division]
RULES = [rule.value for rule in BankHolidays]
ONE_DAY = datetime.timedelta(days=1)
TERMS = ["", *Term.values]
EVERY_WEEK = 0


def week_bit(week: int) -> int:
    """One bit for a week of the month, as in `intervals`."""
    return 1 << WEEKS.index(week)


def no_rows(columns: int) -> np.ndarray:
    return np.empty((0, columns), dtype=np.int64)


@dataclass
class Timetables:
    """The hours of `count` venues, as columns of integers.

    `intervals`: venue, weekday, opens, closes (seconds of the day), season from and to (0: none),
    valid from and to (days since year 1; to is 0 for ever), weeks of the month (the sum of their
    `week_bit`; EVERY_WEEK), first day of fortnights (days since year 1; 0: every week), term (index
    into TERMS). By-appointment hours are left out.

    `school_days`: venue, day, term (index into TERMS), for the days whose term is known.

    `closures`: venue, first day, last day, opens, closes (-1: closed).
    """

    count: int
    intervals: np.ndarray = field(default_factory=lambda: no_rows(11))
    closures: np.ndarray = field(default_factory=lambda: no_rows(5))
    school_days: np.ndarray = field(default_factory=lambda: no_rows(3))
    bank_holidays: np.ndarray | None = None  # index into RULES
    division: np.ndarray | None = None  # index into DIVISIONS
    confirmed_until: np.ndarray | None = None  # microseconds since 1970; stale after it
    unavailable_until: np.ndarray | None = None  # microseconds since 1970; 0 if it can help

    def __post_init__(self):
        def whole(value):
            return np.full(self.count, value, dtype=np.int64)

        if self.bank_holidays is None:
            self.bank_holidays = whole(RULES.index(BankHolidays.AS_USUAL))
        if self.division is None:
            self.division = whole(0)
        if self.confirmed_until is None:
            self.confirmed_until = whole(FOREVER)
        if self.unavailable_until is None:
            self.unavailable_until = whole(0)

    def __add__(self, other: "Timetables") -> "Timetables":
        """These venues followed by the others."""
        rows = {}
        for name in ("intervals", "closures", "school_days"):
            theirs = getattr(other, name).copy()
            theirs[:, 0] += self.count
            rows[name] = np.concatenate([getattr(self, name), theirs])
        columns = ["bank_holidays", "division", "confirmed_until", "unavailable_until"]
        return replace(
            self,
            count=self.count + other.count,
            **rows,
            **{
                name: np.concatenate([getattr(self, name), getattr(other, name)])
                for name in columns
            },
        )

    def take(self, venues: np.ndarray) -> "Timetables":
        """Only the venues with these indices, in this order."""
        new = np.full(self.count, -1, dtype=np.int64)
        new[venues] = np.arange(len(venues))
        tables = (self.intervals, self.closures, self.school_days)
        kept = [rows[new[rows[:, 0]] >= 0] for rows in tables]
        for rows in kept:
            rows[:, 0] = new[rows[:, 0]]
        return Timetables(
            len(venues),
            *kept,
            self.bank_holidays[venues],
            self.division[venues],
            self.confirmed_until[venues],
            self.unavailable_until[venues],
        )

    def states(self, moments: list[datetime.datetime]) -> np.ndarray:
        """(venues, moments): CLOSED, OPEN or NOT_CONFIRMED at each aware moment, in chronological
        order.

        The moments must lie within a few days of each other, like those of a week.
        """
        local = [moment.astimezone(LONDON) for moment in moments]
        first = local[0].date()
        clocks = np.array([_clock(moment, first) for moment in local])
        instants = np.array([microseconds(moment) for moment in moments], dtype=np.int64)
        runs = np.zeros((self.count, len(moments)), dtype=bool)
        doubt = np.zeros((self.count, len(moments)), dtype=bool)
        for offset in range(-1, (local[-1].date() - first).days + 1):
            day = first + offset * ONE_DAY
            self._lay_day(day, offset * DAY, clocks, runs, doubt)
        state = np.where(runs, OPEN, np.where(doubt, NOT_CONFIRMED, CLOSED)).astype(np.uint8)
        state[self.confirmed_until[:, None] < instants] = NOT_CONFIRMED
        state[self.unavailable_until[:, None] > instants] = CLOSED
        return state

    def _lay_day(self, day, midnight, clocks, runs, doubt):
        """What starts on `day`, `midnight` seconds into the clocks, and what is unknown
        about it.
        """
        number = day.toordinal()
        closures = self.closures
        closures = closures[(closures[:, 1] <= number) & (number <= closures[:, 2])]
        excepted = np.zeros(self.count, dtype=bool)
        excepted[closures[:, 0]] = True
        shut = np.zeros(self.count, dtype=bool)
        shut[closures[closures[:, 3] < 0, 0]] = True
        on_holiday = [division in divisions_on_holiday(day) for division in DIVISIONS]
        holiday = np.array(on_holiday)[self.division]
        rule = self.bank_holidays
        weekday = np.full(self.count, day.weekday(), dtype=np.int64)
        weekday[holiday & (rule != RULES.index(BankHolidays.AS_USUAL))] = -1
        weekday[holiday & (rule == RULES.index(BankHolidays.OWN_HOURS))] = BANK_HOLIDAY
        there = self._in_force(day)
        term = self._term_on(day)[there[:, 0]]
        applies = (there[:, 10] == 0) | (there[:, 10] == term)
        perhaps = (there[:, 10] > 0) & (term == 0)
        kept_today = (there[:, 1] == weekday[there[:, 0]]) & ~excepted[there[:, 0]]
        usual = there[kept_today & applies]
        runs |= _laid(usual[:, [0, 2, 3]], midnight, clocks, runs.shape)
        if perhaps.any():
            unsure = there[kept_today & perhaps]
            doubt |= _laid(unsure[:, [0, 2, 3]], midnight, clocks, runs.shape)
        if len(closures):
            other = closures[~shut[closures[:, 0]]]
            runs |= _laid(other[:, [0, 3, 4]], midnight, clocks, runs.shape)
        unknown = holiday & (rule == RULES.index(BankHolidays.NOT_KNOWN)) & ~excepted
        if unknown.any():
            today = (clocks >= midnight) & (clocks < midnight + DAY)
            doubt |= unknown[:, None] & today
            # A holiday affects the next day only through a night that may still be running.
            may_run = (applies | perhaps) & unknown[there[:, 0]]
            nights = there[(there[:, 1] == day.weekday()) & may_run]
            tomorrow = (clocks >= midnight + DAY) & (clocks < midnight + 2 * DAY)
            doubt |= _laid(nights[:, [0, 2, 3]], midnight, clocks, runs.shape) & tomorrow

    def _in_force(self, day):
        number, of_year = day.toordinal(), day.month * 100 + day.day
        rows = self.intervals
        first, last = rows[:, 4], rows[:, 5]
        after, before = first <= of_year, of_year <= last
        in_season = (first == 0) | np.where(first <= last, after & before, after | before)
        valid = (rows[:, 6] <= number) & ((rows[:, 7] == 0) | (rows[:, 7] > number))
        return rows[in_season & valid & self._recur_on(day)]

    def _recur_on(self, day):
        """`venues.hours.recurrence.takes_place`, for every interval."""
        weeks, start = self.intervals[:, 8], self.intervals[:, 9]
        of_month = sum(map(week_bit, occurrences(day)))
        in_month = (weeks == EVERY_WEEK) | (weeks & of_month > 0)
        of_fortnight = (start - day.toordinal()) % 14 == 0
        return in_month & ((start == 0) | ((start <= day.toordinal()) & of_fortnight))

    def _term_on(self, day):
        """The term of each venue on `day`, an index into TERMS; 0 if unknown."""
        term = np.zeros(self.count, dtype=np.int64)
        rows = self.school_days[self.school_days[:, 1] == day.toordinal()]
        term[rows[:, 0]] = rows[:, 2]
        return term


def _laid(rows, midnight, clocks, shape):
    """Where intervals (venue, opens, closes) that start on one day are running, by venue
    and clock.
    """
    venue, opens, closes = rows.T
    closes = np.where(closes <= opens, closes + DAY, closes)
    first = np.searchsorted(clocks, midnight + opens, side="left")
    last = np.searchsorted(clocks, midnight + closes, side="left")
    steps = np.zeros((shape[0], shape[1] + 1), dtype=np.int16)
    np.add.at(steps, (venue, first), 1)
    np.add.at(steps, (venue, last), -1)
    return np.cumsum(steps[:, :-1], axis=1) > 0


def _clock(moment: datetime.datetime, first: datetime.date) -> float:
    """Wall-clock seconds since midnight of the day `first`.

    In an hour that the clocks repeat, each time has already passed once.
    """
    days = (moment.date() - first).days
    time = datetime.time(1, 59, 59, 999999) if moment.fold else moment.time()
    seconds = time.hour * 3600 + time.minute * 60 + time.second + time.microsecond / 1_000_000
    return days * DAY + seconds


EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


def microseconds(moment: datetime.datetime) -> int:
    return (moment - EPOCH) // datetime.timedelta(microseconds=1)
