from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from common.refusals import Refused
from common.tables import read_whole
from geography.importers.bases import import_base
from geography.importers.located import BIGGEST


class Command(BaseCommand):
    help = (
        "Bring in another base than residents (bus stops, stations, late licences, parks) from a "
        "CSV file with coordinates or postcodes, or from GeoJSON. Run again, it takes the place "
        "of what the base held before."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--name", required=True, help="of the base, as in: Bus stops")
        parser.add_argument("--unit", default="", help="what is counted, as in: bus stops")
        parser.add_argument(
            "--year", type=int, choices=range(1900, 2100), metavar="YEAR", help="this year if left"
        )
        parser.add_argument("--count", default="", help="the column that says how many")
        parser.add_argument(
            "--buffer",
            type=float,
            metavar="METRES",
            help="count hectares of areas such as parks, and so far around them",
        )
        parser.add_argument("--licence", default="", help="under which the file may be used")
        parser.add_argument("--dry-run", action="store_true", help="show what it would do")

    def handle(self, *, file, name, unit, year, count, buffer, licence, dry_run, **options):
        try:
            summary = import_base(
                file.name,
                read_whole(file, BIGGEST),
                name=name,
                unit=unit,
                year=year or timezone.localdate().year,
                count=count,
                buffer=buffer,
                licence=licence,
                dry_run=dry_run,
            )
        except Refused as refusal:
            raise CommandError(f"{refusal} Nothing was changed.") from None
        self.stdout.write(str(summary))
