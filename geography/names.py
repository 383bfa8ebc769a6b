"""Search by name among imported areas and place names, as people type them."""

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.db import connection
from django.utils.functional import cached_property

from . import grid
from .locations import Location
from .models import Area, PlaceName
from .spelling import FILLERS, edits, phrases, place_key

STATISTICAL = (Area.Kind.OA, Area.Kind.LSOA, Area.Kind.MSOA)
MOST_CHOICES = 6
MOST_WORDS = 14
IN_A_STREET = re.compile(r"\d{1,4}[a-z]?|[a-z]|flat|unit|apartment|apt|room|floor|no|number|house")
"""A word of what stands before the name of a street: `Flat 2b, 31 Quay Lane`."""
BREAK = re.compile(r"[,;/|]|\s[-–—]\s")
"""What separates the parts of an address."""
LONGEST_KEY = 60
"""Characters. Anything longer is not a misspelt name of one place."""

# Best first: a town's own point is its middle, a district's may lie in a wood.
BEST_FIRST = [
    PlaceName.Kind.CITY,
    PlaceName.Kind.TOWN,
    Area.Kind.DRAWN,
    Area.Kind.COUNTY,
    Area.Kind.DISTRICT,
    PlaceName.Kind.SUBURB,
    PlaceName.Kind.VILLAGE,
    Area.Kind.PARISH,
    Area.Kind.WARD,
    PlaceName.Kind.HAMLET,
    PlaceName.Kind.SETTLEMENT,
    Area.Kind.OTHER,
    PlaceName.Kind.STATION,
    PlaceName.Kind.STREET,
]
RANK = {str(kind): rank for rank, kind in enumerate(BEST_FIRST)}
BIG = frozenset(map(str, BEST_FIRST[:5])) - {str(Area.Kind.DRAWN)}
"""Towns and councils, which take precedence over wards and hamlets."""
REACH = {Area.Kind.COUNTY: 40_000, Area.Kind.DISTRICT: 20_000}
"""Metres from an area's middle within which a town of the same name is the same place."""
SHORT_REACH = 5_000

COLUMNS_OF_AREAS = (
    "SELECT 'area' AS kind_of, id, name, name_alt, kind, vintage, parent_name AS town,"
    " '' AS district, '' AS county, ST_X(coalesce(people_middle, inside)) AS x,"
    " ST_Y(coalesce(people_middle, inside)) AS y"
)
COLUMNS_OF_PLACES = (
    "SELECT 'place', id, name, name_alt, kind, NULL, town, district, county, ST_X(point),"
    " ST_Y(point)"
)
# must match the condition of the trigram index
NOT_STATISTICAL = "kind NOT IN ('oa', 'lsoa', 'msoa')"
NAMED = (
    f"{COLUMNS_OF_AREAS} FROM geography_area WHERE {NOT_STATISTICAL}"
    " AND (key = ANY(%(keys)s) OR (name_alt <> '' AND key_alt = ANY(%(keys)s)))"
    f" UNION ALL {COLUMNS_OF_PLACES} FROM geography_placename"
    " WHERE key = ANY(%(keys)s) OR (name_alt <> '' AND key_alt = ANY(%(keys)s)) LIMIT 400"
)
SCORE = "greatest(similarity(key, %(key)s), similarity(key_whole, %(key)s)) AS score"
LIKE = "(key %% %(key)s OR key_whole %%> %(key)s)"
SIMILAR = (
    f"{COLUMNS_OF_AREAS}, {SCORE} FROM geography_area WHERE {NOT_STATISTICAL} AND {LIKE}"
    f" UNION ALL {COLUMNS_OF_PLACES}, {SCORE} FROM geography_placename WHERE {LIKE}"
    " ORDER BY score DESC, name, id LIMIT 40"
)


