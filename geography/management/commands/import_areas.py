from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from common.refusals import Refused
from geography.importers.areas import import_areas
from geography.models import Area


class Command(BaseCommand):
    help = (
        "Add and update areas from a GeoJSON file (plain, .gz or .xz). The columns of code and "
        "name are found whatever their year (WD25CD, LSOA21CD), or named."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--code", default="", help="the column that holds the code")
        parser.add_argument("--name", default="", help="the column that holds the name")
        parser.add_argument("--kind", choices=Area.Kind.values, help="what kind of area these are")
        parser.add_argument(
            "--year",
            type=int,
            choices=range(1900, 2100),
            metavar="YEAR",
            help="the year of the codes and boundaries",
        )

    def handle(self, *, file, code, name, kind, year, **options):
        try:
            summary = import_areas(file, code=code, name=name, kind=kind, year=year)
        except Refused as refusal:
            raise CommandError(f"{refusal} Nothing was changed.") from None
        self.stdout.write(str(summary))
