"""Hourly duties: each a separate task, queued once an hour."""

import inspect
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import call_command
from django_tasks_db.models import DBTaskResult

import coverage.duties
import training.duties
import venues.duties
from common.tasks.models import Tick
from partnership.duties import meetings, returns
from safespaces import duties
from safespaces.duties import DUTIES, LETTER_WRITERS, do_duty, enqueue_duties

pytestmark = pytest.mark.django_db
TEN = datetime(2026, 10, 25, 10, 5, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture
def queued(settings):
    settings.TASKS = {
        "default": {**settings.TASKS["default"], "BACKEND": "django_tasks_db.DatabaseBackend"}
    }

    def names():
        return sorted(row.args_kwargs["args"][0] for row in DBTaskResult.objects.all())

    return names


def test_every_duty_of_every_app_is_run():
    modules = [venues.duties, training.duties, coverage.duties, meetings, returns]
    written = {
        function.__name__
        for module in modules
        for name, function in inspect.getmembers(module, inspect.isfunction)
        if function.__module__ == module.__name__ and not name.startswith("_")
    }
    assert written - {duty.__name__ for duty in DUTIES} == set()


def test_each_duty_is_a_separate_task(queued):
    assert enqueue_duties(TEN) == len(DUTIES)
    assert queued() == sorted(duty.__name__ for duty in DUTIES)


def test_two_timers_queue_each_duty_once_an_hour(queued):
    enqueue_duties(TEN)
    assert enqueue_duties(TEN + HOUR / 2) == 0
    DBTaskResult.objects.all().delete()
    assert enqueue_duties(TEN + HOUR) == len(DUTIES)


def test_a_clock_set_back_an_hour_queues_nothing_twice(queued):
    enqueue_duties(TEN)
    enqueue_duties(TEN + HOUR)
    DBTaskResult.objects.all().delete()
    assert enqueue_duties(TEN) == 0


def test_duties_that_send_email_have_their_own_queue(queued):
    enqueue_duties(TEN)
    letters = DBTaskResult.objects.filter(queue_name="letters")
    assert {row.args_kwargs["args"][0] for row in letters} == {
        duty.__name__ for duty in LETTER_WRITERS
    }
    assert set(DUTIES) >= LETTER_WRITERS


def test_a_failing_duty_does_not_stop_the_others(monkeypatch):
    done = []

    def fails():
        raise ValueError("out of order")

    def second():
        done.append("second")

    monkeypatch.setattr(duties, "DUTIES", [fails, second])
    enqueue_duties(TEN)
    assert done == ["second"]


def test_a_duty_removed_by_a_new_release_ends_quietly():
    do_duty.call("swept_the_stairs")


def test_the_command_queues_each_duty_once(queued, capsys):
    call_command("enqueue_duties")
    call_command("enqueue_duties")
    assert f"{len(DUTIES)} duties queued.\n0 duties queued." in capsys.readouterr().out
    assert Tick.objects.count() == len(DUTIES)
