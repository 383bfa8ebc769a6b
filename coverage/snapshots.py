"""The content of a quarter's record, and how coverage has changed since."""

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
    WITHIN,
    Question,
    Row,
    measure,
    measure_distances,
    measure_week,
    ordinary_week,
)
from coverage.sums.question import metres_in_words
from coverage.sums.wording import share_in_words
from venues.models import Scheme

QUARTERS_SHOWN = 5


def figures_of(scheme: Scheme, day: datetime.date) -> dict:
    """A scheme's coverage on `day`, in whole numbers and words that survive JSON unchanged.

    Members and their locations are those of `day`. The week is the last completed one without a
    bank holiday or a clock change, so that quarters can be compared. Computing it again later gives
    the same result unless records have changed.
    """
    if scheme.area is None:
        raise Refused(_("This scheme has no area yet. Set it on the scheme’s page."))
    question = Question(scheme.area, within=WITHIN, on=day)
    with override("en-gb"):  # The record is in one language, whatever the requester's.
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
    """The quarter's figures recomputed today; the record itself stays unchanged."""
    return figures_of(snapshot.scheme, last_day(snapshot.year, snapshot.quarter))


def compared(snapshot: Snapshot) -> dict:
    """The context of a quarter's page: the record, and how it compares with today."""
    figures = snapshot.figures
    try:
        same = recompute_snapshot(snapshot) == figures
        recomputed = (
            _("Worked out again today from the dated records, it comes out the same.")
            if same
            else _(
                "Worked out again today, it comes out differently: records of that time, or the"
                " people counted, were changed since. The figures below are the record."
            )
        )
        since = change_since(snapshot)
    except Refused as refusal:
        recomputed, since = str(refusal), ""
    people = figures["people"]
    return {
        "figures": figures,
        "recomputed": recomputed,
        "since": since,
        "distances": [
            Row(str(one["within"]), metres_in_words(one["within"]), people, one["covered"])
            for one in figures["distances"]
        ],
        "wards": [Row(**ward) for ward in figures["wards"]],
    }


def quarters_of(scheme: Scheme) -> dict:
    """The last five recorded quarters, and the change since the newest of them."""
    quarters = list(
        Snapshot.objects.filter(scheme=scheme).select_related("scheme__area")[:QUARTERS_SHOWN]
    )
    change = ""
    if quarters:
        try:
            change = change_since(quarters[0])
        except Refused as refusal:
            change = str(refusal)
    return {"quarters": quarters, "change": change}


def change_since(snapshot: Snapshot, today: datetime.date | None = None) -> str:
    """The change since a quarter's end, as a sentence; ignores opening hours."""
    if snapshot.scheme.area is None:
        raise Refused(_("This scheme has no area yet. Set it on the scheme’s page."))
    then, now = snapshot.figures, _now(snapshot, today or timezone.localdate())
    if now.people != then["people"]:
        return _(
            "The population figures were exchanged since %(quarter)s, so shares cannot be compared."
        ) % {"quarter": snapshot}
    return _(
        "Opening hours left aside, %(now)s of %(base)s live within %(metres)s m of %(a_place)s"
        " today; at the end of %(quarter)s it was %(then)s (%(change)s)."
    ) % {
        "now": share_in_words(now.people_covered, now.people),
        "base": then["base"],
        "metres": then["within"],
        "a_place": now.nouns.a_one,
        "quarter": snapshot,
        "then": share_in_words(then["covered"], then["people"]),
        "change": _more_or_fewer(now.people_covered - then["covered"]),
    }


def _more_or_fewer(difference: int) -> str:
    if not difference:
        return _("as many people as today")
    if difference > 0:
        return _("%(people)s people fewer") % {"people": f"{difference:,}"}
    return _("%(people)s people more") % {"people": f"{-difference:,}"}


def _now(snapshot, today):
    question = Question(snapshot.scheme.area, within=snapshot.figures["within"])
    return measure(replace(question, on=today))
