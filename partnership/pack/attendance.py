"""Attendance over the last year in the pack, and members worth ringing."""

from collections import Counter

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from partnership.models import Attendance, Meeting
from partnership.periods import Period
from partnership.rules.meetings import grid
from venues.models import Scheme

from .members import moments_of
from .parts import Part, Sheet

MOST_MEETINGS = 6
"""Columns that fit on paper; a scheme that meets monthly sees the last six months."""


def attendance_parts(scheme: Scheme, period: Period) -> list[Part]:
    """The grid, the period's apologies, and members who missed two meetings in a row."""
    first, __ = moments_of(period.shift(1 - period.in_a_year))
    __, last = moments_of(period)
    held = Meeting.objects.held().filter(scheme=scheme, starts_at__range=(first, last))
    meetings = list(held.order_by("-starts_at")[:MOST_MEETINGS])[::-1]
    rows = grid(meetings)
    return [_grid(rows, meetings), _apologies(rows, meetings, period), _to_ring(rows)]


def _grid(rows, meetings):
    title = _("Who came, meeting by meeting")
    header = [_("Organisation"), *(_day(meeting) for meeting in meetings)]
    # Looked up once: get_outcome_display would translate the list again for thousands of cells.
    said = {value: str(label) for value, label in Attendance.Outcome.choices}
    cells = [[str(row.who), *(_words(cell, said) for cell in row.cells)] for row in rows]
    return Part(
        "attendance",
        title,
        [_("One row stands for all venues of an organisation.")] if cells else [],
        [Sheet("attendance", title, header, cells, on_paper=_sums(header, cells))] if cells else [],
        empty=_("No meeting was held in the year up to then."),
    )


def _sums(header, cells):
    """Totals by meeting, for a scheme with too many organisations for paper."""
    words = [*Attendance.Outcome.labels, _("not yet a member"), _("not recorded")]
    columns = [Counter(row[position] for row in cells) for position in range(1, len(header))]
    rows = [[each, *(str(column[each]) for column in columns)] for each in map(str, words)]
    title = _("How many organisations came, meeting by meeting")
    return Sheet("attendance", title, ["", *header[1:]], rows, numbers=True)


def _day(meeting):
    return date_format(timezone.localtime(meeting.starts_at), "j M Y")


def _words(cell: Attendance | None, said: dict[str, str]) -> str:
    if cell is None:
        return _("not yet a member")
    return said.get(cell.outcome) or _("not recorded")


def _apologies(rows, meetings, period):
    """Apologies for the period's own meetings."""
    lines = []
    for position, meeting in enumerate(meetings):
        if timezone.localdate(meeting.starts_at) not in period:
            continue
        names = [
            str(row.who)
            for row in rows
            if row.cells[position] and row.cells[position].outcome == Attendance.Outcome.APOLOGIES
        ]
        if names:
            lines.append(f"{_day(meeting)}: {', '.join(names)}.")
    return Part(
        "apologies",
        _("Apologies"),
        lines,
        empty=_("No apologies were recorded in %(period)s.") % {"period": period},
    )


def _to_ring(rows):
    """Attendance is a pledge, not a mark: members who missed two meetings are offered a call."""
    names = [str(row.who) for row in rows if row.to_call]
    return Part(
        "to_ring",
        _("Missed two meetings in a row"),
        [_("%(who)s: shall we call and ask how things are?") % {"who": name} for name in names],
        empty=_("Nobody missed two meetings in a row without a word."),
    )
