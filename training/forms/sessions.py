"""Forms for managers, trainers and the public about sessions."""

import datetime
import uuid

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from training.models import Interest, Module, SeatRequest, Session
from training.rules import AT_MOST_AT_ONCE, may_train, venues_of
from venues.models import Scheme, Venue

NUMBERS = {
    "invalid": _("Write a number."),
    "min_value": _("Write a number from %(limit_value)s up."),
    "max_value": _("Write a number up to %(limit_value)s."),
}


class BookForm(forms.Form):
    """Several seats at once: named staff, and others whose names come later."""

    people = forms.ModelMultipleChoiceField(
        None,
        label=_("Who comes"),
        help_text=_("Only people who are not on the list yet."),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    names_later = forms.IntegerField(
        label=_("And how many whose names you will give later"),
        min_value=0,
        max_value=AT_MOST_AT_ONCE,
        initial=0,
        required=False,
        error_messages={
            **NUMBERS,
            "max_value": _("Book at most %(limit_value)s places at once."),
        },
    )
    asked_with = forms.UUIDField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["people"].queryset = people
        self.fields["people"].error_messages["invalid_choice"] = _(
            "Somebody you ticked does not work here any more. Look again who comes."
        )
        self.fields["asked_with"].initial = uuid.uuid4
        if not people:
            del self.fields["people"]
            self.fields["names_later"].label = _("How many places")
            self.fields["names_later"].initial = 1

    def offer_only(self, people):
        """Drop people who are on the list by now, so that a redrawn form can be resubmitted."""
        if people and "people" in self.fields:
            self.fields["people"].queryset = people
        return self

    def clean(self):
        data = super().clean()
        data["people"] = list(data.get("people") or [])
        data["names_later"] = data.get("names_later") or 0
        if not self.errors and not data["people"] and not data["names_later"]:
            raise forms.ValidationError(_("Say who comes, or how many."))
        return data


class NameForm(forms.Form):
    """Name the person on an unnamed seat, or replace somebody."""

    person = forms.ModelChoiceField(None, label=_("Who comes"))

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["person"]
        field.queryset = people
        # Many of these forms share a page: read `people` once for all of them.
        names = [(person.pk, str(person)) for person in people]
        field.choices = [("", _("Choose a person")), *names]


class InterestForm(forms.ModelForm):
    """A venue's interest: which training, and when it suits."""

    class Meta:
        model = Interest
        fields = ["module", "people", "wants_covered", "brings", "suits"]
        labels = {
            "module": _("Which training"),
            "people": _("How many people"),
            "wants_covered": _("What do you want it to cover?"),
            "brings": _("What do you bring?"),
            "suits": _("When would suit you?"),
        }
        help_texts = {
            "wants_covered": _("Such as: what to do when somebody is followed in."),
            "brings": _("Such as: fifteen years behind a bar, or a room we could use."),
            "suits": _("Such as: Monday mornings, or online after nine."),
        }
        error_messages = {
            "people": NUMBERS,
            "email": {"invalid": _("Write an e-mail address, like name@example.org.")},
        }
        widgets = {
            "wants_covered": forms.Textarea(attrs={"rows": 3}),
            "brings": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args, scheme=None, **kwargs):
        super().__init__(*args, **kwargs)
        modules = Module.objects.open()
        self.fields["module"].queryset = modules.for_scheme(scheme) if scheme else modules
        self.fields["module"].empty_label = _("Any, or I do not know yet")


class SeatForm(forms.ModelForm):
    """A seat for oneself: a name in any script, and the address that the link is sent to."""

    class Meta:
        model = SeatRequest
        fields = ["name", "email"]
        labels = {"name": _("Your name"), "email": _("Your e-mail address")}
        help_texts = {
            "name": _("As you want to be called. It stands on the list at the door."),
            "email": _("We send you a link. Your seat is booked when you press it."),
        }
        error_messages = {
            "name": {"required": _("Write your name.")},
            "email": {
                "required": _("Write your e-mail address."),
                "invalid": _("Write an e-mail address, like name@example.org."),
            },
        }
        widgets = {
            "name": forms.TextInput(attrs={"autocomplete": "name", "spellcheck": "false"}),
            "email": forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        }

    def _post_clean(self):
        """Leave the one open request of an address to the action, which renews it."""


class PublicInterestForm(InterestForm):
    """Anybody's interest, even without an organisation; only the scheme is required."""

    class Meta(InterestForm.Meta):
        fields = [
            "scheme",
            *InterestForm.Meta.fields,
            "name",
            "organisation_name",
            "email",
        ]
        labels = {
            **InterestForm.Meta.labels,
            "name": _("Your name"),
            "organisation_name": _("Your organisation, if you have one"),
            "email": _("E-mail address, if you want to be told when there is a session"),
        }
        help_texts = {
            **InterestForm.Meta.help_texts,
            "name": _("If you like."),
            "email": _("It stays with the scheme’s team and is deleted with the rest."),
        }
        widgets = {
            **InterestForm.Meta.widgets,
            "scheme": forms.RadioSelect,
            "name": forms.TextInput(attrs={"autocomplete": "name"}),
            "organisation_name": forms.TextInput(attrs={"autocomplete": "organization"}),
            "email": forms.EmailInput(attrs={"autocomplete": "email", "spellcheck": "false"}),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        schemes = Scheme.objects.shown()
        self.fields["scheme"].queryset = schemes
        self.fields["scheme"].empty_label = None
        self.only_scheme = schemes[0] if len(schemes[:2]) == 1 else None
        self.fields["module"].queryset = Module.objects.filter(
            pk__in=[
                module.pk for each in schemes for module in Module.objects.open().for_scheme(each)
            ]
        )
        if self.only_scheme:
            del self.fields["scheme"]

    def clean(self):
        data = super().clean()
        if self.only_scheme:
            data["scheme"] = self.only_scheme
        scheme, module = data.get("scheme"), data.get("module")
        if scheme and module and module not in Module.objects.for_scheme(scheme):
            self.add_error("module", _("This scheme does not give this training."))
        return data


class SessionForm(forms.ModelForm):
    """A session; date and time are separate fields."""

    date = forms.DateField(
        label=_("Date"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    time = forms.TimeField(
        label=_("Starts at"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    venue_types = forms.MultipleChoiceField(
        label=_("Kinds of place it suits"),
        help_text=_("If none is ticked, every kind."),
        choices=Venue.Type,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    class Meta:
        model = Session
        fields = [
            "kind",
            "module",
            "title",
            "open_to",
            "minutes",
            "venue",
            "address",
            "video_link",
            "capacity",
            "hours_to_accept",
            "trainers",
            "co_trainers",
            "note",
            "venue_types",
        ]
        field_classes = {
            "video_link": lambda **kw: forms.URLField(assume_scheme="https", **kw),
        }
        widgets = {
            "title": forms.TextInput(attrs={"size": 60}),
            "address": forms.TextInput(attrs={"size": 60}),
            "video_link": forms.URLInput(attrs={"size": 60}),
            "co_trainers": forms.TextInput(attrs={"size": 60}),
            "note": forms.Textarea(attrs={"rows": 3}),
            "trainers": forms.CheckboxSelectMultiple,
        }

    field_order = [
        "kind",
        "module",
        "title",
        "date",
        "time",
        "minutes",
        "venue",
        "address",
        "video_link",
        "open_to",
    ]

    def __init__(self, *args, scheme, **kwargs):
        super().__init__(*args, **kwargs)
        modules = Module.objects.open().for_scheme(scheme)
        self.fields["module"].queryset = modules.exclude(
            completed_by=Module.CompletedBy.SELF_STUDY
        ).order_by("kind", "title")
        self.fields["module"].required = False
        self.fields["module"].help_text = _("For training only. Nothing else completes a module.")
        for name in ("kind", "open_to"):  # As planned before, and as most are.
            self.fields[name].required = False
        # Never preselect the first option: a copied session's module may no longer be available.
        self.fields["module"].empty_label = _("Choose the training")
        self.fields["module"].error_messages |= {
            "invalid_choice": _(
                "This training cannot be given at a session: it is not reviewed yet, is completed "
                "by self-study alone, or is not one of the scheme’s. Make another choice."
            ),
        }
        self.fields["venue"].queryset = venues_of(scheme).order_by("name").distinct()
        officers = may_train(scheme).values("user")
        self.fields["trainers"].queryset = self.fields["trainers"].queryset.filter(pk__in=officers)
        self.fields["trainers"].required = False
        for name in ("minutes", "capacity", "hours_to_accept"):
            self.fields[name].validators += Session._meta.get_field(name).validators
            self.fields[name].error_messages |= NUMBERS

    def clean(self):
        data = super().clean()
        date, time = data.pop("date", None), data.pop("time", None)
        if date and time:
            starts_at = timezone.make_aware(datetime.datetime.combine(date, time))
            # An hour does not exist when the clocks go forward, and would silently become another.
            there = timezone.localtime(starts_at.astimezone(datetime.UTC))
            if there.time() != time:
                self.add_error("time", _("This time does not exist: the clocks go forward."))
            data["starts_at"] = starts_at
        data["kind"] = data.get("kind") or Session.Kind.TRAINING
        data["open_to"] = data.get("open_to") or Session.OpenTo.MANAGERS
        self._check_topic(data)
        return data

    def _check_topic(self, data):
        """Training has a module, everything else a title."""
        module, title = data.get("module"), data.get("title")
        if data["kind"] == Session.Kind.TRAINING:
            if not module and "module" not in self.errors:
                self.add_error("module", _("Choose the training."))
            if title:
                words = _("Training has the title of its module: leave this empty.")
                self.add_error("title", words)
        else:
            if not title and "title" not in self.errors:
                self.add_error("title", _("Give it a title."))
            if module:
                words = _("Only training has a module. Choose none here, or “Training” above.")
                self.add_error("module", words)

    def _post_clean(self):
        """Leave validation to the rule, which reports everything wrong with a session at once."""


class CancelSessionForm(forms.Form):
    reason = forms.CharField(
        label=_("Reason"), help_text=_("It is sent to those who booked."), max_length=255
    )
