"""Deletion of personal details once the period promised on the forms is over."""

from django.db import transaction

from accounts.models import User
from common.deciding import lock
from venues.models import Agreement, Event, Venue


@transaction.atomic
def forget_venue(venue: Venue, *, by: User | None = None) -> Venue:
    """Delete the contact, answers and agreements of a place; the place itself stays."""
    venue = lock(venue)
    venue.contact_name = venue.contact_email = venue.contact_phone = venue.insurance_checked = ""
    venue.save(
        update_fields=["contact_name", "contact_email", "contact_phone", "insurance_checked"]
    )
    venue.answers.all().delete()
    venue.letters.update(text="")
    Agreement.objects.filter(sign_up__venue=venue).delete()
    organisation = lock(venue.organisation)
    others = organisation.venues.exclude(pk=venue.pk)
    if not others.exists() and not organisation.scheme_sign_ups.live().exists():
        organisation.answers.all().delete()
    Event.objects.record("venues.place_forgotten", venue=venue, by=by)
    return venue


@transaction.atomic
def delete_photo(venue: Venue, *, by: User | None = None) -> Venue:
    """Delete a place's photograph; the file is deleted on commit."""
    venue = lock(venue)
    storage, name = venue.photo.storage, venue.photo.name
    venue.photo = venue.photo_alt = ""
    venue.save(update_fields=["photo", "photo_alt"])
    if name:
        transaction.on_commit(lambda: storage.delete(name))
    Event.objects.record("venues.photo_deleted", venue=venue, by=by)
    return venue
