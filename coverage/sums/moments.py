"""Moments for queries: one that exists in London, and the 168 hours of a week."""

import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from common.refusals import Refused
from venues.hours.model import LONDON, Division, divisions_on_holiday

HOURS = 168
ONE_DAY = datetime.timedelta(days=1)


def read_moment(text: str) -> datetime.datetime:
    """The moment in an ISO text such as 2026-11-20T22:00; London time unless it has an offset.

    In an hour that the clocks repeat, the first one is meant; an offset (+00:00) gives the second.
    """
    try:
        moment = datetime.datetime.fromisoformat(text)
    except ValueError:
        raise Refused(
            _("“%(text)s” is no moment. Write it like 2026-11-20T22:00.") % {"text": text[:40]}
        ) from None
    return in_london(moment)


def in_london(moment: datetime.datetime) -> datetime.datetime:
    """The same moment in London time; refused if that hour is skipped there."""
    if not 2000 <= moment.year <= 2099:
        raise Refused(_("Choose a moment in the years from 2000 to 2099."))
    if moment.tzinfo is not None:
        return moment.astimezone(LONDON)
    if not exists(moment):
        raise Refused(
            _("%(moment)s never comes: the clocks skip that hour. Choose another.")
            % {"moment": date_format(moment, "l j F Y, H:i")}
        )
    return moment.replace(tzinfo=LONDON)


def exists(clock: datetime.datetime) -> bool:
    """Whether this local time exists in London."""
    aware = clock.replace(tzinfo=LONDON)
    back = aware.astimezone(datetime.UTC).astimezone(LONDON)
    return back.replace(tzinfo=None, fold=0) == clock.replace(fold=0)


def monday_of(day: datetime.date) -> datetime.date:
    return day - day.weekday() * ONE_DAY


def hours_of_week(monday: datetime.date) -> list[datetime.datetime | None]:
    """The start of each hour from Monday 00:00; None for the hour that the clocks skip.

    For a repeated hour, the first.
    """
    midnight = datetime.datetime.combine(monday, datetime.time())
    clocks = [midnight + datetime.timedelta(hours=hour) for hour in range(HOURS)]
    return [clock.replace(tzinfo=LONDON) if exists(clock) else None for clock in clocks]


def is_ordinary(monday: datetime.date) -> bool:
    """Whether the week has neither a bank holiday in England and Wales nor a clock change."""
    days = [monday + number * ONE_DAY for number in range(-1, 7)]
    if any(Division.ENGLAND_AND_WALES in divisions_on_holiday(day) for day in days):
        return False
    first, last = (
        datetime.datetime.combine(monday + number * ONE_DAY, datetime.time(), LONDON)
        for number in (0, 7)
    )
    return first.utcoffset() == last.utcoffset()


def ordinary_week(day: datetime.date, *, backwards: bool = False) -> datetime.date:
    """The Monday of the first ordinary week, starting with the week of `day`; with `backwards`, of
    the last one completed by the evening of `day`.
    """
    monday, step = monday_of(day), 7 * ONE_DAY
    if backwards:
        step = -step
        if day.weekday() < 6:
            monday += step
    while not is_ordinary(monday):
        monday += step
    return monday


def in_words(moment: datetime.datetime) -> str:
    """`Friday 20 November 2026 at 22:00`."""
    local = moment.astimezone(LONDON)
    return _("%(day)s at %(time)s") % {
        "day": date_format(local, "l j F Y"),
        "time": f"{local:%H:%M}",
    }
