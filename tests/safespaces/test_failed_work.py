"""Permanently failed work is shown to the installation's operator, with its reason."""

from datetime import timedelta
from html import unescape
from smtplib import SMTPAuthenticationError, SMTPDataError, SMTPRecipientsRefused
from uuid import uuid4

import pytest
from django.urls import reverse
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from post_office.mail import send
from post_office.models import PRIORITY, STATUS, Email, Log

from common.refusals import Refused
from common.tasks import TookTooLong, WorkerEnded, enqueue
from common.tasks.failures import reason_of, words_of
from common.tasks.outbox import due
from safespaces.duties import do_duty
from tests.common.tasks_for_tests import fail
from tests.factories import OfficerFactory, SignUpFactory, UserFactory
from venues.actions import keep_fates
from venues.kept import heal, rebuild
from venues.models import KeptVenue, Letter
from venues.work_queue import work_queue

pytestmark = pytest.mark.django_db


@pytest.fixture
def failed(settings):
    settings.DEMO = True
    settings.TASKS = {
        "default": {**settings.TASKS["default"], "BACKEND": "django_tasks_db.DatabaseBackend"}
    }

    def failed(error, task=do_duty, *ids):
        enqueue(task, *(ids or ("warn_of_lapses",)))
        row = DBTaskResult.objects.latest("enqueued_at")
        for worker in "abcde":
            row.claim(worker)
        try:
            raise error
        except BaseException as caught:
            row.set_failed(caught)
        return row

    return failed


@pytest.fixture
def keeper(client):
    user = UserFactory(is_superuser=True, is_staff=True)
    client.force_login(user)
    return user


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ValueError("out of order"), "An error in the program: ValueError: out of order"),
        (Refused("The scheme is closed."), "The scheme is closed."),
        (TookTooLong(), "It took longer than the 30 minutes it may take."),
        (WorkerEnded(), "was ended each time (5 times)"),
    ],
)
def test_each_failure_has_its_reason_in_words(failed, error, words):
    row = failed(error)
    assert words_of(row) == "Hourly duty: warn of lapses"
    assert words in reason_of(row)


def test_a_reason_never_quotes_database_rows(failed):
    row = failed(ValueError("duplicate key\nDETAIL:  Key (email)=(kim@example.org) exists."))
    assert "kim@" not in reason_of(row)
    assert "duplicate key" in reason_of(row)


def test_failed_work_tops_the_operators_first_page_and_can_be_retried(failed, keeper, client):
    row = failed(ValueError("out of order"))
    assert "Hourly duty: warn of lapses" in client.get(reverse("admin:index")).text
    page = client.get(reverse("failed_work")).text
    assert "An error in the program: ValueError: out of order" in page
    assert "Tried 5 times." in page
    again = client.post(reverse("try_failed_work_again"), {"task": str(row.pk)}, follow=True)
    assert "To be tried again: 1." in again.text
    assert "Nothing has failed." in again.text
    row.refresh_from_db()
    assert (row.status, row.worker_ids) == (TaskResultStatus.READY, [])


def test_all_failed_work_can_be_retried_at_once(failed, keeper, client):
    failed(ValueError("one"))
    failed(ValueError("two"), fail, 1)
    again = client.post(reverse("try_failed_work_again"), follow=True)
    assert "To be tried again: 2." in again.text


def test_a_missing_task_cannot_be_retried(failed, keeper, client):
    url = reverse("try_failed_work_again")
    for task in (str(uuid4()), "0" * 36, "x", ""):
        assert client.post(url, {"task": task}).status_code in (302, 404)
    assert not DBTaskResult.objects.exists()


def test_officers_do_not_see_failed_work(failed, client):
    failed(ValueError("out of order"))
    officer = OfficerFactory(role="administrator")
    client.force_login(officer.user)
    assert client.get(reverse("failed_work")).status_code == 403
    assert client.post(reverse("try_failed_work_again")).status_code == 403
    assert "failed_work" not in {queue.key for queue in work_queue(officer.user)}


# Letters


@pytest.fixture
def letter():
    def letter(error=None, to="ana@example.org", **details):
        sent = send(to, "desk@example.org", subject="Your sign-up", message="Dear", **details)
        Email.objects.filter(pk=sent.pk).update(status=STATUS.failed, number_of_retries=9)
        if error:
            Log.objects.create(
                email=sent,
                status=STATUS.failed,
                exception_type=type(error).__name__,
                message=str(error),
            )
        return sent

    return letter


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (
            SMTPRecipientsRefused({"ana@example.org": (550, b"No such user")}),
            "The mail server refused the address: 550 No such user",
        ),
        (SMTPDataError(554, b"Spam"), "The mail server refused the letter: 554 Spam"),
        (
            SMTPAuthenticationError(535, b"Bad credentials"),
            "did not accept the user name and password of this installation: 535 Bad credentials",
        ),
        (TimeoutError("timed out"), "The mail server could not be reached: timed out"),
        (FileNotFoundError("minutes.pdf"), "A file that goes with the letter is missing"),
        (ValueError("odd"), "An error in the program: ValueError: odd"),
        (None, "It is not known why."),
    ],
)
def test_a_failed_letter_says_why(keeper, client, letter, settings, error, words):
    settings.DEMO = True
    letter(error)
    page = unescape(client.get(reverse("failed_work")).text)
    assert "Letters that could not be sent" in page
    assert "Your sign-up" in page
    assert "To ana@example.org." in page
    assert words in page
    assert words in unescape(client.get(reverse("admin:index")).text)


