"""The form that /styleguide/ shows: one field of each kind, to be seen plain and with errors."""

from django import forms
from django.utils.translation import gettext_lazy as _

from common.fields import DayMonthYearField


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
