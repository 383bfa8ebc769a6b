"""How a figure was computed, in words, shown beside every figure."""

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from .moments import in_words
from .question import Question


def method(question, people, counted, aside) -> str:
    if question.at:
        when = _("open on %(moment)s") % {"moment": in_words(question.at)}
    else:
        when = _("opening hours left aside")
    return _("%(distance)s; %(people)s; %(venues)s; %(when)s%(aside)s.") % {
        "distance": _capital(question.distance_method),
        "people": people.method,
        "venues": _venues_in_words(question, counted),
        "when": when,
        "aside": _aside(aside),
    }


def method_of_week(question, people, monday, counted, not_confirmed) -> str:
    return _("%(distance)s; %(people)s; %(venues)s; %(when)s%(aside)s.") % {
        "distance": _capital(question.distance_method),
        "people": people.method,
        "venues": _venues_in_words(question, counted),
        "when": _(
            "open at the start of each hour of the week from %(monday)s, with that week’s"
            " closures and bank holidays"
        )
        % {"monday": f"{monday:%-d} {monday:%B %Y}"},
        "aside": _aside(int(not_confirmed.max(initial=0))),
    }


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]


def _aside(count: int) -> str:
    if not count:
        return ""
    return ngettext(
        "; %(count)s whose hours are not confirmed is left aside",
        "; up to %(count)s whose hours are not confirmed are left aside",
        count,
    ) % {"count": count}


def _venues_in_words(question: Question, counted: int) -> str:
    words = ngettext(
        "%(count)s venue counted, also across the boundary",
        "%(count)s venues counted, also across the boundary",
        counted,
    ) % {"count": counted}
    if question.scheme is not None:
        words += _(", of %(scheme)s only") % {"scheme": question.scheme.name}
    if question.other_places:
        lists = ", ".join(str(source) for source in question.other_places)
        words += _(", with %(lists)s as if they had joined") % {"lists": lists}
    if question.internal:
        words += _(", including internal ones")
    return words


def nobody_counts(question, counted, aside) -> list[str]:
    if counted:
        return []
    if question.at and aside:
        return [_("No venue near here is known to be open then: nobody has confirmed its hours.")]
    if question.at:
        return [_("No venue near here is open then.")]
    return [_("No venue is listed near here yet.")]


def skipped(hours) -> list[str]:
    if None in hours:
        return [_("The clocks skip one hour of this week, which has no figure.")]
    return []
