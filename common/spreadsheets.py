"""Tables as CSV files that cannot run formulas when opened in a spreadsheet."""

import csv
from collections.abc import Iterable

from django.http import HttpResponse

STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def neutralised(value) -> str:
    """The value as text, with an apostrophe in front if a spreadsheet would read it as a
    formula.
    """
    text = "" if value is None else str(value)
    # Excel skips spaces and line feeds before it looks for a formula.
    if text.lstrip(" \n").startswith(STARTS_A_FORMULA) or text.startswith(STARTS_A_FORMULA):
        return f"'{text}"
    return text


def not_neutralised(text: str) -> str:
    """The text as it was before `neutralised`, for a table that is read again."""
    plain = text.removeprefix("'")
    return plain if neutralised(plain) == text else text


def csv_response(name: str, header: Iterable, rows: Iterable[Iterable]) -> HttpResponse:
    """A download called `name`.csv, with a byte order mark so that Excel recognises UTF-8."""
    response = HttpResponse(content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    response["Cache-Control"] = "no-store"
    response.write("\ufeff")
    writer = csv.writer(response)
    writer.writerow([neutralised(cell) for cell in header])
    for row in rows:
        writer.writerow([neutralised(cell) for cell in row])
    return response
