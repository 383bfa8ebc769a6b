"""Sending the outbox: letters that actions queued with `common.letters`, one at a time.

Any number of senders on any number of hosts: each locks a letter's row until the mail server has
answered. So a letter is sent once, unless a sender is killed between the server's acceptance and
the commit; then it is sent again.
"""

import logging
import smtplib
import threading
import time
from dataclasses import dataclass, field
from datetime import timedelta

from django.db import DatabaseError, transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from post_office.connections import connections
from post_office.models import PRIORITY, STATUS, Email, Log
from post_office.settings import get_max_retries

from common.tasks.patience import repeat

logger = logging.getLogger(__name__)

IDLE = 1
"""Seconds between two looks at an empty outbox."""
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=15), timedelta(minutes=15)
"""Between two tries of one letter."""
URGENT_PAUSE = timedelta(seconds=10)
"""Between two tries of a letter that somebody is waiting for: a sign-in code."""
OF_THE_LETTER = (
    smtplib.SMTPRecipientsRefused,
    smtplib.SMTPSenderRefused,
    smtplib.SMTPDataError,
    smtplib.SMTPNotSupportedError,
)
"""The mail server answered, and rejected this particular letter. It may accept the next."""


@dataclass
class Breaker:
    """Circuit breaker for an unresponsive mail server: pauses 5 seconds, doubling up to `longest`.

    Without it every letter would wait for its own timeout, and letters the server would accept
    again would queue behind them.
    """

    longest: float
    clock: callable = time.monotonic
    _failures: int = 0
    _until: float = field(default=0.0)

    def seconds_left(self) -> float:
        return max(0.0, self._until - self.clock())

    def trip(self) -> None:
        self._failures += 1
        self._until = self.clock() + min(5 * 2 ** min(self._failures - 1, 10), self.longest)

    def mend(self) -> None:
        self._failures = 0
        self._until = 0.0


class Sender:
    """Sends what is due. `urgent_only` keeps it free for letters that somebody is waiting for."""

    def __init__(self, *, urgent_only: bool = False):
        self.urgent_only = urgent_only
        self.breaker = Breaker(longest=10 if urgent_only else 60)

    def run(self, stopped: threading.Event) -> None:
        repeat(self.step, stopped, "Sending letters")

    def step(self) -> float:
        """Send one letter; returns the seconds to wait before the next."""
        if left := self.breaker.seconds_left():
            return min(left, IDLE)
        if self.send_one():
            return self.breaker.seconds_left() and IDLE
        connections.close()
        return IDLE

    def send_one(self) -> bool:
        """Send the first due letter that no other sender has locked; False if there is none."""
        with transaction.atomic():
            letter = due(urgent_only=self.urgent_only).first()
            if letter is None:
                return False
            try:
                self._deliver(letter)
            except DatabaseError:
                raise
            except Exception as error:
                connections.close()
                self._put_off(letter, error)
            else:
                self.breaker.mend()
                Email.objects.filter(pk=letter.pk).update(
                    status=STATUS.sent, last_updated=timezone.now()
                )
        return True

    def _deliver(self, letter):
        letter.prepare_email_message()
        reused = bool(list(connections.all()))
        try:
            letter.dispatch(commit=False, disconnect_after_delivery=False)
        except smtplib.SMTPServerDisconnected:
            if not reused:
                raise
            # The server closed an idle connection, as it may.
            connections.close()
            letter.dispatch(commit=False, disconnect_after_delivery=False)

    def _put_off(self, letter, error):
        if servers_fault(error):
            self.breaker.trip()
            logger.warning("The mail server does not take letters: %r", error)
        else:
            self.breaker.mend()
            logger.warning("Letter %s was not sent: %s", letter.pk, type(error).__name__)
        tries = (letter.number_of_retries or 0) + 1
        over = refused_for_good(error) or tries > get_max_retries()
        Email.objects.filter(pk=letter.pk).update(
            status=STATUS.failed if over else STATUS.requeued,
            number_of_retries=tries,
            scheduled_time=timezone.now() + pause_of(letter, tries),
            last_updated=timezone.now(),
        )
        Log.objects.create(
            email=letter,
            status=STATUS.failed,
            exception_type=type(error).__name__,
            message=str(error),
        )


def due(*, urgent_only: bool = False) -> QuerySet[Email]:
    """Letters to send now, urgent ones first; locks them and skips those locked by others."""
    now = timezone.now()
    letters = Email.objects.filter(
        Q(scheduled_time=None) | Q(scheduled_time__lte=now),
        Q(expires_at=None) | Q(expires_at__gt=now),
        status__in=[STATUS.queued, STATUS.requeued],
    )
    if urgent_only:
        letters = letters.filter(priority=PRIORITY.high)
    return letters.order_by("-priority", "pk").select_for_update(skip_locked=True, of=("self",))


def servers_fault(error: Exception) -> bool:
    """Whether the mail server itself is unreachable, silent or misconfigured, whatever the
    letter.
    """
    if isinstance(error, OF_THE_LETTER):
        return getattr(error, "smtp_code", 0) == 421
    return isinstance(error, OSError)  # SMTPException is one, and so is every time-out


def refused_for_good(error: Exception) -> bool:
    """Whether asking again is pointless: a reply of 5xx about this letter (RFC 5321, 4.2.1)."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, __ in error.recipients.values())
    return isinstance(error, smtplib.SMTPDataError) and error.smtp_code >= 500


def pause_of(letter: Email, tries: int) -> timedelta:
    if letter.priority == PRIORITY.high:
        return URGENT_PAUSE
    return min(FIRST_PAUSE * 2 ** min(tries - 1, 10), LONGEST_PAUSE)


def send_until(stopped: threading.Event, *, senders: int = 1) -> None:
    """Run this many senders, plus one for urgent letters only, until `stopped` is set."""
    all_senders = [Sender(urgent_only=True), *(Sender() for __ in range(senders))]
    threads = [
        threading.Thread(target=sender.run, args=[stopped], daemon=True) for sender in all_senders
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
