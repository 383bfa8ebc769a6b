"""Places in a longer text: an address, a landmark, a sentence, two towns at once.

What is meant most exactly comes first: a listed place that the text names, then its street, then
its town. Whatever of the text was not found is said.
"""

import math
import re
from collections.abc import Callable, Iterable

from django.utils.translation import gettext as _

from .locations import Location
from .names import (
    BIG,
    BREAK,
    IN_A_STREET,
    Named,
    Reading,
    choose,
    different,
    is_slip,
    one_or_choices,
    read_names,
    similar,
)
from .spelling import FILLERS, place_key

Others = Callable[[list[str]], Iterable[Named]]
"""Further places, by the keys that they may be called."""

_LANDMARKS = (
    "airport bar bus cafe campus cathedral central church cinema clinic college court docks ferry"
    " guildhall hall harbour high hospital hotel library market mosque museum park pier police"
    " port pub quay railway restaurant school shop shops st station stop surgery temple terminal"
    " theatre train university"
)
LANDMARKS = frozenset(_LANDMARKS.split())
"""Words beside the name of a town that are no part of another town's name."""
_STREETS = (
    "alley ave avenue close court crescent cres drive gardens grove hill ln mews parade place rd"
    " row square sq st terrace walk way wharf yard"
)
STREETS = frozenset(_STREETS.split())
BEFORE_A_PLACE = re.compile(
    r"\b(?:in|at|near|nr|by|around|outside|from|to|towards?|opposite)\s+(?=([^,;.!?]+))",
    re.IGNORECASE,
)
FARTHEST = 10_000
"""Metres from the middle of a town within which a place of its addresses lies."""
MOST_KEYS = 6


def addressed(reading: Reading, others: Others) -> Location | None:
    """The location that a longer text means; None when nothing in it says so for certain.

    At most one query, for `others`.
    """
    if both := _two_places(reading):
        return both
    towns = _towns(reading)
    is_address = _is_address(reading)
    if not (towns or is_address):
        return None
    if venues := _venues(reading, towns, others):
        return one_or_choices(reading.text, venues)
    if is_address and (streets := _streets(reading, towns)):
        return _first_street(reading, streets)
    if not towns:
        return None
    found = one_or_choices(reading.text, towns, missing=reading.text)
    return found if found.kind == "choices" else found.saying(_not_found(reading, found.label))


def addressed_roughly(reading: Reading) -> Location | None:
    """The town of an address in which it is misspelt, or names at an end to choose from."""
    if len(reading.segments) > 1:
        end = BREAK.split(reading.text)[-1]
        found = similar(end) if not read_names(end).found else None
        if found and found.kind != "choices":
            return found.saying(_not_found(reading, found.label), missing=reading.text)
    ends = (0, len(reading.words))
    at_an_end = [
        each
        for each in reading.found
        if each.kind in BIG and set(reading.spans[reading.key_of(each)]) & set(ends)
    ]
    return choose(reading.text, different(at_an_end), is_guess=True) if at_an_end else None


def _is_address(reading: Reading) -> bool:
    return len(reading.segments) > 1 or any(word[0].isdigit() for word in reading.words)


def _towns(reading: Reading) -> list[Named]:
    """The places, but no streets, that the text says it is in: the finest of its towns."""
    places = [each for each in reading.found if not each.is_street]
    return _finest(reading, [each for each in places if _is_its_town(reading, each)])


def _is_its_town(reading: Reading, each: Named) -> bool:
    key = reading.key_of(each)
    start, end = reading.spans[key]
    if key in reading.segments:
        return len(reading.segments) > 1
    if end == len(reading.words) and len(reading.words) > 2 and _has_number(reading):
        return True  # the end of an address without commas: `12 Quay Lane Marrowby`
    rest = reading.rest(each)
    if rest and start in (0, 1) and all(word in LANDMARKS or word.isdigit() for word in rest):
        return True  # `Marrowby station`
    return any(
        place_key(found[1]) == key or place_key(found[1]).startswith(f"{key} ")
        for found in BEFORE_A_PLACE.finditer(reading.text)
    )


