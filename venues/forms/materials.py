"""A scheme's material: a file or a web address."""

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from common import sizes
from common.forms import SharedFactsForm
from venues.materials import checked_file
from venues.models import Material


class MaterialForm(SharedFactsForm, forms.ModelForm):
    file = forms.FileField(
        label=_("File"),
        required=False,
        help_text=format_lazy(
            _("A PDF, a picture or an office file, up to {most} MB. Or give a web address."),
            most=sizes.megabytes(sizes.MATERIAL),
        ),
    )

    class Meta:
        model = Material
        fields = (
            "scheme",
            "title",
            "for_whom",
            "order",
            "unlocked_from",
            "address",
            "file",
            "made",
        )

    def clean_file(self):
        """Check and rename a new file; an existing one stays, unless an address replaces it."""
        upload = self.cleaned_data.get("file")
        if not upload:
            return ""
        if "file" not in self.files:
            return upload
        content, self.instance.extension = checked_file(upload)
        return content

    def clean(self):
        data = super().clean()
        if data.get("address") and data.get("file") and "file" not in self.files:
            data["file"], self.instance.extension = "", ""
        return data
