"""Adopt a ready-made scheme: `create_scheme spaces_of_sanctuary --council NAME --email ADDRESS`."""

from django.core.management.base import BaseCommand, CommandError
from django.db import IntegrityError

from accounts.models import User
from geography.models import Area
from venues.models import Officer
from venues.packs import available, create_scheme


class Command(BaseCommand):
    help = "Makes a scheme, not open yet, from a ready-made set of principles."

    def add_arguments(self, parser):
        parser.add_argument("pack", choices=available())
        parser.add_argument("--council", required=True, help="who runs the scheme")
        parser.add_argument("--email", required=True, help="the team's e-mail address")
        parser.add_argument(
            "--area", help="code of its area, such as E07000094, brought in by import_areas"
        )
        parser.add_argument("--name", help="a name other than the pack's")
        parser.add_argument(
            "--administrator", help="e-mail address of a user who becomes its administrator"
        )

    def handle(self, *, pack, council, email, area, name, administrator, **options):
        overrides = {"name": name} if name else {}
        if area:
            overrides["area"] = newest_area(area)
        user = None
        if administrator:
            user = User.objects.filter(email__iexact=administrator).first()
            if user is None:
                raise CommandError(f"Nobody here has the address {administrator}.")
        try:
            scheme = create_scheme(pack, council=council, contact_email=email, **overrides)
        except IntegrityError:
            raise CommandError("A scheme of this name is here already.") from None
        if user:
            Officer.objects.create(scheme=scheme, user=user, role=Officer.Role.ADMINISTRATOR)
        self.stdout.write(
            f"{scheme} is made, with {scheme.principles.count()} core principles. It opens once "
            "its safeguarding numbers are named in the admin."
        )


def newest_area(code: str) -> Area:
    """The newest boundary of an official code. CommandError in words where none is here."""
    newest = Area.objects.filter(code=code.strip().upper()).order_by("-vintage").first()
    if newest is None:
        raise CommandError(f"No area has the code {code}. Bring it in with import_areas first.")
    return newest
