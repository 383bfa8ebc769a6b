"""A scheme's own area: drawn, pasted, or merged from official ones."""

import re

from django import forms
from django.utils.translation import gettext_lazy as _

from common.refusals import Refused
from coverage.boundaries import fault, of_codes, read_geojson, united
from coverage.forms.gaps import wards_of
from coverage.models.areas import MOST_BUFFER
from geography.models import Area
from venues.models import Scheme


class AreaForm(forms.Form):
    scheme = forms.ModelChoiceField(label=_("Scheme"), queryset=Scheme.objects.none())
    name = forms.CharField(
        label=_("Name"), max_length=120, help_text=_("For example, Marrowby high street.")
    )
    wards = forms.ModelMultipleChoiceField(
        label=_("Wards to unite"),
        queryset=Area.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    codes = forms.CharField(
        label=_("Codes of other areas to unite"),
        required=False,
        help_text=_(
            "LSOAs, output areas or parishes that have been imported: for example, E01017139."
        ),
    )
    geojson = forms.CharField(
        label=_("Boundary as GeoJSON"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4, "spellcheck": "false"}),
        help_text=_(
            "A Polygon, a MultiPolygon or a FeatureCollection in longitude and latitude; several "
            "shapes become one area."
        ),
    )
    is_priority = forms.BooleanField(
        label=_("A priority area"),
        required=False,
        help_text=_("It comes first on the dashboard and the coverage page."),
    )
    buffer_metres = forms.IntegerField(
        label=_("Metres around it that belong to it"),
        min_value=0,
        max_value=MOST_BUFFER,
        initial=0,
        required=False,
        help_text=_("As in: parks and their surroundings."),
    )
    reaches_outside = forms.BooleanField(
        label=_("These metres also outside the scheme’s area"), required=False
    )

    def __init__(self, *args, user, area=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.area = area
        if area is None:
            schemes = Scheme.objects.in_which(user, "coverage.draw_area")
            self.fields["scheme"].queryset = schemes
            if len(schemes) == 1:
                self.initial.setdefault("scheme", schemes[0].pk)
        else:
            schemes = Scheme.objects.filter(pk=area.scheme_id)
            del self.fields["scheme"]
        wards = wards_of(schemes).filter(kind=Area.Kind.WARD).order_by("name")
        self.fields["wards"].queryset = wards
        if not wards.exists():
            del self.fields["wards"]

    def clean(self):
        """Merge the parts and validate the result."""
        given = self.cleaned_data
        given["buffer_metres"] = given.get("buffer_metres") or 0
        shapes = [ward.boundary for ward in given.get("wards") or ()]
        try:
            if codes := [code for code in re.split(r"[\s,;]+", given.get("codes") or "") if code]:
                shapes += [area.boundary for area in of_codes(codes)]
            if text := (given.get("geojson") or "").strip():
                shapes.append(read_geojson(text))
            if not shapes:
                raise Refused(_("Draw the area, choose wards, or paste its boundary."))
            given["boundary"] = united(shapes)
            scheme = self.area.scheme if self.area else given.get("scheme")
            if scheme and (why := fault(given["boundary"], scheme)):
                raise Refused(why)
        except Refused as refusal:
            raise forms.ValidationError([str(reason) for reason in refusal.reasons]) from None
        return given
