import os
import signal
import subprocess
import sys
import time

import pytest
from django.conf import settings
from django.core import mail
from django.db import connection
from post_office.mail import send as queue
from post_office.models import STATUS, Email

from safespaces.management.commands import run_worker

pytestmark = pytest.mark.django_db


@pytest.fixture
def another_worker():
    """A connection of its own that holds the workers' lock."""
    other = connection.copy()
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_lock(%s)", [run_worker.LOCK])
    yield other
    other.close()


def queue_letter():
    return queue("ana@example.org", "desk@example.org", subject="Your sticker", message="Sent.")


def test_queued_mail_is_sent_and_leaves_the_queue():
    letter = queue_letter()

    assert run_worker.work(with_duties=False)

    assert [sent.subject for sent in mail.outbox] == ["Your sticker"]
    assert Email.objects.get(pk=letter.pk).status == STATUS.sent


def test_of_two_workers_one_sends(another_worker):
    queue_letter()

    assert not run_worker.work(with_duties=True)

    assert not mail.outbox


def test_an_error_in_one_duty_is_logged_and_the_others_go_on(monkeypatch, caplog):
    done = []

    def fails():
        raise ValueError("out of order")

    monkeypatch.setattr(run_worker, "DUTIES", [fails, lambda: done.append("second")])

    assert run_worker.work(with_duties=True)

    assert done == ["second"]
    assert "fails" in caplog.text


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_it_stops_when_told_to(stop):
    ready, says = os.pipe()
    worker = subprocess.Popen(
        [sys.executable, "-c", WORKER_THAT_SAYS_WHEN_IT_IS_READY, str(says)],
        cwd=settings.BASE_DIR,
        pass_fds=[says],
    )
    os.close(says)
    try:
        os.read(ready, 1)
        began = time.monotonic()
        worker.send_signal(stop)
        assert worker.wait(timeout=20) == 0
        assert time.monotonic() - began < 10
    finally:
        os.close(ready)
        worker.kill()


WORKER_THAT_SAYS_WHEN_IT_IS_READY = """
import os, signal, sys
import django
signal.signal(signal.SIGINT, signal.default_int_handler)  # a script's background commands ignore it
django.setup()
from django.core.management import call_command
from safespaces.management.commands import run_worker
run_worker.work = lambda **_: os.write(int(sys.argv[1]), b"r")
call_command("run_worker")
"""
