"""What officers decide about other people's places."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from common.deciding import lock
from common.refusals import Refused
from coverage.models import Approach, Gap, NotTheSame, Place, Source
from venues.actions import (
    change_organisation,
    change_venue,
    invite_member,
    replace_hours,
    start_sign_up,
)
from venues.models import Event, Membership, OpeningHours, Scheme, SignUp, Venue

from .gaps import record_approach

ADDRESS_LINE = 120


def _refuse_ours(place):
    if place.sign_up_id:
        raise Refused(_("%(place)s has been invited already.") % {"place": place})
    if place.venue_id:
        raise Refused(
            _("%(place)s is linked to %(venue)s already.") % {"place": place, "venue": place.venue}
        )


@transaction.atomic
def change_source(source: Source, changes: dict, *, by: User) -> Source:
    """Put right what is said of a whole list."""
    source = lock(source)
    for name, value in changes.items():
        setattr(source, name, value)
    try:
        source.full_clean(exclude=["scheme", "imported_at"])
    except ValidationError as error:
        raise Refused(*error.messages) from None
    source.save(update_fields=list(changes))
    words = ", ".join(str(Source._meta.get_field(name).verbose_name) for name in changes)
    Event.objects.record(
        "coverage.source_changed", scheme=source.scheme, by=by, about=source, fields=words
    )
    return source


@transaction.atomic
def remove_source(source: Source, *, by: User) -> None:
    """Take a list away with its places, unless one of them has become ours or was approached."""
    source = lock(source)
    kept = source.places.filter(venue__isnull=False) | source.places.filter(
        pk__in=Approach.objects.filter(place__source=source).values("place")
    )
    if place := kept.first():
        raise Refused(
            _("%(place)s of this list is linked, invited or approached already.") % {"place": place}
        )
    Event.objects.record("coverage.source_removed", scheme=source.scheme, by=by, source=source.name)
    source.delete()


@transaction.atomic
def link_place(place: Place, *, venue: Venue, by: User) -> Place:
    """Say that the place is this venue of ours, so that it is not counted twice."""
    place = lock(place)
    _refuse_ours(place)
    place.venue, place.linked_at, place.linked_by = venue, timezone.now(), by
    place.save(update_fields=["venue", "linked_at", "linked_by"])
    place.not_the_same.filter(venue=venue).delete()
    Event.objects.record(
        "coverage.place_linked", scheme=place.source.scheme, venue=venue, by=by, about=place
    )
    return place


@transaction.atomic
def unlink_place(place: Place, *, by: User) -> Place:
    """Undo a link that was a mistake. An invited place stays the venue it was invited as."""
    place = lock(place)
    if not place.venue_id:
        raise Refused(_("%(place)s is not linked.") % {"place": place})
    if place.sign_up_id:
        raise Refused(_("%(place)s was invited as this venue.") % {"place": place})
    venue, place.venue, place.linked_at, place.linked_by = place.venue, None, None, None
    place.save(update_fields=["venue", "linked_at", "linked_by"])
    Event.objects.record(
        "coverage.place_unlinked", scheme=place.source.scheme, venue=venue, by=by, about=place
    )
    return place


@transaction.atomic
def say_not_the_same(place: Place, *, venue: Venue, by: User) -> NotTheSame:
    """The place and the venue are two; they are not shown as possibly the same again."""
    place = lock(place)
    if place.venue_id == venue.pk:
        raise Refused(_("They are linked: unlink them first."))
    said, _new = NotTheSame.objects.get_or_create(
        place=place, venue=venue, defaults={"said_by": by}
    )
    Event.objects.record(
        "coverage.place_is_another", scheme=place.source.scheme, venue=venue, by=by, about=place
    )
    return said


@transaction.atomic
def invite_place(
    place: Place,
    *,
    scheme: Scheme,
    email: str,
    by: User,
    postcode: str = "",
    gap: Gap | None = None,
) -> SignUp:
    """Ask a place to join: a sign-up with what is known filled in, and a link by e-mail.

    Whoever opens the link looks after the sign-up. Nothing is agreed in the place's name, and its
    hours wait for it to confirm them. With `gap`, it is asked in order to close that gap.
    """
    place = lock(place)
    _refuse_ours(place)
    if place.gone_on:
        raise Refused(_("%(place)s is no longer in its list.") % {"place": place})
    if not email.strip():
        raise Refused(_("Give the e-mail address to which the invitation goes."))
    sign_up = start_sign_up(
        scheme=scheme, postcode=postcode or place.postcode, by=by, entered_by_officer=True
    )
    venue = sign_up.venue
    change_organisation(venue.organisation, {"name": place.name}, by=by)
    change_venue(venue, _known_of(place, email.strip()), by=by)
    if hours := place.hours.current(timezone.localdate()):
        intervals = [
            OpeningHours(weekday=each.weekday, opens=each.opens, closes=each.closes)
            for each in hours
        ]
        replace_hours(venue, intervals, by=by, confirmed=False)
    invite_member(venue.organisation, email=email.strip(), role=Membership.Role.MANAGER, by=by)
    place.venue, place.linked_at, place.linked_by = venue, timezone.now(), by
    place.sign_up = sign_up
    place.save(update_fields=["venue", "linked_at", "linked_by", "sign_up"])
    Event.objects.record("coverage.place_invited", sign_up=sign_up, by=by, about=place)
    if gap is not None:
        record_approach(gap, place=place, by=by)
    return sign_up


def _known_of(place: Place, email: str) -> dict:
    """The venue's fields that the list tells."""
    line, rest = place.address, ""
    if len(line) > ADDRESS_LINE:
        line, _comma, rest = line[:ADDRESS_LINE].rpartition(", ")
        line, rest = line or place.address[:ADDRESS_LINE], place.address[len(line) :].strip(", ")
    known = {
        "name": place.name,
        "type": place.kind,
        "address_1": line,
        "address_2": rest[:ADDRESS_LINE],
        "town": place.town,
        "website": place.website,
        "phone": place.phone,
        "contact_email": email,
    }
    if not place.point_is_of_postcode:
        known["point"] = place.point
    return {name: value for name, value in known.items() if value}
