"""What the columns of a population file mean, and which census they belong to."""

import re
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from common.tables import column, tidy
from geography.models import Area

SMALL_AREAS = {
    "oa": r"oa|output_area",
    "lsoa": r"lsoa|dz|data_?zone|super_output_areas?_-_lower_layer|lower_layer_super_output_areas?",
    "msoa": r"msoa|iz|super_output_areas?_-_middle_layer|middle_layer_super_output_areas?",
}
KIND_OF_CODE = {
    **dict.fromkeys(("E00", "W00", "S00", "N00"), Area.Kind.OA),
    **dict.fromkeys(("E01", "W01", "S01", "N20"), Area.Kind.LSOA),
    **dict.fromkeys(("E02", "W02", "S02", "N21"), Area.Kind.MSOA),
}
IMD_CODES = {2015: 2011, 2019: 2011, 2025: 2021}  # edition: the census whose areas it ranks
PEOPLE = [
    r"people",
    r"population(_\d{4})?",
    r"total_population(_\d{4})?",
    r"(all_)?usual_residents(_\d{4})?",
    r"all_(persons|people|ages|residents)",
    r"total:_all_usual_residents",
    r"residence_type:_total;_measures:_value",
    r"sex:_all_(persons|categories.*);_measures:_value",
    r"age:_total(;_measures:_value)?",
    r"total(:.*)?",
    r"observation|obs_value|persons",
    r"\d{4}",
]


@dataclass
class Columns:
    """The positions of a population file's columns; a missing one is not in `at`."""

    at: dict[str, int]
    counts: dict[int, str] = field(default_factory=dict)
    year: int | None = None


def find_code(header: list[str], named: str = "") -> int | None:
    """The position of the small area's code; of several, the smallest area's."""
    if named:
        return column(header, re.escape(tidy(named)))
    for area in SMALL_AREAS.values():
        for pattern in _code_patterns(area):
            if (index := column(header, pattern)) is not None:
                return index
    return column(header, r"geography_code|area_code|gss_code|code|mnemonic")


def find_columns(header: list[str], *, code: str = "", people: str = "") -> Columns | None:
    """All columns of a header, or None if the row is not a header."""
    code_at = find_code(header, code)
    if code_at is None:
        return None
    at = {"code": code_at}
    wanted = {
        "people": [re.escape(tidy(people))] if people else PEOPLE,
        "name": [r"(oa|lsoa|msoa|dz)\d{2}nm", "name", "geography"],
        "decile": [r"imd_?(\d{4})?_?decile", r".*\(imd\)_decile.*"],
        "ward": [r"wd\d{2}cd", "ward_code"],
        "district": [r"lad\d{2}cd", r"ltla\d{2}cd", "district_code", "lad_code"],
        "easting": ["eastings?", "bng_e", "x_coordinate"],
        "northing": ["northings?", "bng_n", "y_coordinate"],
        "longitude": ["longitude", "long?", "lng"],
        "latitude": ["latitude", "lat"],
    }
    for name, patterns in wanted.items():
        found = (column(header, pattern) for pattern in patterns)
        index = next((i for i in found if i is not None and i != code_at), None)
        if index is not None:
            at[name] = index
    counts = {
        index: key
        for index, title in enumerate(header)
        if index not in at.values() and (key := count_key(title))
    }
    return Columns(at, counts, _year(header[code_at]))


def mixed_years(header: list[str], columns: Columns) -> str:
    """Which two censuses a file mixes, as a sentence; empty if it keeps to one."""
    if columns.year is None:
        return ""
    for index, title in enumerate(header):
        other = None
        name = tidy(title)
        if index == columns.at["code"]:
            continue
        if any(
            re.fullmatch(pattern, name)
            for area in SMALL_AREAS.values()
            for pattern in _code_patterns(area)
        ):
            other = _year(title)
        elif index == columns.at.get("decile") and (year := re.search(r"(20\d\d)", name)):
            other = IMD_CODES.get(int(year[1]))
        elif index == columns.at.get("people") and (year := re.search(r"(20\d\d)", name)):
            other = 2021 if int(year[1]) >= 2021 else 2011
        if other and other != columns.year:
            return _(
                "its codes are of %(year)s, but the column %(column)s belongs to the codes of"
                " %(other)s; two years of codes cannot be joined."
            ) % {"year": columns.year, "column": title.strip(), "other": other}
    return ""


def count_key(title: str) -> str:
    """The sex and age a column counts, such as `female`, `0-4` or `male 85+`; empty for others."""
    text = tidy(title).replace("_", " ")
    text = re.sub(r"measures?: ?value|\b(aged?|sex|years?( old)?)\b|[;:,()]", " ", text)
    text = re.sub(r"^\s*([fmp])(?=\d)", r"\1 ", text)
    sexes = {"f": "female", "m": "male", "females": "female", "males": "male"}
    sex, rest = "", []
    for word in text.split():
        plain = sexes.get(word, word)
        if plain in ("female", "male"):
            sex = plain
        elif word not in ("p", "persons", "all", "people", "total"):
            rest.append(word)
    age = _age(" ".join(rest))
    if age is None:
        return ""
    return " ".join(part for part in (sex, age) if part)


def _age(words: str) -> str | None:
    """`0-4`, `85+` or `7`; "" for all ages; None if the words are not an age."""
    if not words:
        return ""
    if match := re.fullmatch(r"(\d{1,3}) ?(?:-|–|to) ?(\d{1,3})", words):
        return f"{match[1]}-{match[2]}"
    if match := re.fullmatch(r"(\d{1,3}) ?(?:\+|and over|or over|and older|plus)", words):
        return f"{match[1]}+"
    if match := re.fullmatch(r"(\d{1,3}) (?:and|or) under", words):
        return f"0-{match[1]}"
    if match := re.fullmatch(r"under (\d{1,3})", words):
        return f"0-{int(match[1]) - 1}"
    return words if re.fullmatch(r"\d{1,3}", words) else None


def _code_patterns(area: str) -> list[str]:
    return [
        rf"(?:{area})_?(?:\d{{2}}|\d{{4}})_?(?:cd|code)",
        rf"\d{{4}}_(?:{area})",
        rf"(?:{area})_code(?:_?\(?\d{{4}}\)?)?",
    ]


def _year(title: str) -> int | None:
    if match := re.search(r"(?<!\d)(20\d\d)(?!\d)", title):
        return int(match[1])
    if match := re.search(r"[a-z]_?(\d\d)_?c", tidy(title)):
        return 2000 + int(match[1])
    return None
