"""How matched spaces and approaches are carried over when two venues are merged."""

from django.utils.translation import ngettext

from coverage.models import Approach, NotTheSame, OtherPlace
from venues.merging import comes_over, stays


def _other_places(count):
    return ngettext(
        "%(count)s space of other lists that was matched with it comes over.",
        "%(count)s spaces of other lists that were matched with it come over.",
        count,
    ) % {"count": count}


def _approached_twice(keep, other):
    mine = Approach.objects.filter(venue=keep).values("gap")
    return Approach.objects.filter(venue=other, gap__in=mine)


def _said_twice(keep, other):
    mine = NotTheSame.objects.filter(venue=keep).values("other_place")
    return NotTheSame.objects.filter(venue=other, other_place__in=mine)


comes_over(OtherPlace, "venue", _other_places)
comes_over(Approach, "venue", but=_approached_twice)
comes_over(NotTheSame, "venue", but=_said_twice)
stays(OtherPlace, "sign_up", why="The sign-up comes over.")
