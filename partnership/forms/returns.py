"""The return form: people helped, and a count for each item of the scheme's lists."""

from dataclasses import dataclass, replace

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.personal_details import refuse_personal_details
from common.retention import with_periods
from partnership.actions import Figures, NewIssue
from partnership.models import Issue, ReturnItem
from partnership.models.issues import ISSUE_LENGTH
from partnership.models.returns import MOST, PROGRESS_LENGTH
from partnership.rules.issues import theme_words, urgency_words
from partnership.rules.returns import what_does_not_add_up
from venues.evidence_kinds import Part

HINTS = {
    ReturnItem.Kind.REASON: gettext_lazy(
        "One person may have several reasons, so this may come to more than the people."
    ),
    ReturnItem.Kind.OUTCOME: gettext_lazy("You may have done several things for one person."),
    ReturnItem.Kind.PART_OF_DAY: gettext_lazy("Each person once."),
    ReturnItem.Kind.AGE_BAND: gettext_lazy("As it seemed to you: never ask. Each person once."),
}


class CountField(forms.IntegerField):
    """A whole number from 0. Empty means 0 unless the field is required."""

    widget = forms.NumberInput(
        attrs={"inputmode": "numeric", "min": 0, "max": MOST, "autocomplete": "off"}
    )

    def __init__(self, *, label, **kwargs):
        super().__init__(min_value=0, max_value=MOST, label=label, **kwargs)
        line = {"line": label}
        self.error_messages |= {
            "invalid": _("“%(line)s”: write a whole number, such as 0 or 12.") % line,
            "required": _("Write how many people you helped; 0 if nobody came."),
        }
        line = {"line": str(label).replace("%", "%%")}  # Django would add its own message again
        for validator in self.validators:
            validator.message = {
                "min_value": _("“%(line)s”: write 0 or more.") % line,
                "max_value": _("“%(line)s”: more than %(most)s. Please check the number.")
                % {**line, "most": MOST},
            }[validator.code]


@dataclass(frozen=True)
class Group:
    """One list of the form and its fields."""

    kind: str
    title: str
    hint: str
    fields: list


def issue_fields(parts: set[Part], *, required: bool) -> dict[str, forms.Field]:
    """The three questions about an issue, alone or at the end of a return.

    `parts` are those of the scheme: the choices name no others.
    """
    themes = theme_words(parts)
    del themes[Issue.Theme.CALL_US]
    return {
        "issue_text": forms.CharField(
            label=_("What should we know or do?"),
            help_text=with_periods(
                _(
                    "Nobody’s name, number or dates. An officer reads it before others "
                    "do. It is deleted %(period)s after it is closed."
                ),
                period="issues",
            ),
            required=required,
            max_length=ISSUE_LENGTH,
            validators=[refuse_personal_details],
            widget=forms.Textarea(attrs={"rows": 4}),
        ),
        "issue_theme": forms.ChoiceField(
            label=_("What is it about?"), required=required, choices=[("", ""), *themes.items()]
        ),
        "issue_urgency": forms.ChoiceField(
            label=_("How soon do you need an answer?"),
            required=required,
            choices=list(urgency_words(has_meetings=Part.MEETINGS in parts).items()),
            initial=Issue.Urgency.MEETING,
            widget=forms.RadioSelect(attrs={"class": "govuk-radios--small"}),
        ),
    }


class IssueForm(forms.Form):
    """An issue raised without a return."""

    def __init__(self, *args, parts, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields.update(issue_fields(parts, required=True))

    def issue(self) -> NewIssue:
        data = self.cleaned_data
        return NewIssue(data["issue_theme"], data["issue_urgency"], data["issue_text"])


class NumbersForm(forms.Form):
    """A return's numbers only, as a venue gives them by telephone. `items` are those asked for."""

    version = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    asked_about = forms.CharField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, items, **kwargs):
        super().__init__(*args, **kwargs)
        self.items, self.questions = list(items), []
        self.fields["people"] = CountField(label=_("How many people did you help?"))
        for item in self.items:
            self.fields[f"item_{item.pk}"] = CountField(label=item.label, required=False)

    def groups(self) -> list[Group]:
        """The lists in order, each starting with "did not ask"."""
        return [
            Group(
                kind,
                kind.label,
                HINTS[kind],
                [self[f"item_{item.pk}"] for item in self.items if item.kind == kind],
            )
            for kind in ReturnItem.Kind
            if any(item.kind == kind for item in self.items)
        ]

    def clean(self):
        data = super().clean()
        if not self.errors:
            self._ask_about_totals(data)
        return data

    def _ask_about_totals(self, data):
        """Question odd totals once; if resubmitted unchanged, they are accepted."""
        totals = dict.fromkeys(ReturnItem.Kind.values, 0)
        for item in self.items:
            totals[item.kind] += data[f"item_{item.pk}"] or 0
        these = "-".join(str(number) for number in [data["people"], *totals.values()])
        if data["asked_about"] != these:
            self.questions = what_does_not_add_up(data["people"], totals)
        if self.questions:
            self.data = self.data.copy()
            self.data[self.add_prefix("asked_about")] = these

    def figures(self) -> Figures:
        data = self.cleaned_data
        counts = {item.pk: data[f"item_{item.pk}"] or 0 for item in self.items}
        return Figures(people=data["people"], counts=counts)

    def issue(self) -> NewIssue | None:
        return None


class ReturnForm(NumbersForm):
    """A venue's own return: numbers, a sentence and an issue.

    `words_hidden` says that an earlier sentence is not shown, so an empty box means "unchanged".
    """

    def __init__(self, *args, parts, words_hidden=False, **kwargs):
        super().__init__(*args, **kwargs)
        self.words_hidden = words_hidden
        self.fields["progress"] = forms.CharField(
            label=_("One sentence on how it is going"),
            help_text=with_periods(
                _(
                    "About your space, not about a person. An officer reads it before others do. "
                    "It is deleted after %(period)s."
                ),
                period="progress",
            ),
            required=False,
            max_length=PROGRESS_LENGTH,
            validators=[refuse_personal_details],
            widget=forms.Textarea(attrs={"rows": 2}),
        )
        self.fields["may_share"] = forms.BooleanField(
            label=_("You may share this sentence, with the name of our place"),
            required=False,
        )
        self.fields.update(issue_fields(parts, required=False))

    def clean(self):
        data = self.cleaned_data
        if data.get("issue_text") and not data.get("issue_theme"):
            self.add_error("issue_theme", _("Choose what it is about."))
        return super().clean()

    def figures(self) -> Figures:
        data = self.cleaned_data
        progress = data["progress"]
        return replace(
            super().figures(),
            progress=None if self.words_hidden and not progress else progress,
            may_share=data["may_share"],
        )

    def issue(self) -> NewIssue | None:
        data = self.cleaned_data
        if not data["issue_text"]:
            return None
        return NewIssue(
            data["issue_theme"], data["issue_urgency"] or Issue.Urgency.MEETING, data["issue_text"]
        )


class VersionForm(forms.Form):
    """The version the sender has seen, for buttons that send no numbers."""

    version = forms.IntegerField(min_value=0, widget=forms.HiddenInput)
