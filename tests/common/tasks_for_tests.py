"""Tasks that behave as each test needs."""

from datetime import timedelta
from pathlib import Path
from time import sleep

from common.refusals import Refused
from common.tasks import IMPORTS, WORK, Gone, task


@task(queue=WORK, words="Nothing in particular")
def succeed(*ids):
    return len(ids)


@task(queue=WORK, words="Something that fails", tries=3)
def fail(*ids):
    raise ValueError("out of order")


@task(queue=WORK, words="Something refused")
def refuse():
    raise Refused("The scheme is closed.")


@task(queue=WORK, words="Something deleted")
def find_nothing(pk):
    raise Gone


@task(queue=WORK, words="Something slow", limit=timedelta(seconds=1))
def sleep_long():
    try:
        sleep(30)
    except Exception:
        return "swallowed"


@task(queue=IMPORTS, words="Something long", tries=3)
def wait_for_file(folder):
    """Record the start in `began`, then wait until the test creates the file `go`."""
    with (Path(folder) / "began").open("a") as began:
        began.write("began\n")
    while not (Path(folder) / "go").exists():
        sleep(0.1)
