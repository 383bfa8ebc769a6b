"""Which venue is due which letter, and the tasks due there."""

import datetime
from collections.abc import Iterator

from django.db.models import Exists, OuterRef, QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext

from partnership.models import ClosedPeriod, ReturnSettings, UsageReturn, VenueLetter
from partnership.periods import MONTH, Period
from partnership.rules.periods import ended_periods
from partnership.rules.returns import is_owed
from training.rules import passed_since
from venues.due import Danger, Due, due_at
from venues.evidence import proofs_by_sign_up
from venues.evidence_kinds import Part, Stage
from venues.models import Scheme, SignUp
from venues.models.sign_ups import SignUpQuerySet

DAY = datetime.timedelta(days=1)
AFTER_LASTS = 28 * DAY
"""How long after its day a reminder is still sent; after that, officers ring."""
A_MONTH = 31 * DAY
MONTH_LETTER_DAYS = (8, 9, 10)
"""Days of the month for the monthly letter: three attempts, one letter."""


def due_letters(
    kind: VenueLetter.Kind, today: datetime.date
) -> Iterator[tuple[SignUp, Period, ReturnSettings]]:
    """Venues due a letter of this kind today, about the period it concerns."""
    asking = Scheme.objects.open().having(Part.RETURNS)
    found = ReturnSettings.objects.filter(scheme__in=asking).select_related("scheme")
    for settings_ in found:
        # For a month, the second reminder falls after the next month has ended.
        for period in ended_periods(settings_.scheme, today):
            if _is_time(kind, settings_, period, today):
                for sign_up in _not_heard_of(settings_, period, kind, today):
                    if is_owed(period, sign_up.owed_from):
                        yield sign_up, period, settings_


def _is_time(kind: str, settings_: ReturnSettings, period: Period, today: datetime.date) -> bool:
    due_on = settings_.due_on(period)
    if kind == VenueLetter.Kind.ASKED:
        return today <= due_on
    if kind == VenueLetter.Kind.BEFORE:
        return due_on - settings_.remind_before_days * DAY <= today <= due_on
    remind_on = due_on + settings_.remind_after_days * DAY
    return remind_on <= today <= remind_on + AFTER_LASTS


def _not_heard_of(
    settings_: ReturnSettings, period: Period, kind: str, today: datetime.date
) -> SignUpQuerySet:
    """Approved venues with neither a return for the period nor a letter of this kind."""
    letters = VenueLetter.objects.of(period).filter(sign_up=OuterRef("pk"))
    closed = ClosedPeriod.objects.of(period).filter(scheme=OuterRef("scheme"))
    sent = UsageReturn.objects.of(period).filter(sign_up=OuterRef("pk"))
    # Never send two letters about one period on the same day.
    lately = letters.filter(sent_at__date=today)
    return (
        SignUp.objects.approved()
        .filter(~Exists(sent), ~Exists(closed), ~Exists(lately), scheme=settings_.scheme_id)
        .filter(~Exists(letters.filter(kind=kind)))
        .select_related("venue__organisation", "scheme")
        .order_by("pk")
    )


def without_month_letter(today: datetime.date) -> QuerySet[SignUp]:
    """Approved venues to look at for the monthly letter; none on other days of the month."""
    if today.day not in MONTH_LETTER_DAYS:
        return SignUp.objects.none()
    this_month = VenueLetter.objects.of(Period.containing(MONTH, today))
    letters = this_month.filter(sign_up=OuterRef("pk"), kind=VenueLetter.Kind.MONTH)
    return (
        SignUp.objects.approved()
        .filter(~Exists(letters), scheme__in=Scheme.objects.open())
        .select_related("venue__organisation", "venue__lead_scheme", "scheme")
        .prefetch_related("agreements", "stickers", "scheme__principles")
        .order_by("pk")
    )


def due_tasks(sign_ups: list[SignUp], now: datetime.datetime) -> dict[int, list[Due]]:
    """Everything due at each venue, by sign-up id, and last who passed a training meanwhile.

    Covers training, stickers, hours, principles, meetings and returns.
    """
    Scheme.know_parts(sign_up.scheme for sign_up in sign_ups)
    found = proofs_by_sign_up(sign_ups, Stage.STANDING, timezone.localdate(now))
    passed = passed_since([each.venue for each in sign_ups], now - A_MONTH, now)
    return {
        sign_up.pk: [
            *due_at(sign_up, found[sign_up.pk], now),
            *_passed(sign_up, passed.get(sign_up.venue_id, 0)),
        ]
        for sign_up in sign_ups
    }


def _passed(sign_up: SignUp, people: int) -> list[Due]:
    if not people or not sign_up.scheme.has_training:
        return []
    words = ngettext(
        "Good news: one person passed a training in the last month.",
        "Good news: %(count)s people passed a training in the last month.",
        people,
    )
    url = reverse("training_home", args=[sign_up.pk])
    return [Due(words % {"count": people}, url, is_news=True, danger=Danger.WISHED)]
