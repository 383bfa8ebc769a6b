"""Fields of the hours' forms: a time of day, a day of any year."""

import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from common.fields import DayMonthYearField
from venues.hours.times import WrittenTime, read_written


class ClockField(forms.CharField):
    """One time of day, typed in any of the usual ways; cleans to a WrittenTime or None."""

    widget = forms.TextInput(
        attrs={"class": "govuk-input--width-5", "inputmode": "text", "autocomplete": "off"}
    )
    default_error_messages = {
        "time": _("“%(text)s” is not a time. Write it like 9:00, 9am or 17:30."),
    }

    def __init__(self, *, closing: bool = False, **kwargs):
        self.closing = closing
        super().__init__(**kwargs)

    def prepare_value(self, value):
        if not isinstance(value, datetime.time):
            return value
        # Midnight as an end is 24:00: "00:00 to 00:00" may also mean closed.
        return "24:00" if self.closing and value == datetime.time(0) else f"{value:%H:%M}"

    def clean(self, value) -> WrittenTime | None:
        text = super().clean(value)
        if not text:
            return None
        try:
            return read_written(text)
        except ValueError:
            raise ValidationError(
                self.error_messages["time"], code="time", params={"text": text}
            ) from None


class MonthDayField(forms.CharField):
    """A day of any year, kept as month times 100 plus day: "1 April" is 401."""

    widget = forms.TextInput(attrs={"class": "govuk-input--width-10", "autocomplete": "off"})

    def prepare_value(self, value):
        if isinstance(value, int):
            day = datetime.date(2000, value // 100, value % 100)
            return f"{day.day} {day:%B}"
        return value

    def clean(self, value):
        words = super().clean(value).split()
        if not words:
            return None
        year = "2000"  # a leap year: 29 February is a day one can mean
        try:
            day = DayMonthYearField().clean([*words, year] if len(words) == 2 else words)
        except forms.ValidationError:
            day = None
        if day is None or len(words) != 2:
            raise forms.ValidationError(_("Write a day and a month, such as 1 April."))
        return day.month * 100 + day.day
