"""One number for each venue of an organisation, on one page."""

from django import forms
from django.utils.translation import gettext_lazy as _

from partnership.forms.returns import CountField
from partnership.rules.branches import BranchReturn


class BranchNumbersForm(forms.Form):
    """How many people each venue helped; an empty box leaves that venue alone."""

    def __init__(self, *args, rows: list[BranchReturn], **kwargs):
        super().__init__(*args, **kwargs)
        self.rows = rows
        for row in rows:
            if row.is_open:
                label = _("People helped at %(venue)s") % {"venue": row.sign_up.venue}
                self.fields[_name(row)] = CountField(label=label, required=False)

    def lines(self) -> list[tuple[BranchReturn, forms.BoundField | None]]:
        """Each row with its field, if it has one."""
        return [(row, self[_name(row)] if _name(row) in self.fields else None) for row in self.rows]

    def people(self) -> dict[int, int]:
        """The numbers entered, by sign-up id."""
        found = ((row.sign_up.pk, self.cleaned_data.get(_name(row))) for row in self.rows)
        return {pk: number for pk, number in found if number is not None}


def _name(row: BranchReturn) -> str:
    return f"people_{row.sign_up.pk}"
