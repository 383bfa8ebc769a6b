"""A period's exact sums, and what disclosure control lets us show of them; read-only.

Both forms are kept as JSON in PeriodFigures. `counts`: `{"venues": 40, "nil": 12, "people": 96,
"tables": {"reason": {"7": 12, ...}, ...}, "labels": {"reason": {"7": "Lost", ...}, ...},
"venues_by_ward": {"E05000001": 4, ...}}`; the last is missing in figures made before it was kept.
`tables`: `{"hide_up_to": 7, "round_to": 5, "venues": 40, "nil": 12 or null, "people": 95 or null,
"tables": {"reason": {"rows": [["7", "Lost", 10 or null], ...], "excess": 0, "least": {"7": 2}},
...}, "several": null or {"from": "2025-Q4", "tables": ...}}`; a table without rows is withheld,
`people` null hidden, and fewer than three venues have no figures at all: `"tables"` is then
missing.
"""

import datetime
from collections import ChainMap, Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from django.conf import settings
from django.db.models import OuterRef, Subquery, Sum
from django.utils.translation import gettext as _

from common.disclosure import (
    PublishedThresholds,
    Release,
    Returned,
    Table,
    Thresholds,
    release,
    release_of_several,
)
from geography.models import Area
from partnership.models import PeriodFigures, ReturnItem, UsageCount, UsageReturn
from partnership.periods import Period
from venues.models import Scheme

from .returns import settings_of

FEWEST_VENUES = 3
"""No figure is shown for fewer venues than this."""

WARD = "ward"
ELSEWHERE = "elsewhere"
KINDS = ReturnItem.Kind
TABLES = [KINDS.REASON, KINDS.OUTCOME, WARD, KINDS.PART_OF_DAY, KINDS.AGE_BAND]
"""A period's tables; if not all are safe to show, earlier ones take precedence."""
OF_SEVERAL = [KINDS.REASON, KINDS.OUTCOME, KINDS.PART_OF_DAY, KINDS.AGE_BAND]
"""Tables that a year's may replace; for wards the coarser table is the whole scheme."""


@dataclass(frozen=True)
class Counted:
    """The exact sums of a period's returns, and the row labels."""

    venues: int
    nil: int
    people: int
    tables: dict[str, dict[str, int]]
    labels: dict[str, dict[str, str]]
    venues_by_ward: dict[str, int]

    def as_json(self) -> dict:
        return {
            "venues": self.venues,
            "nil": self.nil,
            "people": self.people,
            "tables": self.tables,
            "labels": self.labels,
            "venues_by_ward": self.venues_by_ward,
        }


class InWard(Protocol):
    """A return with the ward that contains its venue."""

    people: int
    ward: str | None
    ward_name: str | None


def counted(scheme: Scheme, period: Period) -> Counted:
    """Sum the returns of a period. Wards with fewer than three venues are merged."""
    returns = UsageReturn.objects.of(period).filter(sign_up__scheme=scheme)
    sent = list(returns.annotate(ward=_ward("code"), ward_name=_ward("name")))
    sums = dict(
        UsageCount.objects.filter(usage_return__in=returns)
        .order_by()
        .values_list("item")
        .annotate(Sum("count"))
    )
    tables: dict[str, dict[str, int]] = defaultdict(dict)
    labels: dict[str, dict[str, str]] = defaultdict(dict)
    not_asked = set() if settings_of(scheme).asks_age_band else {KINDS.AGE_BAND}
    for item in scheme.return_items.all():
        if item.pk in sums or (item.is_active and item.kind not in not_asked):
            tables[item.kind][str(item.pk)] = sums.get(item.pk, 0)
            labels[item.kind][str(item.pk)] = item.label
    tables[WARD], labels[WARD], venues_by_ward = _by_ward(sent)
    return Counted(
        venues=len(sent),
        nil=sum(each.is_nil for each in sent),
        people=sum(each.people for each in sent),
        tables={key: tables[key] for key in TABLES if tables[key]},
        labels={key: labels[key] for key in TABLES if tables[key]},
        venues_by_ward=venues_by_ward,
    )


def _ward(field: str) -> Subquery:
    """The ward of the latest boundaries that contains the venue; on an edge, the first by code."""
    around = Area.objects.filter(
        kind=Area.Kind.WARD, boundary__covers=OuterRef("sign_up__venue__point")
    )
    return Subquery(around.order_by("-vintage", "code").values(field)[:1])


