"""The core principles and the questions about the space, each with its date or reason."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common import sizes
from common.fields import DayMonthYearField
from common.forms import Fact, SharedFactsForm
from common.personal_details import refuse_personal_details
from venues.insurance import insurance_problems
from venues.models import Agreement, Answer, Criterion, Venue
from venues.models.questions import applicable

BY_WHEN = _("If you will: by when?")


class _Question:
    """One question's fields, for the template."""

    def __init__(self, form, asked, key):
        self.asked = asked
        self.value = form[f"{key}_value"]
        self.will_by = form[f"{key}_will_by"] if f"{key}_will_by" in form.fields else None
        self.heading = ""
        self.because = form[f"{key}_because"] if f"{key}_because" in form.fields else None


class _QuestionsForm(SharedFactsForm, forms.Form):
    """One question per principle or criterion; `asked` are the rows, `known` their answers by
    pk.
    """

    choices = ()
    asks_why = False
    required = True

    def __init__(self, *args, asked, known, **kwargs):
        super().__init__(*args, **kwargs)
        self.asked = list(asked)
        for thing in self.asked:
            self._add(thing, known.get(thing.pk))

    def label_of(self, thing):
        return str(getattr(thing, "question", thing))

    def missing(self, thing):
        return _("Choose an answer for “%s”.") % thing

    def _add(self, thing, answer):
        key = f"q{thing.pk}"
        self.fields[f"{key}_value"] = forms.ChoiceField(
            label=self.label_of(thing),
            help_text=getattr(thing, "hint", ""),
            choices=self.choices,
            required=self.required,
            widget=forms.RadioSelect(attrs={"class": "govuk-radios--small"}),
            initial=self.value_of(answer) if answer else None,
            error_messages={"required": self.missing(thing)},
        )
        self.fields[f"{key}_will_by"] = DayMonthYearField(
            label=BY_WHEN,
            required=False,
            initial=answer.will_by if answer else None,
        )
        if self.asks_why:
            self.fields[f"{key}_because"] = forms.CharField(
                label=_("If it does not apply: why?"),
                required=False,
                max_length=300,
                initial=answer.because if answer else "",
            )

    def clean(self):
        data = super().clean()
        for thing in self.asked:
            key = f"q{thing.pk}"
            value = data.get(f"{key}_value")
            given = f"{key}_will_by" in data
            if value == "we_will" and given and not data[f"{key}_will_by"]:
                self.add_error(f"{key}_will_by", _("Write the date by which you will do this."))
            if value == "not_applicable" and not data.get(f"{key}_because"):
                self.add_error(f"{key}_because", _("Write why this does not apply."))
        return data

    def facts(self):
        """An answer, its date and its reason count as one fact, so a conflict in any reports
        all.
        """
        for thing in self.asked:
            key = f"q{thing.pk}"
            parts = [f"{key}_{part}" for part in ("value", "will_by", "because")]
            names = tuple(name for name in parts if name in self.fields)
            yield Fact(key, str(self.fields[f"{key}_value"].label), names)

    def questions(self):
        return [_Question(self, thing, f"q{thing.pk}") for thing in self.asked]

    def _answered(self):
        for thing in self.asked:
            key = f"q{thing.pk}"
            if value := self.cleaned_data[f"{key}_value"]:
                will_by = self.cleaned_data.get(f"{key}_will_by") if value == "we_will" else None
                yield thing, value, will_by, self.cleaned_data.get(f"{key}_because", "")


class PrinciplesForm(_QuestionsForm):
    """All principles on one page: we do this, we will by a date, we need help."""

    choices = Agreement.Answer.choices

    def value_of(self, answer):
        return answer.answer

    def answers(self):
        return {thing: (value, will_by) for thing, value, will_by, __ in self._answered()}


class PrincipleForm(PrinciplesForm):
    """One principle; its page's title says it, so the question does not repeat it."""

    def label_of(self, thing):
        return _("Where are you with this?")

    def missing(self, thing):
        return _("Choose where you are with this.")


