"""Details of people who work at a place: corrected, listed, at a second place, back again."""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from common.deciding import lock
from common.refusals import Refused
from venues import emails
from venues.models import Event, FormerName, Post, StaffMember, Venue
from venues.people_lists import ListedPerson

from .people import add_staff_member


@transaction.atomic
def correct_staff_member(
    person: StaffMember, *, first_name: str, email: str, venue: Venue, by: User
) -> StaffMember:
    """Correct the name or address of somebody who works at `venue`; does nothing if unchanged.

    The earlier name is kept, because certificates issued before carry it. When the address changes,
    both addresses are told, and neither letter names the other.
    """
    person = lock(person)
    if person.anonymised_at:
        raise Refused(_("The name was taken out already."))
    first_name = first_name.strip()
    if not first_name:
        raise Refused(_("Give the person's first name."))
    before = person.first_name, person.email
    if before == (first_name, email):
        return person
    if first_name != person.first_name:
        FormerName.objects.create(staff_member=person, first_name=person.first_name)
    person.first_name, person.email = first_name, email
    person.save(update_fields=["first_name", "email"])
    Event.objects.record("venues.staff_member_corrected", venue=venue, by=by, about=person)
    if before[1].lower() != email.lower():
        emails.address_corrected(person, venue, before=before[1], by=by)
    return person


@transaction.atomic
def add_people(
    venue: Venue, people: Iterable[ListedPerson], *, by: User, kind: str = Post.Kind.OWN
) -> int:
    """Add everybody in a list, or nobody; returns how many.

    Somebody known from another place of the organisation gets a second place here.
    """
    people = list(people)
    if reasons := [f"{each.line}: {each.problem}" for each in people if each.problem]:
        raise Refused(*reasons)
    if not people:
        raise Refused(_("Tick at least one person."))
    venue = lock(venue)
    for each in people:
        if each.known:
            work_here(each.known, venue, by=by, kind=kind)
        else:
            add_staff_member(
                venue.organisation,
                first_name=each.name,
                email=each.email,
                venue=venue,
                by=by,
                kind=kind,
            )
    return len(people)


@transaction.atomic
def work_here(person: StaffMember, venue: Venue, *, by: User, kind: str = Post.Kind.OWN) -> Post:
    """Record that a person of the organisation works here too, or again. Their training counts
    here.

    A last day that has not passed is removed; otherwise a new post begins today.
    """
    venue = lock(venue)
    person = lock(person)
    today = timezone.localdate()
    if person.organisation_id != venue.organisation_id:
        raise Refused(_("This person works for another organisation."))
    if person.anonymised_at:
        raise Refused(_("The name was taken out already."))
    posts = person.posts.filter(venue=venue)
    if posts.filter(until__isnull=True).exists():
        raise Refused(_("%(name)s works here already.") % {"name": person.first_name})
    post = posts.filter(Q(until__gte=today)).order_by("-until").first()
    if post:
        post.until = None
        post.save(update_fields=["until"])
    else:
        post = Post.objects.create(staff_member=person, venue=venue, from_date=today, kind=kind)
    Event.objects.record("venues.post_added", venue=venue, by=by, about=post)
    return post
