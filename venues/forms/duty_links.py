"""Creating a duty officer's link, and choosing the place it hides."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.fields import DayMonthYearField
from venues.models import Scheme


class DutyLinkForm(forms.Form):
    scheme = forms.ModelChoiceField(label=_("Scheme"), queryset=Scheme.objects.none())
    name = forms.CharField(label=_("Name of the duty officer or rota"), max_length=120)
    phone = forms.CharField(
        label=_("Duty telephone"),
        max_length=40,
        help_text=_("The officers of the place’s other schemes are told to ring it."),
    )
    email = forms.EmailField(
        label=_("Duty e-mail address"),
        help_text=_("The link is sent there and shown nowhere else."),
    )
    starts_on = DayMonthYearField(label=_("First day"), initial=timezone.localdate)
    ends_on = DayMonthYearField(label=_("Last day"))

    def __init__(self, *args, schemes, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["scheme"].queryset = schemes
        if len(schemes) == 1:
            self.fields["scheme"].initial = schemes[0]


class FindPlaceForm(forms.Form):
    q = forms.CharField(label=_("Name or postcode of the place"), max_length=80)
