"""Write a scheme as a pack: `export_scheme spaces-of-sanctuary > mine.toml`."""

from django.core.management.base import BaseCommand, CommandError

from common.refusals import Refused
from venues.models import Scheme
from venues.packs import export_scheme


class Command(BaseCommand):
    help = "Writes a scheme as a pack, a readable TOML file from which create_scheme makes another."

    def add_arguments(self, parser):
        parser.add_argument("slug", help="the scheme's short name, as in its addresses")

    def handle(self, *, slug, **options):
        scheme = Scheme.objects.filter(slug=slug).first()
        if scheme is None:
            known = ", ".join(Scheme.objects.values_list("slug", flat=True)) or "none"
            raise CommandError(f"No scheme is called {slug}. There are: {known}.")
        try:
            self.stdout.write(export_scheme(scheme), ending="")
        except Refused as refusal:
            raise CommandError(str(refusal)) from None
