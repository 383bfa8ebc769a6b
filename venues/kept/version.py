"""Identifies the code that computed the kept rows: rows of another release are not used."""

import datetime
import hashlib
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import holidays

from venues.evidence import with_facts
from venues.evidence_kinds import Stage
from venues.models import SignUp

from .rows import listed_sql

SHAPED_BY = ("kept", "hours", "evidence.py", "listing.py", "models/venues.py", "models/kept.py")
"""The files in `venues` that decide what a row contains, besides the rule of who is listed."""

_NUMBER = re.compile(r"\bc\d+_")
"""`common.compiled` numbers its aliases as it goes, differently in each process."""


@cache
def version() -> str:
    """A value that changes whenever a release changes a rule, the hours, the facts or the
    holidays.
    """
    root = Path(__file__).resolve().parent.parent
    files = [file for name in SHAPED_BY for file in sorted(_files(root / name))]
    # The rule is spread over every app with evidence; its SQL shows any change.
    parts = [holidays.__version__]
    for sql, params in _rules(datetime.date(2026, 1, 1)):
        parts += [_NUMBER.sub("", sql), repr(params)]
    parts += [file.read_text(encoding="utf-8") for file in files]
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _rules(day: datetime.date) -> Iterator[tuple[str, tuple]]:
    """The SQL and parameters of who is listed, and of what a sign-up has proved."""
    yield listed_sql(day)
    facts = with_facts(SignUp.objects.all(), Stage.STANDING, day).values_list("facts")
    yield facts.query.sql_with_params()


def _files(path: Path) -> list[Path]:
    return list(path.rglob("*.py")) if path.is_dir() else [path]
