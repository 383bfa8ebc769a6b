from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from common.refusals import Refused
from geography.importers.population import import_population


class Command(BaseCommand):
    help = (
        "Add and update the people of small areas from a CSV file (plain, .gz or .xz): code, "
        "people, and where the file has them point, deprivation decile, people by sex and age. "
        "A file without points uses those already there."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--code", default="", help="the column that holds the code")
        parser.add_argument("--people", default="", help="the column that holds all people")
        parser.add_argument(
            "--year",
            type=int,
            choices=range(1900, 2100),
            metavar="YEAR",
            help="the census whose codes these are, as 2021",
        )
        parser.add_argument(
            "--replace",
            action="store_true",
            help="take out the same nations' points of another census or another kind of area",
        )

    def handle(self, *, file, code, people, year, replace, **options):
        try:
            summary = import_population(file, code=code, people=people, year=year, replace=replace)
        except Refused as refusal:
            raise CommandError(f"{refusal} Nothing was changed.") from None
        self.stdout.write(str(summary))
