"""Hours as lines of text: from rows back to what somebody would write."""

import datetime

from venues.hours.intervals import in_order
from venues.hours.model import BANK_HOLIDAY
from venues.hours.recurrence import Term
from venues.hours.times import (
    ENGLISH_DAYS,
    read_written,
    readings,
)


def lines_of(intervals) -> list[str]:
    """One season's OpeningHours as lines that `read_line` parses back to the same.

    Always in English, like the parser, whatever the language of the page.
    """
    hours: dict[tuple, list[str]] = {}
    for each in sorted(intervals, key=in_order):
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
