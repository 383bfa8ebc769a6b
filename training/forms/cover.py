"""Forms for officers about cover."""

import datetime

from django import forms
from django.utils.translation import gettext_lazy as _

DEFAULT_DAYS = 30


class KeptByForm(forms.Form):
    """The day by which people would be trained, for example at a planned session."""

    by = forms.DateField(
        label=_("If trained by"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args, today, **kwargs):
        self.today = today
        self.default = today + datetime.timedelta(days=DEFAULT_DAYS)
        super().__init__(*args, initial={"by": self.default}, **kwargs)

    def clean_by(self):
        day = self.cleaned_data["by"]
        if day < self.today:
            raise forms.ValidationError(_("This day is past."))
        return day
