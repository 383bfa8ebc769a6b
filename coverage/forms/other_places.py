"""Forms for importing a list of other organisations' spaces and for inviting one of them."""

from django import forms
from django.utils.translation import gettext_lazy as _

from common import sizes
from common.tables import BIGGEST
from coverage.models import Gap, Source
from geography.rules import normalise_postcode
from venues.models import Scheme, Venue


class ImportOtherPlacesForm(forms.Form):
    scheme = forms.ModelChoiceField(label=_("Scheme"), queryset=Scheme.objects.none())
    name = forms.CharField(
        label=_("Name of the list"),
        max_length=120,
        help_text=_("If there is already a list of this name, it is updated."),
    )
    file = forms.FileField(
        label=_("CSV file, Excel workbook or GeoJSON file"),
        allow_empty_file=True,  # the reader refuses it in its own words
        help_text=_(
            "Required: a name, and coordinates or a postcode. Optional: a column of "
            "hours for each weekday or one for the week, address, town, kind, serves, website, "
            "telephone, e-mail, reference, closed, closing days, valid from, valid until."
        ),
    )
    sheet = forms.CharField(
        label=_("Sheet of the workbook"),
        max_length=100,
        required=False,
        help_text=_("Only if several sheets of the workbook look like this list."),
    )
    kind = forms.ChoiceField(
        label=_("Kind of space, where the list does not say"),
        choices=[("", _("As the file says")), *Venue.Type.choices],
        required=False,
    )
    own_scheme = forms.CharField(
        label=_("The scheme these spaces belong to"),
        max_length=120,
        required=False,
        help_text=_("Somebody else’s, for example Marrowby Warm Spaces."),
    )
    serves = forms.CharField(label=_("Who they serve"), max_length=120, required=False)
    licence = forms.CharField(
        label=_("Licence"),
        max_length=200,
        required=False,
        help_text=_("Under which you may use it."),
    )
    dated = forms.DateField(
        label=_("Day of the list"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Changed hours apply from this day. If left empty, today."),
    )
    publishes = forms.BooleanField(
        label=_("Their own scheme publishes these spaces"), required=False
    )
    whole = forms.BooleanField(
        label=_("The file is the whole list: spaces that are not in it have gone"), required=False
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        schemes = Scheme.objects.in_which(user, "coverage.import_other_places")
        self.fields["scheme"].queryset = schemes
        if len(schemes) == 1:
            self.fields["scheme"].initial = schemes[0].pk

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > BIGGEST:
            raise forms.ValidationError(
                _(
                    "The file is too big for a page: at most %(most)s MB."
                    " Use the command import_other_places."
                )
                % {"most": sizes.megabytes(BIGGEST)}
            )
        return file

    def options(self) -> dict:
        """Options for `coverage.table_importers`; empty fields leave existing values unchanged."""
        fields = (
            "name",
            "kind",
            "own_scheme",
            "serves",
            "licence",
            "dated",
            "publishes",
            "whole",
            "sheet",
        )
        said = {name: self.cleaned_data[name] for name in fields if self.cleaned_data[name]}
        if "dated" in said:
            said["dated"] = said["dated"].isoformat()
        return said


class SourceForm(forms.ModelForm):
    class Meta:
        model = Source
        fields = ["own_scheme", "kind", "serves", "licence", "dated", "publishes", "is_stops"]


class InviteOtherPlaceForm(forms.Form):
    scheme = forms.ModelChoiceField(label=_("Scheme"), queryset=Scheme.objects.none())
    email = forms.EmailField(
        label=_("E-mail address"),
        help_text=_("Whoever opens the link in the e-mail looks after the sign-up."),
    )
    postcode = forms.CharField(label=_("Postcode of the space"), max_length=10)
    gap = forms.ModelChoiceField(
        label=_("To close this gap"), queryset=Gap.objects.none(), required=False
    )

    def __init__(self, *args, user, other_place, **kwargs):
        super().__init__(*args, **kwargs)
        schemes = Scheme.objects.in_which(user, "coverage.invite_other_place").open()
        if other_place.source.scheme_id:
            schemes = schemes.filter(pk=other_place.source.scheme_id)
        self.fields["scheme"].queryset = schemes
        self.fields["gap"].queryset = Gap.objects.open().filter(scheme__in=schemes)
        self.initial = {
            "email": other_place.email,
            "postcode": other_place.postcode,
            **self.initial,
        }
        if len(schemes) == 1:
            self.initial["scheme"] = schemes[0].pk

    def clean_postcode(self):
        postcode = normalise_postcode(self.cleaned_data["postcode"])
        if not postcode:
            raise forms.ValidationError(_("Give the whole postcode of the space."))
        return postcode

    def clean(self):
        gap, scheme = self.cleaned_data.get("gap"), self.cleaned_data.get("scheme")
        if gap and scheme and gap.scheme_id != scheme.pk:
            self.add_error("gap", _("This gap is another scheme’s."))
        return self.cleaned_data