def test_a_letter_can_be_retried(keeper, client, letter, settings):
    settings.DEMO = True
    one, other = letter(TimeoutError()), letter(TimeoutError())
    again = client.post(reverse("try_failed_work_again"), {"letter": one.pk}, follow=True)
    assert "To be tried again: 1." in again.text
    one.refresh_from_db()
    other.refresh_from_db()
    assert (one.status, one.number_of_retries) == (STATUS.queued, 0)
    assert list(due()) == [one]
    assert other.status == STATUS.failed


def test_letters_and_tasks_can_be_retried_together(failed, keeper, client, letter):
    failed(ValueError("one"))
    letter(TimeoutError())
    again = client.post(reverse("try_failed_work_again"), follow=True)
    assert "To be tried again: 2." in again.text
    assert "Nothing has failed." in again.text


def test_a_retried_letter_leaves_the_officers_list_of_failures(keeper, client, letter):
    sent = letter(TimeoutError())
    kept = Letter.objects.create(kind="venues.decline", subject="x", text="x", recipients=1)
    Letter.objects.filter(pk=kept.pk).update(email=sent)
    keep_fates()
    kept.refresh_from_db()
    assert kept.fate == Letter.Fate.FAILED
    client.post(reverse("try_failed_work_again"), {"letter": sent.pk})
    kept.refresh_from_db()
    assert kept.fate == Letter.Fate.LEAVING


def test_a_letter_posted_meanwhile_is_not_sent_again(keeper, client, letter, settings):
    settings.DEMO = True
    sent = letter(TimeoutError())
    Letter.objects.create(
        kind="venues.decline",
        subject="x",
        text="x",
        recipients=1,
        email=sent,
        posted_at=timezone.now(),
        posted_by=keeper,
    )
    assert "Nothing has failed." in client.get(reverse("failed_work")).text
    client.post(reverse("try_failed_work_again"), {"letter": sent.pk})
    client.post(reverse("try_failed_work_again"))
    sent.refresh_from_db()
    assert sent.status == STATUS.failed


def test_expired_codes_are_not_listed_and_no_code_is_shown(keeper, client, letter, settings):
    settings.DEMO = True
    letter(TimeoutError(), expires_at=timezone.now() - timedelta(minutes=1))
    assert "Nothing has failed." in client.get(reverse("failed_work")).text
    late = letter(TimeoutError())
    Email.objects.filter(pk=late.pk).update(priority=PRIORITY.high, subject="Your code: KXJ234")
    page = client.get(reverse("failed_work")).text
    assert "A letter to sign in" in page
    assert "KXJ234" not in page


@pytest.mark.parametrize("key", ["", "x", "0", "-1", "9" * 12, "²"])
def test_a_missing_letter_cannot_be_retried(keeper, client, letter, key):
    sent = letter(TimeoutError())
    answer = client.post(reverse("try_failed_work_again"), {"letter": key})
    assert answer.status_code in (302, 404)
    sent.refresh_from_db()
    assert sent.status == STATUS.failed


def test_failed_letters_take_a_constant_number_of_queries(
    keeper, client, letter, settings, django_assert_max_num_queries
):
    settings.DEMO = True
    for _number in range(60):
        letter(TimeoutError())
    with django_assert_max_num_queries(21):
        page = client.get(reverse("failed_work")).text
    assert page.count("Your sign-up</h3>") == 50
    assert "Older letters" in page


def test_a_finder_entry_corrected_by_the_hourly_check_is_shown_with_when_which_and_what(
    keeper, client
):
    venue = SignUpFactory(approved=True, listed=True).venue
    rebuild()
    assert "out of date" not in client.get(reverse("failed_work")).text
    KeptVenue.objects.update(facts={}, edges=[])  # as a change that no trigger noticed would leave
    midnight = timezone.localtime().replace(hour=0)
    [hour] = [at for n in range(24) if heal(at := midnight + timedelta(hours=n))]
    page = unescape(client.get(reverse("failed_work")).text)
    assert "Finder entries that were out of date" in page
    assert venue.name in page
    assert reverse("admin:venues_venue_change", args=[venue.pk]) in page
    assert "what its card says" in page
    assert "who lists it" not in page
    assert f"{timezone.localtime(hour):%H:%M}" in page
