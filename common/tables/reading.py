"""First step: from the bytes of a file to a table: a header and the rows below it."""

import csv
import io
import re
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from common.plain_text import without_invisible
from common.refusals import Refused
from common.spreadsheets import STARTS_A_FORMULA

from .columns import listed
from .files import BIGGEST, NOT_TEXT, is_workbook, too_big, zip_archive
from .workbooks import sheets

TITLE_ROWS = 20
"""Rows searched for the header: Nomis puts a dozen lines above its own."""
SAMPLE = 64 * 1024
"""Characters read to detect the delimiter."""
DELIMITERS = ",;\t|¬"
BYTE_ORDER = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
Row = tuple[int, list[str]]
IsHeader = Callable[[list[str]], bool]


@dataclass
class Table:
    """A header and the rows below it, each with its number in the spreadsheet.

    `wrong` are rows that do not belong to the table, with reasons; `notes` are about the whole
    table.
    """

    name: str
    header: list[str]
    rows: list[Row]
    notes: list[str] = field(default_factory=list)
    wrong: list[tuple[int, str]] = field(default_factory=list)


def read_table(
    name: str,
    data: bytes,
    *,
    biggest: int = BIGGEST,
    keep_going: bool = False,
    is_header: IsHeader | None = None,
    sheet: str = "",
) -> Table:
    """The table in the bytes of the CSV file or Excel workbook called `name`.

    UTF-8, UTF-16 and Windows-1252 are accepted; a note reports the last. `is_header` tells the
    header from the titles above it; without it, or if no row passes, the first row is the header.
    Of a workbook with several sheets the one with such a header is read; `sheet` names one.

    A row with more cells than columns refuses the file, or, with `keep_going`, is left out and
    listed in `wrong`. `biggest` is in bytes. Raises Refused in words.
    """
    if not data.strip():
        raise Refused(_("%(file)s is empty.") % {"file": name})
    if len(data) > biggest:
        raise too_big(name, biggest)
    notes: list[str] = []
    if data.startswith(b"PK"):
        if not is_workbook(io.BytesIO(data)):
            raise zip_archive(name)
        numbered = sheet_rows(name, data, is_header, sheet, notes)
    else:
        numbered = _csv_rows(name, _text(name, data, notes), is_header)
    rows = [
        (number, [_cell(cell) for cell in cells])
        for number, cells in numbered
        if any(cell.strip() for cell in cells)
    ]
    if not rows:
        raise Refused(_("%(file)s is empty.") % {"file": name})
    rows = rows[_header_at(name, rows, is_header, notes) :]
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


def _header_at(name: str, rows: list[Row], is_header: IsHeader | None, notes: list[str]) -> int:
    """The index of the header: the first row that passes, otherwise the first row."""
    for index, (number, cells) in enumerate(rows[:TITLE_ROWS]):
        if is_header is None or is_header(cells):
            if index:
                notes.append(
                    _("%(file)s: the header is row %(row)s; what stands above it was left out.")
                    % {"file": name, "row": number}
                )
            return index
    filled = [sum(map(bool, cells)) for _number, cells in rows[:TITLE_ROWS]]
    if filled[0] == 1 and max(filled) > 1:
        below = next(cells for cells, width in zip(rows, filled, strict=False) if width > 1)[1]
        raise Refused(
            _(
                "%(file)s: row 1 looks like a title, and no row below it is a header that is known "
                "(found: %(found)s)."
            )
            % {"file": name, "found": listed(below)}
        )
    return 0


# CSV


def _text(name: str, data: bytes, notes: list[str]) -> str:
    for start, what in NOT_TEXT.items():
        if data.startswith(start):
            raise Refused(_("%(file)s is %(what)s.") % {"file": name, "what": what})
    encoding = BYTE_ORDER.get(data[:2], "utf-8-sig")
    if encoding != "utf-16" and b"\0" in data:
        raise Refused(
            _("%(file)s is not text, or UTF-16: save it again as CSV in UTF-8.") % {"file": name}
        )
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        pass
    else:
        if "\0" in text:
            raise Refused(_("%(file)s is not text: save it again as CSV.") % {"file": name})
        return text
    try:
        if encoding == "utf-16":
            raise ValueError
        text = data.decode("cp1252")
    except ValueError:
        raise Refused(
            _("%(file)s is neither UTF-8 nor Windows text: save it again as CSV in UTF-8.")
            % {"file": name}
        ) from None
    notes.append(
        _("%(file)s was read as Windows-1252 text: look at accents and dashes before you go on.")
        % {"file": name}
    )
    return text


