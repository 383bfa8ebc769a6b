"""Which of an organisation's venues a member manages: all, or chosen ones."""

from accounts.models import User
from venues.models import Membership, Organisation


def looks_after_all(user: User, organisation: Organisation) -> bool:
    """Whether this user is head office: a manager of the whole organisation."""
    return organisation.memberships.head_office().of(user).exists()


def members_seen_by(user: User, organisation: Organisation) -> list[Membership]:
    """The members whom a manager may see, change and remove.

    Head office: everybody. A manager of chosen places: themselves, and members whose places are all
    among their own.
    """
    members = organisation.memberships.select_related("user").prefetch_related("venues")
    if looks_after_all(user, organisation):
        return list(members)
    own = set(organisation.venues.managed_by(user).values_list("pk", flat=True))

    def is_within(member: Membership) -> bool:
        places = {venue.pk for venue in member.venues.all()}
        return member.scope == Membership.Scope.CHOSEN and bool(places) and places <= own

    return [each for each in members if each.user_id == user.pk or is_within(each)]
