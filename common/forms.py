"""Forms for facts that several people edit, and the form that /styleguide/ shows."""

import datetime
import json
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from hashlib import blake2s

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Model, QuerySet
from django.utils.formats import date_format, time_format
from django.utils.text import get_text_list
from django.utils.timezone import is_aware, localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.fields import DayMonthYearField

AS_READ = "as_read"
"""Hidden field: the version of the facts that the page showed."""
TAKE_SAVED = "take_saved"
"""Tick boxes, one per conflict: keep the saved value instead of this form's."""


@dataclass(frozen=True)
class Fact:
    """One fact that a form edits: a field, or several that only make sense together."""

    key: str
    label: str
    names: tuple[str, ...]


class SharedFactsForm:
    """Mixin for every form that edits facts which somebody else may be editing too.

    The page carries a fingerprint of each fact as it was read (the hidden field `as_read`). When
    the form comes back and a fact was changed meanwhile, the form is not valid: it says what is
    saved now and what this person wrote, beside the field. A fact this person left alone then
    shows what is saved; one that both changed keeps what they typed, with a tick box that takes
    the saved one instead. The next press saves, unless something has changed once more.

    For the form's author:

    - Mix it in first: `class ContactForm(SharedFactsForm, forms.ModelForm)`.
    - The form's initial values must be the facts as they are saved now, also when it is bound.
    - A template that draws the fields one by one adds `{{ form.as_read }}` before its button;
      `{{ form|crispy }}` and the officers' change form do it already.
    - Fields that only make sense together (a day's times) are one fact: extend `facts()`, and
      `in_words()` when its words need more than its values in a row.
    - In a view, build and save the form in one transaction on a locked row; without that, two
      presses in the same instant both compare with the facts before either.

    A post without the field, from a script for example, is compared with nothing. Uploaded files
    are no facts.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields[AS_READ] = _AsReadField(initial=self._version)

    def facts(self) -> Iterable[Fact]:
        """By default each visible field is a separate fact."""
        for name, field in self.fields.items():
            if not (isinstance(field, forms.FileField) or field.widget.is_hidden):
                yield Fact(name, str(self[name].label), (name,))

    def in_words(self, fact: Fact, values: dict) -> str:
        """`values` (field name -> Python value) as a person reads them."""
        said = [_in_words(self.fields[name], values.get(name)) for name in fact.names]
        return ", ".join(word for word in said if word) or gettext("nothing")

    def full_clean(self):
        """Clean as usual, with the saved values of the ticked facts, then compare versions."""
        taken = self._taken() if self.is_bound else []
        for fact in taken:
            for name in fact.names:
                _take(self.fields[name], self._saved(name))
        super().full_clean()
        if self.is_bound and hasattr(self, "cleaned_data"):
            self.cleaned_data.pop(AS_READ, None)
            self._compare({fact.key for fact in taken})

    def _compare(self, taken):
        read = _unpacked(self.data.get(self.add_prefix(AS_READ)))
        conflicts = []
        for fact in self.facts():
            now = self._fingerprint(fact)
            if fact.key in taken or read.get(fact.key, now) == now:
                continue
            typed = self._typed(fact)
            if typed == now:
                continue
            saved_words = self.in_words(fact, self._saved_values(fact))
            if typed == read[fact.key]:
                for name in fact.names:
                    _show(self.fields[name], self._saved(name))
                words = _(
                    "%(fact)s: changed to “%(saved)s” while you had this page open. "
                    "The form now shows that. Save again to keep it."
                )
            else:
                conflicts.append((fact.key, fact.label, saved_words))
                words = _(
                    "%(fact)s: changed to “%(saved)s” while you had this page open. "
                    "You wrote “%(typed)s”. Save again to use yours, or tick “%(saved)s” "
                    "above the button."
                )
            values = {name: self._typed_value(name) for name in fact.names}
            said = {
                "fact": fact.label,
                "saved": saved_words,
                "typed": self.in_words(fact, values),
            }
            self.add_error(fact.names[0], ValidationError(words % said, code="changed_meanwhile"))
        self.fields[AS_READ].widget.conflicts = conflicts

    def _taken(self):
        read = forms.CheckboxSelectMultiple().value_from_datadict(
            self.data, {}, self.add_prefix(TAKE_SAVED)
        )
        return [fact for fact in self.facts() if fact.key in (read or ())]

    def _version(self) -> str:
        return json.dumps({fact.key: self._fingerprint(fact) for fact in self.facts()})

    def _fingerprint(self, fact) -> str:
        return _fingerprint(self.fields, self._saved_values(fact))

    def _saved_values(self, fact):
        return {name: self._saved(name) for name in fact.names}

    def _saved(self, name):
        return self.get_initial_for_field(self.fields[name], name)

    def _typed(self, fact) -> str:
        """The submitted fingerprint; none if it is malformed."""
        if any(name in self.errors for name in fact.names):
            return ""
        return _fingerprint(self.fields, {name: self.cleaned_data.get(name) for name in fact.names})

    def _typed_value(self, name):
        return self.cleaned_data[name] if name in self.cleaned_data else self[name].data


class _AsReadInput(forms.HiddenInput):
    """The version, and below it a tick box for each fact that two people changed."""

    template_name = "common/_as_read.html"
    conflicts = ()

    def get_context(self, name, value, attrs):
        ticks = name.removesuffix(AS_READ) + TAKE_SAVED
        more = {"conflicts": self.conflicts, "take_saved": ticks}
        return {**super().get_context(name, value, attrs), **more}


class _AsReadField(forms.CharField):
    """Always rendered with the current version: a conflict is reported once."""

    widget = _AsReadInput

    def __init__(self, **kwargs):
        super().__init__(required=False, **kwargs)

    def bound_data(self, data, initial):
        return initial

    def has_changed(self, initial, data):
        return False


def _show(field, saved):
    field.bound_data = lambda data, initial: saved


def _take(field, saved):
    """Render and clean the saved values as the form would post them."""
    is_parts = isinstance(field, forms.MultiValueField)
    posted = field.widget.decompress(saved) if is_parts else field.prepare_value(saved)
    clean = field.clean
    field.clean = lambda value: clean(posted)
    _show(field, saved)


def _unpacked(version) -> dict:
    """Fingerprints by fact key; empty if this is not one of our versions."""
    try:
        read = json.loads(version or "{}")
    except (ValueError, RecursionError):
        return {}
    return read if isinstance(read, dict) else {}


def _fingerprint(fields, values) -> str:
    plain = json.dumps([_plain(fields[name], value) for name, value in values.items()])
    return blake2s(plain.encode(), digest_size=8).hexdigest()


def _plain(field, value):
    """A text that is equal for the saved value and the form's cleaned value."""
    if isinstance(field, forms.BooleanField) and not isinstance(field, forms.NullBooleanField):
        return str(bool(value))
    if value is None or value == "":
        return ""
    if isinstance(value, list | tuple | set | QuerySet):
        return sorted(_plain(field, each) for each in value)
    if isinstance(value, Model):
        return str(value.pk)
    if isinstance(value, datetime.datetime) and is_aware(value):
        return value.astimezone(datetime.UTC).isoformat()
    if isinstance(value, datetime.date | datetime.time):
        return value.isoformat()
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return f"{Decimal(str(value)).normalize():f}"
    if isinstance(value, dict):
        return json.dumps(value, sort_keys=True, default=str)
    return str(value).replace("\r\n", "\n").strip()


