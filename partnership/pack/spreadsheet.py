"""A pack as a ZIP of CSV files, one per table."""

import csv
import io
import zipfile

from django.utils.translation import gettext as _

from common.spreadsheets import neutralised

from .parts import Pack, Sheet


def pack_zip(pack: Pack) -> bytes:
    """The tables, and a text file on how the figures were made."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for number, sheet in enumerate(pack.sheets, start=1):
            archive.writestr(f"{number:02}-{sheet.key}.csv", _csv(sheet))
        archive.writestr(_("read-me") + ".txt", _read_me(pack))
        quotes = [quote for part in pack.parts for quote in part.quotes]
        if quotes:
            sheet = Sheet("progress", "", [_("Progress"), _("Venue")], quotes)
            archive.writestr("progress.csv", _csv(sheet))
    return held.getvalue()


def _csv(sheet: Sheet) -> bytes:
    """With a byte-order mark, so that Excel reads UTF-8, and with formulas escaped."""
    text = io.StringIO()
    writer = csv.writer(text)
    for row in (sheet.header, *sheet.rows):
        writer.writerow([neutralised(cell) for cell in row])
    return text.getvalue().encode("utf-8-sig")


def _read_me(pack: Pack) -> str:
    lines = [f"{pack.scheme}, {pack.period}", ""]
    for part in pack.parts:
        lines.append(part.title)
        lines += [*part.lines, part.how] if not part.is_empty else [part.empty]
        for sheet in part.sheets:
            lines += [f"{sheet.caption}: {note}" for note in sheet.notes]
        lines.append("")
    return "\n".join(line for line in lines if line is not None)
