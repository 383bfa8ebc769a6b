"""Find personal details in free text: a safeguard, not a guarantee. No software finds names."""

import re
import unicodedata

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
DAY = r"(?:0?[1-9]|[12]\d|3[01])(?:st|nd|rd|th)?"
YEAR = r"(?:(?:19|20)\d\d|['’]?\d\d)"
BETWEEN = r"[\s./,\-–]{1,3}"

# Linear time: a word is tried only from its start and possessively (`++`), and gaps are bounded.
# With a plain `+`, each letter of a long word would scan to its end, which is quadratic.
EMAIL = re.compile(
    r"(?<![^\s@])[^\s@]++\s?@\s?[^\s@]++"
    r"|(?<![^\s@\[({])[^\s@\[({]++\s{0,5}[\[({]\s{0,5}at\s{0,5}[\])}]\s{0,5}[^\s@]++"
    r"|(?<![^\s@])[^\s@]++\s{1,5}at\s{1,5}[^\s@]++\s{1,5}dot\s{1,5}\w++",
    re.IGNORECASE,
)
DATE = re.compile(
    rf"(?<![\d.])(?:{DAY}{BETWEEN}(?:0?[1-9]|1[0-2]){BETWEEN}{YEAR}"
    rf"|(?:19|20)\d\d[./\-–](?:0?[1-9]|1[0-2])[./\-–]{DAY}"
    rf"|{DAY}(?:\s{{1,5}}of)?{BETWEEN}{MONTH}\.?{BETWEEN}{YEAR}"
    rf"|{MONTH}\.?{BETWEEN}{DAY}{BETWEEN}{YEAR})(?!\d)",
    re.IGNORECASE,
)
BORN = re.compile(
    r"\b(?:d\.?\s?o\.?\s?b\b\.?|date of birth|born(?:\s{1,5}(?:in|on))?)\s{0,5}:?\s{0,5}\d{1,8}",
    re.IGNORECASE,
)
PHONE = re.compile(r"(?<![\w])(?:\+|\(0|00)?\s?\(?\d(?:[\s().\-–/]{0,3}\d){6,60}(?!\w)")
TWO_YEARS = re.compile(r"(?:19|20)\d\d\s?[-–/]\s?(?:19|20)\d\d")


def personal_details_in(text: str) -> list[str]:
    """What was found, each with its position in the text; empty if nothing was."""
    plain = unicodedata.normalize("NFKC", text)
    plain = "".join(each for each in plain if unicodedata.category(each) != "Cf")
    found = []
    for pattern, words in (
        (EMAIL, _("an e-mail address (%(found)s)")),
        (DATE, _("a full date, which may be a date of birth (%(found)s)")),
        (BORN, _("a date of birth (%(found)s)")),
        (PHONE, _("a telephone number (%(found)s)")),
    ):
        for match in pattern.finditer(plain):
            piece = match[0].strip()
            if pattern is PHONE and TWO_YEARS.fullmatch(piece):
                continue
            found.append(words % {"found": piece})
        # Text that one pattern has matched is not tried against the others.
        plain = pattern.sub(" … ", plain) if pattern is not PHONE else plain
    return found


def refuse_personal_details(text: str) -> None:
    """A form field's validator: says what was found, and what to do."""
    if found := personal_details_in(text):
        raise ValidationError(
            _(
                "This looks like it holds %(found)s. Please take it out: nobody should be able to "
                "tell who was helped."
            ),
            params={"found": ", ".join(found)},
            code="personal_details",
        )
