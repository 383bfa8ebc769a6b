"""Forms about a scheme's priority groups and about where people feel unsafe."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common import sizes
from coverage.models import FeltUnsafe
from geography.models import PopulationBase
from venues.models import Scheme


class FeltUnsafeForm(forms.Form):
    """A file of points, who asked, and when."""

    scheme = forms.ModelChoiceField(label=_("Scheme"), queryset=Scheme.objects.none())
    file = forms.FileField(
        label=_("CSV file, Excel workbook or GeoJSON file of points"),
        allow_empty_file=True,  # the reader refuses it in its own words
        help_text=_(
            "Only how many points lie in each square of 250 m is kept, where there are ten or "
            "more. Names, comments and the points themselves are not."
        ),
    )
    source = forms.CharField(
        label=_("Source"),
        max_length=FeltUnsafe._meta.get_field("source").max_length,
        help_text=_("As in: Women’s safety survey, online."),
    )
    collected_on = forms.DateField(
        label=_("Date"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        schemes = Scheme.objects.in_which(user, "coverage.bring_in_felt_unsafe")
        self.fields["scheme"].queryset = schemes
        if len(schemes) == 1:
            self.initial.setdefault("scheme", schemes[0].pk)

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > sizes.TABLE:
            raise forms.ValidationError(
                _("The file has more than %(most)s MB.") % {"most": sizes.megabytes(sizes.TABLE)}
            )
        return file

    def clean_collected_on(self):
        day = self.cleaned_data["collected_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("This day is still to come."))
        return day


class PriorityGroupsForm(forms.Form):
    """The groups that come before all residents."""

    bases = forms.ModelMultipleChoiceField(
        label=_("Priority groups"),
        queryset=PopulationBase.objects.filter(is_group=True),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
