"""A place chooses which scheme names the public sees beside it."""

from collections.abc import Collection

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.deciding import lock
from common.refusals import Refused
from venues.models import Event, SignUp, Venue


@transaction.atomic
def choose_badges(venue: Venue, shown: Collection[SignUp], *, by: User) -> None:
    """Show the badges of the sign-ups `shown` on the place, and hide all its others.

    Takes effect on every public page at once; the place stays listed either way. Each change is
    recorded in its own scheme's history only.
    """
    venue = lock(venue)
    if not Venue.objects.managed_by(by).filter(pk=venue.pk).exists():
        raise Refused(_("Only a manager of the place can choose which schemes are named."))
    live = SignUp.objects.live().filter(venue=venue).select_for_update(of=("self",))
    wanted = {sign_up.pk for sign_up in shown}
    for sign_up in live.order_by("pk"):
        hides = sign_up.pk not in wanted
        if sign_up.hides_badge != hides:
            sign_up.hides_badge = hides
            sign_up.save(update_fields=["hides_badge"])
            kind = "venues.badge_hidden" if hides else "venues.badge_shown"
            Event.objects.record(kind, sign_up=sign_up, by=by)
