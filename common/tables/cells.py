"""Readers of cells: dates, telephone numbers, addresses, numbers, yes or no.

Each reader takes the text of one cell and returns its value. If the text is not understood it
raises `Unread`, with a sentence that can follow "column “Telephone”:"; it never guesses. A value
that is certain although the text was damaged is returned as `Mended`, so that this can be reported.
"""

import datetime
import re
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common import sizes
from common.plain_text import has_control_characters, without_invisible
from common.postcodes import WHOLE_POSTCODE, normalise_postcode
from common.spreadsheets import not_neutralised

NOT_SAID = ("", "-", "–", "na", "n/a", "none", "null", "nil", "not known", "unknown", "tbc")
"""What people write in a cell without a value, in lower case."""
SPREADSHEET_ERROR = re.compile(r"#(N/A|REF!|VALUE!|DIV/0!|NAME\?|NUM!|NULL!|#+)|#+")
PLAIN_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d{1,2})?", re.IGNORECASE | re.ASCII)
# Lazy, because a census has millions of cells and few of them are not understood.
NOT_A_DAY = gettext_lazy("“%(text)s” is not a day such as 27/03/2024.")
NOT_A_PHONE = gettext_lazy("“%(text)s” is not a telephone number.")
NOT_AN_EMAIL = gettext_lazy("“%(text)s” is not an e-mail address.")
NOT_A_POSTCODE = gettext_lazy("“%(text)s” is not a whole postcode.")
NOT_YES_OR_NO = gettext_lazy("“%(text)s” is neither yes nor no.")
NOT_A_NUMBER = gettext_lazy("“%(text)s” is not a number.")
CLOSED_OR_NOT = gettext_lazy(
    "“%(text)s” does not say whether it has closed for good: yes, no or a day."
)
LONDON = ZoneInfo("Europe/London")
FIRST_DAY, LAST_DAY = datetime.date(1990, 1, 1), datetime.date(2100, 12, 31)
EXCEL_ZERO = datetime.date(1899, 12, 30)
"""Day 0 as Excel for Windows counts from 1 March 1900 on."""
MONTHS = "january february march april may june july august september october november december"
DAY_FIRST = re.compile(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d{4}|\d{2})")
YEAR_FIRST = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})|(\d{4})(\d\d)(\d\d)")
CLOCK = re.compile(r"[T ,]+\d{1,2}[:.]\d\d([:.]\d\d(\.\d+)?)?\s*([ap]\.?m\.?)?$", re.IGNORECASE)
WEEKDAY = re.compile(r"^(mon|tues?|wed(nes)?|thu(rs?)?|fri|sat(ur)?|sun)(day)?\.?,?\s+", re.I)
YES, NO = ("yes", "y", "true", "t", "1", "✓", "✔"), ("no", "n", "false", "f", "0", "✗", "✘")


class Unread(ValueError):
    """A cell that was not understood; the message follows the column's name."""


@dataclass(frozen=True)
class Mended:
    """A value restored with certainty after a spreadsheet damaged it; `how` explains it to the
    user.
    """

    value: Any
    how: str


def clean(text: str) -> str:
    """One cell's text without invisible characters; Unread for control characters and errors."""
    text = not_neutralised(without_invisible(text))
    if has_control_characters(text):
        raise Unread(_("it has a control character in it: type it again."))
    if SPREADSHEET_ERROR.fullmatch(text):
        raise Unread(_("“%(text)s” is a spreadsheet’s error.") % {"text": text[:20]})
    return text


def is_not_said(text: str) -> bool:
    return without_invisible(text).lower() in NOT_SAID


def read_line(text: str) -> str:
    """The text on one line; a line break in the cell becomes a comma."""
    lines = clean(text).splitlines()
    if len(lines) > 1:
        lines = [line for each in lines if (line := each.strip(" \t,"))]
    return " ".join(", ".join(lines).split())


def _short(text: str, most: int, words: Promise) -> str:
    """The text on one line, unless too long to be meaningful: patterns only run on short texts,
    so that no cell is slow.
    """
    line = read_line(text)
    if len(line) > most:
        raise Unread(words % {"text": line[:40]})
    return line


