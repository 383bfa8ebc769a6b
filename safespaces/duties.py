"""What must be done about once an hour, whoever visits: `run_worker` calls each of these in turn.

A duty takes no argument, may be called again at any time without harm, returns how many things it
did something to, and says nothing when there is nothing to do. An error in one is logged and the
others go on. `run_duties` does the same by hand and says the numbers.
"""

import datetime
from collections.abc import Callable

from django.utils import timezone
from post_office.utils import cleanup_expired_mails

from coverage.duties import keep_snapshots
from partnership.duties.meetings import (
    forget_deputies,
    invite_when_near,
    propose_dates,
    remind_of_replies,
    remind_owners,
    tell_chairs,
)
from partnership.duties.returns import (
    send_month_letters,
    send_quarter_letters,
    set_up_schemes,
)
from partnership.duties.words import forget_words
from training.duties import (
    ask_who_comes_instead,
    delete_old_interest,
    pass_on_unanswered_offers,
    remind_of_expiry,
    remind_of_sessions,
)
from venues.actions import forget_letters, keep_fates
from venues.duties import (
    anonymise_leavers,
    delete_old_enquiries,
    delete_photos_of_leavers,
    forget_places,
    warn_of_lapses,
)

MAIL_KEPT = datetime.timedelta(days=31)


def delete_old_mail() -> int:
    """Delete letters from the queue a month after they were written; how many."""
    keep_fates()
    deleted, __ = cleanup_expired_mails(timezone.now() - MAIL_KEPT)
    return deleted


DUTIES: list[Callable[[], object]] = [
    warn_of_lapses,
    remind_of_expiry,
    delete_old_enquiries,
    keep_fates,
    delete_old_mail,
    forget_letters,
    anonymise_leavers,
    forget_places,
    delete_photos_of_leavers,
    ask_who_comes_instead,
    pass_on_unanswered_offers,
    remind_of_sessions,
    delete_old_interest,
    set_up_schemes,
    send_quarter_letters,
    send_month_letters,
    propose_dates,
    invite_when_near,
    remind_of_replies,
    tell_chairs,
    remind_owners,
    forget_deputies,
    forget_words,
    keep_snapshots,
]
