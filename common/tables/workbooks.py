"""The sheets of an Excel workbook as rows of text.

openpyxl reads row by row, so a workbook with one cell in its last row and column costs nothing.
(Readers that allocate the whole sheet first ask for 500 GB and crash the process.)
"""

import datetime
import io
import zipfile
from collections.abc import Iterator

import openpyxl
from django.utils.translation import gettext as _

from common.refusals import Refused

MOST_UNPACKED = 60 * 1024**2
"""Total bytes of a workbook's parts: a few seconds' reading."""
MOST_COLUMNS = 400
BLANK_ROWS = 2000
"""A sheet ends after this many empty rows: formatting often extends to the last possible row."""


def sheets(name: str, data: bytes) -> Iterator[tuple[str, list[list[str]]]]:
    """(title, rows) of each visible, non-empty sheet; the first row is the sheet's row 1."""
    damaged = Refused(
        _("%(file)s is damaged or no workbook: open it in a spreadsheet and save it again.")
        % {"file": name}
    )
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            unpacked = sum(part.file_size for part in parts.infolist())
    except Exception:
        raise damaged from None
    if unpacked > MOST_UNPACKED:
        raise Refused(_("%(file)s is too big a workbook: save the sheet as CSV.") % {"file": name})
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        found = [
            (sheet.title, _rows(sheet))
            for sheet in book.worksheets
            if sheet.sheet_state == "visible"
        ]
    except Exception:  # damaged files fail in many ways
        raise damaged from None
    return ((title, rows) for title, rows in found if rows)


def _rows(sheet) -> list[list[str]]:
    sheet.reset_dimensions()  # a file's stated size may be wrong
    rows: list[list[str]] = []
    blank = 0
    for values in sheet.iter_rows(values_only=True, max_col=MOST_COLUMNS):
        cells = [_text(value) for value in values]
        while cells and not cells[-1]:
            cells.pop()
        rows.append(cells)
        blank = 0 if cells else blank + 1
        if blank > BLANK_ROWS:
            break
    while rows and not rows[-1]:
        rows.pop()
    return rows


def _text(value: object) -> str:
    """A cell as it would be typed: whole numbers without .0, days as 2024-03-27."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime.datetime):
        is_day = value.time() == datetime.time(0)
        return value.date().isoformat() if is_day else value.isoformat(" ", "minutes")
    if isinstance(value, datetime.time):
        return f"{value:%H:%M}"
    return str(value).strip()
