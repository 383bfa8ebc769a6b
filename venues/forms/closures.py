"""The same closures, or the Christmas hours, for several places of an organisation."""

import datetime
import re
from hashlib import blake2s

from django import forms
from django.core.exceptions import ValidationError
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from venues.actions.closures import Days
from venues.hours.asking import AskingForm, Pair
from venues.hours.fields import ClockField
from venues.hours.form import ClosureForm
from venues.models import Venue

CLOSED_WORDS = ("closed", "close", "shut", "closed all day", "no")
CHRISTMAS = (12, 24)
NEW_YEAR = (1, 2)


class PlacesField(forms.ModelMultipleChoiceField):
    """A selection of the places this user manages."""

    def __init__(self, queryset: QuerySet[Venue], **kwargs):
        super().__init__(
            queryset,
            label=_("Which places"),
            widget=forms.CheckboxSelectMultiple,
            error_messages={"required": _("Choose at least one place.")},
            **kwargs,
        )

    def label_from_instance(self, venue: Venue) -> str:
        return ", ".join(filter(None, [str(venue), venue.address_1, venue.postcode]))


class ForPlaces(AskingForm):
    """Mixin: which places, and a fingerprint of the preview that was shown.

    `shown` is the fingerprint of the previewed days and places: if the form has changed since, the
    preview is shown again before anything is saved.
    """

    def __init__(self, *args, venues: QuerySet[Venue], **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["everywhere"] = forms.BooleanField(
            label=_("All of these places"), required=False
        )
        self.fields["venues"] = PlacesField(venues, required=False)
        self.fields["shown"] = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean(self):
        data = super().clean()
        if data.get("everywhere"):
            data["venues"] = self.fields["venues"].queryset
        elif not data.get("venues") and "venues" not in self.errors:
            self.add_error("venues", _("Choose at least one place."))
        return data

    def days(self) -> list[Days]:
        """Abstract: the days of a valid form; closed days and Christmas hours differ in this."""
        raise NotImplementedError

    @property
    def mark(self) -> str:
        """A fingerprint of a valid form's days and places."""
        places = sorted(venue.pk for venue in self.cleaned_data["venues"])
        return blake2s(repr((self.days(), places)).encode(), digest_size=8).hexdigest()

    @property
    def was_shown(self) -> bool:
        return self.cleaned_data["shown"] == self.mark


class BranchClosureForm(ForPlaces, ClosureForm):
    """Days on which several places are closed, or open at other hours."""

    def days(self) -> list[Days]:
        names = ("starts_on", "ends_on", "opens", "closes", "note")
        return [Days(**{name: self.cleaned_data[name] for name in names})]


class ChristmasForm(ForPlaces):
    """What several places do from Christmas Eve to 2 January, one line per day."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.of_day = {f"d{day:%m%d}": day for day in christmas_days(timezone.localdate())}
        lines = {
            name: forms.CharField(
                label=date_format(day, "l j F Y"),
                required=False,
                max_length=40,
                widget=forms.TextInput(
                    attrs={"class": "govuk-input--width-20", "autocomplete": "off"}
                ),
            )
            for name, day in self.of_day.items()
        }
        self.fields = {**lines, **self.fields}

    def clean(self):
        data = super().clean()
        self.read: list[Days] = []
        pairs = []
        for name, day in self.of_day.items():
            text = " ".join(data.get(name, "").lower().split())
            if text in CLOSED_WORDS:
                self.read.append(Days(day, day, note=str(_("Christmas and New Year"))))
            elif text:
                pairs += self._pair(name, text)
        for key, (opens, closes) in self.settle(pairs).items():
            day = self.of_day[key]
            note = str(_("Christmas and New Year"))
            self.read.append(Days(day, day, opens=opens, closes=closes, note=note))
        self.read.sort(key=lambda days: days.starts_on)
        if not self.errors and not self.read:
            raise ValidationError(_("Say for at least one day what is different."))
        return data

    def _pair(self, name, text):
        """The two times on a line; adds an error to the field if there are none."""
        ends = re.split(r"\s*(?:-|–|—|\bto\b|\btill\b|\buntil\b)\s*", text)
        try:
            opens, closes = (ClockField(closing=n == 1).clean(end) for n, end in enumerate(ends))
        except (ValidationError, ValueError):
            words = _("Write “closed”, or hours such as 10am to 3pm.")
            self.add_error(name, words)
            return []
        if opens is None or closes is None:
            self.add_error(name, _("Write “closed”, or hours such as 10am to 3pm."))
            return []
        return [Pair(name, str(self.fields[name].label), opens, closes)]

    def days(self) -> list[Days]:
        return self.read


def christmas_days(today: datetime.date) -> list[datetime.date]:
    """Christmas Eve to 2 January of the current winter, from today on."""
    year = today.year - 1 if (today.month, today.day) <= NEW_YEAR else today.year
    first, last = datetime.date(year, *CHRISTMAS), datetime.date(year + 1, *NEW_YEAR)
    every = (first + datetime.timedelta(days=n) for n in range((last - first).days + 1))
    return [day for day in every if day >= today]
