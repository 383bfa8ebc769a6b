"""The rows that an import on the command line did not take, as a file to put right."""

import argparse
import csv
from pathlib import Path

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.refusals import Refused
from common.spreadsheets import neutralised

from .findings import Findings
from .reading import Table

ToPutRight = tuple[list[str], list[list[str]]] | None
"""(header, rows) as `Findings.to_put_right` returns them."""


def add_errors_option(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--errors",
        type=Path,
        metavar="FILE",
        help="write the rows that are not taken whole to FILE (CSV), with what is wrong with each: "
        "put them right there and bring FILE in",
    )


class ErrorsFile:
    """Where `--errors` writes. Without a path nothing is written.

    Made before the import, so that a path which cannot be used is refused before anything changes.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path
        if path is None:
            return
        if path.exists():
            raise Refused(
                _("%(file)s is here already. Name a new file for --errors.") % {"file": path.name}
            )
        if not path.parent.is_dir():
            raise Refused(_("There is no folder %(folder)s.") % {"folder": path.parent})

    def keep(self, table: Table | None, findings: Findings) -> str:
        """Write what is to put right after an import; returns a sentence about it, or ""."""
        return self.write(findings.to_put_right(table))

    def write(self, to_put_right: ToPutRight) -> str:
        if self.path is None or to_put_right is None:
            return ""
        header, rows = to_put_right
        try:
            # With a byte order mark, so that Excel recognises UTF-8.
            with self.path.open("x", encoding="utf-8-sig", newline="") as file:
                writer = csv.writer(file)
                for row in [header, *rows]:
                    writer.writerow([neutralised(cell) for cell in row])
        except OSError as error:
            why = (error.strerror or "").lower()
            return _("%(file)s could not be written: %(why)s.") % {
                "file": self.path.name,
                "why": why,
            }
        return ngettext(
            "%(n)s row to put right is in %(file)s.",
            "%(n)s rows to put right are in %(file)s.",
            len(rows),
        ) % {"n": len(rows), "file": self.path.name}
