"""Streams official files of millions of rows without loading them whole."""

import csv
import io
from collections.abc import Iterator
from pathlib import Path

from django.utils.translation import gettext as _

from common.refusals import Refused

from .files import DAMAGED, opened, read_whole, wrong_row
from .reading import BYTE_ORDER, IsHeader, Row, sheet_rows

BIGGEST_WORKBOOK = 20 * 1024**2
"""Bytes. Larger lists have to be CSV."""
START = 4096
CHUNK = 1 << 16


def rows(path: Path, is_header: IsHeader | None = None) -> Iterator[Row]:
    """The numbered rows of a comma-separated UTF-8 file or a workbook, without blank ones.

    `is_header` identifies the right sheet of a workbook. Refused in words, naming the row: other
    encodings, an unclosed quotation mark, a truncated file.
    """
    if _is_zip(path):
        yield from _workbook_rows(path, is_header)
        return
    reader = csv.reader((text for _number, text in lines(path)), strict=True)
    try:
        for row in reader:
            if row and any(cell.strip() for cell in row):
                yield reader.line_num, row
    except csv.Error:
        raise Refused(
            _("%(file)s, row %(row)s: a quotation mark is not closed; the file may be cut off.")
            % {"file": path.name, "row": reader.line_num}
        ) from None


def _is_zip(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return file.read(2) == b"PK"
    except OSError:
        return False  # `opened` reports why it cannot be read


def _workbook_rows(path: Path, is_header: IsHeader | None) -> Iterator[Row]:
    found = sheet_rows(path.name, read_whole(path, BIGGEST_WORKBOOK), is_header)
    width = max(len(cells) for _number, cells in found)
    for number, cells in found:
        if any(cells):
            yield number, cells + [""] * (width - len(cells))


def lines(path: Path) -> Iterator[tuple[int, str]]:
    """The numbered lines of a UTF-8 file, with any line ending."""
    number = 0
    try:
        with opened(path) as (file, moved):
            start = file.peek(START)[:START]
            if b"\0" in start or start[:2] in BYTE_ORDER:
                raise Refused(
                    _("%(file)s is not UTF-8 text: save it again as CSV in UTF-8.")
                    % {"file": path.name}
                )
            split = _lines_of_old_macs(file) if _is_of_old_macs(start) else file
            for number, line in enumerate(split, start=1):
                if b"\0" in line:
                    raise _not_utf8(path, number)
                try:
                    text = line.decode("utf-8-sig" if number == 1 else "utf-8")
                except UnicodeDecodeError:
                    raise _not_utf8(path, number) from None
                if number % 5000 == 0:
                    moved()
                yield number, text
            moved()
    except DAMAGED:
        raise Refused(
            _("%(file)s is cut off or damaged after row %(row)s: fetch it again.")
            % {"file": path.name, "row": number}
        ) from None


def wrong_width(path: Path, number: int, row: list[str], width: int) -> Refused:
    """A row with a different number of columns than the first: usually a truncated file."""
    return wrong_row(
        path,
        number,
        _("%(found)s columns instead of %(width)s; the file may be cut off.")
        % {"found": len(row), "width": width},
    )


def _is_of_old_macs(start: bytes) -> bool:
    """Whether lines end in a carriage return alone, as an old Mac or an odd export writes them."""
    return b"\r" in start and b"\n" not in start


def _lines_of_old_macs(file: io.BufferedIOBase) -> Iterator[bytes]:
    waiting = b""
    while chunk := file.read(CHUNK):
        *whole, waiting = (waiting + chunk).split(b"\r")
        for line in whole:
            yield line + b"\n"
    if waiting.strip():
        yield waiting


def _not_utf8(path: Path, number: int) -> Refused:
    return wrong_row(path, number, _("this is not UTF-8 text: save the file again in UTF-8."))
