from django.core.management.base import BaseCommand, CommandError
from django.db import connection, transaction

from common.tasks.once import lock_number
from safespaces.duties import DUTIES, lock_name


class Command(BaseCommand):
    help = "Do the hourly duties once (warnings, deletions) and say how many things each was about."

    def add_arguments(self, parser):
        parser.add_argument(
            "--dry-run", action="store_true", help="say the numbers and change nothing"
        )

    @transaction.atomic
    def handle(self, *, dry_run, **options):
        failed = [duty.__name__ for duty in DUTIES if not self._do(duty)]
        if failed:
            raise CommandError(f"{', '.join(failed)} failed. Nothing was changed.")
        if dry_run:
            transaction.set_rollback(True)
            self.stdout.write("Nothing was changed.")

    def _do(self, duty):
        words = duty.__name__.replace("_", " ").capitalize()
        with connection.cursor() as cursor:
            # Waits for a worker that is running this duty; released with the transaction.
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock_number(lock_name(duty))])
        try:
            with transaction.atomic():
                number = duty()
        except Exception as error:
            self.stderr.write(f"{words}: {error}")
            return False
        self.stdout.write(f"{words}: {number}")
        return True
