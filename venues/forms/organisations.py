"""Filtering an organisation's places, and adding one."""

from django import forms
from django.utils.translation import gettext_lazy as _

from venues.branches import Branch, Overview
from venues.models import SignUp

from .joining import AsksAboutPostcode, OneSchemeForm, PostcodeField, SchemeField


class BranchFilterForm(forms.Form):
    """Filters a table of places by what it shows. Invalid values filter nothing."""

    SHOWN = {
        "to_do": lambda branch: bool(branch.to_do),
        "found": lambda branch: branch.how.is_listed,
        "not_found": lambda branch: not branch.how.is_listed,
        "not_sent": lambda branch: branch.sign_up.state == SignUp.State.DRAFT,
    }

    q = forms.CharField(label=_("Name, town or postcode"), required=False, max_length=100)
    show = forms.ChoiceField(
        label=_("Which places"),
        required=False,
        choices=[
            ("", _("All")),
            ("to_do", _("With something to do")),
            ("found", _("People can find them")),
            ("not_found", _("People cannot find them")),
            ("not_sent", _("Sign-up not sent yet")),
        ],
    )
    scheme = forms.ChoiceField(label=_("Scheme"), required=False)

    def __init__(self, *args, table: Overview, **kwargs):
        super().__init__(*args, **kwargs)
        schemes = table.schemes
        self.fields["show"].choices = [
            *self.fields["show"].choices,
            *((each.key, each.wanting_words) for each in table.columns if each.wanting_words),
        ]
        self.has_several_schemes = len(schemes) > 1
        if self.has_several_schemes:
            names = [(str(scheme.pk), scheme.name) for scheme in schemes]
            self.fields["scheme"].choices = [("", _("All schemes")), *names]
        else:
            del self.fields["scheme"]

    def chosen(self, table: Overview) -> list[Branch]:
        self.is_valid()
        words = self.cleaned_data.get("q", "").casefold().split()
        show = self.cleaned_data.get("show", "")
        passes = self.SHOWN.get(show, lambda branch: not show or show in branch.wanting)
        scheme = self.cleaned_data.get("scheme", "")
        return [
            branch
            for branch in table.branches
            if passes(branch)
            and (not scheme or str(branch.sign_up.scheme_id) == scheme)
            and all(word in _searched(branch.sign_up.venue) for word in words)
        ]


def _searched(venue) -> str:
    where = f"{venue.name} {venue.address_1} {venue.town} {venue.postcode}"
    return f"{where} {venue.postcode.replace(' ', '')}".casefold()


class AddBranchForm(AsksAboutPostcode, OneSchemeForm):
    """Another place of an organisation: just enough to start a sign-up."""

    postcode = PostcodeField(error_messages={"required": _("Write the postcode of the place.")})
    scheme = SchemeField()

    def clean(self):
        data = super().clean()
        if data.get("postcode") and data.get("scheme"):
            self.ask_about(data["postcode"], data["scheme"])
        return {name: data.get(name) for name in ("postcode", "scheme")}
