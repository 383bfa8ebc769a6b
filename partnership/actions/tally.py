"""A venue's running tally: each press adds one, and nothing else is stored."""

import secrets

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from common.deciding import lock
from common.refusals import Refused
from partnership.models import ReturnItem, Tally, TallyCount
from partnership.models.of_period import period_columns
from partnership.models.returns import MOST
from partnership.periods import Period
from partnership.rules.returns import MEMBERS
from venues.models import Event, SignUp

from .returns import set_up_returns


@transaction.atomic
def start_tally(sign_up: SignUp, *, by: User) -> Tally:
    """Start a tally, or restart an ended one with its totals and a new link."""
    sign_up = lock(sign_up)
    if sign_up.state not in MEMBERS:
        raise Refused(_("A place can keep a tally once it is a member of the scheme."))
    set_up_returns(sign_up.scheme)
    tally = Tally.objects.filter(sign_up=sign_up).first() or Tally(sign_up=sign_up)
    if tally.pk and tally.is_kept:
        raise Refused(_("You keep a tally already."))
    tally.code, tally.started_at, tally.started_by = _new_code(), timezone.now(), by
    tally.ended_at = tally.ended_by = None
    tally.save()
    Event.objects.record("partnership.tally_started", sign_up=sign_up, by=by, about=tally)
    return tally


@transaction.atomic
def renew_tally_link(tally: Tally, *, by: User) -> Tally:
    """Replace the counter's link; the old one stops working at once."""
    tally = _kept(tally)
    tally.code = _new_code()
    tally.save(update_fields=["code"])
    Event.objects.record(
        "partnership.tally_link_renewed", sign_up=tally.sign_up, by=by, about=tally
    )
    return tally


@transaction.atomic
def end_tally(tally: Tally, *, by: User) -> Tally:
    """End a tally; its totals stay for the return."""
    tally = _kept(tally)
    tally.code, tally.ended_at, tally.ended_by = _new_code(), timezone.now(), by
    tally.save(update_fields=["code", "ended_at", "ended_by"])
    Event.objects.record("partnership.tally_ended", sign_up=tally.sign_up, by=by, about=tally)
    return tally


@transaction.atomic
def count_one(tally: Tally, item: ReturnItem | None, *, period: Period, step: int = 1) -> int:
    """Add one, or subtract one with `step` -1, to an item or, without one, to the people helped.

    Returns the new total. No event and no time is stored, so that a press cannot be traced to a
    visitor. The sum is made in the database, so that concurrent presses are not lost.
    """
    if step not in (1, -1):
        raise Refused(_("One at a time."))
    if not tally.is_kept or tally.sign_up.state not in MEMBERS:
        raise Refused(_("No tally is kept here any more."))
    if item is not None and (item.scheme_id != tally.sign_up.scheme_id or not item.is_active):
        raise Refused(_("The scheme has changed its lists. Open the page again."))
    row, __ = TallyCount.objects.get_or_create(tally=tally, item=item, **period_columns(period))
    within = {"count__lt": MOST} if step == 1 else {"count__gt": 0}
    TallyCount.objects.filter(pk=row.pk, **within).update(count=F("count") + step)
    row.refresh_from_db(fields=["count"])
    return row.count


def _kept(tally: Tally) -> Tally:
    tally = (
        Tally.objects.select_for_update(of=("self",))
        .select_related("sign_up__venue__organisation", "sign_up__scheme")
        .get(pk=tally.pk)
    )
    if not tally.is_kept:
        raise Refused(_("No tally is kept here any more."))
    return tally


def _new_code() -> str:
    return secrets.token_urlsafe(12)
