"""Hourly duties: the timer queues each as a separate task.

A duty takes no argument, is idempotent, returns how many objects it changed, and is silent when
there is nothing to do. A failing duty is retried and does not hold up the others. `run_duties` runs
them by hand and prints the counts.
"""

import datetime
from collections.abc import Callable

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common import retention
from common.tasks import LETTERS, WORK, Gone, task
from common.tasks.once import enqueue_once, only_one
from common.tasks.prune import prune_tasks
from coverage.duties import keep_snapshots
from partnership.duties.meetings import (
    invite_when_near,
    propose_dates,
    remind_of_replies,
    remind_owners,
    tell_chairs,
)
from partnership.duties.returns import (
    send_month_letters,
    send_return_letters,
    set_up_schemes,
)
from training.duties import (
    ask_who_comes_instead,
    pass_on_unanswered_offers,
    remind_of_expiry,
    remind_of_sessions,
)
from venues.actions import keep_fates
from venues.duties import (
    delete_photos_of_leavers,
    keep_listings,
    refresh_listings,
    remind_of_insurance,
    tell_of_ready_stickers,
    warn_of_lapses,
)
from venues.models import KeptMark

DUTIES: list[Callable[[], object]] = [
    warn_of_lapses,
    tell_of_ready_stickers,
    remind_of_expiry,
    remind_of_insurance,
    keep_fates,
    delete_photos_of_leavers,
    keep_listings,
    refresh_listings,
    ask_who_comes_instead,
    pass_on_unanswered_offers,
    remind_of_sessions,
    set_up_schemes,
    send_return_letters,
    send_month_letters,
    propose_dates,
    invite_when_near,
    remind_of_replies,
    tell_chairs,
    remind_owners,
    keep_snapshots,
    prune_tasks,
    *(row.duty for row in retention.rows()),
]
LETTER_WRITERS = {
    warn_of_lapses,
    tell_of_ready_stickers,
    remind_of_expiry,
    remind_of_insurance,
    remind_of_sessions,
    send_return_letters,
    send_month_letters,
    invite_when_near,
    remind_of_replies,
    tell_chairs,
    remind_owners,
}
"""Duties of the queue `letters`, which a large installation may give workers of its own."""


def lock_name(duty: Callable) -> str:
    return f"duty {duty.__name__}"


def enqueue_duties(at: datetime.datetime | None = None) -> int:
    """Queue each duty not yet queued this hour on any host; returns how many.

    Hours are UTC, so clock changes neither skip nor repeat one, and a clock that is set back an
    hour finds its slots taken.
    """
    now = (at or timezone.now()).astimezone(datetime.UTC)
    slot = f"{now:%Y-%m-%dT%H}"
    return sum(
        enqueue_once(
            slot,
            do_duty,
            duty.__name__,
            queue=LETTERS if duty in LETTER_WRITERS else WORK,
        )
        for duty in DUTIES
    )


def catch_up(at: datetime.datetime | None = None) -> bool:
    """Each minute, queue the refresh of kept listings that changed outside a transaction.

    Until then the finder applies the rules themselves, which is right but slow.
    """
    if not KeptMark.objects.exists():
        return False
    now = (at or timezone.now()).astimezone(datetime.UTC)
    return enqueue_once(f"{now:%Y-%m-%dT%H:%M}", do_duty, refresh_listings.__name__)


@task(
    queue=WORK,
    words=_("Hourly duty"),
    tries=5,
    limit=datetime.timedelta(minutes=30),
)
def do_duty(name: str) -> object:
    """Run the duty with this name, unless another worker is running it."""
    duty = next((each for each in DUTIES if each.__name__ == name), None)
    if duty is None:  # queued by an earlier release that still had it
        raise Gone
    with only_one(lock_name(duty)) as mine:
        return duty() if mine else None
