"""What an import did not accept, by row and column, for the page, the terminal and a file."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.refusals import Refused

from .columns import not_used
from .reading import Table

MOST_SENTENCES = 50


@dataclass(frozen=True)
class Fault:
    """A finding in one row; `column` is the file's own title, empty for the whole row."""

    row: int
    why: str
    column: str = ""

    def __str__(self) -> str:
        if self.column:
            words = _("Row %(row)s, column “%(column)s”: %(why)s")
        else:
            words = _("Row %(row)s: %(why)s")
        return words % {"row": self.row, "column": self.column, "why": self.why}


@dataclass
class Findings:
    """Everything worth reporting about values not imported unchanged.

    `refused` rows were not imported; of `left_out` rows a cell was not; `mended` values were
    corrected. `unused` are titles of columns that nothing was read from.
    """

    refused: list[Fault] = field(default_factory=list)
    left_out: list[Fault] = field(default_factory=list)
    mended: list[Fault] = field(default_factory=list)
    unused: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def refuse(self, row: int, why: str, column: str = "") -> None:
        self.refused.append(Fault(row, why, column))

    def leave_out(self, row: int, why: str, column: str = "") -> None:
        self.left_out.append(Fault(row, why, column))

    def mend(self, row: int, why: str, column: str = "") -> None:
        self.mended.append(Fault(row, why, column))

    def sentences(self) -> list[str]:
        """The notes, then rows refused, cells left out and values corrected, each with its row."""
        said = [*self.notes, *not_used(self.unused)]
        if self.refused:
            number = _rows(self.refused)
            words = ngettext(
                "%(n)s row could not be read:", "%(n)s rows could not be read:", number
            )
            said += [words % {"n": number}, *in_words(self.refused)]
        if self.left_out:
            number = _rows(self.left_out)
            words = ngettext(
                "%(n)s row was taken without something:",
                "%(n)s rows were taken without something:",
                number,
            )
            said += [words % {"n": number}, *in_words(self.left_out)]
        if self.mended:
            number = _rows(self.mended)
            words = ngettext(
                "In %(n)s row something was put right:",
                "In %(n)s rows something was put right:",
                number,
            )
            said += [words % {"n": number}, *in_words(self.mended)]
        return said

    def to_put_right(self, table: Table | None) -> tuple[list[str], list[list[str]]] | None:
        """(header, rows) of a file to correct and import again: the rows not imported completely,
        as they were, with what is wrong. None if there are none.
        """
        if not (self.refused or self.left_out):
            return None
        reasons: dict[int, list[str]] = {}
        for fault in [*self.refused, *self.left_out]:
            reasons.setdefault(fault.row, []).append(
                f"{fault.column}: {fault.why}" if fault.column else fault.why
            )
        cells = dict(table.rows) if table else {}
        header = [*(table.header if table else []), _("Row"), _("What is wrong")]
        blank = [""] * (len(header) - 2)
        return header, [
            [*cells.get(row, blank), str(row), " ".join(why)]
            for row, why in sorted(reasons.items())
        ]


class RefusedRows(Refused):
    """Refusal of a table because of its rows; they are in `to_put_right`.

    Without `reasons`, each row's fault is one.
    """

    def __init__(self, table: Table | None, findings: Findings, *reasons: str):
        self.to_put_right = findings.to_put_right(table)
        super().__init__(*(reasons or in_words(findings.refused)))


def in_words(faults: Iterable[Fault], most: int = MOST_SENTENCES) -> list[str]:
    """A sentence for each fault in row order, up to a readable number."""
    faults = sorted(faults, key=lambda fault: fault.row)
    said = [str(fault) for fault in faults[:most]]
    if (more := len(faults) - most) > 0:
        said.append(
            ngettext("And %(count)s row more.", "And %(count)s rows more.", more) % {"count": more}
        )
    return said


def _rows(faults: list[Fault]) -> int:
    return len({fault.row for fault in faults})
