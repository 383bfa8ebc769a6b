"""Words that say on which days hours recur, replaced by signs before a text is parsed.

"1st and 3rd Sunday", "last Friday of the month", "every other Tuesday from 8 December 2026", "term
time only", "by appointment", OpenStreetMap's "Su[1,3]". A sign is SIGN, a letter and a value:

`n` weeks of the month before a day, `o` the same after it, `m` "of the month", `f` every other
week, `d` a date, `t` a part of the school year, `b` by appointment.
"""

import datetime
import re

from django.utils.translation import gettext as _

from venues.hours.recurrence import LAST, WEEKS, Term

SIGN = "§"
ORDINALS = {
    **{"1st": 1, "2nd": 2, "3rd": 3, "4th": 4, "5th": 5, "last": LAST},
    **{"first": 1, "second": 2, "third": 3, "fourth": 4, "fifth": 5},
}
WEEKDAY = r"mon(?:day)?|tue(?:s(?:day)?)?|weds?|wednesday|thu(?:r(?:s(?:day)?)?)?|fri(?:day)?"
WEEKDAY += r"|sat(?:urday)?|sun(?:day)?"
MONTH = r"jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
MONTHS = MONTH.split("|")

_DAY = rf"(?:{WEEKDAY})(?:'?s|’s)?\b"
_NUMBER = rf"(?:{'|'.join(ORDINALS)})"
_NUMBERS = re.compile(
    rf"\b{_NUMBER}\b(?:\s*(?:,|&|/|\band\b)\s*(?:and\s+)?(?:the\s+)?{_NUMBER}\b)*\s+(?={_DAY})"
)
_OF_MONTH = re.compile(
    r"\b(?:of|in|each|every|a)\s+(?:the\s+|each\s+|every\s+|a\s+)?(?:calendar\s+)?month\b"
    r"|\bmonthly\b"
)
_EVERY_SECOND = re.compile(
    rf"\b(?:every|each)\s+(?:second|2nd|third|3rd|fourth|4th|fifth|5th)\s+{_DAY}(?P<rest>[^;\n]*)"
)
_IN_BRACKETS = re.compile(r"\[\s*(-?\d(?:\s*-\s*\d)?(?:\s*,\s*-?\d(?:\s*-\s*\d)?)*)\s*\]")
_FORTNIGHT = re.compile(
    r"\bevery (?:other|alternate)(?: weeks?)?\b|\b(?:on )?alternate(?: weeks)?\b"
    r"|\bevery (?:two|2) weeks\b|\b(?:every |each |once a |once every |a )?fortnight(?:ly)?\b"
)
_FROM = r"(?:from|starting(?: on| from)?|beginning(?: on)?|since|next(?: on)?)"
_DATE = re.compile(
    rf"(?:[,(]\s*)?\b{_FROM}:?\s+(?:the\s+)?(?:(?:{_DAY}),?\s+)?(?:the\s+)?(?:"
    rf"(?P<day>\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?(?P<month>{MONTH})[a-z]*\.?"
    # Hours rather than a year: "from 8 December 2000-2200".
    r"(?:,?\s+(?P<year>20\d\d)(?!\d|\s*(?:-|to\b)\s*\d|[:.]\d))?"
    r"|(?P<iso>20\d\d-\d\d-\d\d)"
    r"|(?P<d>\d{1,2})/(?P<m>\d{1,2})/(?P<y>20\d\d|\d\d)(?!\d)"
    r")\s*\)?"
)
_ONLY_IN = r"(?:\bonly )?(?:\b(?:in|during) )?(?:\bthe )?"
_HOLIDAYS = re.compile(
    rf"{_ONLY_IN}\bschool (?:holidays?|hols?|vacations?)\b(?: only\b)?|\bsh\b(?: only\b)?"
    r"|\b(?:outside|out of)(?: of)? (?:the )?(?:school )?term(?:[- ]?time)?\b"
)
_TERM = re.compile(rf"{_ONLY_IN}\b(?:school )?(?:term[- ]?time|terms?)\b(?: only\b)?")
_ASKED = re.compile(
    r"(?:\bunknown )?\"?\b(?:only |strictly )*by (?:prior )?(?:appointment|arrangement)\b"
    r"(?: only\b)?(?:\s*[:,-] ?(?:please )?ring first\b)?"
)


class NotUnderstood(Exception):
    """Raised with the reason, in words, why something about the recurrence is ambiguous."""


def signed(text: str, today: datetime.date) -> str:
    """`text` (lower case, plain dashes) with signs for its recurrences.

    A date without a year is the one nearest to `today`. Raises NotUnderstood.
    """
    text = text.replace(SIGN, "?")
    _refuse_every_second(text)
    text = _IN_BRACKETS.sub(lambda found: f"{SIGN}o{_weeks_in_brackets(found[1])}", text)
    if _FORTNIGHT.search(text):
        text = _FORTNIGHT.sub(f" {SIGN}f ", text)
        text = _DATE.sub(lambda found: f" {SIGN}d{_date(found, today).isoformat()} ", text)
    text = _NUMBERS.sub(_weeks, text)
    if f"{SIGN}n" in text or f"{SIGN}o" in text:
        text = _OF_MONTH.sub(f" {SIGN}m ", text)
    text = _HOLIDAYS.sub(f" {SIGN}t{Term.HOLIDAYS} ", text)
    text = _TERM.sub(f" {SIGN}t{Term.TERM} ", text)
    return _ASKED.sub(f" {SIGN}b ", text)


def _refuse_every_second(text):
    """ "Every second Tuesday" means either every other week, or the second of the month."""
    for found in _EVERY_SECOND.finditer(text):
        if "month" not in found["rest"]:
            raise NotUnderstood(
                _("“%(text)s”: write “every other …” with a date, or “2nd … of the month”")
                % {"text": found[0].removesuffix(found["rest"])}
            )


def _weeks(found):
    numbers = re.findall(rf"\b{_NUMBER}\b", found[0])
    return f"{SIGN}n{_joined({ORDINALS[each] for each in numbers})} "


def _weeks_in_brackets(text):
    weeks = set()
    for first, last in re.findall(r"(-?\d)(?:\s*-\s*(\d))?", text):
        weeks |= set(range(int(first), int(last) + 1)) if last else {int(first)}
    if not weeks or not weeks <= set(WEEKS):
        raise NotUnderstood(
            _("“[%(text)s]”: write the 1st to the 5th or the last (-1) of a month") % {"text": text}
        )
    return _joined(weeks)


def _joined(weeks):
    return ",".join(map(str, sorted(weeks, key=WEEKS.index)))


def _date(found, today):
    try:
        if found["iso"]:
            return datetime.date.fromisoformat(found["iso"])
        if found["d"]:
            year = int(found["y"])
            return datetime.date(year + 2000 * (year < 100), int(found["m"]), int(found["d"]))
        month, day = MONTHS.index(found["month"]) + 1, int(found["day"])
        if found["year"]:
            return datetime.date(int(found["year"]), month, day)
        return _nearest(month, day, today)
    except ValueError:
        raise NotUnderstood(_("“%(date)s” is no date") % {"date": found[0].strip()}) from None


def _nearest(month, day, today):
    """The date of this day and month that is nearest to `today`; ValueError if there is none."""
    dates = []
    for year in (today.year - 1, today.year, today.year + 1):
        try:
            dates.append(datetime.date(year, month, day))
        except ValueError:
            continue  # 29 February
    if not dates:
        raise ValueError(day)
    return min(dates, key=lambda each: abs(each - today))
