"""What happens to sessions, bookings and interest when two venues are merged."""

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from training.models import Booking, Interest, Session
from venues.merging import comes_over, refuses, stays
from venues.models import Venue

WITH_THE_SIGN_UP = "They belong to the sign-up, and come over with it."


def _sessions(count):
    return ngettext(
        "%(count)s training session that takes place there comes over.",
        "%(count)s training sessions that take place there come over.",
        count,
    ) % {"count": count}


def _the_same_session_twice(keep, other):
    mine = Session.objects.filter(venue=keep, cancelled_at=None)
    same = Q(pk__in=[])
    fields = ("scheme", "module", "title", "starts_at", "address", "video_link")
    for values in mine.values(*fields):
        same |= Q(**values)
    for session in Session.objects.filter(same, venue=other, cancelled_at=None):
        yield _(
            "Both have the same training session, %(session)s. Cancel one of the two first."
        ) % {"session": session}


comes_over(Session, "venue", _sessions)
refuses(Venue, _the_same_session_twice)
stays(Booking, "sign_up", why=WITH_THE_SIGN_UP)
stays(Interest, "sign_up", why=WITH_THE_SIGN_UP)
