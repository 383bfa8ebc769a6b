from django.core.management.base import BaseCommand

from common.tasks.outbox import send_until
from common.tasks.patience import told_to_stop


class Command(BaseCommand):
    help = "Send queued letters until told to stop. Any number may run, on any host."
    requires_system_checks = []  # they would load the code of every page

    def add_arguments(self, parser):
        parser.add_argument(
            "--senders",
            type=int,
            default=1,
            help="how many at once, beside the one for codes to log in (default: %(default)s)",
        )

    def handle(self, *, senders, **options):
        send_until(told_to_stop(), senders=max(senders, 1))
