"""A pack as a PDF."""

import datetime
from dataclasses import replace

from django.utils.translation import gettext as _

from common.pdf import make_pdf

from .parts import Pack, Part, Sheet

MOST_ROWS = 150
"""Rows of a table, or sentences: nobody carries more to a meeting. The CSV has them all."""


def pack_pdf(pack: Pack, at: datetime.date) -> bytes:
    """A4, with the scheme and page number on each page; nothing is fetched from the network."""
    return make_pdf(
        "partnership/pack_print.html",
        {"pack": for_paper(pack), "at": at},
        style="css/pack.css",
        identifier=b"pack",
    )


def for_paper(pack: Pack) -> Pack:
    """The pack with its longest tables cut or summed, with a note saying so."""
    return replace(pack, parts=[_cut(part) for part in pack.parts])


def _cut(part: Part) -> Part:
    lines, sheets = list(part.lines), [_shorter(sheet) for sheet in part.sheets]
    if len(part.quotes) > MOST_ROWS:
        lines.append(_all_elsewhere(len(part.quotes)))
    return replace(part, lines=lines, sheets=sheets, quotes=part.quotes[:MOST_ROWS])


def _shorter(sheet: Sheet) -> Sheet:
    if len(sheet.rows) <= MOST_ROWS:
        return sheet
    shown = sheet.on_paper or replace(sheet, rows=sheet.rows[:MOST_ROWS])
    return replace(shown, notes=[*shown.notes, _all_elsewhere(len(sheet.rows))])


def _all_elsewhere(number: int) -> str:
    return _("Too many for paper: all %(number)s are on the page and in the CSV files.") % {
        "number": number
    }
