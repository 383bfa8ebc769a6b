"""Officers' forms. Each belongs to one action."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from venues.forms.joining import AsksAboutPostcode, PostcodeField
from venues.models import Organisation, Scheme, Sticker


class EnterSignUpForm(AsksAboutPostcode, forms.Form):
    scheme = forms.ModelChoiceField(label=_("Scheme"), queryset=Scheme.objects.none())
    postcode = PostcodeField()

    def __init__(self, *args, schemes, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["scheme"].queryset = schemes
        if len(schemes) == 1:
            self.fields["scheme"].initial = schemes[0].pk

    def clean(self):
        data = super().clean()
        if data.get("postcode") and data.get("scheme"):
            self.ask_about(data["postcode"], data["scheme"])
        return data


class EnterOrganisationForm(forms.Form):
    scheme = forms.ModelChoiceField(label=_("Scheme"), queryset=Scheme.objects.none())
    name = forms.CharField(label=_("Name of the organisation"), max_length=160)
    email = forms.EmailField(
        label=_("E-mail address of whoever looks after it"),
        required=False,
        help_text=_(
            "They are invited to look after it, and asked to confirm what you enter. Without an "
            "address, print the letter and post it."
        ),
    )
    is_another = forms.BooleanField(
        label=_("It is another organisation of that name"),
        required=False,
        widget=forms.HiddenInput,
    )

    def __init__(self, *args, schemes, organisations, **kwargs):
        super().__init__(*args, **kwargs)
        self.organisations = organisations
        self.fields["scheme"].queryset = schemes
        if len(schemes) == 1:
            self.fields["scheme"].initial = schemes[0].pk

    def clean(self):
        data = super().clean()
        name = " ".join(data.get("name", "").split())
        if name and not data.pop("is_another", False):
            self._ask_about(name)
        return {key: data[key] for key in ("scheme", "name", "email") if key in data}

    def _ask_about(self, name: str) -> None:
        """One of that name, which may be the same, can sign up itself: nothing is known twice."""
        if self.organisations.filter(name__iexact=name).exists():
            self.fields["is_another"].widget = forms.CheckboxInput()
            self.add_error(
                "name",
                _(
                    "“%(name)s” is here already. Whoever looks after it can sign it up in the "
                    "portal. If this is another one, say so below."
                )
                % {"name": name},
            )


class LetterForm(forms.Form):
    letter = forms.CharField(
        label=_("Letter to the venue"),
        help_text=_("A draft: change it as you like. It is sent as it stands here."),
        widget=forms.Textarea(attrs={"rows": 14}),
    )


class DeclineForm(LetterForm):
    reason = forms.CharField(
        label=_("Reason"),
        help_text=_("For officers only. The venue reads the letter."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    field_order = ["reason", "letter"]


class ChangesForm(LetterForm):
    """One text box per principle and one general one; empty boxes request nothing."""

    whole = forms.CharField(
        label=_("About the whole sign-up"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args, principles, **kwargs):
        super().__init__(*args, **kwargs)
        self.principles = {f"principle_{each.pk}": each for each in principles}
        for name, principle in self.principles.items():
            self.fields[name] = forms.CharField(
                label=_("What to change about “%(principle)s”") % {"principle": principle},
                required=False,
                widget=forms.Textarea(attrs={"rows": 3}),
            )
        self.order_fields([*self.principles, "whole", "letter"])

    def requests(self):
        """(principle or None, text) for each box that was filled in."""
        asked = [(each, self.cleaned_data[name]) for name, each in self.principles.items()]
        return [(each, text) for each, text in [*asked, (None, self.cleaned_data["whole"])] if text]


class OrganisationChangesForm(LetterForm):
    to_change = forms.CharField(
        label=_("What to change"),
        help_text=_("The organisation reads it in the portal, above its sign-up."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    field_order = ["to_change", "letter"]


class SuspendForm(forms.Form):
    reason = forms.CharField(
        label=_("Why it is suspended"),
        help_text=_("For officers only. The letter to the venue comes after."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class WithdrawForm(forms.Form):
    reason = forms.CharField(
        label=_("Why it is leaving, in the venue’s words"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class HandOverForm(forms.Form):
    organisation_name = forms.CharField(label=_("Name of the new organisation"), max_length=160)
    manager_email = forms.EmailField(label=_("E-mail address of its manager"))


class HandOverLeadForm(forms.Form):
    scheme = forms.ModelChoiceField(
        label=_("Scheme"), queryset=Scheme.objects.none(), empty_label=None
    )

    def __init__(self, *args, schemes, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["scheme"].queryset = schemes


class RefuseEditForm(forms.Form):
    reason = forms.CharField(
        label=_("Why not"),
        help_text=_("The place reads it in its letter."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class RefuseHandOverForm(forms.Form):
    reason = forms.CharField(
        label=_("Why not"),
        help_text=_("For the officers of your scheme."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


class ManagerForm(forms.Form):
    email = forms.EmailField(label=_("E-mail address of the new manager"))


class CheckForm(forms.Form):
    kind = forms.SlugField(label=_("Check"))
    passed = forms.TypedChoiceField(
        label=_("Answer"),
        choices=[("yes", _("Yes")), ("no", _("No"))],
        coerce=lambda value: value == "yes",
    )


class ConfirmPhoneForm(forms.Form):
    name = forms.CharField(label=_("Who confirmed this number"), max_length=120)


class EndStickerForm(forms.Form):
    reason = forms.ChoiceField(label=_("Why the sticker ends"), choices=Sticker.EndReason)


class ParentForm(forms.Form):
    """By name or number, because a list of every organisation would be too long."""

    parent = forms.CharField(
        label=_("Franchisee of"),
        help_text=_(
            "The full name of the other organisation, or its charity or company number. Leave "
            "it empty if it is not a franchisee."
        ),
        required=False,
        max_length=160,
    )

    def __init__(self, *args, organisations, **kwargs):
        super().__init__(*args, **kwargs)
        self.organisations = organisations

    def clean_parent(self) -> Organisation | None:
        typed = self.cleaned_data["parent"]
        if not typed:
            return None
        called = Q(name__iexact=typed) | Q(registered_number__iexact=typed)
        found = list(self.organisations.filter(called)[:2])
        if not found:
            raise forms.ValidationError(
                _("None of the organisations that you see is called “%(typed)s”."),
                params={"typed": typed},
            )
        if len(found) > 1:
            raise forms.ValidationError(
                _("Several are called so. Give the charity or company number.")
            )
        return found[0]
