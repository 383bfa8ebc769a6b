"""Tasks: queued with what causes them, tried again, parked, taken from workers that died."""

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
    """Run the first task that waits as a worker does, without its loop and its heart."""
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


def test_a_task_is_rolled_back_with_what_caused_it():
    with transaction.atomic():
        enqueue(succeed)
        transaction.set_rollback(True)
    assert not DBTaskResult.objects.exists()


@pytest.mark.parametrize("content", [b"a file", ["a", "list"], {"a": 1}, "x" * 65, None])
def test_a_task_takes_ids_only(content):
    with pytest.raises(TypeError, match="takes ids"):
        enqueue(succeed, content)


# Failing


def test_a_failed_task_is_tried_again_with_a_growing_pause_and_then_parked():
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


def test_what_is_refused_in_words_is_parked_at_once():
    enqueue(refuse)
    assert run_next().status == FAILED
    assert retry_failed() == 0


def test_a_task_whose_worker_died_after_failing_is_tried_again():
    row = running("one", task=fail)
    row.set_failed(ValueError("out of order"))
    assert retry_failed() == 1


def test_only_one_worker_puts_a_failed_task_back():
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


def test_a_task_over_its_time_limit_is_stopped_even_where_it_catches_everything():
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


def test_the_task_of_a_worker_that_stopped_beating_is_put_back(watch, clock):
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


def test_the_task_of_a_worker_that_never_beat_is_put_back_too(watch, clock):
    running("one")
    put_back_tasks_of_dead_workers(watch)
    clock.now += SILENT_FOR
    assert put_back_tasks_of_dead_workers(watch) == 1


def test_the_task_of_a_worker_that_beats_is_left_to_it_for_hours(watch, clock):
    running("one")
    for count in range(100):
        beat("one", count)
        assert put_back_tasks_of_dead_workers(watch) == 0
        clock.now += SILENT_FOR - 1


def test_a_clock_that_jumps_an_hour_makes_no_worker_look_dead(watch, clock, monkeypatch):
    running("one")
    beat("one", 1)
    put_back_tasks_of_dead_workers(watch)
    monkeypatch.setattr(timezone, "now", lambda: datetime(2099, 1, 1, tzinfo=UTC))
    clock.now += 3
    assert put_back_tasks_of_dead_workers(watch) == 0


def test_after_the_database_was_away_every_worker_gets_time_to_come_back(watch, clock):
    running("one")
    beat("one", 1)
    put_back_tasks_of_dead_workers(watch)
    clock.now += 60
    watch.forget()
    assert put_back_tasks_of_dead_workers(watch) == 0


def test_two_watchers_put_a_task_back_once(watch, clock):
    row = running("one")
    other = Watch(clock)
    put_back_tasks_of_dead_workers(watch)
    put_back_tasks_of_dead_workers(other)
    clock.now += SILENT_FOR
    assert put_back_tasks_of_dead_workers(watch) == 1
    row.refresh_from_db()
    row.claim("two")
    assert put_back_tasks_of_dead_workers(other) == 0


def test_a_task_that_ends_every_worker_is_parked_with_that_reason(watch, clock):
    row = running("one", "two", "three", task=fail)
    put_back_tasks_of_dead_workers(watch)
    clock.now += SILENT_FOR
    put_back_tasks_of_dead_workers(watch)
    row.refresh_from_db()
    assert row.status == FAILED
    assert row.exception_class_path == "common.tasks.define.WorkerEnded"


# Once


def test_in_one_slot_a_thing_is_queued_once():
    assert enqueue_once("2026-11-27T10", succeed, "tidy_up")
    assert not enqueue_once("2026-11-27T10", succeed, "tidy_up")
    assert DBTaskResult.objects.count() == 1


def test_after_a_day_without_workers_each_thing_waits_once():
    for hour in range(24):
        enqueue_once(f"2026-11-27T{hour:02}", succeed, "tidy_up")
    assert DBTaskResult.objects.count() == 1


def test_it_is_queued_again_when_the_turn_before_is_done():
    enqueue_once("2026-11-27T10", succeed, "tidy_up")
    run_next()
    assert enqueue_once("2026-11-27T11", succeed, "tidy_up")


@pytest.mark.django_db(transaction=True)
def test_four_hosts_queue_at_once_and_each_thing_is_there_once():
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


def test_of_two_at_the_same_thing_one_is_let_in():
    with only_one("duty") as first, only_one("duty") as second, only_one("other") as other:
        assert (first, second, other) == (True, False, True)
    with only_one("duty") as again:
        assert again


# Forgetting


def test_finished_tasks_of_every_queue_are_forgotten():
    for queue in ("letters", "work", "imports"):
        enqueue(succeed, queue=queue)
        run_next()
    now = timezone.now()
    assert prune_tasks(now) == 0
    assert prune_tasks(now + timedelta(days=4)) == 3


def test_parked_tasks_are_kept_for_two_months_unless_the_same_was_done_since():
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


def test_old_ticks_and_the_beats_of_the_dead_are_forgotten():
    enqueue_once("2026-11-27T10", succeed, "tidy_up")
    beat("one", 1)
    prune_tasks(timezone.now() + timedelta(days=41))
    assert not Tick.objects.exists()
    assert not Beat.objects.exists()
