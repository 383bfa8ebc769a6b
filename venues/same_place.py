"""Possible duplicates: a similar name at one postcode, or within a few metres."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import chain, combinations, product
from math import dist

from django.contrib.gis.measure import D
from django.db.models import BooleanField, ExpressionWrapper, FloatField, Func, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from venues.likeness import likeness
from venues.models import NotTheSameVenue, Organisation, SignUp, Venue

NEAR = 30
"""Metres between two pins."""
LIKE = 0.5
MOST = 2000
"""Pairs that are compared; the nearest first."""


class _X(Func):
    function = "ST_X"
    output_field = FloatField()


class _Y(_X):
    function = "ST_Y"


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


@dataclass(frozen=True)
class Likely:
    """A pair before its places are read: the ids, the lower first, and what is compared."""

    keep: int
    other: int
    likeness: float
    metres: float | None


def perhaps_the_same(user: User, of: Venue | None = None) -> list[Pair]:
    """Pairs with at least one place the officer looks after, the likeliest first.

    `of` limits it to the pairs of one place. Pairs marked as different are left out. An unconfirmed
    pin is just the centre of its postcode, so it is no evidence about a neighbour with the same
    postcode.
    """
    return read_pairs(likely_pairs(user, of))


def read_pairs(likely: Iterable[Likely]) -> list[Pair]:
    """The same pairs with their places, in one query."""
    likely = list(likely)
    venues = Venue.objects.select_related("lead_scheme").in_bulk(
        {pk for each in likely for pk in (each.keep, each.other)}
    )
    return [
        Pair(venues[each.keep], venues[each.other], each.likeness, each.metres) for each in likely
    ]


def likely_pairs(user: User, of: Venue | None = None) -> list[Likely]:
    """What `perhaps_the_same` returns, for a page that shows a few of them."""
    mine, known = Venue.objects.for_officer(user), seen_or_public(user)
    if of is not None:
        mine, known = mine.filter(pk=of.pk), known.filter(_around(of))
    found = _near(mine, known)
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
            proposed.append(Likely(one, other, like, metres))
    return sorted(proposed, key=lambda pair: (-pair.likeness, pair.metres or 0, pair.keep))


def _around(venue):
    """The venue, and those with its postcode or perhaps within `NEAR` metres."""
    around = Q(pk=venue.pk)
    if venue.postcode:
        around |= Q(postcode=venue.postcode)
    if venue.point:
        around |= Q(point__dwithin=(venue.point, D(m=NEAR)))
    return around


def _near(mine, known):
    """(lower id, higher id, metres or None) for places near each other, in two queries.

    The nearest first, and pairs without a distance last. Python pairs them, because PostgreSQL
    takes four times as long to look around each pin in its index as to list all the pins.
    """
    is_mine = ExpressionWrapper(Q(pk__in=mine.order_by().values("pk")), BooleanField())
    rows = known.order_by("pk").values_list("pk", "postcode", _X("point"), _Y("point"), is_mine)
    by_postcode, by_square = defaultdict(list), defaultdict(list)
    for place in rows:
        _pk, postcode, x, y, _is_mine = place
        if postcode:
            by_postcode[postcode].append(place)
        if x is not None:
            by_square[x // NEAR, y // NEAR].append(place)
    found = {}
    for one, other in chain(_within(by_postcode.values()), _in_squares_that_touch(by_square)):
        metres = None if None in (one[2], other[2]) else dist(one[2:4], other[2:4])
        is_near = one[1] == other[1] != "" or metres <= NEAR
        if is_near and (one[4] or other[4]):
            found[min(one[0], other[0]), max(one[0], other[0])] = metres
    firsts = {first for first, _second in found}
    for said in NotTheSameVenue.objects.filter(first__in=firsts).values_list("first", "second"):
        found.pop(said, None)
    nearest = sorted(found.items(), key=lambda pair: (pair[1] is None, pair[1] or 0, pair[0]))
    return [(*pair, metres) for pair, metres in nearest[:MOST]]


def _within(groups):
    for group in groups:
        yield from combinations(group, 2)


def _in_squares_that_touch(squares):
    """Places of one square or of two that touch, each two squares once."""
    for (x, y), here in squares.items():
        yield from combinations(here, 2)
        for beside in ((x + 1, y), (x - 1, y + 1), (x, y + 1), (x + 1, y + 1)):
            yield from product(here, squares.get(beside, ()))


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