def _has_number(reading: Reading) -> bool:
    return any(word[0].isdigit() for word in reading.words)


def _finest(reading: Reading, towns: list[Named]) -> list[Named]:
    """Without the county or district that only says where another of them is."""
    inner = [
        each
        for each in towns
        if any(
            each is not other and reading.key_of(other) in map(place_key, each.around)
            for other in towns
        )
    ]
    return inner or [each for each in towns if reading.key_of(each) == _longest(reading, towns)]


def _longest(reading: Reading, places: list[Named]) -> str:
    """The key of the one that stands last: the end of an address is its town."""
    return max(map(reading.key_of, places), key=lambda key: (reading.spans[key][1], len(key)))


def _two_places(reading: Reading) -> Location | None:
    """Two towns and nothing else: either may be meant."""
    towns = [each for each in reading.found if each.kind in BIG]
    for one in towns:
        for other in towns:
            apart = reading.key_of(one) != reading.key_of(other)
            if apart and not reading.rest(one, other) and not _is_near(one, other):
                keys = {reading.key_of(one), reading.key_of(other)}
                both = [each for each in towns if reading.key_of(each) in keys]
                return choose(reading.text, different(both))
    return None


def _is_near(one: Named, other: Named) -> bool:
    return math.hypot(one.x - other.x, one.y - other.y) <= FARTHEST


def _venues(reading: Reading, towns: list[Named], others: Others) -> list[Named]:
    """Listed places that the text names, in its town if it names one."""
    parts = [key for key in reading.segments if not any(key in each.keys for each in towns)]
    if len(reading.segments) == 1:
        town = _longest(reading, towns) if towns else ""
        parts = [" ".join(reading.words).replace(town, " ").strip()]
    tried = [key for part in parts for key in dict.fromkeys([part, _without_fillers(part)])]
    tried = [key for key in tried if len(key) > 2][:MOST_KEYS]
    if not tried:
        return []
    text = f" {' '.join(reading.words)} "
    found = [
        each
        for each in others(tried)
        if any(f" {key} " in text or any(is_slip(part, key) for part in tried) for key in each.keys)
    ]
    return [each for each in found if not towns or _is_in(reading, each, towns)]


def _without_fillers(key: str) -> str:
    return " ".join(word for word in key.split() if word not in FILLERS)


def _is_in(reading: Reading, venue: Named, towns: list[Named]) -> bool:
    if venue.town and place_key(venue.town) in reading.spans:
        return True
    return any(_is_near(venue, town) for town in towns)


def _streets(reading: Reading, towns: list[Named]) -> list[Named]:
    """The streets named, in the town if it is named too."""
    streets = [each for each in reading.found if each.is_street]
    if towns:
        keys = {key for town in towns for key in town.keys}
        return [each for each in streets if keys & set(map(place_key, each.around))]
    return [each for each in streets if reading.key_of(each) in reading.segments]


def _first_street(reading: Reading, streets: list[Named]) -> Location:
    """The one that stands first: of `Lantern Row, Quay Lane` the house is on the lane beside it."""
    first = min(map(reading.key_of, streets), key=lambda key: reading.spans[key][0])
    same = [each for each in streets if reading.key_of(each) == first]
    found = one_or_choices(reading.text, same)
    rest = [word for word in reading.rest(same[0]) if word not in same[0].words_around]
    if found.kind == "choices" or all(IN_A_STREET.fullmatch(word) for word in rest):
        return found
    words = _("We found %(street)s, not the house. We looked from the middle of the street.")
    return found.saying(words % {"street": found.label}, missing=reading.text)


def _not_found(reading: Reading, town: str) -> str:
    if _has_number(reading) or STREETS & set(reading.words):
        words = _("We found %(town)s, not the street. We looked from the middle of %(town)s.")
    else:
        words = _(
            "We found %(town)s, not the rest of what you typed. We looked from the middle of"
            " %(town)s."
        )
    return words % {"town": town}
