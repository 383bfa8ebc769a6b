"""Forms for learners, managers and officers."""

from django import forms
from django.utils.translation import gettext_lazy as _

from training.certificates import tidy_code
from venues.forms import PostKindField


class CodeForm(forms.Form):
    """The learner's short code, typed on the venue's own phone."""

    code = forms.CharField(
        label=_("Your code"),
        help_text=_("Eight letters and numbers, such as BKTM 3HPD. Capitals do not matter."),
        max_length=20,
        widget=forms.TextInput(
            attrs={
                "class": "govuk-input--width-10",
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
            }
        ),
        error_messages={"required": _("Write your code.")},
    )


class CertificateForm(forms.Form):
    """A certificate's code, typed from paper."""

    code = forms.CharField(
        label=_("Code of the certificate"),
        help_text=_("Sixteen letters and numbers, in four groups. Capitals do not matter."),
        max_length=40,
        widget=forms.TextInput(
            attrs={
                "class": "govuk-input--width-20",
                "autocomplete": "off",
                "autocapitalize": "characters",
                "spellcheck": "false",
            }
        ),
        error_messages={"required": _("Write the code.")},
    )

    def clean_code(self):
        code = tidy_code(self.cleaned_data["code"])
        if not code:
            raise forms.ValidationError(
                _("This cannot be a code of ours. Check each letter and number: there are sixteen.")
            )
        return code


class CheckForm(forms.Form):
    """The questions of one try, with one or several right answers each.

    `questions` come from `rules.questions_to_answer`; `kept` holds the ids of the choices ticked
    when the learner last left.
    """

    def __init__(self, *args, questions, kept=(), **kwargs):
        super().__init__(*args, **kwargs)
        self.questions = questions
        for question in questions:
            self.fields[f"question_{question.pk}"] = self._field(question, set(kept))

    def _field(self, question, kept):
        number = question.order
        several = sum(choice.right for choice in question.shuffled) > 1
        ticked = [str(choice.pk) for choice in question.shuffled if choice.pk in kept]
        kind = forms.MultipleChoiceField if several else forms.ChoiceField
        return kind(
            label=f"{number}. {question.text}",
            choices=[(str(choice.pk), choice.text) for choice in question.shuffled],
            initial=ticked if several else "".join(ticked[:1]),
            widget=forms.CheckboxSelectMultiple if several else forms.RadioSelect,
            error_messages={"required": _("Answer question %(number)s.") % {"number": number}},
        )

    def ticked(self) -> set[int]:
        """Every choice ticked so far, even if some questions are unanswered."""
        sent = (value for name in self.fields for value in self.data.getlist(name))
        return {int(value) for value in sent if value.isascii() and value.isdecimal()}

    def answers(self) -> dict[int, set[int]]:
        """The ids of the ticked choices by question id."""
        found = {}
        for question in self.questions:
            ticked = self.cleaned_data[f"question_{question.pk}"]
            found[question.pk] = {
                int(pk) for pk in ([ticked] if isinstance(ticked, str) else ticked)
            }
        return found


class PersonForm(forms.Form):
    """A new member of staff; a first name is enough."""

    first_name = forms.CharField(
        label=_("First name"),
        help_text=_("Only you, the person and the scheme's team see it."),
        max_length=60,
        widget=forms.TextInput(attrs={"class": "govuk-input--width-20", "autocomplete": "off"}),
        error_messages={"required": _("Write a first name.")},
    )
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("Only if they want the link by e-mail. You can hand over a code instead."),
        required=False,
        error_messages={"invalid": _("Write an e-mail address, like name@example.org.")},
    )
    kind = PostKindField()


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), max_length=255, error_messages={"required": _("Give a reason.")}
    )