def _by_ward(
    sent: Iterable[InWard],
) -> tuple[dict[str, int], dict[str, str], dict[str, int]]:
    """People, labels and venues for each row of the ward table, by ward code."""
    venues: Counter[str] = Counter()
    people: Counter[str] = Counter()
    names: dict[str, str] = {}
    for each in sent:
        ward = each.ward or ELSEWHERE
        venues[ward] += 1
        people[ward] += each.people
        names[ward] = each.ward_name or ""
    alone = [ward for ward in venues if venues[ward] < FEWEST_VENUES and ward != ELSEWHERE]
    kept = sorted(
        (ward for ward in venues if ward not in alone and ward != ELSEWHERE),
        key=lambda ward: (-venues[ward], ward),
    )
    together = [*alone, ELSEWHERE] if ELSEWHERE in venues else alone
    while kept and 0 < sum(venues[ward] for ward in together) < FEWEST_VENUES:
        together.append(kept.pop())
    rows = {ward: people[ward] for ward in sorted(kept, key=names.__getitem__)}
    labels = {ward: names[ward] for ward in rows}
    of_rows = {ward: venues[ward] for ward in rows}
    if together:
        rows[ELSEWHERE] = sum(people[ward] for ward in together)
        labels[ELSEWHERE] = _("Other wards and places together")
        of_rows[ELSEWHERE] = sum(venues[ward] for ward in together)
    return rows, labels, of_rows


def to_publish(
    found: Counted, thresholds: Thresholds, before: list[PeriodFigures], *, barred: set[str]
) -> dict:
    """What may be shown of a period, as JSON.

    `before` are the figures of the other periods in the year ending with this one, if a table of
    the year may be made; the tables in `barred` are already part of such a table for this period.
    """
    said = {
        "hide_up_to": thresholds.hide_up_to,
        "round_to": thresholds.round_to,
        "venues": found.venues,
    }
    if found.venues < FEWEST_VENUES:
        return said
    counts = {key: {} if key in barred else rows for key, rows in found.tables.items()}
    made = release(
        found.people,
        counts,
        thresholds,
        at_least=found.venues - found.nil,
        returned={WARD: Returned(found.venues_by_ward, found.nil)},
    )
    return {
        **said,
        "people": made.people,
        # Withheld with the people: venues minus nil is a lower bound for the hidden number.
        "nil": None if made.people is None else found.nil,
        "tables": _tables(made, found.labels),
        "several": _several(made, found, before),
    }


def _tables(made: Release, labels: dict) -> dict:
    return {
        key: {
            "rows": [[row, labels[key].get(row, ""), figure] for row, figure in figures.items()],
            "excess": table.excess,
            "least": table.least,
        }
        for key, table in made.tables.items()
        for figures in [table.figures]
    }


def _several(
    made: Release, found: Counted, before: list[PeriodFigures]
) -> dict[str, object] | None:
    """Tables of the year that replace those none of its periods shows."""
    if not before or any("tables" not in each.tables for each in before):
        return None
    if any(map(_nil_returns_unknown, before)):
        return None
    counts: dict[str, dict[str, int]] = {}
    for key in OF_SEVERAL:
        rows: Counter[str] = Counter()
        for tables in [found.tables, *(each.counts["tables"] for each in before)]:
            rows.update(tables.get(key, {}))
        counts[key] = dict(rows)
    people = found.people + sum(each.counts["people"] for each in before)
    sums = release_of_several([*map(released, before), made], people, counts)
    labels = _labels(before, found.labels)
    tables = {key: table for key, table in _tables(sums, labels).items() if table["rows"]}
    if not tables:
        return None
    return {"from": min(each.period for each in before).code, "tables": tables}


def _nil_returns_unknown(figures: PeriodFigures) -> bool:
    """Whether a table of the year could give away a ward without our noticing: one is hidden, and
    how many venues each ward had was not kept when these figures were made.
    """
    wards = figures.tables["tables"].get(WARD, {"rows": []})
    hidden = any(figure is None for _row, _label, figure in wards["rows"])
    return hidden and "venues_by_ward" not in figures.counts


