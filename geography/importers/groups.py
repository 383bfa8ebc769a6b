"""Groups of people as bases: women, or young people, from a census file by sex and age.

Reads the two shapes that the Office for National Statistics publishes: a column for each sex and
age (Nomis), and a row for each area, sex and age with its count (a custom dataset). People are
counted where they live: at the point of their small area, which has to be imported first.
"""

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.refusals import Refused
from common.tables import Unread, column, listed, read_whole_number, tidy
from common.tables.streams import rows
from geography.models import BasePoint, PopulationBase, PopulationPoint

from .bases import Summary
from .census_columns import count_key, find_code
from .population import TITLE_LINES

OLDEST = 200
"""Above any age: the end of "85 and over"."""


@dataclass(frozen=True)
class Group:
    """Whom a preset counts: one sex or both, from one age to another."""

    name: str
    unit: str
    sex: str = ""
    youngest: int = 0
    oldest: int = OLDEST


PRESETS = {
    "women": Group(gettext_lazy("Women"), gettext_lazy("women and girls"), sex="female"),
    "young": Group(
        gettext_lazy("Young people, 10 to 24"),
        gettext_lazy("young people aged 10 to 24"),
        youngest=10,
        oldest=24,
    ),
}

Counts = dict[str, dict[str, int]]  # small area -> sex and age -> people


@transaction.atomic
def import_group(
    path: Path, group: str, *, year: int, licence: str = "", dry_run: bool = False
) -> Summary:
    """Import one of `PRESETS` from a census file, replacing what was counted before.

    Raises Refused if the file's sexes and ages do not add up to the group.
    """
    preset = PRESETS[group]
    counted = _counts(path)
    keys = sorted(set().union(*counted.values()))
    wanted = _wanted(preset, keys)
    if not wanted:
        raise Refused(
            _("%(file)s has no counts that add up to %(unit)s (found: %(found)s).")
            % {"file": path.name, "unit": preset.unit, "found": listed(keys)}
        )
    summary = Summary(str(preset.name), read=len(counted), dry_run=dry_run)
    points = dict(
        PopulationPoint.objects.filter(code__in=list(counted))
        .order_by("vintage")
        .values_list("code", "point")
    )
    made = []
    for number, (code, counts) in enumerate(counted.items(), start=1):
        if code not in points:
            summary.findings.refuse(number, _("%(code)s is not imported.") % {"code": code})
        elif any(key not in counts for key in wanted):
            summary.findings.refuse(number, _("%(code)s lacks a count.") % {"code": code})
        else:
            people = sum(counts[key] for key in wanted)
            made.append(BasePoint(code=code, people=people, point=points[code]))
    if not made:
        raise Refused(
            _(
                "None of the %(count)s small areas of %(file)s is imported here: "
                "manage.py import_population FILE."
            )
            % {"file": path.name, "count": f"{len(counted):,}"}
        )
    base, _new = PopulationBase.objects.update_or_create(
        name=str(preset.name),
        defaults={
            "unit": str(preset.unit),
            "year": year,
            "is_group": True,
            "licence": licence,
            "source": path.name[:200],
            "imported_at": timezone.now(),
        },
    )
    base.points.all().delete()
    for point in made:
        point.base = base
    BasePoint.objects.bulk_create(made, batch_size=5000)
    summary.points, summary.total = len(made), sum(point.people for point in made)
    if dry_run:
        transaction.set_rollback(True)
    return summary


def _counts(path: Path) -> Counts:
    """People by small area, then by sex and age, such as "female 10-14"."""
    numbered = rows(path, lambda row: _header_of(row) is not None)
    for _number, row in islice(numbered, TITLE_LINES):
        if header := _header_of(row):
            return _by_row(numbered, *header) if header[1] else _by_column(numbered, row, header[0])
    raise Refused(
        _("%(file)s has no column of small areas’ codes, or none by sex or age.")
        % {"file": path.name}
    )


