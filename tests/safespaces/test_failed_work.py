"""Work that failed for good is shown to whoever runs the installation, with its reason."""

from uuid import uuid4

import pytest
from django.urls import reverse
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult

from common.refusals import Refused
from common.tasks import TookTooLong, WorkerEnded, enqueue
from common.tasks.failures import reason_of, words_of
from safespaces.duties import do_duty
from tests.common.tasks_for_tests import fail
from tests.factories import OfficerFactory, UserFactory
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


def test_a_reason_quotes_no_row_of_the_database(failed):
    row = failed(ValueError("duplicate key\nDETAIL:  Key (email)=(kim@example.org) exists."))
    assert "kim@" not in reason_of(row)
    assert "duplicate key" in reason_of(row)


def test_it_heads_the_keepers_first_page_and_is_tried_again_by_a_press(failed, keeper, client):
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


def test_all_of_it_is_tried_again_at_once(failed, keeper, client):
    failed(ValueError("one"))
    failed(ValueError("two"), fail, 1)
    again = client.post(reverse("try_failed_work_again"), follow=True)
    assert "To be tried again: 2." in again.text


def test_a_task_that_is_not_there_is_not_tried_again(failed, keeper, client):
    url = reverse("try_failed_work_again")
    for task in (str(uuid4()), "0" * 36, "x", ""):
        assert client.post(url, {"task": task}).status_code in (302, 404)
    assert not DBTaskResult.objects.exists()


def test_officers_do_not_see_it(failed, client):
    failed(ValueError("out of order"))
    officer = OfficerFactory(role="administrator")
    client.force_login(officer.user)
    assert client.get(reverse("failed_work")).status_code == 403
    assert client.post(reverse("try_failed_work_again")).status_code == 403
    assert "failed_work" not in {queue.key for queue in work_queue(officer.user)}
