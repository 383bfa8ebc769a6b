"""Helplines for the people of a place, from the app that keeps them.

That app registers its source in its own `phone_lines.py`, so that training can list the numbers
without knowing who keeps them. Leaving the app out leaves the list empty.
"""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import QuerySet

from venues.models import Venue


@dataclass(frozen=True)
class Helpline:
    """One confirmed number to ring or text."""

    name: str
    what_for: str
    number: str
    link: str
    when: str


Source = Callable[[QuerySet[Venue]], list[Helpline]]
_sources: list[Source] = []


def register(source: Source) -> None:
    _sources.append(source)


def helplines_for(venues: QuerySet[Venue]) -> list[Helpline]:
    """The confirmed helplines of the nations in which `venues` are, and of their schemes."""
    return [line for source in _sources for line in source(venues)]
