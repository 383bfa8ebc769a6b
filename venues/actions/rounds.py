"""Rounds of sign-ups: making and changing them, and telling those who wait for one."""

import datetime
from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from common.deciding import lock
from common.refusals import Refused
from geography.models import Area, Postcode
from venues import emails
from venues.models import AskedInRound, Event, Round, RoundNotice, Scheme, Start, Waiting
from venues.rounds import round_on, told_just_now, why_not_round, why_not_tell
from venues.taking_back import UNDO_FOR

from .letters import withdraw_letter


@transaction.atomic
def make_round(scheme: Scheme, *, areas: Iterable[Area], by: User, **fields: Any) -> Round:
    """Make a round, given the fields of `Round`. From then on sign-ups are taken in rounds only.

    Locks the scheme, so that two officers cannot make two rounds at once.
    """
    scheme, areas = lock(scheme), list(areas)
    made = Round(scheme=scheme, made_by=by, **fields)
    if reasons := _why_not(made, areas):
        raise Refused(*reasons)
    made.save()
    made.areas.set(areas)
    Event.objects.record_about("venues.round_made", made, by=by, **_days(made))
    return made


@transaction.atomic
def change_round(round: Round, *, areas: Iterable[Area], by: User, **fields: Any) -> Round:
    """Change its days, areas, target or words. What was begun in it stays in it."""
    lock(round.scheme)
    round, areas = lock(round), list(areas)
    for name, value in fields.items():
        setattr(round, name, value)
    if reasons := _why_not(round, areas):
        raise Refused(*reasons)
    round.save(update_fields=list(fields))
    round.areas.set(areas)
    Event.objects.record_about("venues.round_changed", round, by=by, **_days(round))
    return round


@transaction.atomic
def remove_round(round: Round, *, by: User) -> None:
    """Remove a round in which nothing has happened."""
    scheme = lock(round.scheme)
    round = lock(round, against_new_rows=True)
    if round.sign_ups.exists() or round.notices.exists() or round.asked.exists():
        raise Refused(
            _("“%(round)s” stays: places have asked or signed up in it, or people were told of it.")
            % {"round": round}
        )
    Event.objects.record("venues.round_removed", scheme=scheme, by=by, round=round.name)
    round.delete()


def _why_not(round: Round, areas: list[Area]) -> list[str]:
    return why_not_round(
        round.scheme,
        name=round.name,
        opens_on=round.opens_on,
        closes_on=round.closes_on,
        areas=areas,
        target_venues=round.target_venues,
        target_by=round.target_by,
        besides=round if round.pk else None,
    )


def _days(round: Round) -> dict[str, str]:
    return {"opens": f"{round.opens_on:%d.%m.%Y}", "closes": f"{round.closes_on:%d.%m.%Y}"}


def count_asked(start: Start) -> None:
    """Count a request for a link in its round and area; the address itself is soon deleted.

    Asking again, while the earlier request is kept, is not counted again.
    """
    mine = round_on(start.scheme, timezone.localdate(start.asked_at))
    again = Start.objects.filter(
        scheme=start.scheme, email=start.email, postcode=start.postcode
    ).exclude(pk=start.pk)
    if mine is None or again.exists():
        return
    known = Postcode.objects.filter(postcode=start.postcode).first()
    point = known.point if known else None
    area = mine.areas.covering(point).order_by("pk").first() if point else None
    row, __ = AskedInRound.objects.get_or_create(round=mine, area=area)
    AskedInRound.objects.filter(pk=row.pk).update(count=F("count") + 1)


# Those who want to be told


@transaction.atomic
def ask_to_be_told(scheme: Scheme, *, email: str) -> Waiting:
    """Keep an address that wants to be told of the next round, and send it a link to confirm.

    Asking again sends another link. Nobody learns whether the address was known.
    """
    waiting, is_new = Waiting.objects.get_or_create(scheme=scheme, email=email.lower())
    if not is_new:
        waiting = lock(waiting)
        waiting.asked_at = timezone.now()
        waiting.save(update_fields=["asked_at"])
    emails.confirm_telling(waiting)
    return waiting


@transaction.atomic
def confirm_telling(waiting: Waiting) -> Waiting:
    """The owner of the address confirms it: it is told of the next round, for a year."""
    waiting = _still_there(waiting)
    now = timezone.now()
    if waiting.may_confirm_until < now:
        raise Refused(_("This link has run out. Ask again, and we send you a new one."))
    if waiting.confirmed_at and waiting.confirmed_at >= waiting.asked_at:
        raise Refused(_("You are on the list already. We write once the next round opens."))
    waiting.confirmed_at = now
    waiting.save(update_fields=["confirmed_at"])
    return waiting


@transaction.atomic
def stop_telling(waiting: Waiting) -> None:
    """The owner of the address no longer wants to be told: it is deleted."""
    _still_there(waiting).delete()


@transaction.atomic
def delete_waiting(waiting: Waiting, *, by: User) -> None:
    """Delete an address at its owner's request to the team."""
    waiting = _still_there(waiting)
    Event.objects.record("venues.waiting_deleted", scheme=waiting.scheme, by=by)
    waiting.delete()


def _still_there(waiting: Waiting) -> Waiting:
    try:
        return lock(waiting)
    except Waiting.DoesNotExist:
        raise Refused(_("This address is not on the list any more.")) from None


@transaction.atomic
def tell_waiting(round: Round, *, by: User) -> list[RoundNotice]:
    """Write to everybody who waits and was not told of this round; their letters wait a while.

    Locks the round: however often and by how many it is pressed, each address gets one letter.
    """
    round, now = lock(round), timezone.now()
    if reasons := why_not_tell(round, timezone.localdate(now)):
        raise Refused(*reasons)
    waiting = list(Waiting.objects.select_for_update(of=("self",)).to_tell(round))
    letters = emails.round_opens(round, waiting, by=by, wait=UNDO_FOR)
    notices = RoundNotice.objects.bulk_create(
        RoundNotice(round=round, waiting=each, letter=letter, told_at=now, told_by=by)
        for each, letter in zip(waiting, letters, strict=True)
    )
    Event.objects.record_about("venues.round_told", round, by=by, count=len(notices))
    return notices


@transaction.atomic
def take_back_telling(round: Round, *, by: User, at: datetime.datetime | None = None) -> int:
    """Take the letters back before they leave; returns how many. Whoever sent them, for ten
    minutes.
    """
    round = lock(round)
    notices = told_just_now(round, by, at or timezone.now(), UNDO_FOR).select_related("letter")
    taken = list(notices)
    if not taken:
        raise Refused(_("This could be taken back for ten minutes only."))
    for each in taken:
        if each.letter:
            withdraw_letter(each.letter, by=by)
    RoundNotice.objects.filter(pk__in=[each.pk for each in taken]).delete()
    Event.objects.record_about("venues.round_telling_taken_back", round, by=by, count=len(taken))
    return len(taken)
