"""What happens to meetings, actions and returns when venues or organisations are merged."""

from django.utils.translation import ngettext

from partnership.models import (
    Action,
    Attendance,
    CalendarFeed,
    Issue,
    Meeting,
    Tally,
    UsageReturn,
    VenueLetter,
)
from venues.merging import comes_over, stays


def _meetings(count):
    return ngettext(
        "%(count)s meeting that takes place there comes over.",
        "%(count)s meetings that take place there come over.",
        count,
    ) % {"count": count}


def _actions(count):
    return ngettext(
        "%(count)s action agreed at a meeting comes over.",
        "%(count)s actions agreed at meetings come over.",
        count,
    ) % {"count": count}


def _attendances(count):
    return ngettext(
        "%(count)s invitation to a meeting comes over.",
        "%(count)s invitations to meetings come over.",
        count,
    ) % {"count": count}


def _asked_to_the_same_meeting(keep, other):
    mine = Attendance.objects.filter(organisation=keep).values("meeting")
    return Attendance.objects.filter(organisation=other, meeting__in=mine)


def _live_feeds_of_the_same_scheme(keep, other):
    mine = CalendarFeed.objects.filter(organisation=keep, revoked_at=None).values("scheme")
    return CalendarFeed.objects.filter(organisation=other, revoked_at=None, scheme__in=mine)


comes_over(Meeting, "venue", _meetings)
comes_over(Action, "organisation", _actions)
comes_over(Attendance, "organisation", _attendances, but=_asked_to_the_same_meeting)
comes_over(CalendarFeed, "organisation", but=_live_feeds_of_the_same_scheme)
for model in (UsageReturn, VenueLetter, Issue, Tally):
    stays(model, "sign_up", why="They belong to the sign-up, and come over with it.")
