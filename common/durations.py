"""Lengths of time in words that follow "after" or "for": "a month", "two weeks", "15 minutes"."""

import datetime

from django.contrib.humanize.templatetags.humanize import apnumber
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

MINUTE = 60
HOUR = 60 * MINUTE
DAY = 24 * HOUR
WEEK = 7 * DAY
YEAR = 365 * DAY


def months_in_words(months: int) -> str:
    """Whole calendar months, or years if they divide evenly: "six months", "two years"."""
    if months % 12 == 0:
        years = months // 12
        return _("a year") if years == 1 else _years(years) % apnumber(years)
    return _("a month") if months == 1 else _months(months) % apnumber(months)


def in_words(duration: datetime.timedelta) -> str:
    """A length of time in its largest whole unit; ValueError for fractions of a second."""
    seconds = duration.total_seconds()
    if seconds and seconds % YEAR == 0:
        return months_in_words(12 * int(seconds // YEAR))
    units = [
        (WEEK, _("a week"), _weeks),
        (DAY, _("a day"), _days),
        (HOUR, _("an hour"), _hours),
        (MINUTE, _("a minute"), _minutes),
        (1, _("a second"), _seconds),
    ]
    for size, one, several in units:
        if seconds and seconds % size == 0:
            number = int(seconds // size)
            return one if number == 1 else several(number) % apnumber(number)
    raise ValueError(f"{duration} is not a number of whole seconds.")


def _years(number):
    return ngettext("%s year", "%s years", number)


def _months(number):
    return ngettext("%s month", "%s months", number)


def _weeks(number):
    return ngettext("%s week", "%s weeks", number)


def _days(number):
    return ngettext("%s day", "%s days", number)


def _hours(number):
    return ngettext("%s hour", "%s hours", number)


def _minutes(number):
    return ngettext("%s minute", "%s minutes", number)


def _seconds(number):
    return ngettext("%s second", "%s seconds", number)