def read_date(text: str) -> datetime.date:
    """A day from 1990 to 2100: 27/03/2024, 2024-03-27T00:00:00Z, 3rd Aug 2023, Excel's 44908.

    Day before month, as in Britain. A moment with a time zone is converted to the day in London.
    """
    plain = _short(text, 60, NOT_A_DAY)
    day = _moment(plain) or _day(WEEKDAY.sub("", CLOCK.sub("", plain)).strip())
    if day and FIRST_DAY <= day <= LAST_DAY:
        return day
    shown = {"text": text.strip()[:40]}
    if re.fullmatch(r"[A-Za-z]{3,9}\.?,? \d{4}|\d{1,2}/\d{4}|\d{4}-\d{1,2}", plain):
        raise Unread(_("“%(text)s” is a month: give the day, such as 27/03/2024.") % shown)
    if (found := DAY_FIRST.match(plain)) and int(found[1]) <= 12 < int(found[2]) <= 31:
        raise Unread(_("“%(text)s” has the month first: write 27/03/2024.") % shown)
    raise Unread(NOT_A_DAY % shown)


def _moment(text: str) -> datetime.date | None:
    """The day in London of a moment with a time zone; None for everything else."""
    if not re.match(r"\d{4}-\d\d-\d\d[T ]\d", text):
        return None
    try:
        moment = datetime.datetime.fromisoformat(text)
        return moment.astimezone(LONDON).date() if moment.tzinfo else moment.date()
    except (ValueError, OverflowError):
        return None


def _day(text: str) -> datetime.date | None:
    if re.fullmatch(r"\d{5}(\.\d+)?", text):  # the days of 1990 to 2100 have five digits
        return EXCEL_ZERO + datetime.timedelta(days=int(float(text)))
    if found := YEAR_FIRST.fullmatch(text):
        return _date(*(int(part) for part in found.groups() if part))
    if found := DAY_FIRST.fullmatch(text):
        day, month, year = (int(part) for part in found.groups())
        return _date(_century(year), month, day)
    words = re.sub(r"(?<=\d)(st|nd|rd|th)\b|\bof\b|[.,/-]", " ", text.lower()).split()
    if len(words) != 3:
        return None
    if words[1].isdigit():  # March 27, 2024
        words[:2] = words[1::-1]
    months = [n for n, name in enumerate(MONTHS.split(), 1) if _names(words[1], name)]
    if not (words[0].isdigit() and words[2].isdigit() and months and len(words[2]) in (2, 4)):
        return None
    return _date(_century(int(words[2])), months[0], int(words[0]))


def _names(word: str, month: str) -> bool:
    return (word == "sept" and month == "september") or word in (month, month[:3])


def _century(year: int) -> int:
    return year if year > 99 else 2000 + year if year < 69 else 1900 + year


def _date(year: int, month: int, day: int) -> datetime.date | None:
    try:
        return datetime.date(year, month, day)
    except ValueError:
        return None


def read_phone(text: str) -> str | Mended:
    """One telephone number, or several separated by a slash, as they were written.

    Restores the leading zero that a spreadsheet removes from 01632 960001. Refuses numbers with
    digits lost for good (4.4163E+11) and ones too short to ring.
    """
    plain = _short(text, 200, NOT_A_PHONE)
    plain = re.sub(r"(?i)^(tel(ephone)?|phone)\.?:?\s*", "", plain)
    if re.fullmatch(r"[+-]?\d+([.,]\d+)?e[+-]?\d+", plain, re.IGNORECASE):
        raise Unread(
            _("“%(text)s” has lost its digits in a spreadsheet: type the number again.")
            % {"text": plain[:40]}
        )
    plain = re.sub(r"(?<=\d)\.0$", "", plain)
    numbers = re.split(r"(\s*(?:/|;|,|\bor\b|&)\s*)", plain)
    mended = "".join(_with_nought(part) for part in numbers)
    if not any(_can_be_rung(part) for part in numbers):
        raise Unread(NOT_A_PHONE % {"text": plain[:40]})
    if mended != plain:
        how = _("“%(text)s” had lost its first digit or plus sign and was read as %(number)s.")
        return Mended(mended, how % {"text": plain[:40], "number": mended[:40]})
    return mended


def _with_nought(part: str) -> str:
    """Restore the leading zero or plus of a British number that a spreadsheet dropped."""
    digits = re.sub(r"[\s()-]", "", part)
    if re.fullmatch(r"44[1-9]\d{8,9}", digits):
        return f"+{part}"
    # Without its zero a number has ten digits; nine only for a few old 01 and 0800 numbers.
    if re.fullmatch(r"[1235789]\d{9}|(1|800)\d{6,8}(?<=\d{9})", digits):
        return f"0{part}"
    return part


