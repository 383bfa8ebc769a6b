"""Queues of venues that a scheme hides everywhere for safety."""

from django.db.models import Exists, OuterRef, Prefetch, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from venues.models import SafetySuspension

from .kinds import SignUpQueue, long_day


def _hidden_for_safety(sign_ups, now):
    by_others = SafetySuspension.objects.open().filter(venue=OuterRef("venue"))
    by_others = by_others.exclude(scheme=OuterRef("scheme"))
    return (
        sign_ups.on_board()
        .filter(Exists(by_others))
        .prefetch_related(_open_suspensions())
        .order_by("venue__name", "pk")
    )


def _open_suspensions():
    rows = SafetySuspension.objects.open().select_related("scheme", "by", "duty_link")
    return Prefetch("venue__safety_suspensions", rows.order_by("began_at"), to_attr="hidden_by")


def _why_hidden_for_safety(sign_up, now):
    others = [each for each in sign_up.venue.hidden_by if each.scheme_id != sign_up.scheme_id]
    return " ".join(
        _("Hidden everywhere for safety. Ring %(whom)s.") % {"whom": each.whom_to_ring}
        for each in others
    )


def _hidden_by_us(sign_ups, now):
    ours = SafetySuspension.objects.open().filter(
        venue=OuterRef("venue"), scheme=OuterRef("scheme")
    )
    # Including places that have since left: only this scheme can end its suspension.
    began = Subquery(ours.values("began_at")[:1])
    return sign_ups.newest().filter(Exists(ours)).annotate(hidden_at=began).order_by("hidden_at")


def _why_hidden_by_us(sign_up, now):
    return _("Your scheme hides it everywhere for safety since %(day)s.") % {
        "day": long_day(timezone.localdate(sign_up.hidden_at))
    }


HIDDEN_FOR_SAFETY = SignUpQueue(
    "hidden_for_safety",
    gettext_lazy("Hidden for safety by another scheme"),
    _hidden_for_safety,
    _why_hidden_for_safety,
)
HIDDEN_BY_US = SignUpQueue(
    "hidden_by_us",
    gettext_lazy("Hidden for safety by your scheme"),
    _hidden_by_us,
    _why_hidden_by_us,
)
