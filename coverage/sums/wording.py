"""A measure in one sentence. Large numbers are rounded here and nowhere else."""

from math import floor

from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from venues.hours.model import LONDON

from .question import metres_in_words


def measured_in_words(measures) -> str:
    """`On Friday at 22:00, 38 % of residents (48,400 of 127,470) live within 800 m of …`."""
    question = measures.question
    words = {
        "share": share_in_words(measures.people_covered, measures.people),
        "base": measures.base,
        "some": _some(measures.people_covered, measures.people),
        "all": f"{measures.people:,}",
        "metres": metres_in_words(question.within),
        "place": measures.nouns.one,
        "a_place": measures.nouns.a_one,
    }
    if measures.live_here:
        words["who"] = _("%(share)s of %(base)s (%(some)s of %(all)s) live") % words
    else:
        words["who"] = _("%(share)s of %(base)s (%(some)s of %(all)s) are") % words
    if not question.at:
        return _("Leaving opening hours aside, %(who)s within %(metres)s of %(a_place)s") % words
    local = question.at.astimezone(LONDON)
    words |= {"day": WEEKDAYS[local.weekday()], "time": f"{local:%H:%M}"}
    return _("On %(day)s at %(time)s, %(who)s within %(metres)s of an open %(place)s") % words


def _some(some: int, everyone: int) -> str:
    """Rounded, unless rounding would turn nearly all into all."""
    words = rounded(some)
    return words if words != f"{everyone:,}" and some != everyone else f"{some:,}"


def largest_gap_in_words(measures, gap) -> str:
    """`the largest gap is St Barnabas (6,100 people, none within 2.4 km)`."""
    metres = measures.looked_within if gap.nearest is None else gap.nearest
    words = {
        "name": gap.name,
        "some": rounded(gap.uncovered),
        "base": measures.base,
        "metres": _rounded_down(metres),
    }
    if measures.live_here:
        return _("the largest gap is %(name)s (%(some)s people, none within %(metres)s)") % words
    return (
        _("the largest gap is %(name)s (%(some)s of its %(base)s, none within %(metres)s)") % words
    )


def share_in_words(some: int, everyone: int) -> str:
    """A whole percentage; never 0 or 100 unless exactly so."""
    if some in (0, everyone):
        return _("%(share)s %%") % {"share": 100 if some else 0}
    share = some / everyone * 100
    if share < 1:
        return _("less than 1 %")
    if share > 99:
        return _("more than 99 %")
    return _("%(share)s %%") % {"share": round(share)}


def rounded(some: int) -> str:
    """48,372 as 48,400 and 372 as 370; small numbers unchanged."""
    step = 100 if some >= 1000 else 10 if some >= 100 else 1
    return f"{round(some / step) * step:,}"


def _rounded_down(metres: float) -> str:
    """Rounded down, so that "none within" stays true."""
    if metres >= 1000:
        return _("%(km)s km") % {"km": f"{floor(metres / 100) / 10:,}".removesuffix(".0")}
    return _("%(metres)s m") % {"metres": floor(metres)}