def _in_words(field, value) -> str:
    if isinstance(value, list | tuple | set | QuerySet):
        return get_text_list([_in_words(field, each) for each in value], gettext("and"))
    if isinstance(field, forms.BooleanField) and not isinstance(field, forms.NullBooleanField):
        return gettext("Yes") if value else gettext("No")
    if isinstance(value, datetime.datetime):
        return date_format(localtime(value) if is_aware(value) else value, "j F Y, H:i")
    if isinstance(value, datetime.date):
        return date_format(value, "j F Y")
    if isinstance(value, datetime.time):
        return time_format(value, "H:i")
    plain = str(value.pk) if isinstance(value, Model) else "" if value is None else str(value)
    for key, label in getattr(field, "choices", ()):
        if str(key) == plain:
            return str(label)
    return plain


class SampleForm(forms.Form):
    name = forms.CharField(label=_("Name"), help_text=_("As people know it."))
    email = forms.EmailField(label=_("E-mail address"), required=False)
    postcode = forms.CharField(
        label=_("Postcode"), widget=forms.TextInput(attrs={"class": "govuk-input--width-10"})
    )
    people = forms.IntegerField(label=_("How many people"), min_value=0)
    kind = forms.ChoiceField(
        label=_("What kind of place"), choices=[("", ""), ("library", _("Library"))]
    )
    toilet = forms.ChoiceField(
        label=_("Is there a toilet?"),
        help_text=_("One that a visitor may use."),
        widget=forms.RadioSelect(attrs={"class": "govuk-radios--inline"}),
        choices=[("yes", _("Yes")), ("no", _("No")), ("", _("Not known"))],
    )
    offers = forms.MultipleChoiceField(
        label=_("What it offers"),
        widget=forms.CheckboxSelectMultiple,
        choices=[("quiet", _("A quiet space")), ("listener", _("Somebody who listens"))],
    )
    starts = DayMonthYearField(label=_("First day"), help_text=_("For example, 27 3 2026."))
    opens = forms.TimeField(label=_("Opens"), widget=forms.TimeInput(attrs={"type": "time"}))
    photo = forms.FileField(label=_("Photo"), required=False)
    notes = forms.CharField(label=_("Notes"), widget=forms.Textarea(attrs={"rows": 3}))
    agree = forms.BooleanField(label=_("I have read this"))

    def clean(self):
        if not self.cleaned_data.get("name"):
            raise forms.ValidationError(_("This form is only here to be looked at."))
        return self.cleaned_data
