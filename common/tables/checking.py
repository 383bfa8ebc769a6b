"""Third step: read the cells of a row, and note those not understood."""

from typing import Any

from .cells import Mended, Unread, clean, is_not_said
from .columns import Field
from .findings import Findings


def read_cell(field: Field, text: str, row: int, title: str, findings: Findings) -> Any:
    """The value of one cell; None if it is empty or not understood, which is noted."""
    try:
        if is_not_said(clean(text)):
            return None
        value = field.read(text)
    except Unread as unread:
        findings.leave_out(row, str(unread), title)
        return None
    if isinstance(value, Mended):
        findings.mend(row, value.how, title)
        return value.value
    return value
