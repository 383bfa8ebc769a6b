"""Data made once for all tests of a file: what a test changes is undone after it."""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import transaction


@contextmanager
def rolled_back(django_db_blocker) -> Iterator[None]:
    """Open the database for a fixture of a whole file, and undo everything when the file is done.

    Each test's own transaction becomes a savepoint in this one. Tests of the file that do not ask
    for the fixture may see its data too. Hand out deep copies of the objects made: the database
    forgets what a test changed, an object in memory does not.
    """
    with django_db_blocker.unblock(), transaction.atomic():
        yield
        transaction.set_rollback(True)
