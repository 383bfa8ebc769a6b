from django.core.management.base import BaseCommand, CommandError

from common.refusals import Refused
from training.actions import load_module
from training.content import read_all


class Command(BaseCommand):
    help = (
        "Load the training that comes with the software. Run again, it loads what is new: a new "
        "version awaits its review in the admin, while people go on with the one they have."
    )

    def handle(self, *args, **options):
        try:
            for content in read_all():
                module, loaded = load_module(content)
                self.stdout.write(
                    f"{module.slug}: version {module.version} loaded."
                    if loaded
                    else f"{module.slug}: nothing new."
                )
        except Refused as refusal:
            raise CommandError(str(refusal)) from refusal
