"""Create a scheme from a pack: `create_scheme spaces_of_sanctuary --council NAME --email
ADDRESS`.
"""

from pathlib import Path

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from accounts.models import User
from common.refusals import Refused
from geography.models import Area
from venues import pack_sections
from venues.models import Officer
from venues.packs import FOLDER, available, load_pack, text_of


class Command(BaseCommand):
    help = (
        "Makes a scheme, not open yet, of all that a pack says: its principles, questions, "
        "numbers, training and meetings. A pack is one of those that come with the software, or a "
        "file, such as one that export_scheme wrote."
    )

    def add_arguments(self, parser):
        parser.add_argument("pack", help=f"{', '.join(available())}, or the path of a .toml file")
        parser.add_argument("--council", help="who runs the scheme, where the pack does not say")
        parser.add_argument("--email", help="the team's e-mail address, where it does not say")
        parser.add_argument(
            "--area", help="code of its area, such as E07000094, imported by import_areas"
        )
        parser.add_argument("--name", help="a name other than the pack's")
        parser.add_argument(
            "--administrator", help="e-mail address of a user who becomes its administrator"
        )

    def handle(self, *, pack, council, email, area, name, administrator, **options):
        overrides = {"name": name, "council": council, "contact_email": email}
        overrides = {key: value for key, value in overrides.items() if value}
        if area:
            overrides["area"] = newest_area(area)
        user = None
        if administrator:
            user = User.objects.filter(email__iexact=administrator).first()
            if user is None:
                raise CommandError(f"Nobody here has the address {administrator}.")
        text, folder = read_pack(pack)
        try:
            with transaction.atomic():
                scheme = load_pack(text, by=None, folder=folder, **overrides)
                if user:
                    Officer.objects.create(
                        scheme=scheme, user=user, role=Officer.Role.ADMINISTRATOR
                    )
        except Refused as refusal:
            raise CommandError("\n".join(map(str, refusal.reasons))) from None
        self.stdout.write(
            f"{scheme} is made, with {scheme.principles.count()} core principles and its training. "
            "What is left before it opens stands on its page in the admin."
        )


def read_pack(pack: str) -> tuple[str, Path]:
    """A pack's text, by name or file, and its folder. CommandError in words if there is none."""
    if pack in available():
        return text_of(pack), FOLDER
    try:
        return Path(pack).read_text(encoding="utf-8"), Path(pack).parent
    except FileNotFoundError:
        known = ", ".join(available())
        raise CommandError(f"There is no pack and no file called {pack}. Packs: {known}.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(f"{pack} cannot be read: {error}.") from None


def newest_area(code: str) -> Area:
    """The newest boundary for an official code. CommandError in words if there is none."""
    try:
        return pack_sections.newest_area(code)
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from None
