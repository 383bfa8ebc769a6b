"""Which letter is due to which venue, and what is due to be done there."""

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from partnership.models import ClosedQuarter, ReturnSettings, UsageReturn, VenueLetter
from partnership.quarters import Quarter
from partnership.rules.returns import first_owed, last_ended
from venues.evidence import LEFT_TO_DO, Proof, proofs_of_each
from venues.evidence_kinds import Stage
from venues.hours.model import is_stale
from venues.models import Scheme, SignUp
from venues.next_steps import link_of
from venues.rules import agreements_to_renew

DAY = datetime.timedelta(days=1)
AFTER_LASTS = 28 * DAY
"""So long after its day the reminder for a missing return is still sent; then somebody rings."""
HOURS_SOON = 14 * DAY
MONTH_LETTER_DAYS = (8, 9, 10)
"""Days of the month on which the month's letter goes: looked at three times, sent once."""


def due_letters(
    kind: VenueLetter.Kind, today: datetime.date
) -> Iterator[tuple[SignUp, Quarter, ReturnSettings]]:
    """Each venue that a letter of this kind about the last quarter is due to on this day."""
    quarter = last_ended(today)
    for settings_ in ReturnSettings.objects.filter(scheme__in=Scheme.objects.open()):
        if _is_time(kind, settings_, quarter, today):
            for sign_up in _not_heard_of(settings_, quarter, kind, today):
                if first_owed(sign_up.owed_from) <= quarter:
                    yield sign_up, quarter, settings_


def _is_time(kind, settings_, quarter, today):
    due_on = settings_.due_on(quarter)
    if kind == VenueLetter.Kind.QUARTER:
        return today <= due_on
    if kind == VenueLetter.Kind.BEFORE:
        return due_on - settings_.remind_before_days * DAY <= today <= due_on
    remind_on = due_on + settings_.remind_after_days * DAY
    return remind_on <= today <= remind_on + AFTER_LASTS


def _not_heard_of(settings_, quarter, kind, today) -> QuerySet[SignUp]:
    """Approved venues of the scheme without a return for the quarter or a letter of this kind."""
    number = {"year": quarter.year, "number": quarter.number}
    letters = VenueLetter.objects.filter(sign_up=OuterRef("pk"), **number)
    closed = ClosedQuarter.objects.filter(scheme=OuterRef("scheme"), **number)
    sent = UsageReturn.objects.of(quarter).filter(sign_up=OuterRef("pk"))
    # Two letters of one quarter never go on the same day.
    lately = letters.filter(sent_at__date=today)
    return (
        SignUp.objects.approved()
        .filter(~Exists(sent), ~Exists(closed), ~Exists(lately), scheme=settings_.scheme_id)
        .filter(~Exists(letters.filter(kind=kind)))
        .select_related("venue__organisation", "scheme")
        .order_by("pk")
    )


@dataclass(frozen=True)
class Task:
    """One thing that is due to be done, and the page where."""

    words: str
    link: str


def without_month_letter(today: datetime.date) -> QuerySet[SignUp]:
    """Approved venues to look at for the month's letter; none on the other days of the month."""
    if today.day not in MONTH_LETTER_DAYS:
        return SignUp.objects.none()
    letters = VenueLetter.objects.filter(
        sign_up=OuterRef("pk"),
        kind=VenueLetter.Kind.MONTH,
        year=today.year,
        number=today.month,
    )
    return (
        SignUp.objects.approved()
        .filter(~Exists(letters), scheme__in=Scheme.objects.open())
        .select_related("venue__organisation", "venue__lead_scheme", "scheme")
        .prefetch_related("agreements", "stickers", "scheme__principles")
        .order_by("pk")
    )


def due_tasks(sign_ups: list[SignUp], now: datetime.datetime) -> dict[int, list[Task]]:
    """Everything due at each venue, by the sign-up's key: training, sticker, hours, principles,
    meetings and returns."""
    found = proofs_of_each(sign_ups, Stage.STANDING, timezone.localdate(now))
    return {sign_up.pk: _due_at(sign_up, found[sign_up.pk], now) for sign_up in sign_ups}


def _due_at(sign_up, proofs, now):
    today = timezone.localdate(now)
    found = []
    if agreements_to_renew(sign_up):
        words = _("A core principle has changed. Please read it and answer again.")
        found.append(_task(words, "edit_principles", sign_up))
    sticker = next((each for each in sign_up.stickers.all() if each.ended_at is None), None)
    if sticker and not sticker.displayed_at and sticker.is_current(today):
        words = _("Put the sticker up, then tell us.")
        found.append(_task(words, "portal_sticker", sign_up))
    elif sticker and sticker.expires_on - today <= 30 * DAY:
        words = _("Your sticker runs out on %(day)s; we will send a new one.")
        day = date_format(sticker.expires_on, "j F Y")
        found.append(_task(words % {"day": day}, "portal_sticker", sign_up))
    if is_stale(sign_up.venue, now + HOURS_SOON):
        words = _("Are your opening hours still right? One press says so.")
        found.append(_task(words, "portal_home", sign_up))
    for proof in proofs:
        if proof.state == "lapsing" or proof.state in LEFT_TO_DO:
            found.append(Task(_with_day(proof), settings.SITE_URL + link_of(proof, sign_up)))
    return found


def _with_day(proof: Proof) -> str:
    day = proof.held_until if proof.is_held else proof.grace_until
    if day is None:
        return proof.words
    return _("%(what)s Please do it by %(day)s.") % {
        "what": proof.words,
        "day": date_format(day, "j F Y"),
    }


def _task(words, name, sign_up):
    return Task(words, settings.SITE_URL + reverse(name, args=[sign_up.pk]))
