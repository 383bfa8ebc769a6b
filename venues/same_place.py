"""Possible duplicates: a similar name at one postcode, or within a few metres."""

from dataclasses import dataclass

from django.db import connection
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from venues.likeness import likeness
from venues.models import Organisation, SignUp, Venue

NEAR = 30
"""Metres between two pins."""
LIKE = 0.5
MOST = 2000
"""Pairs that are compared; the nearest first."""


@dataclass(frozen=True)
class Pair:
    """Two places, the older entry first; `metres` is None if either has no pin."""

    keep: Venue
    other: Venue
    likeness: float
    metres: float | None

    @property
    def rule(self) -> str:
        """Why they are proposed, in one sentence."""
        if self.keep.postcode and self.keep.postcode == self.other.postcode:
            place = _("at the same postcode, %(postcode)s") % {"postcode": self.keep.postcode}
        else:
            place = _("%(metres)s m apart") % {"metres": round(self.metres or 0)}
        words = (
            _("Their names are alike, and they are %(where)s.")
            if self.likeness >= LIKE
            else _("Their names differ, but they are %(where)s.")
        )
        return words % {"where": place}


def seen_or_public(user: User):
    """The places an officer may know of: those they look after, and public ones."""
    public = Venue.objects.filter(listing=Venue.Listing.PUBLIC).listed(timezone.localdate())
    mine = Venue.objects.for_officer(user)
    return Venue.objects.filter(Q(pk__in=mine.values("pk")) | Q(pk__in=public.values("pk")))


def perhaps_the_same(user: User, of: Venue | None = None) -> list[Pair]:
    """Pairs with at least one place the officer looks after, the likeliest first.

    `of` limits it to the pairs of one place. Pairs marked as different are left out. An unconfirmed
    pin is just the centre of its postcode, so it is no evidence about a neighbour with the same
    postcode.
    """
    mine = Venue.objects.for_officer(user)
    if of is not None:
        mine = mine.filter(pk=of.pk)
    found = _near(mine, seen_or_public(user))
    # Most of the places near each other are no pair: those are compared without making objects.
    facts = Venue.objects.filter(pk__in={pk for row in found for pk in row[:2]}).values_list(
        "pk", "name", "type", "postcode", "point_confirmed_at", named=True
    )
    near = {each.pk: each for each in facts}
    proposed = []
    for one, other, metres in found:
        keep, second = near[one], near[other]
        like = likeness(keep.name, second.name, kinds=(keep.type, second.type))
        pins = keep.point_confirmed_at and second.point_confirmed_at
        at_the_door = metres is not None and metres <= NEAR
        says_something = pins or keep.postcode != second.postcode
        if like >= LIKE or (at_the_door and says_something):
            proposed.append((one, other, like, metres))
    venues = Venue.objects.select_related("lead_scheme").in_bulk(
        {pk for row in proposed for pk in row[:2]}
    )
    pairs = [Pair(venues[one], venues[other], *rest) for one, other, *rest in proposed]
    return sorted(pairs, key=lambda pair: (-pair.likeness, pair.metres or 0, pair.keep.pk))


def _near(mine, known):
    """(lower id, higher id, metres or None) for places near each other, in one query."""
    mine_ids, mine_params = mine.order_by().values("pk").query.sql_with_params()
    known_ids, known_params = known.order_by().values("pk").query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT DISTINCT least(one.id, two.id), greatest(one.id, two.id),"
            " ST_Distance(one.point, two.point) AS metres"
            " FROM venues_venue AS one JOIN venues_venue AS two ON one.id <> two.id"
            " AND ((one.postcode <> '' AND one.postcode = two.postcode)"
            " OR ST_DWithin(one.point, two.point, %s))"
            f" WHERE one.id IN ({mine_ids}) AND two.id IN ({known_ids})"
            " AND NOT EXISTS (SELECT FROM venues_notthesamevenue AS said"
            " WHERE said.first_id = least(one.id, two.id)"
            " AND said.second_id = greatest(one.id, two.id))"
            " ORDER BY metres NULLS LAST, 1, 2 LIMIT %s",
            [NEAR, *mine_params, *known_params, MOST],
        )
        return cursor.fetchall()


def venues_matching(words: str, user: User, of: Venue) -> QuerySet[Venue]:
    """Other places an officer may know of, by name, town, postcode or reference; every word counts.

    A reference finds a place only through a scheme of the officer's own.
    """
    mine = SignUp.objects.for_officer(user)
    found = seen_or_public(user).exclude(pk=of.pk).select_related("lead_scheme")
    by_reference = Q(pk__in=mine.filter(reference__iexact=words.strip()).values("venue"))
    matching = Q()
    for word in words.split():
        matching &= Q(name__icontains=word) | Q(town__icontains=word) | Q(postcode__icontains=word)
    return found.filter(matching | by_reference).order_by("name", "postcode", "pk")


def organisations_matching(words: str, user: User, of: Organisation) -> QuerySet[Organisation]:
    """Other organisations an officer may know of, by name or number; every word counts."""
    found = Organisation.objects.for_officer(user).exclude(pk=of.pk)
    for word in words.split():
        found = found.filter(Q(name__icontains=word) | Q(registered_number__icontains=word))
    return found.order_by("name", "pk")


def organisations_like(organisation: Organisation, user: User, most: int = 10):
    """Visible organisations with a similar name or the same number, the likeliest first."""
    others = Organisation.objects.for_officer(user).exclude(pk=organisation.pk)
    number = organisation.registered_number.strip()
    found = []
    for each in others.only("pk", "name", "registered_number"):
        same = number and each.registered_number.strip() == number
        like = 1 if same else likeness(organisation.name, each.name)
        if like >= 0.65:
            found.append((like, each))
    found.sort(key=lambda pair: (-pair[0], pair[1].pk))
    return [each for _like, each in found[:most]]