class CriteriaForm(_QuestionsForm):
    """A scheme's questions; any may be left for later.

    A conditional question is shown once its condition is met. The answer to a question skipped now
    is kept but not shown; a new answer to a skipped one is refused in words.
    """

    choices = Answer.Value.choices
    asks_why = True
    required = False

    def __init__(self, *args, asked, known, **kwargs):
        self.known = known
        super().__init__(*args, asked=asked, known=known, **kwargs)

    def value_of(self, answer):
        return answer.value

    def _add(self, thing, answer):
        if thing.answer_kind == Criterion.Kind.YES:
            super()._add(thing, answer)
            return
        more = {"label": thing.question, "help_text": thing.hint, "required": False}
        self.fields[f"q{thing.pk}_value"] = _field_of(thing, answer, more)

    def clean(self):
        data = super().clean()
        asked = {each.pk for each in self._applicable()}
        for thing in self.asked:
            key = f"q{thing.pk}_value"
            answer = self.known.get(thing.pk)
            before = (answer.day or answer.said) if answer else None
            if thing.pk not in asked and data.get(key) and data[key] != before:
                words = _("Leave this empty: it is only asked after another answer to “%s”.")
                self.add_error(key, words % thing.depends_on)
        given = {each: data.get(f"q{each.pk}_value") for each in self.asked if each.pk in asked}
        problems = insurance_problems(given, self.known.values(), timezone.localdate())
        for thing, words in problems.items():
            self.add_error(f"q{thing.pk}_value", words)
        return data

    def _applicable(self):
        """The questions whose condition is met by typed or, failing that, saved answers."""
        said = {pk: answer.said for pk, answer in self.known.items()}
        if self.is_bound:
            typed = {each.pk: self[f"q{each.pk}_value"].data for each in self.asked}
            said |= {pk: value or "" for pk, value in typed.items() if not isinstance(value, list)}
        return applicable(self.asked, said)

    def questions(self):
        """The fields of applicable questions, and of any with an error; if there are several
        themes, the first of each has its heading.
        """
        shown = {each.pk for each in self._applicable()}
        several = len({each.theme for each in self.asked}) > 1
        theme, found = None, []
        for question in super().questions():
            thing = question.asked
            if thing.pk not in shown and not question.value.errors:
                continue
            if several and thing.theme != theme:
                question.heading = thing.heading or thing.theme.replace("-", " ").capitalize()
            theme = thing.theme
            found.append(question)
        return found

    def answers(self):
        """Criterion to (value, will_by, because), for applicable questions that were answered."""
        asked = set(self._applicable())
        found = {
            thing: (value, will_by, because if value == "not_applicable" else "")
            for thing, value, will_by, because in self._answered()
        }
        return {thing: answer for thing, answer in found.items() if thing in asked}

    def questions_opened(self) -> int:
        """How many questions apply now that were not on the submitted page."""
        before = {pk: answer.said for pk, answer in self.known.items()}
        return len(set(self._applicable()) - set(applicable(self.asked, before)))


def _field_of(thing, answer, more):
    if thing.answer_kind == Criterion.Kind.DATE:
        return DayMonthYearField(initial=answer.day if answer else None, **more)
    more["initial"] = answer.text if answer else None
    if thing.answer_kind == Criterion.Kind.CHOICE:
        choices = [(each, each) for each in thing.choices]
        widget = forms.RadioSelect(attrs={"class": "govuk-radios--small"})
        return forms.ChoiceField(choices=choices, widget=widget, **more)
    warning = _(
        "Roles, not names: nothing that says who somebody is. At most %(most)s characters."
    ) % {"most": sizes.ANSWER}
    more["help_text"] = " ".join(filter(None, [thing.hint, warning]))
    return forms.CharField(
        max_length=sizes.ANSWER,
        widget=forms.Textarea(attrs={"rows": 4}),
        validators=[refuse_personal_details],
        **more,
    )


class InsuranceForm(SharedFactsForm, forms.ModelForm):
    class Meta:
        model = Venue
        fields = ("insurance_checked",)
        labels = {"insurance_checked": _("Have you checked that your insurance covers this?")}
        widgets = {"insurance_checked": forms.RadioSelect}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["insurance_checked"]
        field.required = True
        field.choices = [("yes", _("Yes")), ("no", _("No")), ("not_sure", _("Not sure"))]
        field.error_messages["required"] = _("Choose yes, no or not sure.")

    def changes(self):
        return dict(self.cleaned_data)