def _header_of(row: list[str]) -> tuple[int, dict[str, int]] | None:
    """(column of the code, columns of a long file or nothing for a wide one); None for no header.

    A long file has a column of ages or sexes, whose cells name them, and one of counts.
    """
    # Nomis puts names under the heading of the areas, and the codes beside them.
    code = column(row, "mnemonic|geography_code")
    code = find_code(row) if code is None else code
    if code is None:
        return None
    long = {
        "age": column(row, r"age(_\(.*\))?|age_\d+[a-z]?_categories|c_age_name|age_name"),
        "sex": column(row, r"sex(_\(.*\))?|gender|c_sex_name|sex_name"),
        "count": column(row, r"observation|obs_value|count|value"),
    }
    found = {name: at for name, at in long.items() if at is not None and at != code}
    if "count" in found and len(found) > 1:
        return code, found
    return (code, {}) if any(count_key(title) for title in row) else None


def _by_column(numbered: Iterator, header: list[str], code_at: int) -> Counts:
    keys = {
        at: key for at, title in enumerate(header) if at != code_at and (key := count_key(title))
    }
    counted: Counts = {}
    for _number, row in numbered:
        if len(row) > code_at and (code := _code(row[code_at])):
            counts = counted.setdefault(code, {})
            for at, key in keys.items():
                if at < len(row) and (people := _people(row[at])) is not None:
                    counts[key] = people
    return counted


def _by_row(numbered: Iterator, code_at: int, at: dict[str, int]) -> Counts:
    counted: Counts = defaultdict(dict)
    for _number, row in numbered:
        if len(row) <= max(code_at, *at.values()) or not (code := _code(row[code_at])):
            continue
        said = " ".join(_plain(row[at[name]]) for name in ("sex", "age") if name in at)
        key = count_key(said)
        people = _people(row[at["count"]])
        if key and people is not None:
            counted[code][key] = counted[code].get(key, 0) + people
    return dict(counted)


def _plain(cell: str) -> str:
    """A category without the words of a total, so that "All persons" is no sex."""
    if re.fullmatch(r"total.*|all.*|persons", tidy(cell)):
        return ""
    return re.sub(r"\bunder 1 year\b|\bless than 1\b", "0", cell, flags=re.IGNORECASE)


def _code(cell: str) -> str:
    code = cell.strip()
    return code if len(code) == 9 and code[1:].isdigit() else ""


def _people(cell: str) -> int | None:
    try:
        return read_whole_number(cell)
    except Unread:
        return None


def _wanted(group: Group, keys: list[str]) -> list[str]:
    """The counts that add up to the group exactly once; empty if none do."""
    spans: dict[str, dict[tuple[int, int], str]] = {"": {}, "female": {}, "male": {}}
    for key in keys:
        sex, __, age = key.rpartition(" ") if " " in key else ("", "", key)
        if key in ("female", "male"):
            sex, age = key, ""
        spans[sex][_span(age)] = key
    if group.sex:
        return _tiled(group, spans[group.sex])
    both = [_tiled(group, spans["female"]), _tiled(group, spans["male"])]
    return _tiled(group, spans[""]) or (both[0] + both[1] if all(both) else [])


def _span(age: str) -> tuple[int, int]:
    """The youngest and the oldest age; every age for an empty text."""
    if not age:
        return 0, OLDEST
    if age.endswith("+"):
        return int(age[:-1]), OLDEST
    first, __, last = age.partition("-")
    return int(first), int(last or first)


def _tiled(group: Group, spans: dict[tuple[int, int], str]) -> list[str]:
    """Spans that follow one another from the youngest age to the oldest, the widest first."""

    def from_age(age: int) -> list[str] | None:
        if age > group.oldest:
            return []
        for first, last in sorted(spans, reverse=True):
            if first == age and last <= group.oldest:
                rest = from_age(last + 1)
                if rest is not None:
                    return [spans[first, last], *rest]
        return None

    return from_age(group.youngest) or []
