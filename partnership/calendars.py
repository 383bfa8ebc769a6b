"""Meetings as calendar files (RFC 5545 and 5546): when and where, but no links and no names.

The method is PUBLISH rather than REQUEST: calendars answer a REQUEST by e-mail, to an address that
nobody reads, bypassing our reply page. CANCEL removes a meeting.
"""

import datetime
from collections.abc import Iterable
from urllib.parse import urlsplit

import icalendar
from django.conf import settings
from django.utils.translation import gettext as _

from partnership.models import Meeting

MIME = "text/calendar; charset=utf-8"
STATUS = {
    Meeting.State.PROPOSED: "TENTATIVE",
    Meeting.State.CONFIRMED: "CONFIRMED",
    Meeting.State.HELD: "CONFIRMED",
    Meeting.State.CANCELLED: "CANCELLED",
}


def calendar_file(meeting: Meeting) -> bytes:
    """One meeting, to open from a letter or a page."""
    cancelled = meeting.state == Meeting.State.CANCELLED
    return _calendar([meeting], method="CANCEL" if cancelled else "PUBLISH").to_ical()


def feed(meetings: Iterable[Meeting], name: str) -> bytes:
    """A feed of a series' meetings. Needs `scheme__series` and `venue` loaded."""
    calendar = _calendar(meetings, method="PUBLISH")
    calendar.add("X-WR-CALNAME", name)
    calendar.add("REFRESH-INTERVAL", icalendar.vDuration.from_ical("PT12H"), {"VALUE": "DURATION"})
    return calendar.to_ical()


def uid(meeting: Meeting) -> str:
    """The same UID in every letter and feed."""
    return f"{meeting.uid}@{urlsplit(settings.SITE_URL).hostname}"


def _calendar(meetings, method):
    calendar = icalendar.Calendar()
    calendar.add("PRODID", f"-//{settings.INSTALLATION_NAME}//meetings//EN")
    calendar.add("VERSION", "2.0")
    calendar.add("CALSCALE", "GREGORIAN")
    calendar.add("METHOD", method)
    for meeting in meetings:
        calendar.add_component(_event(meeting))
    return calendar


def _event(meeting):
    series, scheme = meeting.scheme.series, meeting.scheme
    event = icalendar.Event()
    event.add("UID", uid(meeting))
    event.add("SEQUENCE", meeting.sequence)
    event.add("DTSTAMP", _utc(meeting.changed_at))
    event.add("LAST-MODIFIED", _utc(meeting.changed_at))
    # In UTC: a single meeting needs no time-zone rules, and every calendar understands it.
    event.add("DTSTART", _utc(meeting.starts_at))
    event.add("DTEND", _utc(meeting.ends_at))
    event.add("SUMMARY", _summary(meeting, series))
    event.add("LOCATION", meeting.place or _("Online"))
    event.add("DESCRIPTION", _description(meeting))
    event.add("STATUS", STATUS[meeting.state])
    event.add("TRANSP", "TRANSPARENT" if meeting.state == Meeting.State.CANCELLED else "OPAQUE")
    organiser = icalendar.vCalAddress(f"mailto:{scheme.contact_email}")
    organiser.params["CN"] = icalendar.vText(scheme.council)
    event.add("ORGANIZER", organiser)
    return event


def _summary(meeting, series):
    if meeting.state == Meeting.State.CANCELLED:
        return _("Cancelled: %(name)s") % {"name": series.name}
    if meeting.state == Meeting.State.PROPOSED:
        return _("%(name)s (date proposed)") % {"name": series.name}
    return series.name


def _description(meeting):
    said = [str(meeting.scheme)]
    if meeting.video_link:
        said.append(_("You can join online. The link is on your reply page."))
    return "\n".join(said)


def _utc(moment):
    return moment.astimezone(datetime.UTC).replace(microsecond=0)
