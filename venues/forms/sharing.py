"""What a place agrees to show a scheme before joining it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import SharedFactsForm

SHARES = [
    ("yes", _("Yes: its officers see their names, and their training counts there too")),
    ("no", _("No: it sees nobody’s name, and counts only what is learnt for it")),
]
SHARES_NAMES = [
    ("yes", _("Yes: its officers see their names")),
    ("no", _("No: it sees nobody’s name")),
]
"""For a scheme without training."""


class SharePeopleForm(forms.Form):
    """No answer is preselected: the choice has to be the place's own."""

    shares_people = forms.ChoiceField(
        label=_("Share the people who work here, and their training"),
        choices=SHARES,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose whether your people are shared.")},
    )

    def __init__(self, *args, trains: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not trains:
            self.fields["shares_people"].label = _("Share the people who work here")
            self.fields["shares_people"].choices = SHARES_NAMES

    def clean_shares_people(self) -> bool:
        return self.cleaned_data["shares_people"] == "yes"


class ChangeSharingForm(SharedFactsForm, SharePeopleForm):
    """Change an earlier choice; checks for concurrent changes by another manager."""


class JoinSchemeForm(SharePeopleForm):
    agree = forms.BooleanField(
        label=_("We have read this and agree"),
        error_messages={"required": _("Tick that you have read this and agree.")},
    )
