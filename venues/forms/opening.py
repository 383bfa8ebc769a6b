"""Starting a scheme, what is recorded before it opens, and closing it."""

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common import sizes
from common.refusals import Refused
from geography.models import Area
from venues.models import Clearance, Scheme, SchemeContact
from venues.packs import available, export_scheme, text_of
from venues.packs.writing import as_toml

NOTHING, FILE, PACK, SCHEME = "nothing", "file", "pack:", "scheme:"


def areas_for_a_scheme(current: int | None = None):
    """Council-sized areas, without their boundaries; `current` stays selectable."""
    large = [Area.Kind.DISTRICT, Area.Kind.COUNTY, Area.Kind.OTHER, Area.Kind.DRAWN]
    chosen = Area.objects.filter(Q(kind__in=large) | Q(pk=current))
    return chosen.defer("boundary").order_by("name", "-vintage")


class StartSchemeForm(forms.Form):
    start_from = forms.ChoiceField(label=_("Start from"), widget=forms.RadioSelect)
    file = forms.FileField(
        label=_("Pack file"),
        required=False,
        help_text=_("A .toml file, such as one that was exported from a scheme."),
        widget=forms.FileInput(attrs={"accept": ".toml"}),
    )
    name = forms.CharField(label=_("Name"), max_length=120)
    slug = forms.SlugField(
        label=_("Short name for addresses"),
        required=False,
        help_text=_("Made from the name if left empty."),
    )
    council = forms.CharField(label=_("Who runs it"), max_length=120)
    contact_email = forms.EmailField(label=_("The team’s e-mail address"))
    area = forms.ModelChoiceField(label=_("Area"), queryset=Area.objects.none(), required=False)
    administrator = forms.EmailField(
        label=_("E-mail address of its administrator"),
        help_text=_(
            "They sign in with a code sent to this address and work through the checklist."
        ),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["area"].queryset = areas_for_a_scheme()
        packs = [(PACK + name, name.replace("_", " ").capitalize()) for name in available()]
        schemes = [
            (f"{SCHEME}{each.pk}", _("Another scheme: %(name)s") % {"name": each.name})
            for each in Scheme.objects.order_by("name")
        ]
        self.fields["start_from"].choices = [
            *packs,
            *schemes,
            (FILE, _("A pack file")),
            (NOTHING, _("Nothing")),
        ]

    def clean_file(self):
        upload = self.cleaned_data["file"]
        if not upload:
            return ""
        if upload.size > sizes.PACK:
            words = _("This file is larger than %(most)s MB, which no pack is.")
            raise ValidationError(words % {"most": sizes.megabytes(sizes.PACK)})
        try:
            return upload.read().decode("utf-8")
        except UnicodeDecodeError:
            raise ValidationError(_("This is not a text file. Send a pack as TOML.")) from None

    def clean(self):
        data = super().clean()
        if data.get("start_from") == FILE and not data.get("file") and "file" not in self.errors:
            self.add_error("file", _("Choose the file."))
        if data.get("start_from", "").startswith(SCHEME):
            try:
                self.exported = export_scheme(
                    Scheme.objects.get(pk=data["start_from"].removeprefix(SCHEME))
                )
            except Refused as refusal:
                self.add_error("start_from", str(refusal))
        return data

    def text(self) -> str:
        """The text of the chosen pack. The form must be valid."""
        chosen = self.cleaned_data["start_from"]
        if chosen == FILE:
            return self.cleaned_data["file"]
        if chosen == NOTHING:
            return as_toml([("scheme", False, [{"name": self.cleaned_data["name"]}])])
        if chosen.startswith(PACK):
            return text_of(chosen.removeprefix(PACK))
        return self.exported

    def given(self) -> dict:
        """Scheme fields that override the pack's, and the administrator's address."""
        names = ("name", "slug", "council", "contact_email", "area", "administrator")
        return {name: self.cleaned_data[name] for name in names if self.cleaned_data[name]}


def _day(label) -> forms.DateField:
    return forms.DateField(
        label=label,
        initial=timezone.localdate,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


class SignOffForm(forms.Form):
    name = forms.CharField(label=_("Name of the safeguarding lead"), max_length=120)
    role = forms.CharField(label=_("Their role"), max_length=120)
    signed_on = _day(_("Signed off on"))


class TestCallForm(forms.Form):
    contact = forms.ModelChoiceField(label=_("Number"), queryset=SchemeContact.objects.none())
    called_on = _day(_("Rung on"))
    caller = forms.CharField(label=_("Who rang"), max_length=120)
    was_answered = forms.TypedChoiceField(
        label=_("Did the right service answer?"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        coerce=lambda value: value == "yes",
    )

    def __init__(self, *args, scheme, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["contact"].queryset = SchemeContact.objects.filter(scheme=scheme)


class ClearanceForm(forms.Form):
    clearance = forms.ModelChoiceField(
        label=_("What"),
        queryset=Clearance.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
    )
    given_by = forms.CharField(
        label=_("Who gave it"),
        max_length=120,
        help_text=_("A person, and for whom they spoke. Keep what they wrote in your own files."),
    )
    given_on = _day(_("Given on"))

    def __init__(self, *args, scheme, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["clearance"].queryset = Clearance.objects.filter(scheme=scheme)


class WithdrawClearanceForm(forms.Form):
    clearance = forms.ModelChoiceField(
        label=_("What"),
        queryset=Clearance.objects.none(),
        empty_label=None,
        widget=forms.RadioSelect,
    )

    def __init__(self, *args, scheme, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["clearance"].queryset = Clearance.objects.given().filter(scheme=scheme)


class CloseSchemeForm(forms.Form):
    successor = forms.ModelChoiceField(
        label=_("Scheme that takes its place"),
        queryset=Scheme.objects.none(),
        required=False,
        help_text=_("Its name is shown on the page of every old sticker."),
    )
    where_now = forms.CharField(
        label=_("Where to look now"),
        max_length=300,
        required=False,
        help_text=_("A sentence for whoever scans an old sticker."),
    )

    def __init__(self, *args, scheme, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["successor"].queryset = Scheme.objects.open().exclude(pk=scheme and scheme.pk)


class HandOnForm(forms.Form):
    council = forms.CharField(label=_("Council that runs it from now on"), max_length=120)
    contact_email = forms.EmailField(label=_("Its team’s e-mail address"))
    controller = forms.CharField(
        label=_("Data controller, if different"), max_length=200, required=False
    )
    administrator = forms.EmailField(label=_("E-mail address of its administrator"))
