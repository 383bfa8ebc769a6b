"""Officers' forms for staffed places."""

from django import forms
from django.utils.translation import gettext_lazy as _

from signposting.models import StaffedPlace
from venues.forms.joining import PostcodeField
from venues.forms.venues import point_of
from venues.hours.divisions import division_at
from venues.hours.model import Division
from venues.hours.reading import read_hours


class ConfirmStaffedPlaceForm(forms.Form):
    name = forms.CharField(label=_("Who agreed on its behalf"), max_length=120)


class StaffedPlaceForm(forms.ModelForm):
    """Requires a postcode with a known point and readable hours."""

    postcode = PostcodeField(label=_("Postcode"))

    class Meta:
        model = StaffedPlace
        fields = ("scheme", "name", "kind", "street", "postcode", "hours")

    def clean_hours(self):
        text = self.cleaned_data["hours"]
        read = read_hours(text)
        if read.unread:
            raise forms.ValidationError([part.reason for part in read.unread])
        if not read.intervals:
            raise forms.ValidationError(_("Write when somebody is there."))
        return text

    def clean(self):
        given = super().clean()
        if postcode := given.get("postcode"):
            point = point_of(postcode)
            if point is None:
                self.add_error("postcode", _("We do not know where this postcode is."))
            else:
                self.instance.point = point
                scheme = given.get("scheme")
                self.instance.division = (
                    division_at(point, postcode, scheme) or Division.ENGLAND_AND_WALES
                )
        return given
