"""Times as people write them: 9, 9am, 9.30, 17:30, midnight, noon."""

import datetime
import re

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

_TIME = re.compile(r"(\d{1,2})(?:[:.h]?(\d{2}))?\s*([ap]m)?")
WORDS = {"midnight": datetime.time(0), "noon": datetime.time(12), "midday": datetime.time(12)}


def read_time(text: str) -> datetime.time:
    """The time that `text` means; 24:00 is midnight. ValueError when it is none."""
    text = text.strip().lower().replace(".m.", "m").replace("a.m", "am").replace("p.m", "pm")
    if text in WORDS:
        return WORDS[text]
    found = _TIME.fullmatch(text)
    if not found:
        raise ValueError(text)
    hour, minute, half = int(found[1]), int(found[2] or 0), found[3]
    if half:
        if not 1 <= hour <= 12:
            raise ValueError(text)
        hour = hour % 12 + (12 if half == "pm" else 0)
    if hour == 24 and minute == 0:
        hour = 0
    return datetime.time(hour, minute)


class ClockField(forms.CharField):
    """One time of day, typed in any of the usual ways."""

    widget = forms.TextInput(
        attrs={"class": "govuk-input--width-5", "inputmode": "text", "autocomplete": "off"}
    )
    default_error_messages = {
        "time": _("“%(text)s” is not a time. Write it like 9:00, 9am or 17:30."),
    }

    def prepare_value(self, value):
        return f"{value:%H:%M}" if isinstance(value, datetime.time) else value

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return None
        try:
            return read_time(text)
        except ValueError:
            raise ValidationError(
                self.error_messages["time"], code="time", params={"text": text}
            ) from None
