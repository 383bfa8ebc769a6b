"""Values refused in every field of every form: ours, allauth's and the admin's alike.

Django runs every validator even when the text is already too long, accepts any control character,
and accepts dates and numbers that the database or the calendar cannot hold. `guard_every_field`
puts the checks below before each field's validators, so that no form has to remember them;
docs/decisions/inputs.md says why this is not a base class.
"""

import datetime
import unicodedata

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

LONGEST_TEXT = 100_000
"""Characters, if a field sets no length: the longest module or minutes have 40,000."""
YEARS = (1900, 2199)
MOST = 2**31 - 1  # the largest integer the database stores
MAY_HOLD_LINES = (forms.Textarea, forms.HiddenInput)
LINE_BREAKS = "\t\n\r"
_run_validators = forms.Field.run_validators
_email_to_python = forms.EmailField.to_python


def guard_every_field() -> None:
    """Check the values below before any field's own validators. Idempotent."""
    forms.Field.run_validators = _check_then_run_validators
    forms.EmailField.to_python = _visible_address


def without_invisible(text: str) -> str:
    """`text` without characters that cannot be seen, such as a zero-width space (U+200B)."""
    return "".join(each for each in text if unicodedata.category(each) != "Cf")


def one_line(text: str) -> str:
    """`text` with line breaks and other control characters folded into single spaces."""
    seen = (" " if _is_control(each) else each for each in text)
    return " ".join("".join(seen).split())


def refuse_value(field: forms.Field, value) -> None:
    """Raise ValidationError for text, dates or numbers that no field accepts."""
    if isinstance(value, str):
        _refuse_too_long(field, value)
        _refuse_control_characters(field, value)
    elif isinstance(value, datetime.date):
        if not YEARS[0] <= value.year <= YEARS[1]:
            raise ValidationError(
                _("Write a year from %(first)s to %(last)s."),
                params={"first": YEARS[0], "last": YEARS[1]},
                code="year",
            )
    elif isinstance(value, int) and not isinstance(value, bool) and abs(value) > MOST:
        raise ValidationError(_("This number is too large."), code="too_large")


def _check_then_run_validators(field, value):
    refuse_value(field, value)
    _run_validators(field, value)


def _visible_address(field, value):
    address = _email_to_python(field, value)
    return without_invisible(address) if len(address) <= LONGEST_TEXT else address


def _refuse_too_long(field, value):
    longest = getattr(field, "max_length", None) or LONGEST_TEXT
    if len(value) > longest:
        raise ValidationError(
            _("Write at most %(longest)s characters; this has %(length)s."),
            params={"longest": f"{longest:,}", "length": f"{len(value):,}"},
            code="max_length",
        )


def _refuse_control_characters(field, value):
    lines = isinstance(field.widget, MAY_HOLD_LINES)
    for each in value:
        if _is_control(each) and not (lines and each in LINE_BREAKS):
            raise ValidationError(
                _("Take out characters that cannot be seen (U+%(code)s).")
                if lines or each not in LINE_BREAKS
                else _("Write this on one line, without line breaks or tabs."),
                params={"code": f"{ord(each):04X}"},
                code="control_character",
            )


def _is_control(character: str) -> bool:
    """A control character (Cc), or Unicode's line and paragraph separators."""
    return unicodedata.category(character) in ("Cc", "Zl", "Zp")
