"""An existing place joins another scheme, and chooses which schemes can see its people."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.deciding import lock
from common.refusals import Refused
from venues.joining import why_not_join
from venues.models import Event, Scheme, SignUp, Venue
from venues.models.sign_ups import ENDED

from .grace import kept_grace
from .sign_ups import begin_sign_up


@transaction.atomic
def join_scheme(venue: Venue, scheme: Scheme, *, by: User, shares_people: bool = False) -> SignUp:
    """Start a draft in `scheme` for an existing place.

    Facts about the place (hours, answers, photograph) are shared rows and are not asked again;
    principles are agreed afresh for each scheme. People and their training are shared with `scheme`
    only if `shares_people`. Refused while the place has a live sign-up in it; locking the venue's
    row makes concurrent requests safe.
    """
    venue = lock(venue)
    if not Venue.objects.managed_by(by).filter(pk=venue.pk).exists():
        raise Refused(_("Only a manager of the place can have it join a scheme."))
    if reasons := why_not_join(venue, scheme):
        raise Refused(*reasons)
    sign_up = begin_sign_up(venue, scheme, by, by, shares_people=shares_people)
    Event.objects.record(
        "venues.scheme_joined", sign_up=sign_up, by=by, people=_in_words(shares_people)
    )
    return sign_up


@transaction.atomic
def share_people(sign_up: SignUp, *, shares: bool, by: User) -> SignUp:
    """Choose whether this scheme can see the place's people and count their training.

    Withdrawing may leave the scheme with too few trained people, in which case grace starts.
    """
    sign_up = lock(sign_up)
    if sign_up.state in ENDED:
        raise Refused(_("This sign-up has ended."))
    if sign_up.shares_people == shares:
        return sign_up
    with kept_grace(SignUp.objects.filter(pk=sign_up.pk)):
        sign_up.shares_people = shares
        sign_up.save(update_fields=["shares_people"])
    Event.objects.record("venues.people_shared", sign_up=sign_up, by=by, people=_in_words(shares))
    return sign_up


def _in_words(shares: bool) -> str:
    return _("shared with this scheme") if shares else _("not shared with this scheme")