def _csv_rows(name: str, text: str, is_header: IsHeader | None) -> list[Row]:
    """Rows with their numbers; Excel's first line "sep=;" names the delimiter and is skipped."""
    delimiter = ""
    if said := re.match(r"\s*\"?sep=([^\r\n])\"?[^\S\r\n]*(\r\n|\r|\n)", text, re.IGNORECASE):
        delimiter, text = said[1], text[said.end() :]
    delimiter = delimiter or _delimiter(text, is_header)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    number, rows = 0, []
    try:
        for number, cells in enumerate(reader, start=1):
            rows.append((number, cells))
    except csv.Error:
        raise Refused(
            _("%(file)s, row %(row)s: a quotation mark is not closed; the file may be cut off.")
            % {"file": name, "row": number + 1}
        ) from None
    return rows


def _delimiter(text: str, is_header: IsHeader | None) -> str:
    """The delimiter that gives a header and most rows of equal width, counted outside quotes."""
    sample = text[:SAMPLE]

    def score(delimiter: str) -> tuple[bool, int, int]:
        rows = []
        try:
            for cells in csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter):
                if any(cells):
                    rows.append(cells)
        except csv.Error:
            pass  # the rows read so far count
        widths = Counter(len(cells) for cells in rows if len(cells) > 1)
        width, times = widths.most_common(1)[0] if widths else (1, 0)
        has_header = any(is_header(cells) for cells in rows[:TITLE_ROWS]) if is_header else False
        return has_header, times, width

    return max(DELIMITERS, key=score)


def _cell(text: str) -> str:
    """The cell stripped, and without the apostrophe that guards a formula."""
    text = without_invisible(text)
    if text.startswith("'") and text[1:].lstrip().startswith(STARTS_A_FORMULA):
        return text[1:].strip()
    return text


def _fitted(name: str, row: Row, width: int) -> Row:
    number, cells = row
    if any(cells[width:]):
        raise Refused(
            _("%(file)s, row %(row)s: %(found)s cells under %(width)s columns.")
            % {"file": name, "row": number, "found": len(cells), "width": width}
        )
    return number, (cells + [""] * width)[:width]


# Workbooks


def sheet_rows(
    name: str,
    data: bytes,
    is_header: IsHeader | None = None,
    wanted: str = "",
    notes: list[str] | None = None,
) -> list[Row]:
    """The rows of the matching or named sheet; otherwise Refused, naming the sheets."""
    found = list(sheets(name, data))
    if not found:
        raise Refused(_("%(file)s is empty.") % {"file": name})
    titles = ", ".join(f"“{title}”" for title, _rows in found)
    if wanted:
        chosen = [each for each in found if each[0].strip().lower() == wanted.strip().lower()]
        if not chosen:
            raise Refused(
                _("%(file)s has no sheet “%(sheet)s”; it has: %(sheets)s.")
                % {"file": name, "sheet": wanted, "sheets": titles}
            )
    else:
        chosen = found if len(found) == 1 else [each for each in found if _is(each[1], is_header)]
        if len(chosen) != 1:
            raise Refused(
                _("%(file)s has %(count)s sheets, %(sheets)s: say which one to read.")
                % {"file": name, "count": len(found), "sheets": titles}
            )
    if len(found) > 1 and notes is not None:
        notes.append(
            _("Of the workbook’s sheets only “%(sheet)s” was read; the others are: %(others)s.")
            % {
                "sheet": chosen[0][0],
                "others": ", ".join(f"“{title}”" for title, _r in found if title != chosen[0][0]),
            }
        )
    return list(enumerate(chosen[0][1], start=1))


def _is(rows: list[list[str]], is_header: IsHeader | None) -> bool:
    tidy = ([_cell(cell) for cell in row] for row in rows[:TITLE_ROWS])
    return is_header is None or any(is_header(row) for row in tidy)
