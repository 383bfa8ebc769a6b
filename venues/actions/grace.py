"""Records who is listed, what they lose and that they were told: nobody is unlisted unannounced."""

import datetime
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.contrib.postgres.expressions import ArraySubquery
from django.db import transaction
from django.db.models.functions import JSONObject
from django.utils import timezone

from venues import emails
from venues.models import Event, Lapse, Letter, SignUp
from venues.models.grace import LapseQuerySet
from venues.models.sign_ups import SignUpQuerySet, unmet_requirements_subquery


def note_listed(sign_ups: SignUpQuerySet, at: datetime.date | None = None) -> int:
    """Record which sign-ups are listed on `at`, before something may be taken away; returns how
    many.
    """
    at = at or timezone.localdate()
    unnoted = sign_ups.approved().filter(listed_since__isnull=True).order_by().values("pk")
    if not unnoted.exists():
        return 0  # drafts and already recorded ones: skip the costly listing query
    listed = SignUp.objects.listed(at).filter(pk__in=unnoted).order_by().values("pk")
    return SignUp.objects.filter(pk__in=listed).update(listed_since=at)


@transaction.atomic
def keep_grace(sign_ups: SignUpQuerySet, at: datetime.datetime | None = None) -> None:
    """Record which of `sign_ups` are listed, what they have lost and what they have regained.

    Idempotent, in a constant number of queries. Actions call it for the sign-ups they touch, an
    hourly duty for all of them.
    """
    now = at or timezone.now()
    today = timezone.localdate(now)
    note_listed(sign_ups, today)
    noted = sign_ups.approved().filter(listed_since__isnull=False).order_by()
    if not noted.exists():
        return
    unmet = _unmet(noted, today)
    kept = Lapse.objects.filter(closed_on__isnull=True, sign_up__in=noted.values("pk"))
    known, made_good = set(), []
    for pk, *whose in kept.values_list("pk", "sign_up", "requirement"):
        if tuple(whose) in unmet:
            known.add(tuple(whose))
        else:
            made_good.append(pk)
    if made_good:
        Lapse.objects.filter(pk__in=made_good).update(closed_on=today)
    Lapse.objects.bulk_create(
        (
            Lapse(sign_up_id=sign_up, requirement_id=requirement, since=since, noticed_at=now)
            for (sign_up, requirement), since in unmet.items()
            if (sign_up, requirement) not in known
        ),
        ignore_conflicts=True,  # another process may be recording the same lapse
    )


@contextmanager
def kept_grace(sign_ups: SignUpQuerySet) -> Iterator[None]:
    """Wrap a change that may cost `sign_ups` a proof: record who is listed before, and losses
    after.
    """
    note_listed(sign_ups)
    yield
    keep_grace(sign_ups)


def _unmet(sign_ups: SignUpQuerySet, today: datetime.date) -> dict[tuple[int, int], datetime.date]:
    """(sign-up, requirement) -> when its grace began, for each unmet requirement that unlists."""
    unmet = unmet_requirements_subquery(today).that_unlist().with_grace_began(today)
    facts = ArraySubquery(unmet.values(fact=JSONObject(pk="pk", since="grace_began")))
    rows = sign_ups.annotate(unmet=facts).filter(unmet__len__gt=0).values_list("pk", "unmet")
    return {
        (pk, fact["pk"]): datetime.date.fromisoformat(fact["since"])
        for pk, found in rows
        for fact in found
    }


@transaction.atomic
def announce_grace(sign_ups: Iterable[SignUp], *, at: datetime.datetime | None = None) -> int:
    """Write about the unannounced open lapses of these places; returns how many had some.

    One letter to each person for all their places. Grace cannot end before the letter has gone:
    see `note_gone_letters`. Without an address the letter waits to be printed and posted.
    """
    now = at or timezone.now()
    lost = _lost_by_place(Lapse.objects.to_announce(), sign_ups, now)
    letters = emails.grace_begins(lost)
    lapses = [lapse for found in lost.values() for lapse in found]
    for lapse in lapses:
        lapse.letter, lapse.ends_on = letters[lapse.sign_up], lapse.last_day
    Lapse.objects.bulk_update(lapses, ["letter", "ends_on"])
    SignUp.objects.filter(pk__in=[sign_up.pk for sign_up in lost]).update(warned_at=now)
    for sign_up in lost:
        Event.objects.record("venues.lapse_warned", sign_up=sign_up)
    return len(lost)


@transaction.atomic
def remind_of_grace(sign_ups: Iterable[SignUp], *, at: datetime.datetime | None = None) -> int:
    """The second letter, a week before the last day, to each person for all their places.

    Returns how many places that was.
    """
    now = at or timezone.now()
    lost = _lost_by_place(Lapse.objects.to_remind(timezone.localdate(now)), sign_ups, now)
    letters = emails.grace_ends(lost)
    lapses = [lapse for found in lost.values() for lapse in found]
    for lapse in lapses:
        lapse.reminder = letters[lapse.sign_up]
    Lapse.objects.bulk_update(lapses, ["reminder"])
    for sign_up in lost:
        Event.objects.record("venues.grace_reminded", sign_up=sign_up)
    return len(lost)


def _lost_by_place(
    lapses: LapseQuerySet, sign_ups: Iterable[SignUp], now: datetime.datetime
) -> dict[SignUp, list[Lapse]]:
    """Lock those of `lapses` that belong to these places; places without any are left out."""
    given = {sign_up.pk: sign_up for sign_up in sign_ups}
    lost: dict[SignUp, list[Lapse]] = {}
    for lapse in _lock_lapses(lapses.filter(sign_up__in=given), now):
        lapse.sign_up = given[lapse.sign_up_id]
        lost.setdefault(lapse.sign_up, []).append(lapse)
    return lost


@transaction.atomic
def note_gone_letters(at: datetime.datetime | None = None) -> int:
    """Record which letters about grace were sent or posted, so their grace may end; returns how
    many.

    If several letters about a place went to different people, all of them must have gone. One that
    went late leaves its full number of days from then, whatever date it names.
    """
    now = at or timezone.now()
    told = Lapse.objects.filter(
        announced_at__isnull=True, letter__in=Letter.objects.told().values("pk")
    )
    lapses = _lock_lapses(told, now)
    for lapse in lapses:
        lapse.announced_at, lapse.ends_on = now, lapse.last_day
    Lapse.objects.bulk_update(lapses, ["announced_at", "ends_on"])
    return len(lapses)


def _lock_lapses(lapses: LapseQuerySet, now: datetime.datetime) -> list[Lapse]:
    return list(
        lapses.select_for_update(of=("self",))
        .with_last_day(timezone.localdate(now))
        .select_related("requirement")
    )
