"""Workers as separate processes: they stop when told to, and nothing is lost when they are
killed.
"""

import datetime
import os
import re
import signal
import subprocess
import sys
import time
from collections import Counter
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import quote

import pytest
from django.conf import settings
from django.db import connection
from django_tasks import TaskResultStatus
from django_tasks_db.models import DBTaskResult
from post_office.mail import send as queue
from post_office.models import STATUS, Email
from pypdf import PdfReader

from common.tasks import enqueue
from common.tasks.models import Beat
from tests.common.smtp import mail_server
from tests.common.tasks_for_tests import wait_for_file
from tests.factories import OfficerFactory, SchemeFactory, SignUpFactory, StickerFactory
from venues.actions.table_imports import run_import
from venues.models import Import, PrintRun, Venue
from venues.printing import ask_for_stickers

pytestmark = pytest.mark.django_db(transaction=True)
DATABASE = "django_tasks_db.DatabaseBackend"


@pytest.fixture(autouse=True)
def queue_in_the_database(settings):
    settings.TASKS = {"default": {**settings.TASKS["default"], "BACKEND": DATABASE}}


@pytest.fixture
def folder():
    """A folder with a short path, as a task argument must be."""
    with TemporaryDirectory(dir="/tmp") as name:
        yield name


@pytest.fixture
def go(folder):
    """The file that the task waits for."""
    return Path(folder) / "go"


@pytest.fixture
def began(folder):
    """The file that records how often the task started."""
    return Path(folder) / "began"


def database_url():
    at = connection.settings_dict
    who = quote(at["USER"]) + (f":{quote(at['PASSWORD'])}" if at["PASSWORD"] else "")
    port = f":{at['PORT']}" if at["PORT"] else ""
    host = at["HOST"]
    if host.startswith("/"):  # A socket's directory.
        return f"postgis://{who}@{port}/{quote(host, safe='')}/{at['NAME']}"
    return f"postgis://{who}@{host}{port}/{at['NAME']}"


@contextmanager
def process(*command, **environment):
    started = subprocess.Popen(
        [sys.executable, "manage.py", *command],
        cwd=settings.BASE_DIR,
        env={
            **os.environ,
            "DATABASE_URL": database_url(),
            "TASKS_BACKEND": DATABASE,
            **environment,
        },
    )
    try:
        yield started
    finally:
        started.kill()
        started.wait(timeout=10)


def until(true, within):
    """Wait until `true()`; returns the seconds it took."""
    began = time.monotonic()
    while not true():
        assert time.monotonic() - began < within, "waited in vain"
        time.sleep(0.1)
    return time.monotonic() - began


def status():
    return DBTaskResult.objects.get().status


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
def test_a_worker_told_to_stop_finishes_its_task_first(folder, go, began, stop):
    enqueue(wait_for_file, folder)
    with process("run_worker") as worker:
        until(began.exists, 20)
        worker.send_signal(stop)
        time.sleep(0.5)
        assert worker.poll() is None
        go.touch()
        assert worker.wait(timeout=10) == 0
    assert status() == TaskResultStatus.SUCCESSFUL
    assert not Beat.objects.exists()


def test_a_worker_survives_a_database_that_drops_every_connection(folder, go, began):
    with process("run_worker"):
        until(Beat.objects.exists, 20)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
                " WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        go.touch()
        enqueue(wait_for_file, folder)
        until(lambda: status() == TaskResultStatus.SUCCESSFUL, 30)


def test_a_log_in_code_arrives_within_five_seconds_during_a_long_import(folder, go, began):
    enqueue(wait_for_file, folder)
    with (
        mail_server() as smtp,
        process("run_worker", "--queues", "imports"),
        process(
            "send_letters",
            SAFESPACES_MODE="production",
            SECRET_KEY="x" * 50,
            ALLOWED_HOSTS="spaces.example.org",
            EMAIL_URL=f"smtp://127.0.0.1:{smtp.port}",
        ),
    ):
        until(began.exists, 20)
        queue("ana@example.org", "desk@example.org", subject="Ready", message="Yes.")
        until(lambda: smtp.letters, 20)
        queue("sam@example.org", "desk@example.org", subject="Code", message="1", priority="high")
        assert until(lambda: len(smtp.letters) == 2, 10) < 5
        until(lambda: not Email.objects.exclude(status=STATUS.sent).exists(), 5)


def test_a_worker_killed_during_an_import_of_300_rows_imports_each_row_once():
    scheme = SchemeFactory(earlier_records_valid_until=datetime.date(2099, 6, 30))
    administrator = OfficerFactory(scheme=scheme, role="administrator").user
    rows = [f"Venue {number},ZZ1 1AA,03/05/2023" for number in range(300)]
    stored = Import.objects.create(
        kind="members",
        scheme=scheme,
        by=administrator,
        file_name="members.csv",
        file="\n".join(["Venue,Postcode,Approved on", *rows]).encode(),
        state=Import.State.TO_WRITE,
        options={"invite": False, "sheet": ""},
    )
    enqueue(run_import, stored.pk)

    def row():
        stored.refresh_from_db()
        return stored.row

    with process("run_worker", "--queues", "imports") as first:
        until(lambda: row() > 20, 30)
        first.kill()
        first.wait()
    began = time.monotonic()
    assert stored.state == Import.State.WRITING
    assert not Venue.objects.exists()
    with process("run_worker", "--queues", "imports"):
        until(lambda: row() and stored.state == Import.State.DONE, 120)
    assert time.monotonic() - began < 120
    names = Counter(Venue.objects.values_list("name", flat=True))
    assert names == {f"Venue {number}": 1 for number in range(300)}


def test_a_worker_killed_while_issuing_60_stickers_issues_each_once():
    officer = OfficerFactory(role="officer")
    sign_ups = SignUpFactory.create_batch(60, scheme=officer.scheme, approved=True)
    stickers = [StickerFactory(sign_up=each) for each in sign_ups]
    (run,) = ask_for_stickers(stickers, "door", by=officer.user)

    def at():
        run.refresh_from_db()
        return run.row

    with process("run_worker", "--queues", "work") as first:
        until(lambda: 20 <= at() < 60, 60)
        first.kill()
        first.wait()
    at()
    assert run.state == PrintRun.State.MAKING
    kept = run.parts.count()
    assert 1 <= kept <= 2
    with process("run_worker", "--queues", "work"):
        until(lambda: at() and run.state == PrintRun.State.DONE, 120)
    assert run.row == 60
    pages = PdfReader(BytesIO(bytes(run.file))).pages
    found = [re.search(r"ACDE\d{4,}", page.extract_text())[0] for page in pages]
    assert found == [each.code for each in stickers]
