"""Returns received, late and missing."""

import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from partnership.models import PeriodFigures, UsageReturn
from partnership.periods import Period
from partnership.rules.returns import MEMBERS, settings_of, standing_of
from venues.models import Scheme, SignUp

from .members import venue_words
from .parts import Part, Sheet


def returns_part(
    scheme: Scheme, period: Period, figures: PeriodFigures | None, at: datetime.date
) -> Part:
    """As of `at`. The nil count comes from the figures, if it may be shown."""
    settings = settings_of(scheme)
    found, left = _standings(scheme, period, settings, at)
    standings = [standing for _sign_up, standing in found]
    title = _("Returns")
    counts = [
        (_("Received"), _number(standings, "received", "nil") + left),
        (_("of them late"), sum(standing.is_late for standing in standings)),
        (_("Missing"), _number(standings, "missing")),
        (_("Not due yet"), _number(standings, "waiting")),
    ]
    rows = [[words, str(number)] for words, number in counts]
    nil = _nil(figures)
    if nil is not None:
        rows.insert(1, [_("of them nobody came, when the figures were made"), str(nil)])
    missing = [
        venue_words(sign_up.venue) for sign_up, standing in found if standing.key == "missing"
    ]
    lines = [_("Missing: %(venues)s.") % {"venues": ", ".join(missing)}] if missing else []
    due = date_format(settings.due_on(period), "j F Y")
    header = ["", _("Venues")]
    return Part(
        "returns",
        title,
        lines,
        [Sheet("returns", title, header, rows, numbers=True)] if found or left else [],
        how=_("Returns were due on %(day)s. This is how it stands today.") % {"day": due},
        empty=_("No venue was a member in %(period)s.") % {"period": period},
    )


def _number(standings, *keys):
    return sum(standing.key in keys for standing in standings)


def _nil(figures):
    """The nil count, only if the figures show it: it would help to reveal hidden people."""
    return figures.tables.get("nil") if figures else None


def returns_missing(scheme: Scheme, period: Period, at: datetime.date) -> int:
    """How many members have not answered, due or not."""
    found, _left = _standings(scheme, period, settings_of(scheme), at)
    return sum(standing.key in ("missing", "waiting") for _sign_up, standing in found)


def _standings(scheme, period, settings, at):
    """(sign-up, standing) of each member by name; how many who answered are no longer members."""
    returns = UsageReturn.objects.of(period).filter(sign_up__scheme=scheme)
    sent = {each.sign_up_id: each for each in returns}
    members = SignUp.objects.filter(scheme=scheme, state__in=MEMBERS)
    found = [
        (
            sign_up,
            standing_of(
                sent.pop(sign_up.pk, None),
                period,
                settings=settings,
                owed_from=sign_up.owed_from,
                at=at,
            ),
        )
        for sign_up in members.select_related("venue__organisation").order_by("venue__name", "pk")
    ]
    return found, len(sent)
