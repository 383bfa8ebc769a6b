"""Tasks: queued transactionally, retried, parked, and recovered from dead workers."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import connections, transaction
from django.utils import timezone
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult, get_date_max

from common.tasks import enqueue
from common.tasks.heart import SILENT_FOR, Watch, put_back_tasks_of_dead_workers
from common.tasks.models import Beat, Tick
from common.tasks.once import enqueue_once, only_one
from common.tasks.prune import prune_tasks
from common.tasks.retries import parked, pause_after, retry, retry_failed, try_again
from common.tasks.worker import Worker
from tests.common.tasks_for_tests import fail, find_nothing, refuse, sleep_long, succeed

READY, RUNNING = TaskResultStatus.READY, TaskResultStatus.RUNNING
FAILED, SUCCESSFUL = TaskResultStatus.FAILED, TaskResultStatus.SUCCESSFUL
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def queue_in_the_database(settings):
    settings.TASKS = {
        "default": {**settings.TASKS["default"], "BACKEND": "django_tasks_db.DatabaseBackend"}
    }


def run_next() -> DBTaskResult:
    """Run the first waiting task as a worker does, without its loop and heartbeat."""
    worker = Worker(["*"])
    row = DBTaskResult.objects.ready().first()
    row.claim(worker.worker_id)
    worker.run_task(row)
    row.refresh_from_db()
    return row


def running(*workers, task=succeed) -> DBTaskResult:
    enqueue(task)
    row = DBTaskResult.objects.get()
    for name in workers:
        row.claim(name)
    return row


class Clock:
    now = 0.0

    def __call__(self):
        return self.now


# Queueing


def test_a_task_is_rolled_back_with_its_transaction():
    with transaction.atomic():
        enqueue(succeed)
        transaction.set_rollback(True)
    assert not DBTaskResult.objects.exists()


@pytest.mark.parametrize("content", [b"a file", ["a", "list"], {"a": 1}, "x" * 65, None])
def test_a_task_takes_only_ids(content):
    with pytest.raises(TypeError, match="takes ids"):
        enqueue(succeed, content)


# Failing


def test_a_failed_task_is_retried_with_growing_pauses_then_parked():
    enqueue(fail)
    row = run_next()
    assert row.status == READY
    assert timedelta(seconds=20) < row.run_after - timezone.now() < timedelta(seconds=40)
    for _ in range(2):
        DBTaskResult.objects.update(run_after=get_date_max())
        row = run_next()
    assert row.status == FAILED
    assert len(row.worker_ids) == 3
    assert list(parked()) == [row]


def test_pauses_double_up_to_an_hour():
    assert [pause_after(n).total_seconds() for n in (1, 2, 3)] == [30, 60, 120]
    assert pause_after(50) == timedelta(hours=1)


def test_a_refused_task_is_parked_at_once():
    enqueue(refuse)
    assert run_next().status == FAILED
    assert retry_failed() == 0


def test_a_task_whose_worker_died_after_failing_is_retried():
    row = running("one", task=fail)
    row.set_failed(ValueError("out of order"))
    assert retry_failed() == 1


def test_only_one_worker_requeues_a_failed_task():
    row = running("one", task=fail)
    row.set_failed(ValueError("out of order"))
    assert retry(row)
    assert not retry(row)


def test_a_parked_task_gets_all_its_tries_again():
    enqueue(refuse)
    row = run_next()
    assert try_again(row)
    row.refresh_from_db()
    assert (row.status, row.worker_ids) == (READY, [])
    assert not try_again(row)


def test_a_task_whose_object_was_deleted_ends_quietly():
    enqueue(find_nothing, 1)
    assert run_next().status == SUCCESSFUL


def test_a_task_over_its_time_limit_is_stopped_even_if_it_catches_everything():
    enqueue(sleep_long)
    began = timezone.now()
    row = run_next()
    assert timezone.now() - began < timedelta(seconds=5)
    assert row.status == READY
    assert row.exception_class_path == "common.tasks.define.TookTooLong"


# Workers that died


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def watch(clock):
    return Watch(clock)


def beat(name, count):
    Beat.objects.update_or_create(worker=name, defaults={"count": count, "host": "a"})


def test_the_task_of_a_worker_that_stopped_beating_is_requeued(watch, clock):
    row = running("one")
    beat("one", 5)
    put_back_tasks_of_dead_workers(watch)
    clock.now += SILENT_FOR - 1
    assert put_back_tasks_of_dead_workers(watch) == 0
    clock.now += 1
    assert put_back_tasks_of_dead_workers(watch) == 1
    row.refresh_from_db()
    assert row.status == READY
    assert row.run_after == get_date_max()


def test_the_task_of_a_worker_that_never_beat_is_requeued(watch, clock):
    running("one")
    put_back_tasks_of_dead_workers(watch)
    clock.now += SILENT_FOR
    assert put_back_tasks_of_dead_workers(watch) == 1


def test_the_task_of_a_beating_worker_is_left_alone_for_hours(watch, clock):
    running("one")
    for count in range(100):
        beat("one", count)
        assert put_back_tasks_of_dead_workers(watch) == 0
        clock.now += SILENT_FOR - 1


def test_a_clock_jump_does_not_make_a_worker_look_dead(watch, clock, monkeypatch):
    running("one")
    beat("one", 1)
    put_back_tasks_of_dead_workers(watch)
    monkeypatch.setattr(timezone, "now", lambda: datetime(2099, 1, 1, tzinfo=UTC))
    clock.now += 3
    assert put_back_tasks_of_dead_workers(watch) == 0


def test_after_a_database_outage_every_worker_gets_time_to_return(watch, clock):
    running("one")
    beat("one", 1)
    put_back_tasks_of_dead_workers(watch)
    clock.now += 60
    watch.forget()
    assert put_back_tasks_of_dead_workers(watch) == 0


def test_two_watchers_requeue_a_task_once(watch, clock):
    row = running("one")
    other = Watch(clock)
    put_back_tasks_of_dead_workers(watch)
    put_back_tasks_of_dead_workers(other)
    clock.now += SILENT_FOR
    assert put_back_tasks_of_dead_workers(watch) == 1
    row.refresh_from_db()
    row.claim("two")
    assert put_back_tasks_of_dead_workers(other) == 0


def test_a_task_that_kills_every_worker_is_parked_with_that_reason(watch, clock):
    row = running("one", "two", "three", task=fail)
    put_back_tasks_of_dead_workers(watch)
    clock.now += SILENT_FOR
    put_back_tasks_of_dead_workers(watch)
    row.refresh_from_db()
    assert row.status == FAILED
    assert row.exception_class_path == "common.tasks.define.WorkerEnded"


# Once


def test_a_thing_is_queued_once_per_slot():
    assert enqueue_once("2026-11-27T10", succeed, "tidy_up")
    assert not enqueue_once("2026-11-27T10", succeed, "tidy_up")
    assert DBTaskResult.objects.count() == 1


def test_after_a_day_without_workers_each_thing_is_queued_once():
    for hour in range(24):
        enqueue_once(f"2026-11-27T{hour:02}", succeed, "tidy_up")
    assert DBTaskResult.objects.count() == 1


def test_a_thing_is_queued_again_once_the_previous_run_is_done():
    enqueue_once("2026-11-27T10", succeed, "tidy_up")
    run_next()
    assert enqueue_once("2026-11-27T11", succeed, "tidy_up")


@pytest.mark.django_db(transaction=True)
def test_four_hosts_queueing_at_once_queue_each_thing_once():
    together = threading.Barrier(4)

    def host():
        together.wait()
        for name in ("one", "two", "three"):
            enqueue_once("2026-11-27T10", succeed, name)
        connections.close_all()

    hosts = [threading.Thread(target=host) for _ in range(4)]
    for each in hosts:
        each.start()
    for each in hosts:
        each.join(timeout=30)
    queued = sorted(row.args_kwargs["args"][0] for row in DBTaskResult.objects.all())
    assert queued == ["one", "three", "two"]


def test_only_one_of_two_gets_the_lock():
    with only_one("duty") as first, only_one("duty") as second, only_one("other") as other:
        assert (first, second, other) == (True, False, True)
    with only_one("duty") as again:
        assert again


# Forgetting


def test_finished_tasks_of_every_queue_are_pruned():
    for queue in ("letters", "work", "imports"):
        enqueue(succeed, queue=queue)
        run_next()
    now = timezone.now()
    assert prune_tasks(now) == 0
    assert prune_tasks(now + timedelta(days=4)) == 3


def test_parked_tasks_are_kept_two_months_unless_done_since():
    enqueue(refuse)
    run_next()
    enqueue(succeed, 1)
    overtaken = run_next()
    enqueue(succeed, 1)
    run_next()
    DBTaskResult.objects.filter(pk=overtaken.pk).update(status=FAILED)
    now = timezone.now()
    assert prune_tasks(now) == 1
    assert parked().count() == 1
    prune_tasks(now + timedelta(days=61))
    assert not parked().exists()


def test_old_ticks_and_dead_workers_beats_are_pruned():
    enqueue_once("2026-11-27T10", succeed, "tidy_up")
    beat("one", 1)
    prune_tasks(timezone.now() + timedelta(days=41))
    assert not Tick.objects.exists()
    assert not Beat.objects.exists()
