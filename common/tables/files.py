"""Opening an uploaded file: plain, gzip or xz, recognised by its first bytes."""

import gzip
import io
import lzma
import sys
import zipfile
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from django.utils.translation import gettext as _

from common import sizes
from common.refusals import Refused

BIGGEST = sizes.TABLE
"""Bytes; about five times a table of a thousand venues with ten people each."""

DAMAGED = (EOFError, lzma.LZMAError, gzip.BadGzipFile, zlib.error)
NOT_TEXT = {
    b"\xd0\xcf\x11\xe0": "an old workbook: save it as .xlsx or the sheet as CSV",
    b"%PDF": "a PDF: save the table as CSV",
    b"\x1f\x8b": "a packed file: unpack it first",
    b"\xfd7zXZ": "a packed file: unpack it first",
}


class Progress:
    """A progress bar on standard error; silent without a terminal."""

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
    """The decompressed bytes of a file and a function that advances its progress bar; or Refused.

    The first bytes decide the compression, not the name. A workbook is passed through unchanged.
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
        if magic.startswith(b"PK") and not is_workbook(raw):
            raise zip_archive(path.name)
        file = raw
        if magic.startswith(b"\x1f\x8b"):
            file = io.BufferedReader(gzip.GzipFile(fileobj=raw))
        elif magic == b"\xfd7zXZ\x00":
            # It holds no file of its own: it reads `raw`, which the `with` above closes.
            file = io.BufferedReader(lzma.LZMAFile(raw))  # noqa: SIM115
        progress = Progress(path)
        yield file, lambda: progress.at(raw.tell())


def read_whole(path: Path, biggest: int) -> bytes:
    """Read a file, compressed or not; raises Refused if it is over `biggest` bytes."""
    try:
        with opened(path) as (file, moved):
            data = file.read(biggest + 1)
            moved()
    except DAMAGED:
        raise Refused(
            _("%(file)s is cut off or damaged: fetch it again.") % {"file": path.name}
        ) from None
    if len(data) > biggest:
        raise too_big(path.name, biggest)
    return data


def is_workbook(file: BinaryIO) -> bool:
    """Whether the ZIP archive in `file` is an Excel workbook; its position stays."""
    position = file.tell()
    try:
        with zipfile.ZipFile(file) as parts:
            return "xl/workbook.xml" in parts.namelist()
    except Exception:  # a damaged archive fails in many ways
        return False
    finally:
        file.seek(position)


def zip_archive(name: str) -> Refused:
    return Refused(
        _("%(file)s is a ZIP archive: unpack it and import the file inside.") % {"file": name}
    )


def too_big(name: str, biggest: int) -> Refused:
    return Refused(
        _("%(file)s is too big: at most %(most)s MB can be read at once.")
        % {"file": name, "most": sizes.megabytes(biggest)}
    )


def wrong_row(path: Path, number: int, why: str) -> Refused:
    return Refused(
        _("%(file)s, row %(row)s: %(why)s") % {"file": path.name, "row": number, "why": why}
    )
