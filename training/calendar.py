"""A session as a calendar file (RFC 5545): booked, moved or cancelled."""

import datetime
from urllib.parse import urlsplit

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _
from icalendar import Calendar, Event

from training.models import Session


def calendar_file(session: Session, *, whose: str, is_off: bool = False) -> bytes:
    """The file for somebody with a seat. It holds the joining link: give it to no one else.

    `whose` makes the UID stable, so that a calendar moves the entry instead of adding another.
    `is_off` cancels it. Times are in UTC, which every calendar converts to its own zone.
    """
    is_off = is_off or bool(session.cancelled_at)
    calendar = Calendar()
    calendar.add("prodid", f"-//{settings.INSTALLATION_NAME}//training//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if is_off else "PUBLISH")
    entry = Event()
    host = urlsplit(settings.SITE_URL).hostname
    entry.add("uid", f"training-{session.pk}-{whose}@{host}")
    entry.add("sequence", 2 * session.sequence + is_off)
    entry.add("status", "CANCELLED" if is_off else "CONFIRMED")
    is_training = session.module is not None
    words = _("Training: %(module)s") % {"module": session.topic} if is_training else session.topic
    entry.add("summary", words)
    entry.add("dtstamp", timezone.now())
    entry.add("dtstart", session.starts_at.astimezone(datetime.UTC))
    entry.add("dtend", session.ends_at.astimezone(datetime.UTC))
    if session.place:
        entry.add("location", session.place)
    if session.video_link and not is_off:
        entry.add("url", session.video_link)
        entry.add("description", _("Join here: %(link)s") % {"link": session.video_link})
    calendar.add_component(entry)
    return calendar.to_ical()
