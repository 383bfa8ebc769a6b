"""Print who can log in to the demonstration."""

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from demo.people import PASSWORD, logins


class Command(BaseCommand):
    help = "Prints the demonstration's log-ins."

    def handle(self, **options):
        if not settings.DEMO:
            raise CommandError("There are log-ins to print in the demonstration only.")
        self.stdout.write(f"Log-ins of the demonstration, all with the password {PASSWORD}:")
        for who, address in logins():
            self.stdout.write(f"  {address:28} {who}")
