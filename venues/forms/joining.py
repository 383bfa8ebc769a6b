"""The first two questions of a sign-up, and "we will ring you"."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.postcodes import WHOLE_POSTCODE, normalise_postcode
from venues.models import Scheme
from venues.postcodes import doubt_about


class PostcodeField(forms.CharField):
    """A postcode in any spelling, kept as `SO14 0AA`."""

    def __init__(self, **kwargs):
        kwargs.setdefault("label", _("Postcode of the place"))
        kwargs.setdefault(
            "widget",
            forms.TextInput(
                attrs={"class": "govuk-input--width-10", "autocomplete": "postal-code"}
            ),
        )
        super().__init__(max_length=12, **kwargs)

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return ""
        postcode = normalise_postcode(text)
        if not WHOLE_POSTCODE.fullmatch(postcode):
            raise ValidationError(_("Write a whole postcode, like SO14 0AA."), code="postcode")
        return postcode


class AsksAboutPostcode:
    """Mixin: queries, once, a postcode that is unknown or outside the scheme's area.

    Neither is refused: a place across the border may be welcome, and new postcodes appear monthly.
    """

    def ask_about(self, postcode: str, scheme: Scheme) -> None:
        words = doubt_about(postcode, scheme)
        if not words:
            return
        name = f"right_{postcode.replace(' ', '')}"  # each postcode has its own question
        self.fields[name] = forms.BooleanField(
            label=_("Yes, %(postcode)s is right") % {"postcode": postcode}, required=False
        )
        if not self.data.get(self.add_prefix(name)):
            self.add_error(name, words)


class SchemeField(forms.ModelChoiceField):
    """Which scheme for places: asked only if several take sign-ups."""

    def __init__(self, **kwargs):
        super().__init__(
            Scheme.objects.shown().for_places(),
            label=_("Scheme"),
            empty_label=None,
            widget=forms.RadioSelect,
        )

    def label_from_instance(self, scheme):
        return f"{scheme.name}, {scheme.council}"


class OneSchemeForm(forms.Form):
    """The scheme is not asked if only one is open or `about` gives it."""

    within_rounds = False
    """Whether only schemes that take sign-ups today can be chosen."""

    def __init__(self, *args, about: Scheme | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        if self.within_rounds:
            schemes = self.fields["scheme"].queryset
            self.fields["scheme"].queryset = schemes.taking_sign_ups(timezone.localdate())
        if about:
            self.fields["scheme"].widget = forms.HiddenInput()
            self.fields["scheme"].initial = about.pk
        schemes = list(self.fields["scheme"].queryset[:2])
        if len(schemes) == 1:
            self.only_scheme = schemes[0]
            del self.fields["scheme"]

    def clean(self):
        data = super().clean()
        if "scheme" not in self.fields:
            data["scheme"] = self.only_scheme
        return data


class EmailField(forms.EmailField):
    """The address the link is sent to."""

    def __init__(self):
        super().__init__(
            label=_("Your e-mail address"),
            help_text=_("We send a link to it. It stays with the team and is never public."),
            widget=forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
            error_messages={
                "required": _("Write your e-mail address."),
                "invalid": _("Write an e-mail address, like name@example.org."),
            },
        )


class JoinForm(AsksAboutPostcode, OneSchemeForm):
    within_rounds = True
    email = EmailField()
    postcode = PostcodeField(error_messages={"required": _("Write the postcode of the place.")})
    scheme = SchemeField()

    def clean(self):
        data = super().clean()
        if data.get("postcode") and data.get("scheme"):
            self.ask_about(data["postcode"], data["scheme"])
        return data


class TellMeForm(OneSchemeForm):
    """The address of somebody who wants to be told when the scheme's next round opens."""

    email = EmailField()
    scheme = SchemeField()


class OrganisationJoinForm(forms.Form):
    """An organisation signs up as a whole: an e-mail address, and no postcode of a place."""

    email = EmailField()
    scheme = forms.ModelChoiceField(
        Scheme.objects.shown().for_organisations(), widget=forms.HiddenInput
    )

    def __init__(self, *args, about: Scheme, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["scheme"].initial = about.pk


class PlacePostcodeForm(forms.Form):
    """The postcode of another place, for somebody who already has places."""

    postcode = PostcodeField(error_messages={"required": _("Write the postcode of the place.")})


class RingForm(OneSchemeForm):
    name = forms.CharField(
        label=_("Your name"), max_length=80, error_messages={"required": _("Write your name.")}
    )
    venue_name = forms.CharField(
        label=_("Name of the place"),
        max_length=160,
        error_messages={"required": _("Write the name of the place.")},
    )
    phone = forms.CharField(
        label=_("Telephone"),
        max_length=40,
        widget=forms.TextInput(attrs={"type": "tel", "class": "govuk-input--width-20"}),
        error_messages={"required": _("Write the number we should ring.")},
    )
    best_time = forms.CharField(
        label=_("A good time to ring"),
        max_length=80,
        required=False,
        help_text=_("Such as mornings, or not on Mondays."),
    )
    scheme = SchemeField()

    def clean_phone(self):
        phone = self.cleaned_data["phone"]
        if sum(letter.isdigit() for letter in phone) < 6:
            raise ValidationError(_("Write a whole telephone number, like 01962 000000."))
        return phone
