"""Importers of a scheme's earlier records and of an organisation's branches."""

from django.utils.translation import gettext_lazy as _

from safespaces.imports.branches import import_branches
from safespaces.imports.members import import_members
from venues.importers import Importer, Outcome, register
from venues.models import Import


def run(stored: Import, *, dry_run: bool) -> Outcome:
    """Options: `invite` and `sheet`, as in `import_members`."""
    summary = import_members(
        stored.file_name,
        bytes(stored.file),
        scheme=stored.scheme,
        by=stored.by,
        dry_run=dry_run,
        **stored.options,
    )
    rows = summary.findings.to_put_right(summary.table)
    return Outcome(summary.sentences(), summary.venues, rows)


register(
    Importer(
        key="members",
        permission="venues.import_members",
        page="import_members",
        confirm=_("Bring these records in"),
        run=run,
    )
)


def run_branches(stored: Import, *, dry_run: bool) -> Outcome:
    """Options: `sheet`, as in `import_branches`."""
    summary = import_branches(
        stored.file_name,
        bytes(stored.file),
        organisation=stored.organisation,
        scheme=stored.scheme,
        by=stored.by,
        dry_run=dry_run,
        **stored.options,
    )
    rows = summary.findings.to_put_right(summary.table)
    return Outcome(summary.sentences(), summary.venues, rows)


register(
    Importer(
        key="branches",
        permission="",
        page="import_branches",
        confirm=_("Add these places"),
        run=run_branches,
        of_members=True,
    )
)
