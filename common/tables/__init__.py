"""Imported tables, in four steps: read, match, check, apply.

`read_table` makes a header and rows of a CSV file or an Excel workbook (`streams.rows` of a file
too large for memory). `match` finds the columns of a list of fields. `read_cell` reads each cell.
Anything not understood goes into `Findings`, with row and column. Applying is up to the importer.
"""

from .cells import (
    Mended,
    Unread,
    is_not_said,
    read_closed,
    read_date,
    read_email,
    read_line,
    read_number,
    read_phone,
    read_postcode,
    read_website,
    read_whole_number,
    read_yes_no,
)
from .checking import read_cell
from .columns import Field, Matched, column, has_needed, listed, match, not_used, tidy
from .errors_file import ErrorsFile, add_errors_option
from .files import BIGGEST, read_whole, too_big
from .findings import Fault, Findings, RefusedRows, in_words
from .reading import Table, read_table

__all__ = [
    "BIGGEST",
    "ErrorsFile",
    "Fault",
    "Field",
    "Findings",
    "Matched",
    "Mended",
    "RefusedRows",
    "Table",
    "Unread",
    "add_errors_option",
    "column",
    "has_needed",
    "in_words",
    "is_not_said",
    "listed",
    "match",
    "not_used",
    "read_cell",
    "read_closed",
    "read_date",
    "read_email",
    "read_line",
    "read_number",
    "read_phone",
    "read_postcode",
    "read_table",
    "read_website",
    "read_whole",
    "read_whole_number",
    "read_yes_no",
    "tidy",
    "too_big",
]