def _can_be_rung(part: str) -> bool:
    digits = re.sub(r"\D", "", part)
    is_short = len(digits) in (3, 5, 6) and digits.startswith(("1", "9"))  # 111, 999, 116 123
    return is_short or 9 <= len(digits) <= 18


def read_email(text: str) -> str:
    """One address; "Ann <ann@example.org>" and "mailto:" are understood."""
    plain = _short(text, 400, NOT_AN_EMAIL)
    plain = re.sub(r"(?i)^(mailto|e-?mail):\s*", "", plain)
    if found := re.fullmatch(r"[^<>]*<([^<>]+)>", plain):
        plain = found[1].strip()
    if len(re.split(r"[;,/\s]+", plain.strip(" ;,"))) > 1 and plain.count("@") > 1:
        raise Unread(_("“%(text)s” is more than one address: give one.") % {"text": plain[:60]})
    plain = plain.strip(" ;,")
    try:
        validate_email(plain)
    except ValidationError:
        raise Unread(NOT_AN_EMAIL % {"text": plain[:60]}) from None
    if len(plain) > 254:
        raise Unread(_("this e-mail address is too long."))
    return plain


def read_website(text: str) -> str | Mended:
    """A web address; https:// is added if it has no scheme."""
    plain = read_line(text)
    first, _blank, rest = plain.partition(" ")
    address = first.rstrip(",;") if "://" in first else f"https://{first.rstrip(',;')}"
    try:
        URLValidator(schemes=["http", "https"])(address)
    except ValidationError:
        raise Unread(_("“%(text)s” is not a web address.") % {"text": plain[:60]}) from None
    if len(address) > sizes.WEB_ADDRESS:
        words = _("this web address is longer than %(most)s characters.")
        raise Unread(words % {"most": sizes.WEB_ADDRESS})
    if rest:
        how = _("of “%(text)s” only the first address was kept.") % {"text": plain[:60]}
        return Mended(address, how)
    return address


def read_postcode(text: str) -> str:
    """A whole postcode, in capitals with its space."""
    plain = _short(text, 60, NOT_A_POSTCODE)
    postcode = normalise_postcode(plain)
    if not WHOLE_POSTCODE.fullmatch(postcode):
        raise Unread(NOT_A_POSTCODE % {"text": plain[:40]})
    return postcode


def read_yes_no(text: str) -> bool:
    """Yes or no, as people and spreadsheets write it."""
    word = _short(text, 60, NOT_YES_OR_NO).lower()
    if word in YES or word in NO:
        return word in YES
    raise Unread(NOT_YES_OR_NO % {"text": text.strip()[:40]})


def read_closed(text: str, today: datetime.date | None = None) -> bool:
    """Whether something has closed for good: yes, no, or since which year or day."""
    plain = _short(text, 60, CLOSED_OR_NOT).lower()
    if plain in ("closed", "permanently closed", "closed permanently", "x"):
        return True
    if plain in ("open", "still open", *NO):
        return False
    if re.fullmatch(r"(19|20)\d\d", plain):
        return int(plain) <= (today or timezone.localdate()).year
    for read in (read_yes_no, lambda day: read_date(day) <= (today or timezone.localdate())):
        try:
            return read(plain)
        except Unread:
            continue
    raise Unread(CLOSED_OR_NOT % {"text": text.strip()[:40]})


def read_number(text: str) -> float:
    """A number as people and spreadsheets write it: 1,512, 1 512, 1503.0, 4.4E+05."""
    plain = _short(text, 30, NOT_A_NUMBER)
    if re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?|[+-]?\d{1,3}( \d{3})+(\.\d+)?", plain):
        plain = re.sub("[ ,]", "", plain)
    if not PLAIN_NUMBER.fullmatch(plain):
        raise Unread(NOT_A_NUMBER % {"text": text.strip()[:20]})
    return float(plain)


def read_whole_number(text: str) -> int:
    """A number without a fraction, such as a count of people: 1,512, 1503.0."""
    number = read_number(text)
    if number != int(number):
        raise Unread(_("“%(text)s” is not a whole number.") % {"text": text.strip()[:20]})
    return int(number)


def is_rounded(text: str) -> bool:
    """Whether a spreadsheet has rounded this number to a few digits: 4.424E+05."""
    return bool(re.fullmatch(r"[+-]?\d(\.\d{0,5})?e\+?\d+", clean(text), re.IGNORECASE))
