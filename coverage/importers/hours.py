"""A place's weekly hours from the columns of its list: one for each day, or one for all."""

import datetime
import re

from django.utils.translation import gettext as _

from geography.importers.located import Located, Row
from venues.models import OpeningHours
from venues.written_hours import Span, read_parts, read_spans

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
CLOSED = ("", "-", "none", "na", "n/a", "n/a closed", "not open", "shut")
TWO_LETTERS = {"Mo": "mon", "Tu": "tue", "We": "wed", "Th": "thu", "Fr": "fri", "Sa": "sat"}
TWO_LETTERS["Su"] = "sun"
MIDNIGHT = datetime.time(0)
DAY_MINUTES = 24 * 60
Week = set[tuple[int, datetime.time, datetime.time]]


class HoursColumns:
    """Where a list keeps its hours. Hours without staff are left aside: there is nobody to ask."""

    def __init__(self, found: Located):
        self.of_day, self.from_to, self.unstaffed = {}, {}, []
        for number, day in enumerate(DAYS):
            name = f"(?:{day}|{day[:4]}|{day[:3]})"
            self.of_day[number] = found.column(
                rf"((opening_)?(hours|times)_)?{name}(_staffed)?(_(opening_)?(hours|times))?"
            )
            self.from_to[number] = (
                found.column(rf"{name}_(opens?|opening|from|start)(_time)?"),
                found.column(rf"{name}_(closes?|closing|to|until|end)(_time)?"),
            )
            self.unstaffed.append(found.column(rf"{name}_unstaffed(_hours)?"))
        self.text = found.column(r"opening_(hours|times)|open_(hours|times)|times|opening")

    @property
    def by_day(self) -> bool:
        return any(self.of_day.values()) or any(map(all, self.from_to.values()))

    def read(self, row: Row) -> tuple[Week, list[str]]:
        """The intervals of a row, and what of it could not be read, in words."""
        if self.by_day:
            return self._read_days(row)
        text = row.cells.get(self.text, "") if self.text else ""
        if text.lower() in (*CLOSED, "not known", "unknown"):
            return set(), []
        week = read_week(text)
        return (set(), [text]) if week is None else (week, [])

    def _read_days(self, row):
        week: Week = set()
        wrong = []
        for day in range(7):
            opens, closes = (row.cells.get(key, "") if key else "" for key in self.from_to[day])
            text = f"{opens}-{closes}" if opens and closes else ""
            text = text or (row.cells.get(self.of_day[day], "") if self.of_day[day] else "")
            spans = read_day(text)
            if spans is None:
                wrong.append(text)
            else:
                week |= {(day, *span) for span in spans}
        return week, wrong

    def has_unstaffed(self, rows: list[Row]) -> bool:
        keys = [key for key in self.unstaffed if key]
        return any(row.cells.get(key) for row in rows for key in keys)


def read_day(text: str) -> list[Span] | None:
    """(opens, closes) pairs of one day's cell, joined where they meet; None if not understood."""
    text = re.sub(r"\s+", " ", text.strip().lower())
    text = text.replace("–", "-").replace("—", "-").replace("\u2212", "-")
    if text in CLOSED:
        return []
    spans = read_spans(re.sub(r"\s*[;/]\s*", ",", text))
    if spans is None:
        return None
    whole_day = text.startswith(("24", "all day")) or text in ("00:00-24:00", "0:00-24:00")
    if not whole_day and any(opens == closes for opens, closes in spans):
        return None  # closed, or open all day: nobody can tell
    return joined(spans)


def joined(spans: list[Span]) -> list[Span]:
    """The same hours without overlaps. A last minute of 23:59 is midnight."""
    minutes = []
    for opens, closes in spans:
        start, end = _minutes(opens), _minutes(closes)
        end = DAY_MINUTES if end == DAY_MINUTES - 1 else end
        minutes.append((start, end if end > start else end + DAY_MINUTES))
    apart: list[tuple[int, int]] = []
    for start, end in sorted(minutes):
        if apart and start <= apart[-1][1]:
            start, end = apart[-1][0], max(end, apart.pop()[1])
        apart.append((start, min(end, start + DAY_MINUTES)))
    return [(_time(start), _time(end)) for start, end in apart]


def read_week(text: str) -> Week | None:
    """Hours in one text, as councils write them or as OpenStreetMap does; None if not understood.

    In OpenStreetMap's form a later part replaces the day, and bank holidays are left aside.
    """
    if text.strip() == "24/7":
        return {(day, MIDNIGHT, MIDNIGHT) for day in range(7)}
    osm = bool(re.search(rf"\b(?:{'|'.join(TWO_LETTERS)})\b", text))
    for short, long in TWO_LETTERS.items() if osm else ():
        text = re.sub(rf"\b{short}\b", long, text)
    text = re.sub(r"\boff\b", "closed", text)
    text = re.sub(r"(;|^)\s*(PH|SH)\b[^;]*", ";", re.sub(r",\s*(PH|SH)\b", "", text))
    parts = read_parts(";".join(part for part in text.split(";") if part.strip()))
    if not parts:
        return None
    of_day: dict[int, list[Span]] = {}
    for days, spans in parts:
        for day in days:
            of_day[day] = list(spans) if osm else of_day.get(day, []) + spans
    return {(day, *span) for day, spans in of_day.items() for span in joined(spans)}


def in_words(week: Week) -> str:
    """A week in one line: Monday 10:00 to 16:00; Tuesday all day."""
    days = dict(OpeningHours.WEEKDAYS)
    return "; ".join(
        (_("%(day)s all day") if opens == closes else _("%(day)s %(opens)s to %(closes)s"))
        % {"day": str(days[day]), "opens": f"{opens:%H:%M}", "closes": f"{closes:%H:%M}"}
        for day, opens, closes in sorted(week)
    )


def _minutes(time: datetime.time) -> int:
    return time.hour * 60 + time.minute


def _time(minutes: int) -> datetime.time:
    return datetime.time(minutes // 60 % 24, minutes % 60)
