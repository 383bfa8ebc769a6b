"""A scheme's priorities: its priority areas and groups, with their figures, before the rest."""

from dataclasses import dataclass, replace

from accounts.models import User
from common.refusals import Refused
from coverage.models import DrawnArea, PriorityGroup
from coverage.sums import WITHIN, Question, Row, measure, measure_parts
from geography.models import PopulationBase
from venues.models import Scheme


@dataclass(frozen=True)
class Figures:
    """One group's figures: of the whole area, then of each priority area in order."""

    name: str
    is_priority: bool
    rows: list[Row]


@dataclass(frozen=True)
class Priorities:
    """What comes first on a page: areas in rows, groups in columns, priority ones first."""

    scheme: Scheme
    areas: list[DrawnArea]
    figures: list[Figures]

    @property
    def lines(self) -> list[tuple[str, list[Row]]]:
        """(name, a row for each group) of each priority area, then of the whole area."""
        names = [area.name for area in self.areas]
        lines = [
            (name, [each.rows[index + 1] for each in self.figures])
            for index, name in enumerate(names)
        ]
        whole = [each.rows[0] for each in self.figures]
        return [*lines, (whole[0].name, whole)] if whole else lines

    @property
    def residents(self) -> list[tuple[DrawnArea, Row]]:
        """(area, row) of each priority area, of the first group."""
        return list(zip(self.areas, self.figures[0].rows[1:], strict=True))


def priorities(question: Question, scheme: Scheme) -> Priorities | None:
    """The figures of a scheme's priority areas and groups, as `question` asks about it.

    None without a priority area or a group. The number of queries grows with the groups, never
    with the areas.
    """
    areas = list(
        DrawnArea.objects.filter(scheme=scheme, is_priority=True).select_related("scheme__area")
    )
    groups = _groups(scheme)
    if not areas and not groups:
        return None
    asked: list[tuple[PopulationBase | None, bool]] = [
        *((base, True) for base, is_priority in groups if is_priority),
        (None, False),
        *((base, False) for base, is_priority in groups if not is_priority),
    ]
    figures = []
    for base, is_priority in asked:
        about = replace(question, area=scheme.area, base=base, who=())
        try:
            whole = measure(about)
        except Refused:  # nobody of the group is counted here
            continue
        row = Row("", whole.area, whole.people, whole.people_covered)
        rows = [row, *measure_parts(about, areas)]
        figures.append(Figures(whole.base, is_priority, rows))
    return Priorities(scheme, areas, figures)


def _groups(scheme: Scheme) -> list[tuple[PopulationBase, bool]]:
    first = set(PriorityGroup.objects.filter(scheme=scheme).values_list("base", flat=True))
    return [(base, base.pk in first) for base in PopulationBase.objects.filter(is_group=True)]


def priority_areas_of(user: User) -> list[Priorities]:
    """For the dashboard: residents within the usual distance of a space, opening hours aside."""
    found = (
        DrawnArea.objects.for_officer(user)
        .filter(is_priority=True, scheme__area__isnull=False)
        .select_related("scheme__area")
        .order_by("scheme__name", "name")
    )
    by_scheme: dict[Scheme, list[DrawnArea]] = {}
    for area in found:
        by_scheme.setdefault(area.scheme, []).append(area)
    shown = []
    for scheme, areas in by_scheme.items():
        rows = measure_parts(Question(scheme.area, within=WITHIN), areas)
        whole = Row("", scheme.area.name, 0, 0)
        shown.append(Priorities(scheme, areas, [Figures("", False, [whole, *rows])]))
    return shown
