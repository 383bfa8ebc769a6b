"""Letters about returns: links and dates, never figures or a venue's text."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, replace

from partnership.links.returns import make_period_link
from partnership.models import UsageReturn
from partnership.periods import Period
from venues.due import Due
from venues.letters import Draft, by_person, url, write_each, write_to_venue
from venues.models import SignUp

RETURN_LETTERS = {
    "asked": ("partnership.return_asked", "partnership.return_asked_places"),
    "before": ("partnership.before", "partnership.before_places"),
    "after": ("partnership.after", "partnership.after_places"),
}
"""For each kind, the template for one venue and the one for several."""


@dataclass(frozen=True)
class AskedAbout:
    """A venue asked about a period, the due day, and the link to its page once the addressees are
    known.
    """

    sign_up: SignUp
    period: Period
    due_on: datetime.date
    link: str = ""

    def sent_to(self, addresses: Iterable[str]) -> "AskedAbout":
        return replace(self, link=make_period_link(self.sign_up, self.period, addresses))


def return_letters(kind: str, asked: Iterable[AskedAbout]) -> int:
    """The return letter or a reminder, one per person for all their venues. Returns how many.

    `kind` is asked, before or after. All of `asked` are about one period.
    """
    rows = {each.sign_up.pk: each for each in asked}
    people = by_person(each.sign_up for each in rows.values())
    one = [(to, rows[places[0].pk].sent_to(to)) for to, places in people if len(places) == 1]
    several = [
        (to, [rows[place.pk].sent_to(to) for place in places])
        for to, places in people
        if len(places) > 1
    ]
    about_one, about_several = RETURN_LETTERS[kind]
    write_each(about_one, [_about_one(to, each) for to, each in one])
    write_each(about_several, [_about_several(to, each) for to, each in several])
    return len(people)


def _about_one(to, asked):
    context = {
        "period": asked.period.label,
        "link": asked.link,
        "due_on": asked.due_on,
        "has_meetings": hasattr(asked.sign_up.scheme, "series"),
    }
    return Draft(to, context, sign_up=asked.sign_up)


def _about_several(to, asked):
    period = asked[0].period
    context = {"asked": asked, "period": period.label, "link": ""}
    draft = _about_places(to, [each.sign_up for each in asked], context)
    if draft.organisation:  # head office can answer for all its venues on one page
        draft.context["link"] = url("branch_returns", draft.organisation.pk, period)
    return draft


def month_letters(tasks: Iterable[tuple[SignUp, list[Due]]]) -> int:
    """One letter per person about everything due at their venues. Returns how many."""
    due = {sign_up.pk: (sign_up, things) for sign_up, things in tasks}
    people = by_person(sign_up for sign_up, _things in due.values())
    one = [(to, places[0]) for to, places in people if len(places) == 1]
    several = [(to, places) for to, places in people if len(places) > 1]
    write_each(
        "partnership.month",
        [Draft(to, {"tasks": due[place.pk][1]}, sign_up=place) for to, place in one],
    )
    write_each(
        "partnership.month_places",
        [
            _about_places(to, places, {"places": [due[place.pk] for place in places]})
            for to, places in several
        ],
    )
    return len(people)


def _about_places(to, sign_ups, context):
    """Signed by the scheme and filed with the organisation, if there is only one."""
    schemes = {sign_up.scheme for sign_up in sign_ups}
    owners = {sign_up.venue.organisation for sign_up in sign_ups}
    return Draft(
        to,
        context,
        scheme=schemes.pop() if len(schemes) == 1 else None,
        organisation=owners.pop() if len(owners) == 1 else None,
    )


def venue_thanked(usage_return: UsageReturn) -> None:
    sign_up = usage_return.sign_up
    link = url("returns_home", sign_up.pk)
    _about_period("partnership.thanks", sign_up, usage_return.period, link=link)


def _about_period(kind, sign_up, period, **context):
    write_to_venue(kind, sign_up, context={"period": period.label, **context})
