"""Anonymous feedback, and first answers counted without a name.

Nothing here records an event: its timestamp beside an answer would reveal whose it is.
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
    """Store a rating and a comment; the enrolment records only that feedback was given."""
    enrolment = lock(enrolment)
    if reasons := [*why_no_feedback_on_module(enrolment), *why_not_say(words)]:
        raise Refused(*reasons)
    enrolment.feedback_given = True
    enrolment.save(update_fields=["feedback_given"])
    _store(rating, words, module_id=enrolment.module_id, scheme_id=enrolment.scheme_id)


@transaction.atomic
def give_feedback_on_session(booking: Booking, *, rating: int, words: str = "") -> None:
    """Store a rating and a comment; the booking records only that feedback was given."""
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
    """Add somebody's first answers to the scheme's totals. Call it inside a transaction.

    `answers` holds the ids of the ticked choices by question id. Rows are created and locked in
    primary-key order, so that two simultaneous submissions cannot deadlock.
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
        # UPDATE alone would lock rows in no particular order.
        list(rows.select_for_update().order_by("pk"))
        rows.update(times=F("times") + 1)
    asked.filter(question__in=right).update(right=F("right") + 1)
