"""Letters about the quarter. They carry links and dates, never figures or a venue's own words."""

import datetime
from collections.abc import Iterable

from partnership.models import UsageReturn
from partnership.quarters import Quarter
from venues.letters import Draft, addresses_by_venue, url, write_each, write_to_venue
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


def month_letters(tasks: Iterable[tuple[SignUp, list]]) -> None:
    """To each venue everything that is due to be done there, in one letter."""
    tasks = list(tasks)
    to = addresses_by_venue(sign_up.venue for sign_up, _due in tasks)
    write_each(
        "partnership.month",
        [Draft(to[sign_up.venue_id], {"tasks": due}, sign_up=sign_up) for sign_up, due in tasks],
    )


def venue_thanked(usage_return: UsageReturn) -> None:
    sign_up = usage_return.sign_up
    link = url("returns_home", sign_up.pk)
    _about_quarter("partnership.thanks", sign_up, usage_return.quarter, link=link)


def _about_quarter(kind, sign_up, quarter, **context):
    write_to_venue(kind, sign_up, context={"quarter": quarter.label, **context})
