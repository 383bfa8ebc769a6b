"""A venue's hours as OpenStreetMap's `opening_hours`, for exports.

What that notation cannot express is not approximated: hours of every other week (it counts weeks
within a year), and weeks that partly depend on school terms, become a comment in words, which
OpenStreetMap reads as "unknown, ask".
"""

import datetime
from collections.abc import Iterable

from venues.hours.model import BANK_HOLIDAY, BankHolidays
from venues.hours.recurrence import WEEKS, Term
from venues.hours.times import MIDNIGHT, WHOLE_DAY
from venues.hours.timetable import week_as_read
from venues.models import OpeningHours, Venue

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su", "PH")
ASKED = 'unknown "by appointment"'
OF_HOLIDAYS = {
    BankHolidays.CLOSED: "PH off",
    BankHolidays.NOT_KNOWN: "PH unknown",
}


def as_osm(venue: Venue, at: datetime.date) -> str:
    """The hours in force on `at`, such as `Mo-Fr 09:00-17:00; Su[1,3] 14:00-16:00; PH off`.

    Empty if there are none. `venues.hours.reading` parses all of it except seasons and comments.
    Reads prefetched `opening_hours`.
    """
    rows = [
        each
        for each in venue.opening_hours.all()
        if each.valid_from <= at
        and (each.valid_to is None or each.valid_to > at)
        and (each.weekday != BANK_HOLIDAY or venue.bank_holidays == BankHolidays.OWN_HOURS)
    ]
    if not any(each.weekday != BANK_HOLIDAY for each in rows):
        return ""
    parts = {each.term for each in rows if each.weekday != BANK_HOLIDAY}
    if any(each.fortnight_from for each in rows) or len(parts) > 1 or Term.HOLIDAYS in parts:
        words = week_as_read(venue, at).replace('"', "'")
        return f'"{words}"'
    rules, always = _rules(rows), venue.bank_holidays == BankHolidays.AS_USUAL
    if always and [rule for __, rule in rules] == ["Mo-Su 00:00-24:00"]:
        return "24/7"
    said, text = rules[0]
    for days, rule in rules[1:]:
        # After a semicolon a rule replaces the day's hours; after a comma it adds to them.
        text += f", {rule}" if said & days else f"; {rule}"
        said |= days
    ends = ["SH off"] if parts == {Term.TERM} else []
    ends += filter(None, [OF_HOLIDAYS.get(BankHolidays(venue.bank_holidays))])
    return "; ".join([text, *ends])


def _rules(rows: Iterable[OpeningHours]) -> list[tuple[set[int], str]]:
    """(days, rule) for each group of days with the same hours; those of certain weeks come last."""
    by_day: dict[tuple, list[str]] = {}
    ordered = sorted(
        rows, key=lambda each: (bool(each.weeks), each.weekday, each.opens or MIDNIGHT)
    )
    for each in ordered:
        key = (
            each.weekday,
            tuple(each.weeks),
            _season(each),
            each.by_appointment,
            each.opens is None,
        )
        by_day.setdefault(key, []).append(_span(each))
    groups: dict[tuple, list[int]] = {}
    for (day, *rest), spans in by_day.items():
        groups.setdefault((",".join(filter(None, spans)), *rest), []).append(day)
    return [
        (
            set(days),
            " ".join(filter(None, [season, _days(days, weeks), spans, ASKED if asked else ""])),
        )
        for (spans, weeks, season, asked, __), days in groups.items()
    ]


def _span(each: OpeningHours) -> str:
    if each.opens is None or each.closes is None:
        return ""
    if (each.opens, each.closes) == WHOLE_DAY:
        return "00:00-24:00"
    closes = "24:00" if each.closes == MIDNIGHT else f"{each.closes:%H:%M}"
    return f"{each.opens:%H:%M}-{closes}"


def _season(each: OpeningHours) -> str:
    if each.season_from is None or each.season_to is None:
        return ""
    ends = (datetime.date(2000, *divmod(day, 100)) for day in (each.season_from, each.season_to))
    return "-".join(f"{day:%b %d}" for day in ends)


def _days(days: list[int], weeks: tuple[int, ...]) -> str:
    """ "Mo-Fr", "Sa,Su", "Su[1,3]", "Fr[-1]"."""
    which = f"[{','.join(map(str, sorted(weeks, key=WEEKS.index)))}]" if weeks else ""
    runs: list[list[int]] = []
    for day in days:
        if runs and runs[-1][-1] == day - 1 and day != BANK_HOLIDAY and not which:
            runs[-1].append(day)
        else:
            runs.append([day])
    return ",".join(
        f"{DAYS[run[0]]}-{DAYS[run[-1]]}"
        if len(run) > 2
        else ",".join(f"{DAYS[d]}{which}" for d in run)
        for run in runs
    )
