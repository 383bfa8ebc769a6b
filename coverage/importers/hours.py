"""A space's weekly hours from the columns of its list: one per day, or one for the week."""

import datetime

from geography.importers.located import Located, Row
from venues.hours.intervals import HoursRead, Unread
from venues.hours.reading import read_day, read_from_to, read_hours

DAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
NOTHING = ("-", "none", "na", "n/a", "n/a closed", "not open", "shut", "closed", "not known")
NOTHING += ("unknown",)
"""A cell for the whole week that gives no hours and needs no remark."""

Week = set[tuple[int, datetime.time, datetime.time]]
"""Day, opens, closes."""


def _triples(read: HoursRead) -> Week:
    return {(each.weekday, each.opens, each.closes) for each in read.week if each.opens}


class HoursColumns:
    """The columns with a list's hours. Hours without staff are ignored: there is nobody to ask."""

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
        self.text = found.column(
            r"opening_?(hours|times?)|open_?(hours|times?)|times|opening|hours(_of_opening)?"
        )
        self.opens = found.column(r"open(s|ing)?(_times?)?")
        self.closes = found.column(r"clos(es?|ing)(_times?)?")
        self.days = found.column(r"(opening_|open_)?days(_open)?|days_of_opening")
        if not self.by_day and not self.text and not self.closes:
            self.text = self.opens  # a column "open" may contain the whole week, or yes and no

    @property
    def used(self) -> list[str]:
        """The normalised titles that hours are read from, or that are known to contain none."""
        if self.by_day:
            pairs = [key for pair in self.from_to.values() for key in pair]
            return [*self.of_day.values(), *pairs, *self.unstaffed]
        ends = [self.opens, self.closes, self.days] if self.closes else []
        return [self.text, *ends, *self.unstaffed]

    @property
    def by_day(self) -> bool:
        return any(self.of_day.values()) or any(map(all, self.from_to.values()))

    def read(self, row: Row) -> tuple[Week, list[Unread]]:
        """The intervals of a row, and the parts that could not be read."""
        if self.by_day:
            return self._read_days(row)
        text = row.cells.get(self.text, "") if self.text else ""
        if self.closes:
            text = self._text_of_ends(row) or text
        if text.lower() in (*NOTHING, "yes", "no", "y", "n", "open"):
            return set(), []
        read = read_hours(text).only_plain()
        return _triples(read), read.unread

    def _text_of_ends(self, row: Row) -> str:
        """Join days, opening and closing time from three columns; nothing if the days are
        missing.
        """
        opens, closes = (row.cells.get(key, "") for key in (self.opens, self.closes))
        days = row.cells.get(self.days, "") if self.days else ""
        return f"{days} {opens} - {closes}".strip() if opens and closes else ""

    def _read_days(self, row):
        week: Week = set()
        wrong = []
        for day in range(7):
            read = self._read_day(row, day)
            week |= _triples(read)
            wrong += read.unread
        return week, wrong

    def _read_day(self, row, day) -> HoursRead:
        opens, closes = (row.cells.get(key, "") if key else "" for key in self.from_to[day])
        if opens and closes:
            return read_from_to(opens, closes, day)
        return read_day(row.cells.get(self.of_day[day], "") if self.of_day[day] else "", day)

    def has_unstaffed(self, rows: list[Row]) -> bool:
        keys = [key for key in self.unstaffed if key]
        return any(row.cells.get(key) for row in rows for key in keys)
