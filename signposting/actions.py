"""The only code that publishes or withdraws a support service or a staffed place."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from common.deciding import lock
from common.refusals import Refused
from signposting.models import Service, StaffedPlace
from venues.models import Event

REACHED_BY = {"number", "by", "text_word"}
"""The fields that a confirmation is about: after a change it has to be given again."""


@transaction.atomic
def confirm_service(service: Service, *, name: str, by: User) -> Service:
    """Record that the person called `name` confirmed this number by phone, and publish it."""
    service = lock(service)
    if not name.strip():
        raise Refused(_("Give the name of the person who confirmed the number."))
    service.confirmed_by_name = name.strip()
    service.confirmed_on = timezone.localdate()
    service.save(update_fields=["confirmed_by_name", "confirmed_on"])
    Event.objects.record(
        "signposting.service_confirmed", scheme=service.scheme, about=service, by=by
    )
    return service


@transaction.atomic
def unconfirm_service(service: Service, *, by: User) -> Service:
    """Withdraw the number from public pages until it is confirmed again."""
    service = lock(service)
    if service.confirmed_on is None:
        raise Refused(_("This number is not confirmed."))
    service.confirmed_by_name, service.confirmed_on = "", None
    service.save(update_fields=["confirmed_by_name", "confirmed_on"])
    Event.objects.record(
        "signposting.service_unconfirmed", scheme=service.scheme, about=service, by=by
    )
    return service


@transaction.atomic
def change_service(service: Service, fields: list[str], *, by: User) -> Service:
    """Save the changed `fields` of `service`; a changed number must be confirmed again."""
    adding = service.pk is None
    if not adding:
        lock(service)
    if adding or REACHED_BY & set(fields):
        service.confirmed_by_name, service.confirmed_on = "", None
    service.save()
    Event.objects.record(
        "signposting.service_changed",
        scheme=service.scheme,
        about=service,
        by=by,
        fields=", ".join(sorted(fields)),
    )
    return service


SHOWN_OF_A_PLACE = {"name", "street", "postcode", "hours"}
"""The fields that the place agreed to publish: after a change it has to agree again."""


@transaction.atomic
def change_staffed_place(place: StaffedPlace, fields: list[str], *, by: User) -> StaffedPlace:
    """Save the changed `fields` of `place`; it is withdrawn if one that it agreed to changes."""
    adding = place.pk is None
    if not adding:
        lock(place)
    if adding or SHOWN_OF_A_PLACE & set(fields):
        place.confirmed_by_name, place.confirmed_on = "", None
    place.save()
    Event.objects.record(
        "signposting.staffed_place_changed",
        scheme=place.scheme,
        about=place,
        by=by,
        fields=", ".join(sorted(fields)),
    )
    return place


@transaction.atomic
def confirm_staffed_place(staffed_place: StaffedPlace, *, name: str, by: User) -> StaffedPlace:
    """Record that the person called `name` agreed for the place, and publish it."""
    place = lock(staffed_place)
    if not name.strip():
        raise Refused(_("Give the name of the person who agreed."))
    place.confirmed_by_name = name.strip()
    place.confirmed_on = timezone.localdate()
    place.save(update_fields=["confirmed_by_name", "confirmed_on"])
    Event.objects.record(
        "signposting.staffed_place_confirmed", scheme=place.scheme, about=place, by=by
    )
    return place


@transaction.atomic
def unconfirm_staffed_place(staffed_place: StaffedPlace, *, by: User) -> StaffedPlace:
    """Withdraw the place from the finder until it agrees again."""
    place = lock(staffed_place)
    if place.confirmed_on is None:
        raise Refused(_("This place is not shown to the public."))
    place.confirmed_by_name, place.confirmed_on = "", None
    place.save(update_fields=["confirmed_by_name", "confirmed_on"])
    Event.objects.record(
        "signposting.staffed_place_unconfirmed", scheme=place.scheme, about=place, by=by
    )
    return place
