import datetime
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from common.refusals import Refused
from common.tables import ErrorsFile, add_errors_option, read_whole
from coverage.importers.other_places import About, import_other_places
from geography.importers.located import BIGGEST
from venues.models import Scheme, Venue


class Command(BaseCommand):
    help = (
        "Bring in other people’s spaces from a CSV file or workbook (coordinates, or postcodes "
        "looked up; a column of hours for each weekday) or from GeoJSON. They are never counted as "
        "ours, but as what would cover. Run again, it updates. What cannot be read is named by row."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--source", required=True, help="the name of the list")
        parser.add_argument(
            "--scheme", default="", metavar="SLUG", help="whose officers see it; all, if left"
        )
        parser.add_argument("--kind", choices=Venue.Type.values, help="of those that do not say")
        parser.add_argument("--serves", help="whom the spaces serve")
        parser.add_argument("--licence", help="under which the list may be used")
        parser.add_argument(
            "--date", type=datetime.date.fromisoformat, metavar="YYYY-MM-DD", help="of the list"
        )
        parser.add_argument("--of", metavar="NAME", help="the scheme these spaces belong to")
        parser.add_argument(
            "--published", action="store_true", default=None, help="that scheme publishes them"
        )
        parser.add_argument(
            "--whole", action="store_true", help="spaces that the file has not are gone"
        )
        parser.add_argument("--sheet", default="", help="the sheet of a workbook with several")
        parser.add_argument("--dry-run", action="store_true", help="show what it would do")

        add_errors_option(parser)

    def handle(self, *, file, source, scheme, whole, dry_run, sheet, errors=None, **options):
        found = None
        if scheme and not (found := Scheme.objects.filter(slug=scheme).first()):
            known = ", ".join(Scheme.objects.values_list("slug", flat=True)) or "none"
            raise CommandError(f"There is no scheme “{scheme}”; there are: {known}.")
        about = About(
            own_scheme=options["of"],
            kind=options["kind"],
            serves=options["serves"],
            licence=options["licence"],
            dated=options["date"],
            publishes=options["published"],
        )
        try:
            to_put_right = ErrorsFile(errors)
            summary = import_other_places(
                file.name,
                read_whole(file, BIGGEST),
                name=source,
                scheme=found,
                about=about,
                whole=whole,
                dry_run=dry_run,
                sheet=sheet,
            )
        except Refused as refusal:
            said = [f"{refusal} Nothing was changed."]
            if rows := getattr(refusal, "to_put_right", None):
                said += [to_put_right.write(rows)]
            raise CommandError("\n".join(filter(None, said))) from None
        self.stdout.write(str(summary))
        if written := to_put_right.keep(summary.table, summary.findings):
            self.stdout.write(written)
