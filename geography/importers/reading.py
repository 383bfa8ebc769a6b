"""Reading official files: plain, gzip or xz; UTF-8; a row that is wrong is named."""

import csv
import gzip
import io
import lzma
import re
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from django.utils.translation import gettext as _

from common.refusals import Refused

START = 4096
DAMAGED = (EOFError, lzma.LZMAError, gzip.BadGzipFile, zlib.error)
Row = tuple[int, list[str]]


class Progress:
    """A bar on the terminal's standard error; silent where there is no terminal."""

    def __init__(self, path: Path, stream=None):
        self.stream = stream or sys.stderr
        self.name, self.size = path.name, path.stat().st_size or 1
        self.shown = -1 if self.stream.isatty() else 100

    def at(self, position: int) -> None:
        percent = min(100, 100 * position // self.size)
        if percent > self.shown:
            self.shown = percent
            done = "#" * (percent * 40 // 100)
            self.stream.write(f"\r{self.name} [{done:<40}] {percent:3} %")
            if percent == 100:
                self.stream.write("\n")
            self.stream.flush()


@contextmanager
def opened(path: Path) -> Iterator[tuple[io.BufferedIOBase, Callable[[], None]]]:
    """The unpacked bytes of a file and a function that moves its progress bar; or refused.

    The packing is told by the first bytes, not by the name.
    """
    try:
        raw = path.open("rb")
    except OSError as error:
        raise Refused(
            _("%(file)s cannot be read: %(why)s.")
            % {"file": path.name, "why": (error.strerror or "").lower()}
        ) from None
    with raw:
        magic = raw.read(6)
        raw.seek(0)
        if not magic:
            raise Refused(_("%(file)s is empty.") % {"file": path.name})
        if magic.startswith(b"PK"):
            raise Refused(
                _("%(file)s is a ZIP archive: unpack it and import the file inside.")
                % {"file": path.name}
            )
        file = raw
        if magic.startswith(b"\x1f\x8b"):
            file = io.BufferedReader(gzip.GzipFile(fileobj=raw))
        elif magic == b"\xfd7zXZ\x00":
            # It holds no file of its own: what it reads is `raw`, which the `with` above closes.
            file = io.BufferedReader(lzma.LZMAFile(raw))  # noqa: SIM115
        progress = Progress(path)
        yield file, lambda: progress.at(raw.tell())


def lines(path: Path) -> Iterator[tuple[int, str]]:
    """The numbered lines of a UTF-8 file."""
    number = 0
    try:
        with opened(path) as (file, moved):
            if b"\0" in file.peek(START)[:START]:
                raise Refused(
                    _("%(file)s is not UTF-8 text: save it again as CSV in UTF-8.")
                    % {"file": path.name}
                )
            for number, line in enumerate(file, start=1):
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


def rows(path: Path) -> Iterator[Row]:
    """The numbered rows of a comma-separated file, blank ones left out."""
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


def wrong_row(path: Path, number: int, why: str) -> Refused:
    return Refused(
        _("%(file)s, row %(row)s: %(why)s") % {"file": path.name, "row": number, "why": why}
    )


def wrong_width(path: Path, number: int, row: list[str], width: int) -> Refused:
    """A row with another number of columns than the first: mostly a file that was cut off."""
    return wrong_row(
        path,
        number,
        _("%(found)s columns instead of %(width)s; the file may be cut off.")
        % {"found": len(row), "width": width},
    )


def column(header: list[str], pattern: str) -> int | None:
    """The first column whose name matches the whole pattern, whatever its case and spacing."""
    for index, name in enumerate(header):
        if re.fullmatch(pattern, tidy(name)):
            return index
    return None


def tidy(name: str) -> str:
    """A column's name in lower case, with underscores for spaces."""
    return re.sub(r"[\s_]+", "_", name.strip().lower())


def listed(header: list[str]) -> str:
    """A header's columns for a sentence, not too many of them."""
    names = ", ".join(name.strip() for name in header[:8])
    return names[:200] + (" …" if len(header) > 8 or len(names) > 200 else "")


def _not_utf8(path: Path, number: int) -> Refused:
    return wrong_row(path, number, _("this is not UTF-8 text: save the file again in UTF-8."))
