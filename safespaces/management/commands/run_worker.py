import logging
import signal
import threading
import time

from django.core.management.base import BaseCommand
from django.db import close_old_connections, connection
from post_office.mail import send_queued

from safespaces.duties import DUTIES

logger = logging.getLogger(__name__)

STOP = {signal.SIGTERM, signal.SIGINT}
PAUSE = 3  # seconds between two looks at the queue
LONGEST_PAUSE = 60  # seconds, while looking fails
HOUR = 3600
LOCK = 0x5AFE5  # an advisory lock in the database: one worker at a time, on however many machines


class Command(BaseCommand):
    help = "Send queued mail every few seconds and do the hourly duties, until told to stop."

    def handle(self, **options):
        # Noted and asked for between rounds, so that no mail is cut off half sent.
        told_to_stop = threading.Event()
        for number in STOP:
            if signal.getsignal(number) != signal.SIG_IGN:
                signal.signal(number, lambda *__: told_to_stop.set())
        pause, duties_due = PAUSE, time.monotonic()
        while not told_to_stop.wait(pause):
            try:
                close_old_connections()
                with_duties = time.monotonic() >= duties_due
                if work(with_duties=with_duties) and with_duties:
                    duties_due = time.monotonic() + HOUR
                pause = PAUSE
            except Exception:
                logger.exception("The worker's round failed")
                pause = min(pause * 2, LONGEST_PAUSE)


def work(*, with_duties: bool) -> bool:
    """One round. False when another worker is at it."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [LOCK])
        if not cursor.fetchone()[0]:
            return False
    try:
        if with_duties:
            do_duties()
        while any(send_queued()):
            pass
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [LOCK])
    return True


def do_duties():
    for duty in DUTIES:
        try:
            duty()
        except Exception:
            logger.exception("The duty %s failed", duty.__name__)
