from django.core.management.base import BaseCommand, CommandError

from common.tasks import QUEUES
from common.tasks.worker import Worker


class Command(BaseCommand):
    help = "Run the tasks of some queues until told to stop. Any number may run, on any host."
    requires_system_checks = []  # they would load the code of every page

    def add_arguments(self, parser):
        parser.add_argument(
            "--queues",
            default=",".join(QUEUES),
            help="whose tasks, with commas between them (default: %(default)s)",
        )
        parser.add_argument(
            "--batch", action="store_true", help="end as soon as nothing is left to do"
        )

    def handle(self, *, queues, batch, **options):
        names = [name.strip() for name in queues.split(",") if name.strip()]
        if unknown := set(names) - set(QUEUES):
            raise CommandError(
                f"No such queue: {', '.join(sorted(unknown))}. There are: {', '.join(QUEUES)}."
            )
        worker = Worker(names or list(QUEUES), batch=batch)
        worker.configure_signals()
        worker.run()
