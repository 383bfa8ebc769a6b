"""How long accounts keep traces of changes and sign-ins: rows of `common.retention`."""

import datetime

from allauth.usersessions.models import UserSession
from django.contrib.sessions.models import Session
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.links import BACK_LASTS
from accounts.models import FormerAddress
from common.retention import Period, keep_for


@keep_for(
    "former_addresses",
    Period(days=BACK_LASTS.days),
    _(
        "When you change your e-mail address, the old one is kept for %(period)s so that you can "
        "take the change back."
    ),
)
def delete_former_addresses(before: datetime.datetime) -> int:
    """Delete former addresses whose take-back link has expired. Returns how many."""
    deleted, __ = FormerAddress.objects.filter(changed_at__lt=before).delete()
    return deleted


@keep_for(
    "sessions",
    Period(days=14),
    _(
        "When you sign in, the network address and the browser are kept with the session, so that "
        "you can see where you are signed in. They are deleted when the session has ended, "
        "%(period)s after you signed in."
    ),
)
def delete_ended_sessions(before: datetime.datetime) -> int:
    """Delete ended sessions with their IP addresses. Returns how many.

    A session still in use outlives the period, because "sign out everywhere" has to find it.
    """
    Session.objects.filter(expire_date__lt=before).delete()
    alive = Session.objects.filter(
        session_key=OuterRef("session_key"), expire_date__gte=timezone.now()
    )
    ended = UserSession.objects.filter(~Exists(alive), created_at__lt=before)
    deleted, __ = ended.delete()
    return deleted
