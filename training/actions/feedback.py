"""Feedback taken without a name, and first answers counted without one.

Nothing here writes history: an event with its time beside an answer would tell whose it is.
"""

import datetime
from collections.abc import Iterable

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from common.deciding import lock
from common.refusals import Refused
from training.models import Answered, Booking, Enrolment, Feedback, Question, Ticked
from training.rules import (
    is_right,
    why_no_feedback_on_module,
    why_no_feedback_on_session,
    why_not_say,
)
from venues.models import Scheme


@transaction.atomic
def give_feedback_on_module(enrolment: Enrolment, *, rating: int, words: str = "") -> None:
    """Store a rating and a line; on the enrolment only that it was given."""
    enrolment = lock(enrolment)
    if reasons := [*why_no_feedback_on_module(enrolment), *why_not_say(words)]:
        raise Refused(*reasons)
    enrolment.feedback_given = True
    enrolment.save(update_fields=["feedback_given"])
    _store(rating, words, module_id=enrolment.module_id, scheme_id=enrolment.scheme_id)


@transaction.atomic
def give_feedback_on_session(booking: Booking, *, rating: int, words: str = "") -> None:
    """Store a rating and a line; on the booking only that it was given."""
    bookings = Booking.objects.select_for_update(of=("self",)).select_related("session")
    booking = bookings.get(pk=booking.pk)
    if reasons := [*why_no_feedback_on_session(booking), *why_not_say(words)]:
        raise Refused(*reasons)
    booking.feedback_given = True
    booking.save(update_fields=["feedback_given"])
    session = booking.session
    _store(
        rating,
        words,
        module_id=session.module_id,
        scheme_id=session.scheme_id,
        session_id=session.pk,
    )


def _store(rating: int, words: str, **about: object) -> None:
    today = timezone.localdate()
    monday = today - datetime.timedelta(days=today.weekday())
    Feedback.objects.create(rating=rating, words=words.strip(), week=monday, **about)


def count_first_answers(
    scheme: Scheme, questions: Iterable[Question], answers: dict[int, set[int]]
) -> None:
    """Add somebody's first answers to the totals of the scheme. Call it in a transaction.

    `answers` has the ids of the choices ticked, by question id. Rows are made and locked in the
    order of their keys, so that two people who send at once never wait for each other.
    """
    questions = sorted(questions, key=lambda question: question.pk)
    right = [each.pk for each in questions if is_right(each, answers.get(each.pk, set()))]
    offered = sorted(choice.pk for question in questions for choice in question.choices.all())
    ticked = set().union(*answers.values())
    Answered.objects.bulk_create(
        (Answered(question=question, scheme=scheme) for question in questions),
        ignore_conflicts=True,
    )
    Ticked.objects.bulk_create(
        (Ticked(choice_id=pk, scheme=scheme) for pk in offered if pk in ticked),
        ignore_conflicts=True,
    )
    asked = Answered.objects.filter(question__in=questions, scheme=scheme)
    chosen = Ticked.objects.filter(choice__in=ticked.intersection(offered), scheme=scheme)
    for rows in (asked, chosen):
        list(rows.select_for_update().order_by("pk"))
        rows.update(times=F("times") + 1)
    asked.filter(question__in=right).update(right=F("right") + 1)
