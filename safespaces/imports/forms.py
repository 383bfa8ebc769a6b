"""The table, and the scheme whose records it holds."""

from django import forms
from django.utils.translation import gettext_lazy as _

from common import sizes
from common.tables import BIGGEST
from venues.models import Scheme


class ImportMembersForm(forms.Form):
    scheme = forms.ModelChoiceField(label=_("Scheme"), queryset=Scheme.objects.none())
    file = forms.FileField(
        label=_("CSV file or Excel workbook"),
        allow_empty_file=True,  # the reader refuses it in its own words
        help_text=_(
            "One row for each venue, or for each person at a venue. Required: venue, postcode, "
            "approved on. Optional: organisation, sector, type, address, town, contact "
            "name, contact email, contact phone, website, opening hours, closed, sticker number, "
            "sticker expires, sticker sent, sticker displayed, person first name, module, trained "
            "on, listing, reference (of a place that is here in another scheme)."
        ),
    )
    sheet = forms.CharField(
        label=_("Sheet of the workbook"),
        max_length=100,
        required=False,
        help_text=_("Only if several sheets of the workbook look like this list."),
    )
    invite = forms.BooleanField(
        label=_("Ask each venue’s contact by e-mail to look after it here"), required=False
    )

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        own = Scheme.objects.in_which(user, "venues.import_members")
        self.fields["scheme"].queryset = own
        if len(own) == 1:
            self.fields["scheme"].initial = own[0]

    def options(self) -> dict:
        """The importer's options."""
        return {name: self.cleaned_data[name] for name in ("invite", "sheet")}

    def clean_file(self):
        file = self.cleaned_data["file"]
        if file.size > BIGGEST:
            raise forms.ValidationError(
                _("The file is too big: at most %(most)s MB can be read at once.")
                % {"most": sizes.megabytes(BIGGEST)}
            )
        return file
