"""All queues of sign-ups in order, registered for the dashboard."""

from django.urls import reverse

from venues.models import SignUp
from venues.work_queue import Queue, Row, register

from . import decisions, safety, sending, standing
from .kinds import SignUpQueue

SIGN_UP_QUEUES = [
    safety.HIDDEN_FOR_SAFETY,
    safety.HIDDEN_BY_US,
    decisions.WAITING,
    decisions.NOT_CONFIRMED,
    decisions.HAND_OVER,
    standing.MISSING,
    standing.IN_GRACE,
    standing.LAPSING,
    standing.HOURS,
    sending.TO_ISSUE,
    sending.TO_SEND,
    sending.TO_POST,
    decisions.TO_AGREE,
]
"""In the order of an officer's morning."""


def find_queue(key: str) -> SignUpQueue | None:
    return next((queue for queue in SIGN_UP_QUEUES if queue.key == key), None)


def _register(queue: SignUpQueue, order: int) -> None:
    """Register on the dashboard; the list of sign-ups offers the same queue as a filter."""

    def rows(user, now, most):
        sign_ups = SignUp.objects.for_officer(user).select_related("venue", "scheme")
        return [_row(queue, each, now) for each in queue.find_fast(sign_ups, now)[:most]]

    def whole_url():
        return reverse("admin:venues_signup_changelist") + f"?queue={queue.key}"

    register(Queue(queue.key, order, queue.title, rows, whole_url, part=queue.part))


def _row(queue, sign_up, now):
    return Row(
        str(sign_up.venue),
        str(sign_up.scheme),
        reverse("admin:venues_signup_change", args=[sign_up.pk]),
        queue.rule(sign_up, now),
        queue.due(sign_up, now),
    )


for number, each in enumerate(SIGN_UP_QUEUES):
    _register(each, 100 + number)
