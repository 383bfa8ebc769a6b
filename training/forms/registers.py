"""Forms for a trainer at the door and after training in a room."""

import uuid

from django import forms
from django.contrib.auth import get_user_model
from django.utils.translation import gettext_lazy as _

from common import sizes
from common.fields import DayMonthYearField
from training.models import Module
from training.rules import may_train, people_shown, sign_ups_to_train
from venues.models import StaffMember

SHORT = {"class": "govuk-input--width-20", "autocomplete": "off"}


class NewPersonFields(forms.Form):
    """Fields for somebody who is not on the venue's list yet."""

    first_name = forms.CharField(
        label=_("Somebody else: first name"),
        required=False,
        max_length=60,
        widget=forms.TextInput(attrs=SHORT),
    )
    email = forms.EmailField(
        label=_("Their e-mail address"),
        help_text=_("Only if they want the certificate by e-mail."),
        required=False,
        error_messages={"invalid": _("Write an e-mail address, like name@example.org.")},
    )


class WalkInForm(NewPersonFields):
    """Walk-ins from one venue."""

    people = forms.ModelMultipleChoiceField(
        label=_("Who works there"),
        queryset=StaffMember.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    reason = forms.CharField(
        label=_("Reason for adding them now"),
        help_text=_("The register is closed, so this is a correction."),
        max_length=255,
    )
    token = forms.UUIDField(widget=forms.HiddenInput)
    field_order = ["people", "first_name", "email", "reason", "token"]

    def __init__(self, *args, people, is_closed, **kwargs):
        super().__init__(*args, initial={"token": uuid.uuid4()}, **kwargs)
        self.fields["people"].queryset = people
        if not people:
            del self.fields["people"]
            self.fields["first_name"].label = _("First name")
        if not is_closed:
            del self.fields["reason"]


class DoorNameForm(NewPersonFields):
    """The person who came on an unnamed seat."""

    person = forms.ModelChoiceField(
        label=_("Who works there"),
        queryset=StaffMember.objects.none(),
        required=False,
        empty_label=None,
        widget=forms.RadioSelect,
    )
    field_order = ["person", "first_name", "email"]

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people
        if not people:
            del self.fields["person"]
            self.fields["first_name"].label = _("First name")


class VenueForm(forms.Form):
    """Choose one of the scheme's venues."""

    sign_up = forms.ModelChoiceField(
        label=_("Where they work"),
        queryset=None,
        empty_label=_("Choose the place"),
        error_messages={"required": _("Choose the place.")},
    )

    def __init__(self, *args, schemes, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["sign_up"]
        field.queryset = sign_ups_to_train(schemes)
        several = len(schemes) > 1
        field.label_from_instance = lambda each: str(each) if several else str(each.venue)

    @classmethod
    def asked_by(cls, request, schemes):
        """The form filled from the query string; unbound, so without errors, if it has no venue."""
        return cls(request.GET if "sign_up" in request.GET else None, schemes=schemes)


class CorrectionForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("It is kept in the history. Do not write anybody's name."),
        max_length=255,
        error_messages={"required": _("Give a reason.")},
    )


class InRoomForm(forms.Form):
    """Training given in a room at one venue."""

    module = forms.ModelChoiceField(
        label=_("Training"),
        queryset=Module.objects.none(),
        empty_label=None,
        error_messages={"required": _("Choose the training.")},
    )
    day = DayMonthYearField(
        label=_("Day"), error_messages={"required": _("Write the day on which it was.")}
    )
    taught_by = forms.ModelChoiceField(label=_("Trainer"), queryset=None, empty_label=None)
    people = forms.ModelMultipleChoiceField(
        label=_("Who was there"),
        queryset=StaffMember.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    new_people = forms.CharField(
        label=_("Others who work there"),
        help_text=_("First names, one per line."),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, *args, sign_up, today, user, **kwargs):
        trainers = may_train(sign_up.scheme).values("user")
        super().__init__(*args, initial={"day": today, "taught_by": user.pk}, **kwargs)
        self.fields["module"].queryset = (
            Module.objects.for_scheme(sign_up.scheme)
            .exclude(completed_by=Module.CompletedBy.SELF_STUDY)
            .order_by("kind", "title")
        )
        self.fields["taught_by"].queryset = get_user_model().objects.filter(pk__in=trainers)
        self.fields["people"].queryset = people_shown(sign_up, today)

    def clean_new_people(self):
        names = [name.strip() for name in self.cleaned_data["new_people"].splitlines()]
        if any(len(name) > sizes.FIRST_NAME for name in names):
            words = _("A first name has at most %(most)s letters.")
            raise forms.ValidationError(words % {"most": sizes.FIRST_NAME})
        return [name for name in names if name]
