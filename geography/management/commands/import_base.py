from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from common.refusals import Refused
from common.tables import read_whole
from geography.importers.bases import import_base
from geography.importers.groups import PRESETS, import_group
from geography.importers.located import BIGGEST


class Command(BaseCommand):
    help = (
        "Bring in another base than residents (bus stops, stations, late licences, parks) from a "
        "CSV file with coordinates or postcodes, or from GeoJSON. Run again, it takes the place "
        "of what the base held before."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--name", default="", help="of the base, as in: Bus stops")
        parser.add_argument(
            "--group",
            choices=sorted(PRESETS),
            default="",
            help="a group of people from a census file by sex and age: women, or young people of "
            "10 to 24; the file needs no coordinates, and the base its own name",
        )
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

    def handle(self, *, file, name, group, unit, year, count, buffer, licence, dry_run, **options):
        if bool(name) == bool(group):
            raise CommandError("Say --name NAME, or --group women or young. Nothing was changed.")
        year = year or timezone.localdate().year
        try:
            if group:
                summary = import_group(file, group, year=year, licence=licence, dry_run=dry_run)
                self.stdout.write(str(summary))
                return
            summary = import_base(
                file.name,
                read_whole(file, BIGGEST),
                name=name,
                unit=unit,
                year=year,
                count=count,
                buffer=buffer,
                licence=licence,
                dry_run=dry_run,
            )
        except Refused as refusal:
            raise CommandError(f"{refusal} Nothing was changed.") from None
        self.stdout.write(str(summary))
