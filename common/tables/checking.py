"""Third move: what the cells of a row mean, and what of them is not understood."""

from typing import Any

from .cells import Mended, Unread, clean, is_not_said
from .columns import Field
from .findings import Findings


def read_cell(field: Field, text: str, row: int, title: str, findings: Findings) -> Any:
    """The value of one cell; None when it says nothing or is not understood, which is named."""
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
