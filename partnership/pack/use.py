"""How spaces were used: tables and charts from the stored figures after disclosure control."""

from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.charts import Chart, has_bars
from partnership.models import PeriodFigures
from partnership.periods import Period
from partnership.rules.figures import ELSEWHERE, FEWEST_VENUES, KINDS, TABLES, WARD
from venues.models import Scheme

from .parts import Part, Sheet

NAMES = {
    KINDS.REASON: gettext_lazy("Why people came"),
    KINDS.OUTCOME: gettext_lazy("What the spaces did"),
    WARD: gettext_lazy("Where, by ward"),
    KINDS.PART_OF_DAY: gettext_lazy("When people came"),
    KINDS.AGE_BAND: gettext_lazy("How old people seemed"),
}
MAKE_A_YEAR = {12: gettext_lazy("twelve"), 4: gettext_lazy("four"), 2: gettext_lazy("two")}
"""How many periods make up a table of a year, in words."""
HIDDEN, NOT_THERE = "*", "–"


@dataclass(frozen=True)
class Compared:
    """A period's figures beside the previous period's and those of a year ago."""

    period: Period
    figures: PeriodFigures | None
    previous: PeriodFigures | None
    year_before: PeriodFigures | None
    several: PeriodFigures | None

    @property
    def shown(self) -> list[PeriodFigures]:
        """Those that exist and have enough venues to show figures."""
        all_of_them = dict.fromkeys([self.figures, self.previous, self.year_before])
        return [each for each in all_of_them if each and has_figures(each)]


def has_figures(figures: PeriodFigures) -> bool:
    return "tables" in figures.tables


def compared(scheme: Scheme, period: Period, *, published: bool = False) -> Compared:
    """All of it in one query. `published` restricts it to what the public may see."""
    in_a_year = period.last(period.in_a_year)
    periods = [*in_a_year, period.previous, period.year_before]
    found = PeriodFigures.objects.filter(scheme=scheme).of(*periods)
    if published:
        found = found.published()
    by_period = {each.period: each for each in found.latest()}
    with_several = [by_period[each] for each in in_a_year if each in by_period]
    return Compared(
        period,
        by_period.get(period),
        by_period.get(period.previous),
        by_period.get(period.year_before),
        next((each for each in reversed(with_several) if each.tables.get("several")), None),
    )


def use_part(found: Compared) -> Part:
    """The part about use, in the pack and on the public page."""
    title = _("How the spaces were used")
    if found.figures is None:
        return Part(
            "use",
            title,
            empty=_("The figures of this %(noun)s are not made yet.") % {"noun": found.period.noun},
        )
    if not has_figures(found.figures):
        return Part("use", title, empty=_too_few(found.figures))
    lines = [line for line in (_missing(found), _revised(found.figures)) if line]
    sheets, withheld = [_people(found)], []
    for key in TABLES:
        if sheet := _divided(found, key) or _of_several(found, key):
            sheets.append(sheet)
        elif key in found.figures.tables["tables"]:
            withheld.append(str(NAMES[key]))
    if withheld:
        lines.append(_withheld(withheld, found.period))
    return Part("use", title, lines, sheets, how=how(found.figures))


def figure_words(figure: int | None) -> str:
    return HIDDEN if figure is None else str(figure)


def how(figures: PeriodFigures) -> str:
    """How the figures were made, in words."""
    made_on = date_format(localdate(figures.made_at), "j F Y")
    return _(
        "Made on %(day)s from the returns of %(venues)s venues and kept as they are: a return that "
        "changes later changes nothing here. Nobody who was helped is known to us. From 1 to "
        "%(hide)s a number of people is shown as *, and larger ones to the nearest %(round)s; 0 is "
        "0. Totals are added up first and rounded by themselves. A table that would let a hidden "
        "number be worked out is left out."
    ) % {
        "day": made_on,
        "venues": figures.tables["venues"],
        "hide": figures.tables["hide_up_to"],
        "round": figures.tables["round_to"],
    }


def _too_few(figures):
    return _(
        "%(venues)s venues sent a return for this %(noun)s. There are no figures for fewer than "
        "%(fewest)s, because they would show what one of them wrote."
    ) % {
        "venues": figures.tables["venues"],
        "noun": figures.period.noun,
        "fewest": FEWEST_VENUES,
    }


def _missing(found):
    """Which comparisons cannot be made."""
    absent = [
        period.label
        for period, figures in {
            found.period.previous: found.previous,
            found.period.year_before: found.year_before,
        }.items()
        if figures is None or not has_figures(figures)
    ]
    if not absent:
        return ""
    return _("There are no figures to compare with for %(periods)s.") % {
        "periods": _(" and ").join(absent)
    }


