"""Figures for parts of an area: by ward, decile, small area, sector and scheme."""

from dataclasses import dataclass

import numpy as np
from django.utils.translation import gettext as _

from .reach import covered
from .venues import sector_label
from .where import NO_WARD


@dataclass(frozen=True)
class Row:
    """One part of the area, or one kind of venue: people in it and people covered."""

    key: str
    name: str
    people: int
    covered: int
    nearest: float | None = None
    """Walking metres from the people not covered to the nearest counted venue."""

    @property
    def uncovered(self) -> int:
        return self.people - self.covered

    @property
    def share(self) -> float | None:
        """0 to 1; None if there are no people."""
        return self.covered / self.people if self.people else None


def by_ward(people, is_covered, walked) -> list[Row]:
    number = len(people.ward_codes)
    known = people.ward != NO_WARD
    ward = people.ward[known]
    total = np.bincount(ward, people.count[known], number).astype(int)
    got = np.bincount(ward, (people.count * is_covered)[known], number).astype(int)
    closest = np.full(number, np.inf)
    left = known & ~is_covered & (people.count > 0)
    np.minimum.at(closest, people.ward[left], walked[left])
    return [
        Row(
            code,
            name,
            int(total[index]),
            int(got[index]),
            float(closest[index]) if np.isfinite(closest[index]) else None,
        )
        for index, (code, name) in enumerate(zip(people.ward_codes, people.ward_names, strict=True))
    ]


def by_decile(people, is_covered) -> list[Row]:
    if not people.decile.any():
        return []
    total = np.bincount(people.decile, people.count, 11).astype(int)
    got = np.bincount(people.decile, people.count * is_covered, 11).astype(int)
    names = {
        0: _("Decile not known"),
        1: _("1 (most deprived tenth)"),
        10: _("10 (least deprived tenth)"),
    }
    order = [*range(1, 11), *([0] if total[0] else [])]
    return [
        Row(str(key or ""), names.get(key, str(key)), int(total[key]), int(got[key]))
        for key in order
    ]


def by_sector(people, venues, counts, reach) -> list[Row]:
    sectors = sorted({venues.sectors[index] for index in np.flatnonzero(counts)})
    return [
        Row(
            sector,
            sector_label(sector),
            people.total,
            _covered_by(
                people, venues, counts & np.array([one == sector for one in venues.sectors]), reach
            ),
        )
        for sector in sectors
    ]


def by_scheme(people, venues, counts, reach) -> list[Row]:
    schemes = {}
    for index in np.flatnonzero(counts):
        schemes.update(venues.schemes[index])
    return [
        Row(
            str(key),
            name,
            people.total,
            _covered_by(
                people, venues, counts & np.array([key in its for its in venues.schemes]), reach
            ),
        )
        for key, name in sorted(schemes.items(), key=lambda item: (item[1], item[0]))
    ]


def _covered_by(people, venues, counts, reach) -> int:
    return int(people.count[covered(people.xy, venues.xy, counts[:, None], reach)[:, 0]].sum())


def by_point(people, is_covered, walked) -> list[Row]:
    return [
        Row(
            code,
            name,
            count,
            count if its_covered else 0,
            None if its_covered or not np.isfinite(metres) else metres,
        )
        for code, name, count, its_covered, metres in zip(
            people.codes,
            people.names,
            people.count.tolist(),
            is_covered.tolist(),
            walked.tolist(),
            strict=True,
        )
    ]