@dataclass(frozen=True)
class Named:
    """A place with a name: an area, a place name, or anything with a point from the apps above."""

    kind_of: str  # "area", "place" or "venue"
    pk: int
    name: str
    name_alt: str
    kind: str
    vintage: int | None
    town: str
    district: str
    county: str
    x: float
    y: float
    score: float = 0
    slug: str = ""

    @cached_property
    def keys(self) -> list[str]:
        return [key for key in (place_key(self.name), place_key(self.name_alt)) if key]

    @cached_property
    def around(self) -> list[str]:
        """The names of the areas it lies in, smallest first, without its own."""
        names = [self.town, self.district, self.county]
        own = {self.name, self.name_alt}
        return [n for n in dict.fromkeys(names) if n and n not in own and place_key(n)]

    @cached_property
    def words_around(self) -> frozenset[str]:
        return frozenset(w for name in [*self.around, self.name] for w in place_key(name).split())

    def label(self, how_many: int = 1) -> str:
        """Its name and the names of the smallest `how_many` areas around it."""
        around = self.around
        # OS Open Names has a unitary council as "City of Southampton" beside its town.
        distinct = [
            name
            for index, name in enumerate(around)
            if place_key(name) not in map(place_key, [self.name, *around[:index]])
        ]
        return ", ".join([self.name, *distinct[:how_many]])

    def location(self, label: str = "", **more) -> Location:
        return Location(
            self.kind_of,
            label or self.label(),
            grid.grid_point(self.x, self.y),
            area_id=self.pk if self.kind_of == "area" else None,
            place_id=self.pk if self.kind_of == "place" else None,
            slug=self.slug,
            **more,
        )

    def is_same_place_as(self, better: "Named") -> bool:
        """Whether this is another record of `better`: an older boundary, or the district of the
        town.
        """
        apart = math.hypot(self.x - better.x, self.y - better.y)
        if self.kind_of == better.kind_of == "area" and self.kind == better.kind:
            return self.vintage != better.vintage and apart <= self.reach
        if self.kind_of == better.kind_of == "place":
            return self.kind == better.kind and apart < (2_000 if self.is_street else 100)
        return apart <= max(self.reach, better.reach)

    @property
    def is_street(self) -> bool:
        return self.kind == PlaceName.Kind.STREET

    @property
    def reach(self) -> int:
        return REACH.get(Area.Kind(self.kind), SHORT_REACH) if self.kind_of == "area" else 0


@dataclass(frozen=True)
class Reading:
    """A text with the places whose names stand somewhere in it."""

    text: str
    segments: list[str]
    """The keys of what stands between its commas or dashes."""
    words: list[str]
    spans: dict[str, tuple[int, int]]
    """Each run of words: where it begins and ends."""
    found: list[Named]

    def key_of(self, each: Named) -> str:
        """The name of a place found as it stands in the text."""
        return max((key for key in each.keys if key in self.spans), key=len, default="")

    def rest(self, *places: Named) -> list[str]:
        """The words that are of none of these names and mean something."""
        taken = {
            index for each in places for index in range(*self.spans.get(self.key_of(each), (0, 0)))
        }
        return [
            word
            for index, word in enumerate(self.words)
            if index not in taken and word not in FILLERS
        ]


