from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from common.refusals import Refused
from common.tables import ErrorsFile, add_errors_option
from safespaces.imports.members import import_members
from venues.models import Scheme


class Command(BaseCommand):
    help = (
        "Bring in a scheme's existing venues, people's training dates and old stickers from a CSV "
        "file or an Excel workbook: one row for each venue, or for each person at a venue. "
        "All or nothing."
    )

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--scheme", required=True, metavar="SLUG", help="whose records")
        parser.add_argument(
            "--by", required=True, metavar="EMAIL", help="an administrator of the scheme"
        )
        parser.add_argument(
            "--dry-run", action="store_true", help="show the whole effect and change nothing"
        )
        parser.add_argument("--sheet", default="", help="the sheet of a workbook with several")
        parser.add_argument(
            "--invite",
            action="store_true",
            help="ask each venue's contact by e-mail to look after it here",
        )

        add_errors_option(parser)

    def handle(self, *, file, scheme, by, dry_run, invite, sheet, errors=None, **options):
        found = Scheme.objects.filter(slug=scheme).first()
        if found is None:
            raise CommandError(f"There is no scheme called {scheme}.")
        user = User.objects.filter(email__iexact=by, is_active=True).first()
        if user is None:
            raise CommandError(f"Nobody here has the address {by}.")
        try:
            data = file.read_bytes()
        except OSError as error:
            why = (error.strerror or "").lower()
            raise CommandError(f"{file.name} cannot be read: {why}.") from None
        try:
            to_put_right = ErrorsFile(errors)
            summary = import_members(
                file.name,
                data,
                scheme=found,
                by=user,
                dry_run=dry_run,
                invite=invite,
                sheet=sheet,
            )
        except Refused as refusal:
            said = [*map(str, refusal.reasons), "Nothing was changed."]
            if rows := getattr(refusal, "to_put_right", None):
                said += [to_put_right.write(rows)]
            raise CommandError("\n".join(filter(None, said))) from None
        self.stdout.write(str(summary))
        if written := to_put_right.keep(summary.table, summary.findings):
            self.stdout.write(written)
