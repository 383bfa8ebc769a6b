"""The outbox: each letter sent once, urgent ones first; a silent mail server blocks nothing."""

import threading
import time
from collections import Counter
from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import connection, connections
from django.utils import timezone
from post_office.connections import connections as mail_connections
from post_office.mail import send, send_many
from post_office.models import STATUS, Email, Log

from common.tasks.outbox import Breaker, Sender
from tests.common.smtp import mail_server

pytestmark = pytest.mark.django_db


@pytest.fixture
def smtp(settings):
    """A real local mail server, with the transport used in production."""
    with mail_server() as server:
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", server.port
        settings.EMAIL_TIMEOUT = 0.3
        settings.POST_OFFICE = {
            **settings.POST_OFFICE,
            "BACKENDS": {"default": "django.core.mail.backends.smtp.EmailBackend"},
        }
        yield server
        mail_connections.close()


def letter(to="ana@example.org", **kwargs):
    return send(to, "desk@example.org", subject="Your sticker", message="Sent.", **kwargs)


def send_all(sender=None):
    sender = sender or Sender()
    while sender.send_one():
        pass


def status(letter):
    return Email.objects.get(pk=letter.pk).status


def test_a_queued_letter_is_sent_and_leaves_the_outbox(smtp):
    queued = letter()
    send_all()
    assert smtp.recipients() == ["ana@example.org"]
    assert status(queued) == STATUS.sent


def test_a_log_in_code_overtakes_ten_thousand_letters(smtp):
    send_many(
        [
            {"recipients": f"venue{n}@example.org", "subject": "The month", "message": "News."}
            for n in range(10_000)
        ]
    )
    letter("sam@example.org", priority="high")
    began = time.monotonic()
    assert Sender().send_one()
    assert smtp.recipients() == ["sam@example.org"]
    assert time.monotonic() - began < 1


def test_the_urgent_sender_leaves_ordinary_letters_alone(smtp):
    routine = letter()
    letter("sam@example.org", priority="high")
    send_all(Sender(urgent_only=True))
    assert smtp.recipients() == ["sam@example.org"]
    assert status(routine) == STATUS.queued


def test_a_delayed_letter_is_not_sent_early(smtp):
    letter(scheduled_time=timezone.now() + timedelta(minutes=10))
    assert not Sender().send_one()


def test_one_refused_address_does_not_block_other_letters(smtp):
    smtp.refused["gone@example.org"] = 550
    refused, other = letter("gone@example.org"), letter("ana@example.org")
    send_all()
    assert smtp.recipients() == ["ana@example.org"]
    assert (status(refused), status(other)) == (STATUS.failed, STATUS.sent)
    assert "550" in Log.objects.get(email=refused).message


def test_a_temporarily_refused_address_is_retried_later(smtp):
    smtp.refused["busy@example.org"] = 451
    busy = letter("busy@example.org")
    send_all()
    busy.refresh_from_db()
    assert busy.status == STATUS.requeued
    assert busy.scheduled_time > timezone.now()
    smtp.refused.clear()
    Email.objects.update(scheduled_time=timezone.now())
    send_all()
    assert status(busy) == STATUS.sent


def test_a_letter_with_a_missing_file_does_not_block_others(smtp, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    broken, other = letter(attachments={"a.txt": ContentFile(b"a")}), letter("bo@example.org")
    attachment = broken.attachments.get()
    attachment.file.storage.delete(attachment.file.name)
    send_all()
    assert (status(broken), status(other)) == (STATUS.requeued, STATUS.sent)


def test_a_silent_mail_server_costs_one_timeout_not_one_per_letter(smtp):
    smtp.silent = True
    letters = [letter(f"venue{n}@example.org") for n in range(20)]
    sender = Sender()
    sender.send_one()
    began = time.monotonic()
    assert 0 < sender.step() <= 1
    assert time.monotonic() - began < 0.1
    assert Counter(map(status, letters)) == {STATUS.requeued: 1, STATUS.queued: 19}


def test_everything_is_sent_once_the_server_answers_again(smtp):
    smtp.silent = True
    letters = [letter(f"venue{n}@example.org") for n in range(3)]
    sender = Sender()
    sender.send_one()
    smtp.silent = False
    Email.objects.update(scheduled_time=None)
    send_all(sender)
    assert {status(each) for each in letters} == {STATUS.sent}
    assert sender.breaker.seconds_left() == 0


def test_the_circuit_breaker_backs_off_up_to_a_minute():
    breaker = Breaker(longest=60, clock=lambda: 0.0)
    waits = []
    for _ in range(6):
        breaker.trip()
        waits.append(breaker.seconds_left())
    assert waits == [5, 10, 20, 40, 60, 60]
    breaker.mend()
    assert breaker.seconds_left() == 0


def test_a_server_that_hung_up_is_reconnected(smtp):
    letter()
    sender = Sender()
    sender.send_one()
    for each in mail_connections.all():
        each.connection.sock.close()
    second = letter("bo@example.org")
    sender.send_one()
    assert status(second) in (STATUS.sent, STATUS.requeued)
    Email.objects.update(scheduled_time=None)
    send_all()
    assert status(second) == STATUS.sent


@pytest.mark.django_db(transaction=True)
def test_three_senders_never_send_a_letter_twice(smtp):
    send_many(
        [
            {"recipients": f"venue{n}@example.org", "subject": "The month", "message": "News."}
            for n in range(1000)
        ]
    )

    def empty():
        send_all()
        mail_connections.close()
        connections.close_all()

    threads = [threading.Thread(target=empty) for _ in range(3)]
    for each in threads:
        each.start()
    for each in threads:
        each.join(timeout=60)
    assert Counter(smtp.recipients()) == {f"venue{n}@example.org": 1 for n in range(1000)}
    assert not Email.objects.exclude(status=STATUS.sent).exists()


@pytest.mark.django_db(transaction=True)
def test_a_letter_locked_by_another_sender_is_skipped(smtp):
    held, other = letter(), letter("bo@example.org")
    own = connection.copy()
    own.set_autocommit(False)
    with own.cursor() as cursor:
        cursor.execute("SELECT id FROM post_office_email WHERE id = %s FOR UPDATE", [held.pk])
    try:
        send_all()
    finally:
        own.close()
    assert smtp.recipients() == ["bo@example.org"]
    assert status(other) == STATUS.sent
