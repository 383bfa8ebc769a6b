"""A scheme's earlier records are a table that officers bring in."""

from django.utils.translation import gettext_lazy as _

from safespaces.imports.members import import_members
from safespaces.imports.rows import RefusedRows
from venues.importers import Importer, Outcome, RefusedTable, register
from venues.models import Import


def run(stored: Import, *, dry_run: bool) -> Outcome:
    """Options: `invite` and `sheet`, as in `import_members`."""
    try:
        summary = import_members(
            stored.file_name,
            bytes(stored.file),
            scheme=stored.scheme,
            by=stored.by,
            dry_run=dry_run,
            **stored.options,
        )
    except RefusedRows as refusal:
        raise RefusedTable(
            *refusal.reasons, to_put_right=_rows(refusal.findings, refusal.table)
        ) from None
    return Outcome(summary.sentences(), summary.venues, _rows(summary.findings, summary.table))


def _rows(findings, table):
    return findings.file_rows(table) if findings.has_rows() else None


register(
    Importer(
        key="members",
        permission="venues.import_members",
        page="import_members",
        confirm=_("Bring these records in"),
        run=run,
    )
)
