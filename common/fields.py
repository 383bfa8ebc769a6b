"""Form fields in the shape GOV.UK research found to work."""

import datetime

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

MONTHS = [
    *("january", "february", "march", "april", "may", "june"),
    *("july", "august", "september", "october", "november", "december"),
]


class DayMonthYearWidget(forms.MultiWidget):
    """Three small boxes. Nobody has to find a date in a calendar or guess the order."""

    template_name = "common/day_month_year.html"
    use_fieldset = True
    labels = (_("Day"), _("Month"), _("Year"))

    def __init__(self, attrs=None):
        box = {"inputmode": "numeric", "autocomplete": "off"}
        super().__init__(
            {
                "day": forms.TextInput({**box, "class": "govuk-input--width-2", "maxlength": 2}),
                "month": forms.TextInput(
                    {"autocomplete": "off", "class": "govuk-input--width-4", "maxlength": 9}
                ),
                "year": forms.TextInput({**box, "class": "govuk-input--width-4", "maxlength": 4}),
            },
            attrs,
        )

    def get_context(self, name, value, attrs):
        context = super().get_context(name, value, attrs)
        for part, label in zip(context["widget"]["subwidgets"], self.labels, strict=True):
            part["label"] = label
        return context

    def decompress(self, value):
        if isinstance(value, datetime.date):
            return [value.day, value.month, value.year]
        return [None, None, None]

    def id_for_label(self, id_):
        return f"{id_}_0" if id_ else ""


class DayMonthYearField(forms.MultiValueField):
    """A date in three boxes; the month may be a number or a name."""

    widget = DayMonthYearWidget
    default_error_messages = {
        "invalid": _("Write a real date, such as 27 3 2026."),
        "incomplete": _("Write a day, a month and a year."),
    }

    def __init__(self, **kwargs):
        parts = [forms.CharField(required=False) for __ in range(3)]
        super().__init__(fields=parts, require_all_fields=False, **kwargs)

    def compress(self, data_list):
        words = [str(part or "").strip() for part in data_list]
        if not any(words):  # Blanks count as "filled in" above, so check for them here.
            if self.required:
                raise ValidationError(self.error_messages["required"], code="required")
            return None
        if not all(words):
            raise ValidationError(self.error_messages["incomplete"], code="incomplete")
        day, month, year = words
        try:
            return datetime.date(int(year), _month_number(month), int(day))
        except ValueError:
            raise ValidationError(self.error_messages["invalid"], code="invalid") from None


def _month_number(month: str) -> int:
    """3, 03, mar and March are all 3. ValueError if it is not a month."""
    if month.isdigit():
        return int(month)
    for number, name in enumerate(MONTHS, start=1):
        if len(month) >= 3 and name.startswith(month.lower()):
            return number
    raise ValueError(month)


class LinesField(forms.CharField):
    """A list of short texts, one per line. Empty lines are dropped."""

    widget = forms.Textarea

    def __init__(self, *, most: int, longest: int, **kwargs):
        self.most, self.longest = most, longest
        super().__init__(**{"required": False, **kwargs})
        self.widget.attrs.setdefault("rows", 5)

    def prepare_value(self, value):
        return "\n".join(value) if isinstance(value, list) else value

    def has_changed(self, initial, data):
        return (initial or []) != self._lines(data or "")

    def clean(self, value) -> list[str]:
        lines = self._lines(super().clean(value))
        problems = []
        if len(lines) > self.most:
            words = _("Write at most %(most)s lines. There are %(count)s.")
            problems.append(words % {"most": self.most, "count": len(lines)})
        for number, line in enumerate(lines, start=1):
            if len(line) > self.longest:
                words = _("Line %(number)s is too long: write at most %(longest)s characters.")
                problems.append(words % {"number": number, "longest": self.longest})
        if problems:
            raise ValidationError(problems)
        return lines

    @staticmethod
    def _lines(text: str) -> list[str]:
        return [line.strip() for line in text.splitlines() if line.strip()]
