import time

from django.core.management.base import BaseCommand
from django.utils import timezone

from venues.kept import can_be_used, rebuild


class Command(BaseCommand):
    help = (
        "Work out anew what the finder reads. Readers are not disturbed. Wanted after restoring a "
        "backup or changing rows by hand; the hourly duties do it after midnight."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--if-needed",
            action="store_true",
            help="only if today's are missing, or made by another release",
        )

    def handle(self, *, if_needed, **options):
        if if_needed and can_be_used(timezone.now()):
            return
        began = time.monotonic()
        changed = rebuild()
        took = time.monotonic() - began
        self.stdout.write(f"Kept listings rebuilt in {took:.1f} s; {len(changed)} venues changed.")
