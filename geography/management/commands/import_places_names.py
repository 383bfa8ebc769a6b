from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from common.refusals import Refused
from geography.importers.place_names import import_place_names


class Command(BaseCommand):
    help = (
        "Add and update the names of towns, suburbs, villages and stations from OS Open Names, so "
        "that people find them by name: its CSV files, or the folder that holds them. All go in, "
        "or none."
    )

    def add_arguments(self, parser):
        parser.add_argument("files", nargs="+", type=Path, metavar="FILE")
        parser.add_argument(
            "--area",
            action="append",
            default=[],
            metavar="CODE",
            help="only names in this imported area and 5 km around; may be given several times",
        )
        parser.add_argument("--streets", action="store_true", help="take the names of streets too")

    def handle(self, *, files, area, streets, **options):
        try:
            summary = import_place_names(files, areas=area, streets=streets)
        except Refused as refusal:
            raise CommandError(f"{refusal} Nothing was changed.") from None
        self.stdout.write(str(summary))
