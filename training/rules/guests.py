"""Seats that people book for themselves, without an account: who may, and when it is training."""

import datetime
from collections.abc import Iterable

from django.db.models import Q
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext as _

from training.models import Booking, Session
from training.rules.sessions import why_not_take_bookings
from venues.models import Membership, Post, Scheme, SignUp
from venues.models.sign_ups import ENDED

LINK_LASTS = datetime.timedelta(days=2)
"""How long somebody may take to press the link that books their seat."""


def why_not_ask_for_seat(session: Session, at: datetime.datetime) -> list[str]:
    """Why nobody can book a seat for themselves."""
    if reasons := why_not_take_bookings(session, at):
        return reasons
    if not session.is_for_anybody:
        return [_("Seats at this session are booked by the managers of places, for their people.")]
    return []


def booked_with(session: Session, email: str) -> Booking | None:
    """The live booking of somebody with this address, a guest or a venue's person."""
    of_them = Q(email__iexact=email) | Q(staff_member__email__iexact=email)
    return session.bookings.live().filter(of_them).order_by("pk").first()


def posts_of_guests(bookings: Iterable[Booking], session: Session) -> dict[int, Post]:
    """By booking id, the post of guests who work at one of the scheme's venues; one query.

    A guest is taken for a member of staff only if the address, which the link has proved to be
    theirs, and the first name both agree: several people of a venue may share a mailbox. Somebody
    already on the list for their venue is left out, and so is whoever has two such posts at
    different organisations: nobody could say which of the two sent them.
    """
    guests = [booking for booking in bookings if booking.is_guest]
    if not guests:
        return {}
    day = timezone.localdate(session.starts_at)
    listed = session.bookings.live().filter(staff_member__isnull=False)
    posts = (
        Post.objects.annotate(address=Lower("staff_member__email"))
        .filter(
            Q(until__isnull=True) | Q(until__gte=day),
            from_date__lte=day,
            address__in={booking.email.lower() for booking in guests},
            venue__sign_ups__in=SignUp.objects.filter(scheme=session.scheme_id).exclude(
                state__in=ENDED
            ),
        )
        .exclude(staff_member__in=listed.values("staff_member"))
        .select_related("staff_member", "venue")
        .order_by("pk")
    )
    found: dict[tuple[str, str], dict[int, Post]] = {}
    for post in posts:
        key = (post.staff_member.email.lower(), _first(post.staff_member.first_name))
        found.setdefault(key, {}).setdefault(post.staff_member_id, post)
    matched = {}
    for booking in guests:
        theirs = found.get((booking.email.lower(), _first(booking.name)), {})
        if len(theirs) == 1:
            matched[booking.pk] = next(iter(theirs.values()))
    return matched


def _first(name: str) -> str:
    return (name.split() or [""])[0].casefold()


def with_a_place(emails: Iterable[str], scheme: Scheme) -> set[str]:
    """Those of these addresses, in lower case, whose owners have a place in the scheme already."""
    asked = {email.lower() for email in emails}
    mine = SignUp.objects.filter(scheme=scheme).exclude(state__in=ENDED)
    managers = Membership.objects.filter(organisation__venues__sign_ups__in=mine)
    people = Post.objects.filter(venue__sign_ups__in=mine)
    known = (
        managers.annotate(address=Lower("user__email")),
        people.annotate(address=Lower("staff_member__email")),
    )
    return {
        address
        for rows in known
        for address in rows.filter(address__in=asked).values_list("address", flat=True)
    }
