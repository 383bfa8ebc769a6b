"""PostgreSQL's COPY from a generator, and the summary of an import."""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import islice

import psycopg2
from django.utils.translation import gettext as _

from common.tables import Findings

ESCAPES = str.maketrans({"\0": "", "\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})


class Stream:
    """A file object over generated lines, for COPY to read without holding everything in memory."""

    def __init__(self, lines: Iterable[str]):
        self.lines: Iterator[str] = iter(lines)
        self.waiting = b""
        self.error: Exception | None = None

    def read(self, size: int) -> bytes:
        while len(self.waiting) < size:
            try:
                more = "".join(islice(self.lines, 2000)).encode(errors="replace")
            except Exception as error:
                self.error = error  # psycopg2 would replace it with an exception of its own
                raise
            if not more:
                break
            self.waiting += more
        given, self.waiting = self.waiting[:size], self.waiting[size:]
        return given


def copy(cursor, table: str, lines: Iterable[str]) -> None:
    """Copy lines in COPY's text format into a table; exceptions of the generator are re-raised."""
    stream = Stream(lines)
    try:
        cursor.copy_expert(f"COPY {table} FROM STDIN", stream, size=1 << 18)
    except psycopg2.Error:
        if stream.error:
            raise stream.error from None
        raise


def copy_line(*values: object) -> str:
    """One line in COPY's text format; None is NULL."""
    return (
        "\t".join("\\N" if value is None else str(value).translate(ESCAPES) for value in values)
        + "\n"
    )


@dataclass
class Summary:
    """Rows read, kept and skipped, with the reasons."""

    read: int = 0
    kept: int = 0
    new: int = 0
    changed: int = 0
    skipped: Counter = field(default_factory=Counter)
    notes: list[str] = field(default_factory=list)
    findings: Findings = field(default_factory=Findings)

    def skip(self, why: str, times: int = 1) -> None:
        if times:
            self.skipped[why] += times

    def __str__(self) -> str:
        said = [
            _(
                "%(read)s rows read, %(kept)s kept"
                " (%(new)s new, %(changed)s changed, %(same)s as before)."
            )
            % {
                "read": f"{self.read:,}",
                "kept": f"{self.kept:,}",
                "new": f"{self.new:,}",
                "changed": f"{self.changed:,}",
                "same": f"{self.kept - self.new - self.changed:,}",
            }
        ]
        said += [
            _("%(number)s skipped: %(why)s.") % {"number": f"{number:,}", "why": why}
            for why, number in self.skipped.items()
        ]
        return "\n".join(said + self.notes + self.findings.sentences())
