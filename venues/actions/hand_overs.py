"""Asking every scheme of a place before a hand-over, because it ends each scheme's sign-up."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from common.deciding import lock
from common.refusals import Refused
from venues import letters
from venues.models import Event, HandOver, Scheme, SignUp, Venue
from venues.rules import schemes_to_ask

from .venues import hand_over_venue


@transaction.atomic
def ask_to_hand_over(
    venue: Venue,
    *,
    by: User,
    agreed: Iterable[Scheme],
    organisation_name: str,
    manager_email: str,
) -> list[Scheme]:
    """Hand the place over if every scheme has `agreed`; otherwise ask the rest and return them."""
    venue = lock(venue)
    asked = HandOver(
        venue=venue,
        organisation_name=organisation_name.strip(),
        manager_email=manager_email.strip(),
        asked_by=by,
    )
    if venue.hand_overs.open().exists():
        raise Refused(_("A hand-over of this place waits for an answer already."))
    agreed = set(agreed)
    missing = [scheme for scheme in schemes_to_ask(venue) if scheme not in agreed]
    if not missing:
        _hand_over(asked, by)
        return []
    if not asked.organisation_name or not asked.manager_email:
        raise Refused(_("Give the name of the new organisation and its manager's address."))
    asked.save()
    asked.agreed.set(agreed)
    Event.objects.record("venues.hand_over_asked", venue=venue, by=by, about=asked)
    sign_ups = SignUp.objects.filter(venue=venue, scheme__in=missing).order_by("pk")
    link_of = {each.scheme_id: each.pk for each in sign_ups}  # the newest sign-up per scheme
    for scheme in missing:
        letters.notify(
            "venues.hand_over_asked",
            [scheme.contact_email],
            scheme=scheme,
            venue=venue,
            link=letters.url("admin:venues_signup_change", link_of[scheme.pk]),
        )
    return missing


def _hand_over(hand_over: HandOver, by: User) -> None:
    hand_over_venue(
        hand_over.venue,
        by=by,
        organisation_name=hand_over.organisation_name,
        manager_email=hand_over.manager_email,
    )


def _waiting(sign_up: SignUp) -> HandOver:
    """The open hand-over of a sign-up's place, locked, while its scheme has yet to answer."""
    found = HandOver.objects.select_for_update(of=("self",)).open().filter(venue=sign_up.venue_id)
    hand_over = found.select_related("venue__organisation", "asked_by").first()
    if hand_over is None:
        raise Refused(_("No hand-over of this place waits for an answer."))
    if hand_over.agreed.filter(pk=sign_up.scheme_id).exists():
        raise Refused(_("Your scheme has agreed already."))
    return hand_over


def _close(hand_over: HandOver) -> None:
    hand_over.closed_at, hand_over.manager_email = timezone.now(), ""
    hand_over.save(update_fields=["closed_at", "manager_email"])


@transaction.atomic
def agree_to_hand_over(sign_up: SignUp, *, by: User) -> HandOver:
    """Agree for this scheme; the last scheme to agree triggers the hand-over."""
    hand_over = _waiting(sign_up)
    hand_over.agreed.add(sign_up.scheme_id)
    Event.objects.record("venues.hand_over_agreed", sign_up=sign_up, by=by, about=hand_over)
    agreed = set(hand_over.agreed.all())
    if all(scheme in agreed for scheme in schemes_to_ask(hand_over.venue)):
        _hand_over(hand_over, hand_over.asked_by)
        _close(hand_over)
    return hand_over


@transaction.atomic
def refuse_hand_over(sign_up: SignUp, *, reason: str, by: User) -> HandOver:
    """Refuse for this scheme, which cancels the hand-over. The reason is for officers only."""
    hand_over = _waiting(sign_up)
    _close(hand_over)
    venue = hand_over.venue
    Event.objects.record("venues.hand_over_refused", venue=venue, by=by, about=hand_over)
    Event.objects.record(
        "venues.hand_over_declined", sign_up=sign_up, by=by, about=hand_over, reason=reason
    )
    return hand_over
