"""Reading somebody's own table: a CSV file as spreadsheets write it, or refused in a sentence."""

import csv
import io
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from common.refusals import Refused
from common.spreadsheets import STARTS_A_FORMULA

BIGGEST = 5 * 1024 * 1024
"""Bytes. A thousand venues with ten people each are about a fifth of it."""

NOT_TEXT = {
    b"PK": "a ZIP archive or a workbook: save the sheet as CSV",
    b"\xff\xfe": "UTF-16 text: save it again as CSV in UTF-8",
    b"\xfe\xff": "UTF-16 text: save it again as CSV in UTF-8",
    b"\xd0\xcf\x11\xe0": "an old workbook: save the sheet as CSV",
    b"%PDF": "a PDF: save the table as CSV",
    b"\x1f\x8b": "a packed file: unpack it first",
    b"\xfd7zXZ": "a packed file: unpack it first",
}


@dataclass
class Table:
    """A header and the rows below it, each with its number in the spreadsheet."""

    name: str
    header: list[str]
    rows: list[tuple[int, list[str]]]
    notes: list[str] = field(default_factory=list)
    wrong: list[tuple[int, str]] = field(default_factory=list)


def read_table(
    name: str, data: bytes, *, biggest: int = BIGGEST, keep_going: bool = False
) -> Table:
    """The table in the bytes of a CSV file called `name`; Windows-1252 is taken, and said.

    A row with more cells than there are columns is refused, or, to `keep_going`, left out and
    named in `wrong`. `biggest` is in bytes.
    """
    notes = []
    text = _text(name, data, notes, biggest)
    first_line = text.lstrip("\r\n").partition("\n")[0]
    delimiter = max(",;\t|¬", key=first_line.count)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number, rows = 0, []
    try:
        for number, cells in enumerate(reader, start=1):
            if any(cell.strip() for cell in cells):
                rows.append((number, [_cell(cell) for cell in cells]))
    except csv.Error:
        raise Refused(
            _("%(file)s, row %(row)s: a quotation mark is not closed; the file may be cut off.")
            % {"file": name, "row": number + 1}
        ) from None
    if not rows:
        raise Refused(_("%(file)s is empty.") % {"file": name})
    header = rows[0][1]
    if len(rows) == 1:
        raise Refused(_("%(file)s has a header and no rows below it.") % {"file": name})
    table = Table(name, header, [], notes)
    for row in rows[1:]:
        try:
            table.rows.append(_fitted(name, row, len(header)))
        except Refused as refusal:
            if not keep_going:
                raise
            table.wrong.append((row[0], str(refusal)))
    return table


def too_big(name: str, biggest: int) -> Refused:
    return Refused(
        _("%(file)s is too big: at most %(most)s MB can be read at once.")
        % {"file": name, "most": biggest // 1024**2}
    )


def _text(name, data, notes, biggest):
    if not data.strip():
        raise Refused(_("%(file)s is empty.") % {"file": name})
    if len(data) > biggest:
        raise too_big(name, biggest)
    for start, what in NOT_TEXT.items():
        if data.startswith(start):
            raise Refused(_("%(file)s is %(what)s.") % {"file": name, "what": what})
    if b"\0" in data:
        raise Refused(
            _("%(file)s is not text, or UTF-16: save it again as CSV in UTF-8.") % {"file": name}
        )
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        pass
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        raise Refused(
            _("%(file)s is neither UTF-8 nor Windows text: save it again as CSV in UTF-8.")
            % {"file": name}
        ) from None
    notes.append(
        _("%(file)s was read as Windows-1252 text: look at accents and dashes before you go on.")
        % {"file": name}
    )
    return text


def _cell(text):
    """The cell without blanks around it, and without the apostrophe that guards a formula."""
    text = text.strip()
    if text.startswith("'") and text[1:].lstrip().startswith(STARTS_A_FORMULA):
        return text[1:].strip()
    return text


def _fitted(name, row, width):
    number, cells = row
    if any(cells[width:]):
        raise Refused(
            _("%(file)s, row %(row)s: %(found)s cells under %(width)s columns.")
            % {"file": name, "row": number, "found": len(cells), "width": width}
        )
    return number, (cells + [""] * width)[:width]
