"""The search form: a location in words, a point, or one choice of several."""

import math
from collections.abc import Callable
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.refusals import Refused
from geography.grid import to_grid
from geography.models import Area, PlaceName
from geography.rules import (
    LONGEST_SEARCH,
    Location,
    Unknown,
    locate,
    location_of,
    location_of_name,
    why_unknown,
)
from geography.spelling import readable
from signposting.typed import advice_for, is_cry_for_help, is_no_place
from signposting.venue_names import listed_venues_like
from venues.models import Scheme, Venue

NOT_FOUND = _(
    "We do not know this location. Check the spelling, or type a postcode or a bigger town nearby."
)
NOTHING_TYPED = _("Type a town or postcode, such as the one on a street sign or a shop near you.")
OUTSIDE = _("Your device says you are outside the United Kingdom. Type a town or postcode.")


ABROAD = _(
    "That is outside the United Kingdom. If you meant a location here, check the numbers, or type a"
    " town or postcode."
)
ENDED = _("%(trouble)s Type another postcode, or the name of the town.")
NO_SUCH_POSTCODE = _(
    "We do not know the postcode %(about)s. Check each letter and number, or type the name of the"
    " town."
)
IN_ANOTHER_COUNTRY = _(
    "%(about)s is in %(where)s. The places we know are elsewhere. If you meant a location near"
    " them, type its postcode or its town."
)
NOT_COVERED = _(
    "%(about)s is outside the area that we know. If you meant a location near our places, type its"
    " postcode or its town."
)


class WordsField(forms.CharField):
    """Text as people paste it: invisible characters are removed, and no length is refused."""

    def to_python(self, value):
        return super().to_python(readable(str(value)) if value else value)

    def bound_data(self, data, initial):
        return readable(str(data))[:LONGEST_SEARCH] if data else data


def number(text: str) -> float | None:
    """None for what is no number: it is one of ours, not of the visitor's making."""
    try:
        found = float(text)
    except ValueError:
        return None
    return found if math.isfinite(found) else None


def whole_number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 else None


def short_name(text: str) -> str:
    return text.strip() if text.isprintable() else ""


HIDDEN: dict[str, Callable[[str], Any]] = {
    "latitude": number,
    "longitude": number,
    "area": whole_number,
    "place": whole_number,
    "venue": short_name,
    "scheme": short_name,
}
"""What our own pages send beside the words, and how it is read. No fields of a form: nobody fills
them in, and copying six fields for each search takes longer than to look for the place."""


class LocationForm(forms.Form):
    """Fills `found` with the geography's Location. What was typed stays in the box.

    The scheme to search is sent with the form, so that the URL says nothing about it.
    """

    location = WordsField(
        label=_("Street, town or postcode"),
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
    found: Location | None = None
    unknown: Unknown | None = None
    """Why nothing was found for the words."""
    is_cry = False
    """Whether the words name no place and ask for help."""
    only: Scheme | None = None
    """The scheme whose places are searched; all places if it is unknown or hidden."""

    def __init__(self, *args, only: Scheme | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        self.only = only

    def clean(self):
        given = super().clean()
        given |= {name: read(self.data.get(name, "")) for name, read in HIDDEN.items()}
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
            self.add_error("location", self._why_nothing(given.get("location")))
        return given

    def _why_nothing(self, words: str | None) -> str:
        """What was wrong, and what to do next."""
        if not words:
            return NOTHING_TYPED
        self.is_cry = is_cry_for_help(words)
        if advice := advice_for(words):
            return advice
        self.unknown = why_unknown(words)
        if self.unknown.kind == "abroad":
            return ABROAD
        about = {"about": self.unknown.about, "where": self.unknown.where}
        if self.unknown.kind == "outside":
            return (IN_ANOTHER_COUNTRY if self.unknown.where else NOT_COVERED) % about
        if self.unknown.trouble:
            return ENDED % {"trouble": self.unknown.trouble}
        return NO_SUCH_POSTCODE % about if self.unknown.about else NOT_FOUND

    @property
    def asked(self) -> dict[str, str]:
        """The submitted search by field name, without the scheme; only for a valid form."""
        names = ("location", "latitude", "longitude", "area", "place", "venue")
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
        for field, model, locate_one in (
            ("area", Area, location_of),
            ("place", PlaceName, location_of_name),
        ):
            number = given.get(field)
            if number is not None and 0 < number < 2**62:
                found = model.objects.filter(pk=number).first()
                return found and locate_one(found)
        return None

    def _from_sticker(self, given):
        """A listed place: the door somebody stands at, from its sticker's page, or one chosen."""
        if not given.get("venue"):
            return None
        listed = Venue.objects.listed(timezone.localdate()).exclude(public_point=None)
        venue = listed.filter(slug=given["venue"]).first()
        return venue and Location("venue", venue.name, venue.public_point)

    def _from_words(self, given):
        words = given.get("location")
        found = locate(words, listed_venues_like) if words else None
        return None if found and found.is_guess and is_no_place(words) else found


class ConfirmServiceForm(forms.Form):
    name = forms.CharField(label=_("Who rang it and confirmed it"), max_length=120)
