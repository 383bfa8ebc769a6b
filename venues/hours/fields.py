"""Form fields for opening hours: a time of day, a day of the year."""

import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from common.fields import DayMonthYearField
from venues.hours.times import ENGLISH_DAYS, WrittenTime, read_written


class ClockField(forms.CharField):
    """A time of day in any common notation; cleans to a WrittenTime or None."""

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
        # Midnight as a closing time is 24:00, because "00:00 to 00:00" may also mean closed.
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


def _lines_of_boxes(data) -> list[str]:
    """Lines from the former page with two boxes per day, which somebody may still have open."""
    lines = []
    for day, name in enumerate(ENGLISH_DAYS):
        for number in range(3):
            ends = [data.get(f"d{day}_{number}_{end}", "").strip() for end in ("opens", "closes")]
            if any(ends):
                asked = " by appointment" if data.get(f"d{day}_appointment") else ""
                lines.append(f"{name} {' to '.join(each for each in ends if each)}{asked}")
    return lines


class LinesWidget(forms.Widget):
    """One text box per line; the page adds buttons to remove a line or add one."""

    template_name = "venues/_hours_lines.html"
    input_type = "text"
    spare = 2

    def value_from_datadict(self, data, files, name) -> list[str]:
        found = sorted(
            int(number)
            for key in data
            for prefix, __, number in [key.rpartition("-")]
            if prefix == name and number.isdecimal() and len(number) < 4
        )
        if not found:
            return _lines_of_boxes(data)
        return [data.get(f"{name}-{number}", "") for number in found]

    def value_omitted_from_data(self, data, files, name):
        return not self.value_from_datadict(data, files, name)

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        lines = [line for line in value or [] if line.strip()]
        context["widget"]["lines"] = [*lines, *[""] * max(self.spare, 3 - len(lines))]
        return context

    def id_for_label(self, id_):
        return f"{id_}-0" if id_ else id_

    def format_value(self, value):
        return value


class LinesField(forms.Field):
    """Lines as typed, without the blank ones."""

    widget = LinesWidget
    default_error_messages = {
        "many": _("That is more than %(most)s lines. Put days of the same hours in one line."),
        "long": _(
            "A line has more than %(longest)s characters: write one line for each different day."
        ),
    }
    MOST = 30
    LONGEST_LINE = 200

    def to_python(self, value) -> list[str]:
        lines = [" ".join(line.split()) for line in value or [] if line.strip()]
        if len(lines) > self.MOST:
            raise ValidationError(
                self.error_messages["many"], code="many", params={"most": self.MOST}
            )
        if any(len(line) > self.LONGEST_LINE for line in lines):
            raise ValidationError(
                self.error_messages["long"], code="long", params={"longest": self.LONGEST_LINE}
            )
        return lines


class MonthDayField(forms.CharField):
    """A day of the year, stored as month times 100 plus day: "1 April" is 401."""

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
        year = "2000"  # a leap year, so that 29 February is valid
        try:
            day = DayMonthYearField().clean([*words, year] if len(words) == 2 else words)
        except forms.ValidationError:
            day = None
        if day is None or len(words) != 2:
            raise forms.ValidationError(_("Write a day and a month, such as 1 April."))
        return day.month * 100 + day.day