def read_names(text: str) -> Reading:
    """The places named in a text, in one query (none for a text without words)."""
    segments = [key for part in BREAK.split(text) if (key := place_key(part))]
    words = place_key(text).split()
    if len(words) > MOST_WORDS:  # an address has the town at its end
        words = [*words[: MOST_WORDS // 2], *words[-MOST_WORDS // 2 :]]
    spans: dict[str, tuple[int, int]] = {}
    for start, end, key in phrases(words):
        if len(key) > 1:
            spans.setdefault(key, (start, end))
    found = _query(NAMED, {"keys": list(spans)}) if spans else []
    return Reading(text, segments, words, spans, found)


def named(text: str) -> Location | None:
    """The place or places that a text names and nothing else; in one query."""
    return whole_name(read_names(text))


def whole_name(reading: Reading) -> Location | None:
    """The place or places whose names, with where they lie, are all that the text says.

    `Shirley, Southampton` and `old town marrowby` tell one of several. None when only a word of
    the text is a name: Hull Road is in York.
    """
    whole = [each for each in reading.found if _tells_all(reading, each)]
    if not whole:
        return None
    longest = max(len(reading.key_of(each)) for each in whole)
    best = [each for each in whole if len(reading.key_of(each)) == longest]
    return one_or_choices(reading.text, best)


def _tells_all(reading: Reading, each: Named) -> bool:
    """Whether every word of the text is part of its name or location, or has no meaning."""
    rest = [word for word in reading.rest(each) if word not in each.words_around]
    return all(each.is_street and IN_A_STREET.fullmatch(word) for word in rest)


def similar(text: str, others: Iterable[Named] = ()) -> Location | None:
    """The place whose name is nearly `text`, or a few to choose from; in one query.

    `others` are further places with similar names. One is taken only if its name differs by a slip
    (Southhampton). Between Northampton and Southampton, Barton and Burton the person chooses.
    """
    key = place_key(text)
    if not 3 <= len(key) <= LONGEST_KEY:
        return None
    found = [*_query(SIMILAR, {"key": key}), *others]
    if towns := _towns_beginning(key, found):
        return one_or_choices(text, towns, is_guess=True)
    slips = [(each, spelling) for each in found if (spelling := _slip(key, each))]
    if slips:
        return _meant(text, key, slips)
    if inside := _of_places_in(key, found):
        return inside
    rated = sorted(((_rating(key, each), each) for each in found), key=lambda pair: -pair[0])
    best = [each for rating, each in rated if rating >= max(0.4, 0.6 * rated[0][0])]
    return choose(text, different(best), is_guess=True) if best else None


def _towns_beginning(key: str, found: list[Named]) -> list[Named]:
    """Towns and councils whose names begin with these words: Brighton is in Brighton and Hove."""
    if set(key.split()) <= FILLERS or any(key in each.keys for each in found):
        return []
    return [
        each
        for each in found
        if each.kind in BIG and any(name.startswith(f"{key} ") for name in each.keys)
    ]


def _slip(key: str, each: Named) -> str:
    """The spelling of a place from which the typed text differs by a slip; empty if none does."""
    return next((name for name in _spellings(each) if is_slip(key, name)), "")


def _meant(text: str, key: str, slips: list[tuple[Named, str]]) -> Location | None:
    """What is found under the corrected spelling, which may be more than the similar names."""
    least = min(edits(key, spelling) for _each, spelling in slips)
    slips = [(each, name) for each, name in slips if edits(key, name) == least]
    spellings = {spelling for _each, spelling in slips}
    if len(spellings) == 1 and all(each.kind_of != "venue" for each, _name in slips):
        found = named(spellings.pop())
        return replace(found, is_guess=True) if found and found.kind != "choices" else found
    return one_or_choices(text, [each for each, _name in slips], is_guess=True)


def is_slip(typed: str, name: str) -> bool:
    """Whether two names differ only by a slip of the finger, or an s.

    That is: one letter too many or too few, or two swapped. A different letter makes a different
    name (Barton, Burton) unless the name is long.
    """
    if typed == name:
        return True
    if len(typed) < 5 or typed[:1] != name[:1] or any(c.isdigit() for c in typed):
        return False
    changes = edits(typed, name, 2)
    if changes == 1:
        return len(typed) != len(name) or len(name) >= 11 or sorted(typed) == sorted(name)
    return changes == 2 and len(name) >= 12


def _spellings(each: Named) -> list[str]:
    """Its name alone, and with each of the areas around it, in either order."""
    around = [place_key(name) for name in each.around]
    beside = [f"{key} {name}" for key in each.keys for name in around]
    return [*each.keys, *beside, *(f"{name} {key}" for key in each.keys for name in around)]


def _of_places_in(key: str, found: list[Named]) -> Location | None:
    """The middle of the places in a town or county of this name that is not itself imported."""
    for spells in (str.__eq__, is_slip):
        inside = [
            each for each in found if any(spells(key, place_key(name)) for name in each.around)
        ]
        if inside:
            name = next(n for n in inside[0].around if spells(key, place_key(n)))
            x = sum(each.x for each in inside) / len(inside)
            y = sum(each.y for each in inside) / len(inside)
            return Location("area", name, grid.grid_point(x, y), is_guess=spells is is_slip)
    return None


def _rating(key: str, each: Named) -> float:
    """How likely a place is meant: trigram similarity, and whether its name has the typed words."""
    words = set(key.split()) - FILLERS
    has_them = words and any(words <= set(name.split()) for name in each.keys)
    return max(each.score, 0.75 if has_them else 0)


def one_or_choices(text: str, found: list[Named], **more) -> Location:
    """The one place found, or the choice between several, without duplicate records of a place."""
    places = different(found)
    streets = [each for each in places if each.is_street]
    if len(streets) < len(places):
        places = [each for each in places if each not in streets]
    if len(places) == 1:
        return places[0].location(**more)
    return choose(text, places, bool(more.get("is_guess")))


def different(found: list[Named]) -> list[Named]:
    kept: list[Named] = []
    for each in sorted(found, key=_best_first):
        if not any(
            set(each.keys) & set(other.keys) and each.is_same_place_as(other) for other in kept
        ):
            kept.append(each)
    return kept


def _best_first(each: Named) -> tuple:
    return (
        each.kind not in BIG,
        -each.score,
        RANK.get(each.kind, len(RANK)),
        -(each.vintage or 0),
        each.label(3),
        each.pk,
    )


def choose(text: str, found: list[Named], is_guess: bool = False) -> Location:
    found = found[:MOST_CHOICES]
    labels = [each.label() for each in found]
    if len(set(labels)) < len(labels):
        labels = [each.label(3) for each in found]
    kinds = dict([*Area.Kind.choices, *PlaceName.Kind.choices])
    labels = [
        f"{label} ({kinds[each.kind]})" if labels.count(label) > 1 and each.kind in kinds else label
        for each, label in zip(found, labels, strict=True)
    ]
    return Location(
        "choices",
        text,
        is_guess=is_guess,
        choices=tuple(each.location(label) for each, label in zip(found, labels, strict=True)),
    )


def _query(sql: str, values: dict) -> list[Named]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return [Named(*row) for row in cursor.fetchall()]