def _revised(figures):
    if figures.revision == 1:
        return ""
    return _("Revised because: %(why)s") % {"why": figures.revision_reason}


def _withheld(names, period):
    return _(
        "Left out for this %(noun)s, because too few people are in them to show without the risk "
        "of pointing at somebody: %(names)s. The people helped in the whole scheme stand in the "
        "place%(or_several)s."
    ) % {
        "noun": period.noun,
        "names": ", ".join(name.lower() for name in names),
        "or_several": _or_several(period),
    }


def _or_several(period):
    if period.in_a_year not in MAKE_A_YEAR:
        return ""
    return _(
        " and, where it is safe, a table of its %(number)s %(periods)s; no two of those overlap, "
        "so that none can be subtracted from another"
    ) % {"number": MAKE_A_YEAR[period.in_a_year], "periods": period.nouns}


def _people(found):
    row = [figure_words(each.tables["people"]) for each in found.shown]
    venues = [str(each.tables["venues"]) for each in found.shown]
    nil = [
        NOT_THERE if each.tables["nil"] is None else str(each.tables["nil"]) for each in found.shown
    ]
    numbers = [each.tables["people"] for each in found.shown]
    series = _periods(found)
    title = _("People helped")
    return Sheet(
        "people",
        title,
        ["", *series],
        [
            [title, *row],
            [_("Venues that sent a return"), *venues],
            [_("of them, nobody came"), *nil],
        ],
        chart=_chart("people", title, series, [(title, numbers, row)]),
        notes=[_("Venues are counted exactly: they are not people.")],
        numbers=True,
    )


def _periods(found):
    return [each.period.short_label for each in found.shown]


def _chart(key, title, series, rows):
    if not has_bars(numbers for _label, numbers, _words in rows):
        return None
    return Chart(f"chart-{key}", title, series, rows)


def _divided(found, key):
    """A period's table; None if it is withheld."""
    table = found.figures.tables["tables"].get(key, {"rows": []})
    if not table["rows"]:
        return None
    shown = [each for each in found.shown if _rows(each, key)]
    columns = [{row: figure for row, _label, figure in _rows(each, key)} for each in shown]
    rows = []
    for row, label, _figure in table["rows"]:
        numbers = [column.get(row) for column in columns]
        words = [figure_words(column[row]) if row in column else NOT_THERE for column in columns]
        rows.append((label, numbers, words))
    series = [each.period.short_label for each in shown]
    return _sheet(key, NAMES[key], series, rows, _notes(key, found, shown))


def _rows(figures, key):
    return figures.tables["tables"].get(key, {"rows": []})["rows"]


def _sheet(key, title, series, rows, notes):
    return Sheet(
        str(key),
        title,
        ["", *series],
        [[label, *words] for label, _numbers, words in rows],
        chart=_chart(key, title, series, rows),
        notes=notes,
        numbers=True,
    )


def _notes(key, found, shown):
    notes = [_why_no_sum(key)]
    if key == WARD and any(row == ELSEWHERE for row, *_rest in _rows(found.figures, key)):
        notes.append(
            _("Wards with fewer than %(fewest)s venues that answered are put together.")
            % {"fewest": FEWEST_VENUES}
        )
    if len(shown) < len(found.shown):
        notes.append(
            _("The table of another %(noun)s is left out: too few people were in it.")
            % {"noun": found.period.noun}
        )
    return notes


def _why_no_sum(key):
    """Why rows may not add up to the total; shown with every table."""
    if key in (KINDS.REASON, KINDS.OUTCOME):
        return _("One person may be in several rows, so they do not add up to the people helped.")
    return _("Each row is rounded by itself, so they may not add up to the people helped.")


def _of_several(found, key):
    """The table of a year that replaces a withheld one; None if there is none."""
    if found.several is None:
        return None
    several = found.several.tables["several"]
    if key not in several["tables"]:
        return None
    rows = [
        (label, [figure], [figure_words(figure)])
        for _row, label, figure in several["tables"][key]["rows"]
    ]
    return _sheet(
        key,
        _("%(table)s, %(number)s %(periods)s together")
        % {
            "table": NAMES[key],
            "number": MAKE_A_YEAR[found.period.in_a_year],
            "periods": found.period.nouns,
        },
        [
            _("%(first)s to %(last)s")
            % {
                "first": date_format(Period.parse(several["from"]).starts, "F Y"),
                "last": date_format(found.several.period.ends, "F Y"),
            }
        ],
        rows,
        [
            _(
                "The whole scheme and %(number)s %(periods)s: for one %(noun)s by itself too few "
                "people are in these rows."
            )
            % {
                "number": MAKE_A_YEAR[found.period.in_a_year],
                "periods": found.period.nouns,
                "noun": found.period.noun,
            },
            _why_no_sum(key),
        ],
    )