def _labels(
    before: list[PeriodFigures], newest: dict[str, dict[str, str]]
) -> dict[str, dict[str, str]]:
    """Row labels across several periods; the newest label wins."""
    earlier = [each.counts["labels"] for each in reversed(before)]
    return {
        key: dict(ChainMap(newest.get(key, {}), *(each.get(key, {}) for each in earlier)))
        for key in OF_SEVERAL
    }


def released(figures: PeriodFigures) -> Release:
    """A period's figures in the form that disclosure control reads."""
    said = figures.tables
    venues = figures.counts.get("venues_by_ward")
    is_known = said["nil"] is not None and venues is not None
    return Release(
        said["people"],
        {
            key: Table(
                {row: figure for row, _label, figure in table["rows"]},
                table["excess"],
                table.get("least", {}),  # absent in figures made before this was tracked
            )
            for key, table in said["tables"].items()
        },
        PublishedThresholds(said["hide_up_to"], said["round_to"]),
        at_least=0 if said["nil"] is None else said["venues"] - said["nil"],
        returned={WARD: Returned(venues, said["nil"])} if is_known else {},
    )


def before_without_overlap(scheme: Scheme, period: Period) -> list[PeriodFigures]:
    """Figures of the other periods in the year ending with this one, earliest first.

    Empty if there can be no table of that year: it would overlap another (the difference of two
    such tables is that of two periods), figures are missing, or the period is itself a year.
    """
    year = period.last(period.in_a_year)
    found = {
        each.period: each
        for each in PeriodFigures.objects.latest().filter(scheme=scheme)
        if each.period != period
    }
    # An earlier revision may have shown a table that its successor withholds.
    summed = [each for each in found.values() if each.tables.get("several") or each.revision > 1]
    for each in summed:
        first, last = each.period.last(each.period.in_a_year)[0], each.period
        if first.starts <= period.ends and year[0].starts <= last.ends:
            return []
    return [found[each] for each in year[:-1]] if all(each in found for each in year[:-1]) else []


def stands_in_for(scheme: Scheme, period: Period) -> PeriodFigures | None:
    """The figures whose table of a year covers this period; None if there are none."""
    for each in PeriodFigures.objects.filter(scheme=scheme).latest():
        several = each.tables.get("several")
        if not several:
            continue
        if (
            Period.parse(several["from"]).starts <= period.ends
            and period.starts <= each.period.ends
        ):
            return each
    return None


def thresholds() -> Thresholds:
    return settings.DISCLOSURE


def why_not_make(scheme: Scheme, period: Period, at: datetime.date) -> list[str]:
    """Why the figures of a period cannot be made on `at`; empty if they can."""
    if at <= period.ends:
        return [_("%(period)s is not over yet.") % {"period": period.label}]
    if PeriodFigures.objects.filter(scheme=scheme).of(period).exists():
        return [_("The figures of %(period)s are made already.") % {"period": period.label}]
    made = PeriodFigures.objects.filter(scheme=scheme)
    if others := {each.period for each in made if each.period.overlaps(period)}:
        return [
            _(
                "The figures of %(others)s are about some of the same days. With both, one could "
                "be subtracted from the other, so there are none of %(period)s."
            )
            % {"others": ", ".join(map(str, sorted(others))), "period": period.label}
        ]
    if not UsageReturn.objects.of(period).filter(sign_up__scheme=scheme).exists():
        return [_("No return for %(period)s has come in yet.") % {"period": period.label}]
    return []


def changed_since(figures: PeriodFigures) -> int:
    """How many venues sent or changed their return after the figures were made."""
    returns = UsageReturn.objects.of(figures.period).filter(sign_up__scheme=figures.scheme)
    late = returns.filter(sent_at__gt=figures.made_at)
    return (late | returns.filter(changed_at__gt=figures.made_at)).count()


def why_not_revise(figures: PeriodFigures) -> list[str]:
    """Why not yet: subtracting two revisions gives a figure too, so it needs as many venues."""
    changed = changed_since(figures)
    if changed >= FEWEST_VENUES:
        return []
    return [
        _(
            "Since these figures were made, %(changed)s venues sent or changed a return. From "
            "fewer than %(fewest)s the difference would show what one of them wrote, so the "
            "figures stay as they are."
        )
        % {"changed": changed, "fewest": FEWEST_VENUES}
    ]
