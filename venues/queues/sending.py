"""Queues of things to issue, print and send: stickers and letters."""

import datetime

from django.db.models import Case, Exists, F, OuterRef, Subquery, Value, When
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from venues.evidence_kinds import Part
from venues.models import Letter, Scheme, Sticker, Venue
from venues.models.sign_ups import SignUpQuerySet

from .kinds import SignUpQueue

ON_SHOW = [Venue.Listing.PUBLIC, Venue.Listing.AREA_ONLY]


def ready_for_sticker(sign_ups: SignUpQuerySet, now: datetime.datetime) -> SignUpQuerySet:
    """Approved places without a current sticker that meet all its conditions, the earliest
    first.
    """
    # A CASE, so that the proofs are worked out only for the few without a current sticker.
    waits = Case(When(sticker_is_current=True, then=Value(False)), default=F("ready_for_sticker"))
    return (
        sign_ups.approved()
        .with_standing(timezone.localdate(now))
        .filter(scheme__in=Scheme.objects.having(Part.STICKERS))
        .alias(waits_for_sticker=waits)
        .filter(waits_for_sticker=True, venue__listing__in=ON_SHOW)
        .order_by("approved_at")
    )


def _why_ready(sign_up, now):
    return _("Everything the sticker needs is done, and there is no current sticker.")


def _to_send(sign_ups, now):
    stickers = Sticker.objects.current(timezone.localdate(now)).filter(sent_at__isnull=True)
    return (
        sign_ups.approved()
        .filter(Exists(stickers.filter(sign_up=OuterRef("pk"))))
        .order_by("venue__name", "pk")
    )


def _why_to_send(sign_up, now):
    return _("Its sticker is issued and not marked as sent.")


def _to_post(sign_ups, now):
    letters = Letter.objects.to_post().filter(sign_up=OuterRef("pk"))
    first = letters.order_by("written_at", "pk").values("subject", "written_at")[:1]
    return (
        sign_ups.filter(Exists(letters))
        .annotate(
            letter_subject=Subquery(first.values("subject")),
            letter_written_at=Subquery(first.values("written_at")),
        )
        .order_by("letter_written_at", "pk")
    )


def _why_to_post(sign_up, now):
    return _("No e-mail reached it: “%(subject)s”, written on %(day)s. Print and post it.") % {
        "subject": sign_up.letter_subject,
        "day": date_format(timezone.localtime(sign_up.letter_written_at), "j F Y"),
    }


TO_ISSUE = SignUpQueue(
    "to_issue",
    gettext_lazy("Stickers to issue"),
    ready_for_sticker,
    _why_ready,
    part=Part.STICKERS,
    is_costly=True,
)
TO_SEND = SignUpQueue(
    "to_send", gettext_lazy("Stickers to send"), _to_send, _why_to_send, part=Part.STICKERS
)
TO_POST = SignUpQueue("to_post", gettext_lazy("Letters to print and post"), _to_post, _why_to_post)
