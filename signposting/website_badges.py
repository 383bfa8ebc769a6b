"""A picture for a place's own website that says, each time it is loaded, whether it is a member.

One picture for each place and scheme, and the same for everything else: an unknown place, one that
left or is hidden, one that does not name this scheme. So nobody learns from it which it is.
"""

import datetime
import textwrap
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from venues.badge_facts import BadgeFacts, badge_facts
from venues.models import SignUp, Venue

LETTERS_A_LINE = 32
MOST_LINES = 2
NEUTRAL = "#505a5f"


@dataclass(frozen=True)
class WebsiteBadge:
    """What the picture says: `title` in up to two lines, `standing` below."""

    title: str
    standing: str
    colour: str

    @property
    def lines(self) -> list[str]:
        return textwrap.wrap(self.title, LETTERS_A_LINE, max_lines=MOST_LINES, placeholder=" …")

    def as_svg(self) -> str:
        return render_to_string("signposting/website_badge.svg", {"badge": self})


def website_badge(venue_slug: str, scheme_slug: str, at: datetime.date) -> WebsiteBadge:
    """The picture on the date `at`, from the same evidence as the public list."""
    venue = Venue.with_merged.filter(slug=venue_slug).values_list("pk", "merged_into").first()
    members = SignUp.objects.listed(at).filter(hides_badge=False, scheme__slug=scheme_slug)
    found = members.filter(venue__in=[pk for pk in venue or () if pk]).select_related("scheme")
    facts = badge_facts(found[:1], at)
    if not facts:
        return WebsiteBadge(_("Not listed as a member"), _("Ask them, or the council"), NEUTRAL)
    (fact,) = facts
    return WebsiteBadge(fact.scheme.name, standing_of(fact), fact.scheme.colour or NEUTRAL)


def standing_of(fact: BadgeFacts) -> str:
    """Until which month it is a member: the first day on which any dated proof expires."""
    if fact.is_renewing or (fact.asks_for_training and fact.trained_until is None):
        return _("Member, and renewing what ran out")
    until = min(filter(None, [fact.member_until, fact.trained_until]), default=None)
    if until is None or until.year == datetime.MAXYEAR:
        return _("Member")
    return _("Member until %(month)s") % {"month": date_format(until, "F Y")}
