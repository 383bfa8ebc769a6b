"""The organisation and the details of a place, one form per page."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import format_lazy
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common import sizes
from common.forms import Fact, SharedFactsForm
from common.refusals import Refused
from geography.grid import grid_point
from geography.models import Postcode
from venues.forms.joining import AsksAboutPostcode, PostcodeField
from venues.models import Organisation, Venue
from venues.offers import offers_to_ask
from venues.photos import redraw


class YesNoNotKnown(forms.TypedChoiceField):
    """A tri-state fact: yes, no, or not known yet."""

    def __init__(self, label):
        super().__init__(
            label=label,
            required=False,
            choices=[("True", _("Yes")), ("False", _("No")), ("", _("Not known"))],
            coerce=lambda value: value == "True",
            empty_value=None,
            widget=forms.RadioSelect(attrs={"class": "govuk-radios--inline govuk-radios--small"}),
        )


class DetailsForm(SharedFactsForm, forms.ModelForm):
    """A form whose cleaned answers are passed unchanged to `change_venue` or
    `change_organisation`.
    """

    needed = ()

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in self.needed:
            self.fields[name].required = True

    def changes(self) -> dict:
        return dict(self.cleaned_data)


class OrganisationForm(DetailsForm):
    needed = ("name", "sector")

    class Meta:
        model = Organisation
        fields = ("name", "sector", "registered_number")
        help_texts = {
            "name": _("Who runs the place: a charity, a company, a council, or you."),
            "registered_number": _("Only if there is one."),
        }
        widgets = {"sector": forms.RadioSelect}
        error_messages = {
            "name": {"required": _("Write the name of the organisation.")},
            "sector": {"required": _("Choose the sector.")},
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["sector"].choices = Organisation.Sector.choices


class AddressForm(AsksAboutPostcode, DetailsForm):
    needed = ("name", "type", "address_1", "town")
    postcode = PostcodeField(
        label=_("Postcode"), error_messages={"required": _("Write the postcode of the place.")}
    )

    class Meta:
        model = Venue
        fields = ("name", "type", "address_1", "address_2", "town", "postcode", "landmark")
        help_texts = {
            "name": _("As it is written over the door."),
            "landmark": _(
                "In words, from something that people see, for those who use no map, such as: "
                "the blue door opposite the ferry steps."
            ),
        }
        error_messages = {
            "name": {"required": _("Write the name of the place.")},
            "type": {"required": _("Choose what kind of place it is.")},
            "address_1": {"required": _("Write the number and the street.")},
            "town": {"required": _("Write the town or city.")},
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.was_at = self.instance.postcode

    def clean(self):
        data = super().clean()
        if data.get("postcode") and data["postcode"] != self.was_at:
            self.ask_about(data["postcode"], self.instance.lead_scheme)
        return data

    def changes(self):
        """Adds the new postcode's point if the place has moved."""
        changes = super().changes()
        if self.instance.point is None or changes["postcode"] != self.was_at:
            changes["point"] = point_of(changes["postcode"])
            changes["point_confirmed_at"] = None  # a postcode's centre is not the door
        return changes


def point_of(postcode: str):
    """A postcode's point in grid coordinates, or None if the postcode is unknown."""
    found = Postcode.objects.located().filter(postcode=postcode).first()
    return found and grid_point(found.point.x, found.point.y)


class PointForm(SharedFactsForm, forms.Form):
    """Where the door is, in metres on the national grid; the map only fills in these two
    numbers.
    """

    easting = forms.DecimalField(
        label=_("Easting"),
        help_text=_("Six digits, metres from the west, such as 448120."),
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10", "inputmode": "decimal"}),
        error_messages={
            "required": _("Write the easting."),
            "invalid": _("The easting is a number of metres, such as 448120."),
        },
    )
    northing = forms.DecimalField(
        label=_("Northing"),
        help_text=_("Five to seven digits, metres from the south, such as 129480."),
        widget=forms.TextInput(attrs={"class": "govuk-input--width-10", "inputmode": "decimal"}),
        error_messages={
            "required": _("Write the northing."),
            "invalid": _("The northing is a number of metres, such as 129480."),
        },
    )

    def facts(self):
        """The two coordinates count as one fact."""
        return [Fact("point", gettext("Where the door is"), ("easting", "northing"))]

    def clean(self):
        data = super().clean()
        if "easting" in data and "northing" in data:
            try:
                data["point"] = grid_point(float(data["easting"]), float(data["northing"]))
            except Refused as refusal:
                raise ValidationError(list(refusal.reasons)) from None
        return data


