"""Positions as people paste them: degrees, grid references, map links, plus codes.

Read from the text alone: no link is opened and no service is asked.
"""

import re
from dataclasses import dataclass
from urllib.parse import unquote_plus

from django.contrib.gis.geos import Point

from common.refusals import Refused

from . import grid
from .nations import ALL_POSTCODE_AREAS

ROUGH = 400
"""Metres. A less precise position counts as the centre of an area."""
DEGREE = 111_000  # metres from one degree of latitude to the next
CERTAIN = 100  # metres: nobody writes a time or a price with three decimals

LINK = re.compile(
    r"(?:https?://|geo:|www\.)\S+"
    r"|\b(?:[a-z0-9-]+\.)*(?:google|apple|bing|openstreetmap|waze|goo)\.[a-z.]{2,8}/\S+",
    re.IGNORECASE,
)
_LAT, _LONG = r"([-+]?\d{1,2}\.\d+)", r"([-+]?\d{1,3}\.\d+)"
_BETWEEN = r"[,~/;+\s]+"
IN_LINKS = [  # the pin before the centre of the screen
    rf"!3d{_LAT}!4d{_LONG}",
    rf"[?&#](?:m?lat|latitude)={_LAT}&(?:m?lon|lng|long|longitude)={_LONG}",
    rf"[?&#][a-z]+=(?:loc:)?{_LAT}{_BETWEEN}{_LONG}",
    rf"[@:/]{_LAT}{_BETWEEN}{_LONG}",
]

_MARKS = str.maketrans({"′": "'", "’": "'", "‘": "'", "“": '"', "”": '"', "−": "-", "–": "-"})
_DEGREES = r"""(?:
    (?P<d{n}>\d{{1,3}})\s*[°:]\s*(?P<m{n}>\d{{1,2}}(?:\.\d+)?)\s*[':]?
        (?:\s*(?P<s{n}>\d{{1,2}}(?:\.\d+)?)\s*(?:"|'')?)?
    | (?P<spaced{n}>\d{{1,3}}\ \d{{1,2}}(?:\.\d+)?(?:\ \d{{1,2}}(?:\.\d+)?)?)(?=\s*[NSEW]\b)
    | (?P<plain{n}>[-+]?\s?\d{{1,3}}\.\d+)\s*(?:°|DEG(?:REES)?)?
)"""
_ANGLE = r"(?P<before{n}>\b[NSEW]\s*)?" + _DEGREES + r"\s*(?P<after{n}>[NSEW](?![A-Z0-9]))?"
DECIMAL_COMMAS = re.compile(r"([-+]?\d{1,2}),(\d{3,})([\s;/]+)([-+]?\d{1,3}),(\d{3,})")
PAIR = re.compile(
    r"(?<![\w.])"
    + _ANGLE.format(n=1)
    + r"\s*[,;/|]?\s*(?:AND\b|LNG\b|LONG?\b|LONGITUDE\b)?\s*[:=]?\s*"
    + _ANGLE.format(n=2)
    + r"(?![\w.]*\d)",
    re.VERBOSE,
)
GRID = re.compile(
    r"(?:(?:OS|GRID|MAP|NGR|REF(?:ERENCE)?)[\s:.]*)*"
    r"([HJNOST][A-HJ-Z])(?:\s*(\d{4,10})|(\s*)(\d{2,5})[\s,/-]+(\d{2,5}))\W*"
)
METRES = re.compile(r"(?:E|EASTING)?\W*([1-6]\d{5})\W+(?:N|NORTHING)?\W*(\d{4,7})\W*(?:N\W*)?")
PLUS_DIGITS = "23456789CFGHJMPQRVWX"
PLUS_CODE = re.compile(rf"\b([{PLUS_DIGITS}]{{8}})\+([{PLUS_DIGITS}]{{2}})[{PLUS_DIGITS}]*\b")


@dataclass(frozen=True)
class Position:
    """A position found in a text; `point` is None if it is not in the United Kingdom."""

    point: Point | None
    metres: float
    """Its uncertainty as written: half a square or half of the last decimal."""

    @property
    def is_rough(self) -> bool:
        return self.metres > ROUGH


def position_in(text: str) -> Position | None:
    """The first position in `text`, which must be the result of `spelling.readable()`; None if it
    has none.

    Of a link only its coordinates are read.
    """
    for link in LINK.findall(text):
        if found := _in_link(unquote_plus(link)):
            return found
    rest = without_links(text).translate(_MARKS).replace("''", '"').upper()
    rest = DECIMAL_COMMAS.sub(r"\1.\2\3\4.\5", rest)
    return _degrees(rest) or _grid_reference(rest) or _plus_code(rest)


