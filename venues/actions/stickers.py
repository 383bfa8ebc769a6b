"""Issuing, sending and ending window stickers."""

import datetime
import secrets

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from common.deciding import lock
from common.refusals import Refused
from venues import emails
from venues.evidence import outstanding
from venues.evidence_kinds import Stage
from venues.models import Event, SignUp, Sticker, Venue

from .grace import keep_grace, kept_grace

CODE_LETTERS = "ACDEFHJKLMNPRTUVWXY3479"
"""Letters and figures that look and sound distinct: no B, 8, S, 5, I, 1, O, 0, Z, 2."""
CODE_LENGTH = 8
RENEWABLE_FOR = datetime.timedelta(days=30)
"""How long before its last day a sticker may be renewed, so that no venue drops out between two."""


def _months_after(day: datetime.date, months: int) -> datetime.date:
    """The same day `months` later, or that month's last day."""
    month = day.month - 1 + months
    year, month = day.year + month // 12, month % 12 + 1
    first_of_next = datetime.date(year + month // 12, month % 12 + 1, 1)
    last = (first_of_next - datetime.timedelta(days=1)).day
    return datetime.date(year, month, min(day.day, last))


def _new_code() -> str:
    return "".join(secrets.choice(CODE_LETTERS) for _ in range(CODE_LENGTH))


def sticker_refusals(sign_up: SignUp, at: datetime.date) -> list[str]:
    """Why no sticker can be issued for `sign_up` on `at`, in words; empty if one can."""
    reasons = []
    if sign_up.state != SignUp.State.APPROVED:
        reasons.append(_("Only an approved sign-up gets a sticker."))
    if sign_up.venue.listing == Venue.Listing.INTERNAL:
        reasons.append(_("An internal place gets no sticker."))
    if sign_up.stickers.current(at + RENEWABLE_FOR).exists():
        reasons.append(_("It has a current sticker already."))
    return reasons + [
        _("Not done yet: %(what)s") % {"what": proof.words}
        for proof in outstanding(sign_up, Stage.STICKER, at)
    ]


@transaction.atomic
def issue_sticker(sign_up: SignUp, *, by: User) -> Sticker:
    """Issue the window sticker, once every principle required for it is met."""
    # Lock order: the scheme's row serialises sticker numbers, then the sign-up's row serialises
    # requests for one venue.
    sign_up = lock(sign_up)
    today = timezone.localdate()
    if reasons := sticker_refusals(sign_up, today):
        raise Refused(*reasons)
    scheme = lock(sign_up.scheme)
    now = timezone.now()
    was_told = _was_told(sign_up)
    end_live_stickers(sign_up, by=by, reason=Sticker.EndReason.RENEWED)
    last = Sticker.objects.filter(sign_up__scheme=scheme).aggregate(last=Max("number"))["last"]
    sticker = Sticker.objects.create(
        sign_up=sign_up,
        number=(last or 0) + 1,
        code=_new_code(),
        issued_at=now,
        issued_by=by,
        expires_on=_months_after(today, scheme.sticker_valid_months),
    )
    Event.objects.record(
        "venues.sticker_issued", sign_up=sign_up, by=by, about=sticker, number=sticker.number
    )
    if not was_told:  # that it can be printed; another letter follows when it is sent
        emails.sticker_issued(sticker)
    keep_grace(SignUp.objects.filter(pk=sign_up.pk))
    return sticker


@transaction.atomic
def tell_sticker_ready(sign_up: SignUp, *, at: datetime.datetime | None = None) -> bool:
    """Tell the venue once that its next sticker can be printed; returns whether it was told now."""
    sign_up = lock(sign_up)
    today = timezone.localdate(at or timezone.now())
    if _was_told(sign_up) or sticker_refusals(sign_up, today):
        return False
    Event.objects.record("venues.sticker_ready", sign_up=sign_up)
    emails.sticker_ready(sign_up)
    return True


def _was_told(sign_up: SignUp) -> bool:
    """Whether it was told since its last sticker was issued, or since it was approved."""
    issued = sign_up.stickers.aggregate(last=Max("issued_at"))["last"]
    told = Event.objects.filter(kind="venues.sticker_ready", sign_up=sign_up)
    since = max(filter(None, [issued, sign_up.approved_at]), default=None)
    return (told.filter(at__gte=since) if since else told).exists()


def _live(sticker: Sticker) -> Sticker:
    sticker = lock(sticker)
    if sticker.ended_at:
        raise Refused(_("This sticker has ended."))
    return sticker


def _mark(sticker: Sticker, act: str, by: User, kind: str) -> Sticker:
    sticker = _live(sticker)
    if getattr(sticker, f"{act}_at"):
        raise Refused(_("This is marked already."))
    setattr(sticker, f"{act}_at", timezone.now())
    setattr(sticker, f"{act}_by", by)
    sticker.save(update_fields=[f"{act}_at", f"{act}_by"])
    Event.objects.record(kind, sign_up=sticker.sign_up, by=by, about=sticker, number=sticker.number)
    return sticker


@transaction.atomic
def mark_sticker_sent(sticker: Sticker, *, by: User) -> Sticker:
    """Record that the sticker was posted or handed over."""
    sticker = _mark(sticker, "sent", by, "venues.sticker_sent")
    emails.sticker_sent(sticker)
    return sticker


@transaction.atomic
def mark_sticker_displayed(sticker: Sticker, *, by: User) -> Sticker:
    """Record that the sticker is in the window, as the venue says or an officer saw."""
    return _mark(sticker, "displayed", by, "venues.sticker_displayed")


def _end(sticker: Sticker, by: User, reason: str) -> None:
    sticker.ended_at, sticker.ended_by, sticker.end_reason = timezone.now(), by, reason
    sticker.save(update_fields=["ended_at", "ended_by", "end_reason"])
    Event.objects.record(
        "venues.sticker_ended",
        sign_up=sticker.sign_up,
        by=by,
        about=sticker,
        number=sticker.number,
        reason=str(Sticker.EndReason(reason).label),
    )


def end_live_stickers(sign_up: SignUp, *, by: User, reason: str) -> list[Sticker]:
    """End and return the live stickers of a sign-up that no longer entitles the place to one."""
    live = list(sign_up.stickers.live().select_for_update(of=("self",)))
    for sticker in live:
        _end(sticker, by, reason)
    return live


@transaction.atomic
def end_sticker(sticker: Sticker, *, by: User, reason: str) -> Sticker:
    """Recall a sticker: its page says "No" at once; the venue stays listed for its grace."""
    if reason not in Sticker.EndReason.values:
        raise Refused(_("Give a reason for ending the sticker."))
    sticker = _live(sticker)
    with kept_grace(SignUp.objects.filter(pk=sticker.sign_up_id)):
        _end(sticker, by, reason)
    return sticker
