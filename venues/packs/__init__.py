"""Schemes ready to be adopted: their principles and questions, as data to be edited afterwards."""

import tomllib
from pathlib import Path

from django.db import transaction
from django.utils.text import slugify

from venues.models import ContactKind, Criterion, Principle, Requirement, Scheme, SchemeCheck

FOLDER = Path(__file__).parent


def available() -> list[str]:
    """The names of the packs."""
    return sorted(path.stem for path in FOLDER.glob("*.toml"))


@transaction.atomic
def create_scheme(pack: str, *, council: str, contact_email: str, **overrides) -> Scheme:
    """Make a scheme, not open yet, from a pack; `overrides` are fields of Scheme.

    Raises FileNotFoundError for a pack that does not exist. Criteria are shared between schemes: an
    existing question of the same slug is used as it stands.
    """
    data = tomllib.loads((FOLDER / f"{pack}.toml").read_text(encoding="utf-8"))
    principles, criteria = data.pop("principles"), data.pop("criteria")
    checks, contacts = data.pop("checks", []), data.pop("contacts", [])
    fields = {
        key: value.strip() if isinstance(value, str) else value for key, value in data.items()
    }
    fields |= {"council": council, "contact_email": contact_email} | overrides
    fields.setdefault("slug", slugify(fields["name"]))
    scheme = Scheme.objects.create(**fields)
    for order, row in enumerate(checks, start=1):
        SchemeCheck.objects.create(scheme=scheme, order=order, **row)
    for order, row in enumerate(contacts, start=1):
        ContactKind.objects.create(scheme=scheme, order=order, **row)
    for order, row in enumerate(principles, start=1):
        requirements = row.pop("requirements", [])
        principle = Principle.objects.create(
            scheme=scheme,
            order=order,
            **{key: value.strip() for key, value in row.items()},
        )
        for requirement in requirements:
            Requirement.objects.create(principle=principle, **requirement)
    for order, row in enumerate(criteria, start=1):
        criterion, _created = Criterion.objects.get_or_create(
            slug=row.pop("slug"), defaults={"order": order, **row}
        )
        criterion.schemes.add(scheme)
    return scheme
