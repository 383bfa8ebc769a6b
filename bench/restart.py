"""PostgreSQL killed in the middle of an import: `.venv/bin/python bench/restart.py`.

Makes a private cluster of its own in a folder in /tmp (as root, run by the user postgres), with two
workers. Kills the server when an import of 300 venues is under way, as a power cut would, starts it
again ten seconds later, and prints what was seen: when the workers had the database again, when the
import was done, that each venue is there once, and that nothing is left running. Touches no other
database, and leaves nothing behind. Takes about two minutes.
"""

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from contextlib import ExitStack, suppress
from pathlib import Path
from urllib.parse import quote

ROOT = Path(__file__).resolve().parent.parent
ROWS, AWAY, WORKERS = 300, 10, 2


class Cluster:
    """A PostgreSQL server with PostGIS used only by this script."""

    def __init__(self):
        self.bin = max(
            Path("/usr/lib/postgresql").glob("*/bin"), key=lambda folder: int(folder.parts[-2])
        )
        self.folder = Path(tempfile.mkdtemp(prefix="ss-restart-", dir="/tmp"))
        self.data = self.folder / "data"
        if os.geteuid() == 0:
            shutil.chown(self.folder, "postgres")
        auth = ["--auth-local", "trust", "--auth-host", "reject", "--locale", "C.UTF-8"]
        self.run("initdb", "--pgdata", self.data, "--username", "postgres", *auth)
        with (self.data / "postgresql.conf").open("a") as conf:
            conf.write(f"listen_addresses = ''\nunix_socket_directories = '{self.folder}'\n")

    def run(self, program, *arguments):
        command = [str(self.bin / program), *map(str, arguments)]
        if os.geteuid() == 0:
            command = ["runuser", "-u", "postgres", "--", *command]
        subprocess.run(command, cwd="/", check=True, stdout=subprocess.DEVNULL)

    def start(self):
        log = self.folder / "log"
        self.run("pg_ctl", "start", "--silent", "--wait", "--pgdata", self.data, "--log", log)

    def kill(self):
        """SIGKILL the server and all its children at once, so nothing is flushed or reported."""
        number = int((self.data / "postmaster.pid").read_text().split()[0])
        children = Path(f"/proc/{number}/task/{number}/children").read_text().split()
        for each in (number, *map(int, children)):
            with suppress(ProcessLookupError):
                os.kill(each, signal.SIGKILL)

    def sql(self, database, statement):
        where = ["--host", self.folder, "--username", "postgres", "--dbname", database]
        self.run("psql", "--quiet", *where, "--command", statement)

    def remove(self):
        with suppress(subprocess.CalledProcessError):
            self.run("pg_ctl", "stop", "--silent", "--mode", "immediate", "--pgdata", self.data)
        shutil.rmtree(self.folder)


def main():
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("Ended."))  # The cluster is deleted anyway.
    sys.stdout.reconfigure(line_buffering=True)
    with ExitStack() as stack:
        cluster = Cluster()
        stack.callback(cluster.remove)
        cluster.start()
        for extension in ("postgis", "btree_gist"):
            cluster.sql("template1", f"CREATE EXTENSION {extension}")
        cluster.sql("postgres", "CREATE ROLE safespaces LOGIN CREATEDB")
        cluster.sql("postgres", "CREATE DATABASE safespaces OWNER safespaces")
        socket = quote(str(cluster.folder), safe="")
        os.environ |= {
            "DJANGO_SETTINGS_MODULE": "safespaces.settings",
            "SAFESPACES_MODE": "test",
            "TASKS_BACKEND": "django_tasks_db.DatabaseBackend",
            "DATABASE_URL": f"postgis://safespaces@/{socket}/safespaces",
        }
        manage("migrate", "--verbosity", "0")
        measure(cluster, stack)


def manage(*command):
    subprocess.run([sys.executable, "manage.py", *command], cwd=ROOT, check=True)


def worker(stack):
    command = [sys.executable, "manage.py", "run_worker"]
    started = subprocess.Popen(command, cwd=ROOT, stderr=subprocess.DEVNULL)
    stack.callback(started.wait)
    stack.callback(started.kill)
    return started


def measure(cluster, stack):
    sys.path.insert(0, str(ROOT))
    import django

    django.setup()
    import_of_300 = ask_for_import()
    workers = [worker(stack) for _number in range(WORKERS)]
    wait_until(lambda: row_of(import_of_300) > 50, 60)
    names = workers_names()
    print(f"Import at row {row_of(import_of_300)} of {ROWS}: PostgreSQL is killed.")
    cluster.kill()
    time.sleep(AWAY)
    alive = sum(each.poll() is None for each in workers)
    print(f"{AWAY} s without a database: {alive} of {WORKERS} workers live.")
    cluster.start()
    began = time.monotonic()
    print("PostgreSQL is started again.")
    say_what_came_of_it(import_of_300, names, began)


def ask_for_import():
    import datetime

    from django.contrib.auth import get_user_model
    from django.core.files.base import ContentFile

    from venues.actions import ask_for_import, confirm_import
    from venues.actions.table_imports import run_import
    from venues.models import Officer, Scheme

    user = get_user_model().objects.create_user("bench@example.org")
    valid = datetime.date(2099, 6, 30)
    scheme = Scheme.objects.create(
        name="Bench", slug="bench", council="Bench", earlier_records_valid_until=valid
    )
    Officer.objects.create(scheme=scheme, user=user, role="administrator")
    rows = [f"Venue {number},ZZ1 1AA,03/05/2023" for number in range(ROWS)]
    file = ContentFile("\n".join(["Venue,Postcode,Approved on", *rows]).encode(), name="bench.csv")
    stored = ask_for_import("members", scheme, file, {"invite": False, "sheet": ""}, by=user)
    run_import.call(stored.pk)
    return confirm_import(stored, by=user).pk


def row_of(pk):
    from venues.models import Import

    return Import.objects.values_list("row", flat=True).get(pk=pk)


def workers_names():
    from common.tasks.models import Beat

    return set(Beat.objects.values_list("worker", flat=True))


def say_what_came_of_it(pk, names, began):
    from django.db import connection
    from django_tasks_db.models import DBTaskResult

    from venues.models import Import, Venue

    connection.close()
    wait_until(lambda: workers_names() - names, 120)
    print(f"{time.monotonic() - began:5.1f} s: a worker has the database again, under a new name.")
    wait_until(lambda: Import.objects.get(pk=pk).state == Import.State.DONE, 300)
    print(f"{time.monotonic() - began:5.1f} s: the import is done.")
    found = Counter(Venue.objects.values_list("name", flat=True))
    once = sum(number == 1 for number in found.values())
    print(f"{len(found)} venues, {once} of them once.")
    wait_until(lambda: not DBTaskResult.objects.filter(status="RUNNING").exists(), 60)
    print(f"{time.monotonic() - began:5.1f} s: nothing is left running.")


def wait_until(true, within):
    began = time.monotonic()
    while not true():
        if time.monotonic() - began > within:
            sys.exit("Waited in vain.")
        time.sleep(0.2)


if __name__ == "__main__":
    main()
