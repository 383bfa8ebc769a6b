"""A scheme's wording and look."""

import base64
import binascii
from urllib.parse import urlsplit

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.utils.translation import gettext_lazy as _

from common.fields import LinesField
from venues.logos import redraw_logo
from venues.models import Scheme
from venues.models.scheme_look import LONGEST_STEP, MOST_STEPS

WORDS = [
    "noun",
    "noun_plural",
    "about",
    "what_to_say",
    "sticker_title",
    "sticker_wording",
    "colour",
    "run_by",
    "delivered_by",
    "controller",
    "host",
]


class LookForm(forms.ModelForm):
    """An uploaded logo is sent back inside the page, so that a preview does not lose it."""

    new_logo = forms.FileField(
        label=_("Logo"),
        required=False,
        help_text=Scheme._meta.get_field("logo").help_text,
        widget=forms.FileInput(attrs={"accept": "image/png,image/svg+xml"}),
        error_messages={"empty": _("This file is empty. Choose another one.")},
    )
    kept_logo = forms.CharField(required=False, widget=forms.HiddenInput)
    walk_in_steps = LinesField(
        label=Scheme._meta.get_field("walk_in_steps").verbose_name,
        help_text=Scheme._meta.get_field("walk_in_steps").help_text,
        most=MOST_STEPS,
        longest=LONGEST_STEP,
    )
    remove_logo = forms.BooleanField(label=_("Remove the logo"), required=False)
    preview = forms.BooleanField(required=False, widget=forms.HiddenInput)

    class Meta:
        model = Scheme
        fields = [*WORDS, "walk_in_steps"]
        widgets = {"about": forms.Textarea(attrs={"rows": 6})}

    field_order = [
        *WORDS[:4],
        "walk_in_steps",
        *WORDS[4:7],
        *("new_logo", "kept_logo", "remove_logo"),
        *WORDS[7:],
    ]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if not self.instance.logo:
            del self.fields["remove_logo"]

    def clean_colour(self):
        return self.cleaned_data["colour"].lower()

    def clean_new_logo(self):
        upload = self.cleaned_data["new_logo"]
        return redraw_logo(upload) if upload else None

    def clean_kept_logo(self):
        kept = self.cleaned_data["kept_logo"]
        if not kept:
            return None
        try:
            content = base64.b64decode(kept, validate=True)
        except binascii.Error:
            raise ValidationError(_("Choose the logo again.")) from None
        return redraw_logo(ContentFile(content, name="kept.png"))

    def clean_host(self):
        host = self.cleaned_data["host"]
        if host and host != self.instance.host:
            if host == urlsplit(settings.SITE_URL).hostname:
                raise ValidationError(_("This is the installation’s own address. Give another."))
            if host not in settings.SCHEME_HOSTS:
                raise ValidationError(
                    _(
                        "The server does not answer to %(host)s yet. Whoever runs it adds the name "
                        "to SCHEME_HOSTS first."
                    )
                    % {"host": host}
                )
        return host

    def words(self) -> dict[str, str | list[str]]:
        """The typed fields, by name. The form must be valid."""
        return {name: self.cleaned_data[name] for name in (*WORDS, "walk_in_steps")}

    def logo(self) -> ContentFile | None:
        """A logo uploaded now, or carried over from the preview."""
        return self.cleaned_data.get("new_logo") or self.cleaned_data.get("kept_logo")
