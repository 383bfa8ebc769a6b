"""The feedback form."""

from django import forms
from django.utils.translation import gettext_lazy as _

from training.rules import why_not_say

RATINGS = [
    (5, _("5: very useful")),
    (4, _("4")),
    (3, _("3: so-so")),
    (2, _("2")),
    (1, _("1: not useful")),
]


class FeedbackForm(forms.Form):
    """A rating and an optional comment."""

    rating = forms.TypedChoiceField(
        label=_("How useful was it for you?"),
        choices=RATINGS,
        coerce=int,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose a number from 1 to 5.")},
    )
    words = forms.CharField(
        label=_("In a line: what should we keep, or change?"),
        help_text=_(
            "We store it without your name, and trainers see it only when at least three people "
            "have answered. Please name nobody."
        ),
        max_length=200,
        required=False,
    )

    def clean_words(self):
        words = self.cleaned_data["words"]
        if reasons := why_not_say(words):
            raise forms.ValidationError(reasons)
        return words
