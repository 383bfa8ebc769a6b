"""Registers the importer for lists of other organisations' spaces."""

import datetime

from django.utils.translation import gettext_lazy as _

from coverage.importers.other_places import About, import_other_places
from venues.importers import Importer, Outcome, register
from venues.models import Import


def run(stored: Import, *, dry_run: bool) -> Outcome:
    """Options: those of `import_other_places` (`name`, `whole`, `sheet`), the fields of `About`."""
    about = dict(stored.options)
    name, whole, sheet = about.pop("name"), about.pop("whole", False), about.pop("sheet", "")
    if dated := about.pop("dated", None):
        about["dated"] = datetime.date.fromisoformat(dated)
    summary = import_other_places(
        stored.file_name,
        bytes(stored.file),
        name=name,
        whole=whole,
        sheet=sheet,
        about=About(**about),
        scheme=stored.scheme,
        by=stored.by,
        dry_run=dry_run,
    )
    rows = summary.findings.to_put_right(summary.table)
    return Outcome(summary.sentences(), to_put_right=rows)


register(
    Importer(
        key="other_places",
        permission="coverage.import_other_places",
        page="admin:import_other_places",
        confirm=_("Bring these spaces in"),
        run=run,
    )
)
