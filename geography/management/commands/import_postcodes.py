from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from common.refusals import Refused
from geography.importers.postcodes import import_postcodes


class Command(BaseCommand):
    help = (
        "Add and update postcodes from Code-Point Open, ONSPD, or a CSV with postcode, quality, "
        "easting and northing; plain, .gz or .xz. All files go in, or none."
    )

    def add_arguments(self, parser):
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")

    def handle(self, *, files, **options):
        try:
            summary = import_postcodes(files)
        except Refused as refusal:
            raise CommandError(f"{refusal} Nothing was changed.") from None
        self.stdout.write(str(summary))
