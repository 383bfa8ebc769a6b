"""What a quarter's record holds, and how it has changed since."""

import datetime
from dataclasses import replace

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override

from common.refusals import Refused
from coverage.models import Snapshot
from coverage.models.snapshots import last_day
from coverage.sums import (
    DISTANCES,
    Question,
    measure,
    measure_distances,
    measure_week,
    ordinary_week,
)
from coverage.sums.sentences import share_in_words
from venues.models import Scheme

WITHIN = 800


def figures_of(scheme: Scheme, day: datetime.date) -> dict:
    """A scheme's coverage on `day`, as whole numbers and words that JSON keeps as they are.

    The members, and where they were, are those of `day`. The week is the last one that was over by
    then without a bank holiday or a change of the clocks, so that quarters can be compared. Worked
    out again later from records that nobody changed since, it is the same.
    """
    if scheme.area is None:
        raise Refused(_("This scheme has no area yet. Set it on the scheme’s page."))
    question = Question(scheme.area, within=WITHIN, on=day)
    with override("en-gb"):  # the record is in one language, whoever asks for it
        measures = measure(question)
        week = measure_week(question, ordinary_week(day, backwards=True))
        return {
            "area": measures.area,
            "base": measures.base,
            "within": WITHIN,
            "people": measures.people,
            "covered": measures.people_covered,
            "venues": measures.venues,
            "method": measures.method,
            "distances": [
                {"within": int(row.key), "covered": row.covered}
                for row in measure_distances(question, DISTANCES)
            ],
            "wards": _rows(measures.wards),
            "deciles": _rows(measures.deciles),
            "sectors": _rows(measures.sectors),
            "schemes": _rows(measures.schemes),
            "week": {
                "monday": str(week.monday),
                "covered": week.people_covered,
                "venues": week.venues,
                "not_confirmed": week.not_confirmed,
                "method": week.method,
            },
        }


def _rows(rows) -> list[dict]:
    return [
        {"key": row.key, "name": row.name, "people": row.people, "covered": row.covered}
        for row in rows
    ]


def recompute_snapshot(snapshot: Snapshot) -> dict:
    """The figures of that quarter, worked out today; the record itself stays as it is."""
    return figures_of(snapshot.scheme, last_day(snapshot.year, snapshot.quarter))


def last_snapshot(scheme: Scheme) -> Snapshot | None:
    return Snapshot.objects.filter(scheme=scheme).first()


def change_since(snapshot: Snapshot, today: datetime.date | None = None) -> str:
    """What has changed since a quarter's end, in a sentence; opening hours left aside."""
    then, now = snapshot.figures, _now(snapshot, today or timezone.localdate())
    if now.people != then["people"]:
        return _(
            "The population figures were exchanged since %(quarter)s, so shares cannot be compared."
        ) % {"quarter": snapshot}
    return _(
        "Opening hours left aside, %(now)s of %(base)s live within %(metres)s m of a safe space"
        " today; at the end of %(quarter)s it was %(then)s (%(change)s people)."
    ) % {
        "now": share_in_words(now.people_covered, now.people),
        "base": then["base"],
        "metres": then["within"],
        "quarter": snapshot,
        "then": share_in_words(then["covered"], then["people"]),
        "change": f"{now.people_covered - then['covered']:+,}",
    }


def _now(snapshot, today):
    question = Question(snapshot.scheme.area, within=snapshot.figures["within"])
    return measure(replace(question, on=today))
