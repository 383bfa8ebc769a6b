"""Letters about the quarter. They carry links and dates, never figures or a venue's own words."""

import datetime
from collections.abc import Iterable

from partnership.models import UsageReturn
from partnership.quarters import Quarter
from venues.due import Due
from venues.letters import Draft, by_person, url, write_each, write_to_venue
from venues.models import SignUp


def quarter_letter(sign_up: SignUp, quarter: Quarter, *, link: str, due_on: datetime.date) -> None:
    """The one letter of the quarter: return, hours and the next meeting behind one link."""
    _about_quarter(
        "partnership.quarter",
        sign_up,
        quarter,
        link=link,
        due_on=due_on,
        has_meetings=hasattr(sign_up.scheme, "series"),
    )


def before_reminder(sign_up: SignUp, quarter: Quarter, *, link: str, due_on: datetime.date) -> None:
    _about_quarter("partnership.before", sign_up, quarter, link=link, due_on=due_on)


def after_reminder(sign_up: SignUp, quarter: Quarter, *, link: str, due_on: datetime.date) -> None:
    _about_quarter("partnership.after", sign_up, quarter, link=link, due_on=due_on)


def month_letters(tasks: Iterable[tuple[SignUp, list[Due]]]) -> int:
    """To each person everything that is due at all their places, in one letter; how many."""
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
        [_about_places(to, [due[place.pk] for place in places]) for to, places in several],
    )
    return len(people)


def _about_places(to, places):
    """Signed by the scheme, and kept with the organisation, where there is one alone."""
    schemes = {sign_up.scheme for sign_up, _things in places}
    owners = {sign_up.venue.organisation for sign_up, _things in places}
    return Draft(
        to,
        {"places": places},
        scheme=schemes.pop() if len(schemes) == 1 else None,
        organisation=owners.pop() if len(owners) == 1 else None,
    )


def venue_thanked(usage_return: UsageReturn) -> None:
    sign_up = usage_return.sign_up
    link = url("returns_home", sign_up.pk)
    _about_quarter("partnership.thanks", sign_up, usage_return.quarter, link=link)


def _about_quarter(kind, sign_up, quarter, **context):
    write_to_venue(kind, sign_up, context={"quarter": quarter.label, **context})
