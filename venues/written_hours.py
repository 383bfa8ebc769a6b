"""Opening hours as people write them in a cell: "Mon-Fri 09:00-17:00; Sat 10:00-13:00"."""

import datetime
import re

from venues.models import OpeningHours

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
EVERY_DAY = range(7)
IN_ONE_WORD = {
    "daily": EVERY_DAY,
    "every day": EVERY_DAY,
    "7 days a week": EVERY_DAY,
    "weekdays": range(5),
    "weekends": range(5, 7),
}
DAY = r"(?:mon|tues?|wed(?:nes)?|thu(?:rs?)?|fri|sat(?:ur)?|sun)(?:day)?s?\.?"
ONE_WORD = "|".join(IN_ONE_WORD)
PART = re.compile(rf"((?:{ONE_WORD}|{DAY})(?:(?:\s|,|-|&|/|to|and)+{DAY})*)\s*:?\s+(.+)")
TIME = re.compile(r"(\d{1,2})(?:[:.]?(\d\d))?\s*(am|pm)?")
Span = tuple[datetime.time, datetime.time]
WHOLE_DAY = ("24 hours", "24 hrs", "all day", "24h")


def read_hours(text: str) -> list[OpeningHours] | None:
    """Unsaved intervals without a venue; None when the text is not one of the simple forms.

    What could be read in two ways, such as "9-5", is not read.
    """
    found = [
        OpeningHours(weekday=day, opens=opens, closes=closes)
        for days, spans in read_parts(text) or []
        for day in days
        for opens, closes in spans
    ]
    return found or None


def read_parts(text: str) -> list[tuple[list[int], list[Span]]] | None:
    """The weekdays (Monday is 0) and (opens, closes) pairs of each part; None when not understood.

    A part without pairs says that these days are closed.
    """
    text = re.sub(r"\s+", " ", text.strip().lower())
    text = text.replace("–", "-").replace("—", "-").replace("\u2212", "-")
    text = re.sub(rf"(?<=[\dmsd])\s*,\s*(?={DAY}|{ONE_WORD})(?=[^;]*\d|[^;]*closed)", ";", text)
    parts = []
    for part in filter(None, re.split(r"\s*;\s*", text.rstrip(" .;"))):
        match = PART.fullmatch(part)
        days = match and _days(match[1])
        spans = match and read_spans(match[2])
        if not days or spans is None:
            return None
        parts.append((days, spans))
    return parts


def _days(text):
    """The weekdays that `text` names, Monday being 0; Sat-Mon runs over the week's end."""
    if text.strip() in IN_ONE_WORD:
        return list(IN_ONE_WORD[text.strip()])
    days = []
    for group in re.split(r"\s*(?:,|&|/|\band\b)\s*", text):
        names = [end.strip() for end in re.split(r"-|\bto\b", group) if end.strip()]
        if not all(re.fullmatch(DAY, name) for name in names):
            return None  # "mon tue" may be two days or five
        ends = [DAYS.index(name[:3]) for name in names]
        if len(ends) == 2:
            days += [(ends[0] + step) % 7 for step in range((ends[1] - ends[0]) % 7 + 1)]
        elif len(ends) == 1:
            days += ends
        else:
            return None
    return days if len(days) == len(set(days)) else None


def read_spans(text: str) -> list[Span] | None:
    """(opens, closes) pairs of one day's words, in lower case; empty for "closed".

    None when they are not understood.
    """
    if text == "closed":
        return []
    if text in WHOLE_DAY:
        return [(datetime.time(0), datetime.time(0))]
    spans = []
    for span in re.split(r"\s*(?:,|&|\band\b)\s*", text):
        ends = re.split(r"\s*(?:-|\bto\b|\buntil\b)\s*", span)
        if len(ends) != 2:
            return None
        opens, closes = map(_time, ends)
        if opens is None or closes is None:
            return None
        spans.append((opens, closes))
    return spans


def _time(text):
    if text in ("noon", "midday", "12 noon", "12noon"):
        return datetime.time(12)
    if text in ("midnight", "12 midnight"):
        return datetime.time(0)
    match = TIME.fullmatch(text)
    if not match or not (match[2] or match[3]):
        return None
    hour, minute = int(match[1]), int(match[2] or 0)
    if match[3]:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if match[3] == "pm" else 0)
    if (hour, minute) == (24, 0):
        hour = 0
    return datetime.time(hour, minute) if hour < 24 and minute < 60 else None