class ContactForm(DetailsForm):
    needed = ("contact_name",)
    website = forms.URLField(
        label=_("Website"),
        required=False,
        max_length=200,
        assume_scheme="https",
        help_text=_(
            "A web page or social media page where people can see that you exist. "
            "The public sees it. No page yet? Leave it empty and answer “We need help” to the core "
            "principle about being found online: the team will help you, and you can send the "
            "form without one."
        ),
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "url"}),
        error_messages={"invalid": _("Write a web address, like www.example.org.")},
    )

    class Meta:
        model = Venue
        fields = ("contact_name", "contact_email", "contact_phone", "website", "phone")
        labels = {
            "contact_name": _("Who we can ask for"),
            "contact_email": _("Their e-mail address"),
            "contact_phone": _("Their telephone"),
            "phone": _("Telephone for the public"),
        }
        help_texts = {
            "contact_name": _("Only the team sees this."),
            "contact_email": _("Only the team sees this."),
            "contact_phone": _("Only the team sees this. E-mail or telephone: one is enough."),
            "phone": _("We ring it once to check it. After that the public sees it."),
        }
        widgets = {
            name: forms.TextInput(attrs={"type": "tel", "class": "govuk-input--width-20"})
            for name in ("contact_phone", "phone")
        }
        error_messages = {
            "contact_name": {"required": _("Write a name that we can ask for.")},
        }

    def clean(self):
        data = super().clean()
        if not (data.get("contact_email") or data.get("contact_phone")) and not self.errors:
            self.add_error("contact_email", _("Write an e-mail address or a telephone number."))
        return data


class FacilitiesForm(DetailsForm):
    """Facilities. "Not known" is an answer too, and better than a guess."""

    class Meta:
        model = Venue
        fields = (*Venue.FACILITIES, "languages", "woman_on_request")
        widgets = {
            "woman_on_request": forms.RadioSelect(
                attrs={"class": "govuk-radios--inline govuk-radios--small"}
            )
        }
        labels = {"woman_on_request": _("Can a person ask to speak to a woman?")}
        help_texts = {
            "languages": _("Besides English, such as Polish, Arabic, British Sign Language."),
            "woman_on_request": _("We never publish at which hours."),
        }
        field_classes = {}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in Venue.FACILITIES:
            self.fields[name] = YesNoNotKnown(_capital(self.fields[name].label))
        self.fields["woman_on_request"].choices = Venue.OnRequest.choices


class OffersForm(DetailsForm):
    """What people can expect of the place, and whom it mostly serves."""

    serves = forms.MultipleChoiceField(
        label=_("Who comes to you most?"),
        help_text=_(
            "So that what we offer suits you. Only the scheme’s team sees this, never the public."
        ),
        choices=Venue.Served.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Venue
        fields = (*Venue.OFFERS, "transport", "serves")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        asked = offers_to_ask(self.instance)
        for name in Venue.OFFERS:
            if name in asked:
                self.fields[name] = YesNoNotKnown(_capital(self.fields[name].label))
            else:
                del self.fields[name]
        if "directions" not in asked and not self.instance.transport:
            del self.fields["transport"]


class ListingForm(DetailsForm):
    class Meta:
        model = Venue
        fields = ("listing",)
        labels = {"listing": _("Who may find the place?")}
        widgets = {"listing": forms.RadioSelect}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["listing"].choices = Venue.Listing.choices
        self.fields["listing"].error_messages["required"] = _("Choose who may find the place.")
        if not self.instance.listing_chosen_at:
            self.initial["listing"] = ""  # not chosen yet


class PhotoForm(SharedFactsForm, forms.Form):
    photo = forms.FileField(
        label=_("Photo of the entrance"),
        required=False,
        help_text=format_lazy(
            _("JPEG, PNG or WebP, up to {most} MB. No people, please: nobody’s face."),
            most=sizes.megabytes(sizes.PHOTO),
        ),
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        error_messages={"empty": _("This file is empty. Choose another one.")},
    )
    photo_alt = forms.CharField(
        label=_("What the photo shows"),
        required=False,
        max_length=160,
        help_text=_("For those who cannot see it, such as: a green door beside a bus stop."),
    )
    remove = forms.BooleanField(label=_("Remove the photo"), required=False)

    def __init__(self, *args, venue, **kwargs):
        initial = {"photo_alt": venue.photo_alt, **kwargs.pop("initial", {})}
        super().__init__(*args, initial=initial, **kwargs)
        self.venue = venue
        if not venue.photo:
            del self.fields["remove"]

    def clean_photo(self):
        upload = self.cleaned_data["photo"]
        return redraw(upload) if upload else None

    def clean(self):
        data = super().clean()
        keeps = data.get("photo") or (self.venue.photo and not data.get("remove"))
        if keeps and not data.get("photo_alt") and "photo_alt" not in self.errors:
            self.add_error("photo_alt", _("Say what the photo shows."))
        return data

    def changes(self):
        data = self.cleaned_data
        if data.get("remove"):
            return {"photo": "", "photo_alt": ""}
        if data.get("photo"):
            return {"photo": data["photo"], "photo_alt": data["photo_alt"]}
        return {"photo_alt": data["photo_alt"]} if self.venue.photo else {}


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label=_("Explanation, if you like"),
        required=False,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("It helps the team, but you do not have to say."),
    )


def _capital(words) -> str:
    words = str(words)
    return words[:1].upper() + words[1:]
