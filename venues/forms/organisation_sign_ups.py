"""What the public reads about an organisation that agreed to a scheme, and officers' answers."""

from django import forms
from django.utils.translation import gettext_lazy as _

from common.forms import SharedFactsForm
from venues.models import OrganisationSignUp


class ShownOrganisationForm(SharedFactsForm, forms.ModelForm):
    website = forms.URLField(
        label=_("Website"),
        required=False,
        assume_scheme="https",
        help_text=_("Leave it empty if there is none."),
    )

    class Meta:
        model = OrganisationSignUp
        fields = ("is_named", "website")
        labels = {"is_named": _("Name us on the scheme’s page")}

    def changes(self) -> dict:
        return dict(self.cleaned_data)
