"""Which of an organisation's venues a member manages: all, or chosen ones."""

from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from venues.models import Membership, Organisation, Post, StaffMember, Venue


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


def people_elsewhere(user: User, venue: Venue) -> dict[StaffMember, list[str]]:
    """People who work at another place of the organisation and not here, with their places' names.

    Only at places that this manager looks after: a branch manager is not told who works at other
    branches.
    """
    today = timezone.localdate()
    here = Post.objects.filter(venue=venue).filter(Q(until__isnull=True) | Q(until__gte=today))
    posts = (
        Post.objects.current(today)
        .filter(
            venue__in=venue.organisation.venues.managed_by(user),
            staff_member__organisation=venue.organisation_id,
            staff_member__anonymised_at__isnull=True,
        )
        .exclude(staff_member__in=here.values("staff_member"))
        .select_related("staff_member", "venue")
        .order_by("staff_member__first_name", "staff_member", "venue__name", "pk")
    )
    found: dict[StaffMember, list[str]] = {}
    for post in posts:
        found.setdefault(post.staff_member, []).append(str(post.venue))
    return found
