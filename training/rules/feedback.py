"""What people thought and understood, as totals from three answers up, so that nobody is named."""

import re
from dataclasses import dataclass

from django.db.models import Count, F, OuterRef, QuerySet, Subquery, Sum
from django.utils.translation import gettext as _

from accounts.models import User
from training.models import Answered, Booking, Enrolment, Feedback, Module, Session, Ticked

FEWEST = 3
ADDRESS = re.compile(r"@\s*\w|\w\s*@")
TELEPHONE = re.compile(r"(?:\d[\s().+/-]*){9,}")
OFTEN_WRONG = 60
"""In per cent: with fewer right answers at the first try, the text itself may be at fault."""


def why_not_say(words: str) -> list[str]:
    """Why a comment is refused: feedback is anonymous, so it may hold no contact details."""
    reasons = []
    if ADDRESS.search(words):
        reasons.append(
            _("Leave out e-mail addresses and account names, so that nobody can be recognised.")
        )
    if TELEPHONE.search(words):
        reasons.append(_("Leave out telephone numbers, so that nobody can be recognised."))
    return reasons


def why_no_feedback_on_module(enrolment: Enrolment) -> list[str]:
    if enrolment.feedback_given:
        return [_("You have told us already. Thank you.")]
    if not enrolment.completed_at or enrolment.withdrawn_at:
        return [_("Finish the training first. Then tell us how it was.")]
    return []


def why_no_feedback_on_session(booking: Booking) -> list[str]:
    if booking.feedback_given:
        return [_("You have told us already. Thank you.")]
    if not booking.attended:
        return [_("This link is for people who came to the session.")]
    if booking.session.module_id is None:
        return [_("Feedback is asked about training only.")]
    return []


@dataclass(frozen=True)
class Opinions:
    """The feedback on one session, or on self-study if `session` is None."""

    session: Session | None
    number: int
    average: float
    words: list[str]


def opinions(module: Module, user: User) -> list[Opinions]:
    """Feedback from the officer's schemes, by session, where there are three answers or more.

    Self-study comes first. The order of the comments says nothing about time.
    """
    given: dict[Session | None, list[Feedback]] = {}
    rows = Feedback.objects.for_officer(user).filter(module=module).select_related("session")
    for row in rows.order_by("id"):
        given.setdefault(row.session, []).append(row)
    shown = [
        Opinions(
            session,
            len(those),
            round(sum(row.rating for row in those) / len(those), 1),
            [row.words for row in those if row.words],
        )
        for session, those in given.items()
        if len(those) >= FEWEST
    ]
    return sorted(
        shown, key=lambda each: (each.session is not None, each.session and -each.session.pk)
    )


def too_few_opinions(module: Module, user: User) -> bool:
    """Whether there is feedback that cannot be shown yet."""
    groups = (
        Feedback.objects.for_officer(user)
        .filter(module=module)
        .order_by()
        .values("session")
        .annotate(number=Count("pk"))
    )
    return any(group["number"] < FEWEST for group in groups)


def results(module: Module, user: User) -> QuerySet:
    """The questions of every version, newest first, annotated with first-try results.

    Totals over the officer's schemes: `times` answered and `rightly`; `choices.all()` have
    `ticked_times`. Only questions answered three times or more.
    """
    answered = Answered.objects.for_officer(user).filter(question=OuterRef("pk")).order_by()
    total = answered.values("question")
    return (
        module.questions.annotate(
            times=Subquery(total.annotate(sum=Sum("times")).values("sum")),
            rightly=Subquery(total.annotate(sum=Sum("right")).values("sum")),
        )
        .filter(times__gte=FEWEST)
        .annotate(per_cent=100 * F("rightly") / F("times"))
        .order_by("-version", "order")
    )


def with_ticks(choices: QuerySet, user: User) -> QuerySet:
    """Annotate `ticked_times`: how often each choice was ticked at a first try."""
    ticked = Ticked.objects.for_officer(user).filter(choice=OuterRef("pk")).order_by()
    total = ticked.values("choice").annotate(sum=Sum("times")).values("sum")
    return choices.annotate(ticked_times=Subquery(total))