def without_links(text: str) -> str:
    return LINK.sub(" ", text)


def has_link(text: str) -> bool:
    return bool(LINK.search(text))


def _in_link(link: str) -> Position | None:
    for pattern in IN_LINKS:
        if found := re.search(pattern, link, re.IGNORECASE):
            latitude, longitude = found.groups()
            return _position(float(latitude), float(longitude), _last_decimal(*found.groups()))
    return None


def _degrees(text: str) -> Position | None:
    for found in PAIR.finditer(text):
        angles = [_angle(found, n) for n in (1, 2)]
        (one, sides_one, metres), (other, sides_other, more) = angles
        if sides_one in ("E", "W") or sides_other in ("N", "S"):
            one, other = other, one
        elif not (sides_one or sides_other) and _is_here(other, one):
            one, other = other, one  # longitude first
        is_certain = bool(sides_one and sides_other) or max(metres, more) < CERTAIN
        if _is_here(one, other) or is_certain:  # `10.30 11.45` are times
            return _position(one, other, max(metres, more))
    return None


def _angle(found: re.Match, n: int) -> tuple[float, str, float]:
    """(degrees, the letter of its hemisphere or an empty text, uncertainty in metres)."""
    part = {name: found[f"{name}{n}"] or "" for name in ("d", "m", "s", "spaced", "plain")}
    side = (found[f"before{n}"] or found[f"after{n}"] or "").strip()
    if part["plain"]:
        degrees, metres = float(part["plain"].replace(" ", "")), _last_decimal(part["plain"])
    else:
        whole, minutes, seconds, *_ = [*(part["spaced"].split() or part.values()), "", ""][:3]
        degrees = int(whole) + float(minutes) / 60 + float(seconds or 0) / 3600
        metres = 0 if seconds or "." in minutes else DEGREE / 120
    return (-abs(degrees) if side in ("S", "W") else degrees), side, metres


def _is_here(latitude: float, longitude: float) -> bool:
    return 49 < latitude < 62 and -10 < longitude < 4


def _last_decimal(*numbers: str) -> float:
    """The uncertainty in metres of the coarser of these decimals."""
    decimals = min(len(number.partition(".")[2]) for number in numbers)
    return DEGREE / 2 / 10**decimals


def _position(latitude: float, longitude: float, metres: float) -> Position:
    try:
        return Position(grid.to_grid(longitude, latitude), metres)
    except Refused:
        return Position(None, metres)


def _grid_reference(text: str) -> Position | None:
    if found := METRES.fullmatch(text):
        return _on_grid(float(found[1]), float(found[2]), 0)
    found = GRID.fullmatch(text)
    if not found:
        return None
    letters, joined, gap, east, north = found.groups()
    if joined:
        east, north = joined[: len(joined) // 2], joined[len(joined) // 2 :]
    elif len(east) == len(north) == 2 and not gap and letters in ALL_POSTCODE_AREAS:
        return None  # `SO14 07` is the beginning of a postcode
    return _square(letters, east, north) if len(east) == len(north) else None


def _square(letters: str, east: str, north: str) -> Position | None:
    """The centre of the square that a grid reference names (OS, “A guide to coordinate
    systems”).
    """
    first, second = (ord(c) - ord("A") - (c > "I") for c in letters)
    hundreds_east = (first - 2) % 5 * 5 + second % 5
    hundreds_north = 19 - first // 5 * 5 - second // 5
    size = 10 ** (5 - len(east))
    return _on_grid(
        hundreds_east * 100_000 + int(east) * size + size / 2,
        hundreds_north * 100_000 + int(north) * size + size / 2,
        size / 2,
    )


def _on_grid(easting: float, northing: float, metres: float) -> Position | None:
    if not grid.is_on_grid(easting, northing):
        return None
    return Position(grid.grid_point(easting, northing), metres)


def _plus_code(text: str) -> Position | None:
    """The centre of a full plus code, as Google’s maps show it (Open Location Code)."""
    found = PLUS_CODE.search(text)
    if not found:
        return None
    digits = [PLUS_DIGITS.index(c) for c in found[1] + found[2]]
    latitude = sum(d * 20 / 20**place for place, d in enumerate(digits[::2])) - 90
    longitude = sum(d * 20 / 20**place for place, d in enumerate(digits[1::2])) - 180
    half = 20 / 20**4 / 2
    return _position(latitude + half, longitude + half, half * DEGREE)
