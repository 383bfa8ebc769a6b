from django.core.management.base import BaseCommand

from common.tasks.patience import repeat, told_to_stop
from safespaces.duties import catch_up, enqueue_duties

MINUTE = 60


class Command(BaseCommand):
    help = (
        "Queue the hourly duties that nobody has queued this hour. Every host may run it: each "
        "duty is queued once."
    )
    requires_system_checks = []  # they would load the code of every page

    def add_arguments(self, parser):
        parser.add_argument(
            "--forever", action="store_true", help="look each minute until told to stop"
        )

    def handle(self, *, forever, **options):
        if not forever:
            self.stdout.write(f"{enqueue_duties()} duties queued.")
            return

        def look():
            enqueue_duties()
            catch_up()
            return MINUTE

        repeat(look, told_to_stop(), "Queueing the duties")
