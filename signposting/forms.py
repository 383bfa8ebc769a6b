"""What a person in a hurry gives us: a location in words, a point, or one choice of several."""

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.refusals import Refused
from geography.grid import to_grid
from geography.models import Area
from geography.rules import LONGEST_SEARCH, Location, locate, location_of
from venues.models import Scheme, Venue

NOT_FOUND = _(
    "We do not know this location. Check the spelling, or type a postcode or a bigger town nearby."
)
NOTHING_TYPED = _("Type a town or postcode, such as the one on a street sign or a shop near you.")
OUTSIDE = _("Your device says you are outside the United Kingdom. Type a town or postcode.")


class LocationForm(forms.Form):
    """Fills `found` with the geography's Location. What was typed stays in the box.

    The scheme to look among is sent with the form, so that the address says nothing of it.
    """

    location = forms.CharField(
        label=_("Town or postcode"),
        required=False,
        widget=forms.TextInput(
            {
                "class": "govuk-input--width-20 finder-input",
                "autocomplete": "off",
                "autocapitalize": "off",
                "spellcheck": "false",
                "maxlength": LONGEST_SEARCH,
                "enterkeyhint": "search",
            }
        ),
    )
    latitude = forms.FloatField(required=False, widget=forms.HiddenInput)
    longitude = forms.FloatField(required=False, widget=forms.HiddenInput)
    area = forms.IntegerField(required=False, widget=forms.HiddenInput)
    venue = forms.CharField(required=False, widget=forms.HiddenInput)
    scheme = forms.CharField(required=False, widget=forms.HiddenInput)

    found: Location | None = None
    only: Scheme | None = None
    """The scheme whose places are looked for; of an unknown or hidden one, everybody's are."""

    def __init__(self, *args, only: Scheme | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.only = only

    def clean(self):
        given = super().clean()
        # A broken number is one of ours, not of the visitor's making: go on with the words.
        for name in ("latitude", "longitude", "area", "venue", "scheme"):
            self._errors.pop(name, None)
        if given.get("scheme"):
            self.only = Scheme.objects.shown().filter(slug=given["scheme"]).first()
        if "location" in self._errors:
            return given
        self.found = (
            self._from_point(given)
            or self._from_choice(given)
            or self._from_sticker(given)
            or self._from_words(given)
        )
        if self.found is None and "location" not in self.errors:
            self.add_error("location", NOT_FOUND if given.get("location") else NOTHING_TYPED)
        return given

    @property
    def asked(self) -> dict[str, str]:
        """What was asked for, by the name of its field, without the scheme; of a valid form."""
        names = ("location", "latitude", "longitude", "area", "venue")
        given = {name: self.cleaned_data.get(name) for name in names}
        return {name: str(value) for name, value in given.items() if value not in (None, "")}

    def _from_point(self, given):
        longitude, latitude = given.get("longitude"), given.get("latitude")
        if longitude is None or latitude is None:
            return None
        try:
            return Location("point", str(_("where you are")), to_grid(longitude, latitude))
        except Refused:
            self.add_error("location", OUTSIDE)
            return None

    def _from_choice(self, given):
        """One of several locations of the same name, chosen on the page before."""
        number = given.get("area")
        if number is None or not 0 < number < 2**62:
            return None
        area = Area.objects.filter(pk=number).first()
        return area and location_of(area)

    def _from_sticker(self, given):
        """The door that somebody stands at, from the page of its sticker."""
        if not given.get("venue"):
            return None
        listed = Venue.objects.listed(timezone.localdate()).exclude(public_point=None)
        venue = listed.filter(slug=given["venue"]).first()
        return venue and Location("venue", venue.name, venue.public_point)

    def _from_words(self, given):
        return locate(given["location"]) if given.get("location") else None


class ConfirmServiceForm(forms.Form):
    name = forms.CharField(label=_("Who rang it and confirmed it"), max_length=120)
