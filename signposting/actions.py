"""The only code that publishes or withdraws a support service or a staffed place."""

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from common.deciding import lock
from common.refusals import Refused
from signposting.models import Service, StaffedPlace
from venues.models import Event

REACHED_BY = {"number", "by", "text_word"}
REACHED_ONLINE_BY = REACHED_BY | {"website"}
"""The fields that a confirmation is about: after a change it has to be given again."""


Confirmed = Service | StaffedPlace


def _confirm(thing: Confirmed, name: str, on: datetime.date | None) -> None:
    thing.confirmed_by_name, thing.confirmed_on = name, on
    thing.save(update_fields=["confirmed_by_name", "confirmed_on"])


def _record(kind: str, thing: Confirmed, by: User, **more: str) -> None:
    Event.objects.record(kind, scheme=thing.scheme, about=thing, by=by, **more)


@transaction.atomic
def confirm_service(service: Service, *, name: str, by: User) -> Service:
    """Record that the person called `name` confirmed this number by phone, and publish it."""
    service = lock(service)
    if not name.strip():
        raise Refused(_("Give the name of the person who confirmed the number."))
    _confirm(service, name.strip(), timezone.localdate())
    _record("signposting.service_confirmed", service, by)
    return service


@transaction.atomic
def unconfirm_service(service: Service, *, by: User) -> Service:
    """Withdraw the number from public pages until it is confirmed again."""
    service = lock(service)
    if service.confirmed_on is None:
        raise Refused(_("This number is not confirmed."))
    _confirm(service, "", None)
    _record("signposting.service_unconfirmed", service, by)
    return service


@transaction.atomic
def change_service(service: Service, fields: list[str], *, by: User) -> Service:
    """Save the changed `fields` of `service`; a changed number must be confirmed again."""
    adding = service.pk is None
    if not adding:
        lock(service)
    is_online = service.by == Service.By.ONLINE
    reached_by = REACHED_ONLINE_BY if is_online else REACHED_BY
    if adding or reached_by & set(fields):
        service.confirmed_by_name, service.confirmed_on = "", None
    service.save()
    fields_changed = ", ".join(sorted(fields))
    _record("signposting.service_changed", service, by, fields=fields_changed)
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
    fields_changed = ", ".join(sorted(fields))
    _record("signposting.staffed_place_changed", place, by, fields=fields_changed)
    return place


@transaction.atomic
def confirm_staffed_place(staffed_place: StaffedPlace, *, name: str, by: User) -> StaffedPlace:
    """Record that the person called `name` agreed for the place, and publish it."""
    place = lock(staffed_place)
    if not name.strip():
        raise Refused(_("Give the name of the person who agreed."))
    _confirm(place, name.strip(), timezone.localdate())
    _record("signposting.staffed_place_confirmed", place, by)
    return place


@transaction.atomic
def unconfirm_staffed_place(staffed_place: StaffedPlace, *, by: User) -> StaffedPlace:
    """Withdraw the place from the finder until it agrees again."""
    place = lock(staffed_place)
    if place.confirmed_on is None:
        raise Refused(_("This place is not shown to the public."))
    _confirm(place, "", None)
    _record("signposting.staffed_place_unconfirmed", place, by)
    return place
