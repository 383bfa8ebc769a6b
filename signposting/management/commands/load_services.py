"""`manage.py load_services`: add the national helplines, each awaiting confirmation."""

import tomllib
from pathlib import Path

from django.core.management.base import BaseCommand
from django.db import transaction

from signposting.models import Service

FILE = Path(__file__).resolve().parents[2] / "content" / "services.toml"


class Command(BaseCommand):
    help = "Adds the national helplines that are not there yet. None is public until confirmed."

    @transaction.atomic
    def handle(self, *args, **options):
        rows = tomllib.loads(FILE.read_text(encoding="utf-8"))["service"]
        added = sum(
            Service.objects.get_or_create(scheme=None, name=row["name"], defaults=row)[1]
            for row in rows
        )
        self.stdout.write(f"{added} of {len(rows)} helplines added, to be confirmed.")
