"""A form that queries ambiguous or very long hours before accepting them."""

from typing import NamedTuple

from django import forms
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from venues.hours.times import (
    Span,
    WrittenTime,
    is_long,
    long_in_words,
    readings,
    span_in_words,
    time_in_words,
)

CLOSED = "closed"


class Pair(NamedTuple):
    """An opening and a closing time as typed, with the key of their row and its label."""

    key: str
    label: str
    opens: WrittenTime
    closes: WrittenTime


class AskingForm(forms.Form):
    """Adds a question to itself for each doubtful pair; identical pairs share one.

    The question is an ordinary field, so its answer is kept when the form is shown again. The form
    is invalid until it is answered, so the question is never optional.
    """

    def __init__(self, *args, **kwargs):
        self.asked: list[str] = []
        super().__init__(*args, **kwargs)

    def questions(self):
        """The bound fields of the questions, for the template."""
        return [self[name] for name in self.asked]

    def settle(self, pairs: list[Pair]) -> dict[str, Span]:
        """The resolved span of each pair, by key; adds errors for the unresolved ones.

        A pair answered with "closed" is left out.
        """
        spans, doubtful, long = {}, {}, {}
        for pair in pairs:
            found = readings(pair.opens, pair.closes)
            if len(found) > 1:
                doubtful.setdefault(tuple(found), []).append(pair)
            elif is_long(found[0]):
                long.setdefault(found[0], []).append(pair)
            else:
                spans[pair.key] = found[0]
        for found, alike in doubtful.items():
            answer = self._which(found, alike)
            spans |= {pair.key: answer for pair in alike if answer}
        for span, alike in long.items():
            if self._is_confirmed(span, [pair.label for pair in alike]):
                spans |= {pair.key: span for pair in alike}
        return spans

    def _which(self, found, alike) -> Span | None:
        name = "means_" + "_".join(map(_code, found))
        choices = [(_code(span), _meaning(span, found)) for span in found]
        legend = _("%(days)s: which do you mean?") % {"days": _days(alike)}
        self.fields[name] = forms.ChoiceField(
            label=legend, choices=choices, widget=forms.RadioSelect
        )
        self.asked.append(name)
        given = self.data.get(self.add_prefix(name))
        for span in found:
            if given == _code(span):
                return span
        self.add_error(name, _("%(days)s: choose what you mean.") % {"days": _days(alike)})
        return None

    def take_questions_of(self, filled: "AskingForm") -> None:
        """Copy the questions and answers of the bound form `filled` to this unbound one."""
        filled.is_valid()
        for name in filled.asked:
            if name not in self.asked:
                self.asked.append(name)
            self.fields[name] = filled.fields[name]
            self.initial[name] = filled[name].data

    def ask_if_long(self, span: Span, labels: list[str], *, confirmed: bool = False) -> str:
        """Add the tick box for very long hours; `confirmed` if these hours are already saved."""
        name = f"long_{_code(span)}"
        self.fields[name] = forms.BooleanField(
            label=_("Yes, we are open for %(long)s: %(days)s, %(hours)s")
            % {
                "long": long_in_words(span),
                "days": _listed(labels),
                "hours": span_in_words(span),
            },
            initial=confirmed,
        )
        self.asked.append(name)
        return name

    def _is_confirmed(self, span, labels):
        name = self.ask_if_long(span, labels)
        if self.data.get(self.add_prefix(name)):
            return True
        self.add_error(
            name,
            _("%(days)s, %(hours)s: that is %(long)s. Tick if it is so, or change the times.")
            % {
                "days": _listed(labels),
                "hours": span_in_words(span),
                "long": long_in_words(span),
            },
        )
        return False


def _code(span) -> str:
    return f"{span[0]:%H%M}-{span[1]:%H%M}" if span else CLOSED


def _days(alike) -> str:
    """The rows in question, such as "Monday, Tuesday and Friday"."""
    return _listed([pair.label for pair in alike])


def _listed(labels) -> str:
    return get_text_list(list(dict.fromkeys(map(str, labels))), _("and"))


def _meaning(span, found) -> str:
    """One of the choices, such as "09:00 to 17:00 (5 in the afternoon)"."""
    if span is None:
        return _("closed")
    words = span_in_words(span)
    if is_long(span):
        return _("%(hours)s, %(long)s long") % {"hours": words, "long": long_in_words(span)}
    if None in found:
        return words
    return _("%(hours)s (until %(end)s)") % {"hours": words, "end": time_in_words(span[1])}
