"""Coverage in the pack: snapshots kept at the end of each quarter, compared."""

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coverage.models import Snapshot
from coverage.sums.question import metres_in_words
from coverage.sums.wording import share_in_words
from partnership.periods import QUARTER, Period
from venues.models import Scheme

from .parts import Part, Sheet

HOURS = [(36, gettext_lazy("Tuesday at 12:00")), (118, gettext_lazy("Friday at 22:00"))]
"""Hours of the week from Monday midnight: an ordinary one and one when little is open."""


def coverage_part(scheme: Scheme, period: Period) -> Part:
    """Coverage beside the previous period and the same one a year ago, where snapshots exist.

    Snapshots are quarterly, so a half-year and a year are shown as they ended.
    """
    title = _("Coverage and its change")
    periods = list(dict.fromkeys([period, period.previous, period.year_before]))
    wanted = Q(pk__in=[])
    for each in periods:
        ending = Period.containing(QUARTER, each.ends)
        wanted |= Q(year=ending.year, quarter=ending.number)
    by_day = {each.last_day: each for each in Snapshot.objects.filter(wanted, scheme=scheme)}
    kept = {each: by_day[each.ends] for each in periods if each.ends in by_day}
    if period not in kept:
        return Part(
            "coverage",
            title,
            empty=_("The coverage at the end of %(period)s was not kept, so there is none to show.")
            % {"period": period},
        )
    shown = [(each, kept[each].figures) for each in periods if each in kept]
    newest = shown[0][1]
    sheets = [_whole(shown)]
    if newest["wards"]:
        sheets.append(_wards(shown))
    return Part("coverage", title, [_change(shown)], sheets, how=newest["method"])


def _change(shown):
    (_quarter, now), *earlier = shown
    if not earlier:
        return _("No earlier coverage was kept to compare with.")
    before, then = earlier[0]
    if now["people"] != then["people"]:
        return _(
            "The population figures were exchanged since %(quarter)s, so shares cannot be compared."
        ) % {"quarter": before}
    if now["within"] != then["within"]:
        return _(
            "The distance was %(then)s at the end of %(quarter)s and is %(now)s now, so shares "
            "cannot be compared."
        ) % {
            "then": metres_in_words(then["within"]),
            "quarter": before,
            "now": metres_in_words(now["within"]),
        }
    change = now["covered"] - then["covered"]
    if change == 0:
        return _("As many people live near a space as at the end of %(quarter)s.") % {
            "quarter": before
        }
    words = (
        _("%(number)s more people live near a space than at the end of %(quarter)s.")
        if change > 0
        else _("%(number)s fewer people live near a space than at the end of %(quarter)s.")
    )
    return words % {"number": f"{abs(change):,}", "quarter": before}


def _whole(shown):
    newest = shown[0][1]
    distances = {each["within"] for _quarter, each in shown}
    within = (
        _("People who live within %(within)s of a space, opening hours left aside")
        % {"within": metres_in_words(newest["within"])}
        if len(distances) == 1
        else _("People who live near a space, opening hours left aside")
    )
    rows = [
        [_("People who live here"), *(f"{each['people']:,}" for _quarter, each in shown)],
        [within, *(_share(each["covered"], each["people"]) for _quarter, each in shown)],
        *(
            [
                _("of them near one that is open on %(hour)s") % {"hour": words},
                *(_share(each["week"]["covered"][hour], each["people"]) for _q, each in shown),
            ]
            for hour, words in HOURS
        ),
        [_("Spaces counted"), *(str(each["venues"]) for _quarter, each in shown)],
    ]
    title = _("The whole area")
    return Sheet("coverage", title, ["", *_columns(shown)], rows, numbers=True)


def _wards(shown):
    by_ward = [{row["key"]: row for row in each["wards"]} for _quarter, each in shown]
    rows = [
        [row["name"], *(_share_of(wards.get(row["key"])) for wards in by_ward)]
        for row in shown[0][1]["wards"]
    ]
    title = _("Ward by ward")
    return Sheet("coverage-wards", title, [_("Ward"), *_columns(shown)], rows, numbers=True)


def _columns(shown):
    """A heading for each period, including its distance if the distances differ."""
    if len({each["within"] for _quarter, each in shown}) == 1:
        return [period.short_label for period, _figures in shown]
    return [
        _("%(period)s, within %(within)s")
        % {"period": period.short_label, "within": metres_in_words(each["within"])}
        for period, each in shown
    ]


def _share_of(row):
    return "–" if row is None else _share(row["covered"], row["people"])


def _share(covered, people):
    if covered is None or not people:
        return "–"
    return f"{covered:,} ({share_in_words(covered, people)})"
