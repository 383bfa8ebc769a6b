"""Officers' decisions about other organisations' spaces."""

from django.contrib.gis.geos import Point
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from common.deciding import lock
from common.field_labels import labels
from common.refusals import Refused
from coverage.models import Approach, Gap, NotTheSame, OtherPlace, Source
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


def _refuse_ours(other_place: OtherPlace) -> None:
    if other_place.sign_up_id:
        raise Refused(_("%(other_place)s has been invited already.") % {"other_place": other_place})
    if other_place.venue_id:
        raise Refused(
            _("%(other_place)s is linked to %(venue)s already.")
            % {"other_place": other_place, "venue": other_place.venue}
        )


@transaction.atomic
def change_source(source: Source, changes: dict, *, by: User) -> Source:
    """Change the details of a whole list."""
    source = lock(source)
    for name, value in changes.items():
        setattr(source, name, value)
    try:
        source.full_clean(exclude=["scheme", "imported_at"])
    except ValidationError as error:
        raise Refused(*error.messages) from None
    source.save(update_fields=list(changes))
    words = labels(Source, changes)
    Event.objects.record(
        "coverage.source_changed", scheme=source.scheme, by=by, about=source, fields=words
    )
    return source


@transaction.atomic
def remove_source(source: Source, *, by: User) -> None:
    """Remove a list with its spaces, unless one is linked to a venue or was approached."""
    source = lock(source)
    kept = source.other_places.filter(venue__isnull=False) | source.other_places.filter(
        pk__in=Approach.objects.filter(other_place__source=source).values("other_place")
    )
    if other_place := kept.first():
        raise Refused(
            _("%(other_place)s of this list is linked, invited or approached already.")
            % {"other_place": other_place}
        )
    Event.objects.record("coverage.source_removed", scheme=source.scheme, by=by, source=source.name)
    source.delete()


def _record(kind: str, other_place: OtherPlace, venue: Venue | None, by: User) -> None:
    scheme = other_place.source.scheme
    Event.objects.record(kind, scheme=scheme, venue=venue, by=by, about=other_place)


@transaction.atomic
def link_other_place(other_place: OtherPlace, *, venue: Venue, by: User) -> OtherPlace:
    """Link the space to one of our venues, so that it is not counted twice."""
    other_place = lock(other_place)
    _refuse_ours(other_place)
    other_place.venue, other_place.linked_at, other_place.linked_by = venue, timezone.now(), by
    other_place.save(update_fields=["venue", "linked_at", "linked_by"])
    other_place.not_the_same.filter(venue=venue).delete()
    _record("coverage.other_place_linked", other_place, venue, by)
    return other_place


@transaction.atomic
def unlink_other_place(other_place: OtherPlace, *, by: User) -> OtherPlace:
    """Undo a mistaken link. An invited space stays linked to the venue it was invited as."""
    other_place = lock(other_place)
    if not other_place.venue_id:
        raise Refused(_("%(other_place)s is not linked.") % {"other_place": other_place})
    if other_place.sign_up_id:
        raise Refused(
            _("%(other_place)s was invited as this venue.") % {"other_place": other_place}
        )
    venue = other_place.venue
    other_place.venue, other_place.linked_at, other_place.linked_by = None, None, None
    other_place.save(update_fields=["venue", "linked_at", "linked_by"])
    _record("coverage.other_place_unlinked", other_place, venue, by)
    return other_place


@transaction.atomic
def say_not_the_same(other_place: OtherPlace, *, venue: Venue, by: User) -> NotTheSame:
    """Record that the space and the venue differ; they are not suggested as duplicates again."""
    other_place = lock(other_place)
    if other_place.venue_id == venue.pk:
        raise Refused(_("They are linked: unlink them first."))
    said, _new = NotTheSame.objects.get_or_create(
        other_place=other_place, venue=venue, defaults={"said_by": by}
    )
    _record("coverage.other_place_is_another", other_place, venue, by)
    return said


@transaction.atomic
def invite_other_place(
    other_place: OtherPlace,
    *,
    scheme: Scheme,
    email: str,
    by: User,
    postcode: str = "",
    gap: Gap | None = None,
) -> SignUp:
    """Invite a space to join: creates a prefilled sign-up and emails a link.

    Whoever opens the link manages the sign-up. Nothing is agreed on the place's behalf, and its
    hours stay unconfirmed until it confirms them. With `gap`, the invitation counts as an approach
    for that gap.
    """
    other_place = lock(other_place)
    _refuse_ours(other_place)
    if other_place.gone_on:
        raise Refused(_("%(other_place)s is no longer in its list.") % {"other_place": other_place})
    if not email.strip():
        raise Refused(_("Give the e-mail address to which the invitation goes."))
    sign_up = start_sign_up(
        scheme=scheme, postcode=postcode or other_place.postcode, by=by, entered_by_officer=True
    )
    venue = sign_up.venue
    change_organisation(venue.organisation, {"name": other_place.name}, by=by)
    change_venue(venue, _known_of(other_place, email.strip()), by=by)
    if hours := other_place.hours.current(timezone.localdate()):
        intervals = [
            OpeningHours(weekday=each.weekday, opens=each.opens, closes=each.closes)
            for each in hours
        ]
        replace_hours(venue, intervals, by=by, confirmed=False)
    invite_member(venue.organisation, email=email.strip(), role=Membership.Role.MANAGER, by=by)
    other_place.venue, other_place.linked_at, other_place.linked_by = venue, timezone.now(), by
    other_place.sign_up = sign_up
    other_place.save(update_fields=["venue", "linked_at", "linked_by", "sign_up"])
    Event.objects.record("coverage.other_place_invited", sign_up=sign_up, by=by, about=other_place)
    if gap is not None:
        record_approach(gap, other_place=other_place, by=by)
    return sign_up


def _known_of(other_place: OtherPlace, email: str) -> dict:
    """The venue fields that the list provides."""
    line, rest = other_place.address, ""
    if len(line) > ADDRESS_LINE:
        line, _comma, rest = line[:ADDRESS_LINE].rpartition(", ")
        line, rest = (
            line or other_place.address[:ADDRESS_LINE],
            other_place.address[len(line) :].strip(", "),
        )
    known: dict[str, str | Point] = {
        "name": other_place.name,
        "type": other_place.kind,
        "address_1": line,
        "address_2": rest[:ADDRESS_LINE],
        "town": other_place.town,
        "website": other_place.website,
        "phone": other_place.phone,
        "contact_email": email,
    }
    if not other_place.point_is_of_postcode:
        known["point"] = other_place.point
    return {name: value for name, value in known.items() if value}
