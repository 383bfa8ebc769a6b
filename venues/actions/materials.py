"""New versions of what a scheme hands out, told to those who have it."""

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from common.deciding import lock
from common.refusals import Refused
from venues import emails
from venues.materials import letters_just_written, organisations_with, places_with, why_not_raise
from venues.models import Event, Letter, Material
from venues.taking_back import UNDO_FOR

from .letters import withdraw_letter


@transaction.atomic
def raise_version(material: Material, *, by: User) -> list[Letter]:
    """Count its next version, from today, and write to everybody who has it.

    Each person gets one letter for all their places. Letters wait ten minutes.
    """
    material, today = lock(material), timezone.localdate()
    if reasons := why_not_raise(material, today):
        raise Refused(*reasons)
    was_on = material.version_on
    material.version, material.version_on = material.version + 1, today
    material.save(update_fields=["version", "version_on"])
    letters = emails.new_version(
        material,
        places_with(material, today),
        organisations_with(material),
        by=by,
        wait=UNDO_FOR,
    )
    Event.objects.record_about(
        "venues.material_version_raised",
        material,
        by=by,
        version=material.version,
        was_on=was_on.isoformat() if was_on else "",
    )
    return letters


@transaction.atomic
def take_back_version(
    material: Material, *, by: User, at: datetime.datetime | None = None
) -> Material:
    """Return to the version before, and take its letters back before they leave."""
    material = lock(material)
    written = list(letters_just_written(material, by, at or timezone.now()))
    if not written:
        raise Refused(_("This could be taken back for ten minutes only."))
    for each in written:
        withdraw_letter(each, by=by)
    raised = Event.objects.filter(
        kind="venues.material_version_raised", scheme=material.scheme, about_id=material.pk
    ).latest("pk")
    was_on = raised.data["was_on"]
    material.version -= 1
    material.version_on = datetime.date.fromisoformat(was_on) if was_on else None
    material.save(update_fields=["version", "version_on"])
    Event.objects.record_about(
        "venues.material_version_taken_back", material, by=by, version=material.version
    )
    return material
