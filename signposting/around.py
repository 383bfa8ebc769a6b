"""What a search needs to know of a point beside the places: who can be rung from there."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.contrib.gis.geos import Point
from django.db import connection
from django.utils import timezone

from geography.models import BRITISH_NATIONAL_GRID
from geography.nations import OFFICIAL_KINDS, Nation, nation_of_code
from signposting.helplines import PhoneLine, lines_of
from signposting.known_help import KnownHelp, help_of
from signposting.models import Service
from venues.models import ContactKind

AROUND = "signposting_around(ST_Point(%s, %s, %s), %s)"
"""The call that answers (version, code, schemes), for a FROM clause; see `arguments`."""


@dataclass(frozen=True)
class Around:
    """The nation and the schemes of a point, and the numbers known when it was asked about."""

    version: int  # of those numbers
    nation: Nation | None
    schemes: frozenset[int]  # whose area the point lies in, or that have none
    known: KnownHelp = field(compare=False, repr=False)

    @property
    def services(self) -> list[Service]:
        """National ones of its nation and those of its schemes; night first."""
        return [
            service
            for service in self.known.services
            if service.serves(self.nation)
            and (service.scheme_id is None or service.scheme_id in self.schemes)
        ]

    def lines(self, when: datetime.datetime) -> list[PhoneLine]:
        """The numbers to show at `when`: the schemes' own for domestic abuse first, then the
        services, then the police.
        """
        contacts = [
            contact
            for contact in self.known.contacts
            if contact.kind.slug == ContactKind.DOMESTIC_ABUSE and contact.scheme_id in self.schemes
        ]
        return lines_of(self.services, contacts, when)


def arguments(point: Point) -> list:
    """What AROUND is called with, for a point in British National Grid."""
    return [point.x, point.y, BRITISH_NATIONAL_GRID, OFFICIAL_KINDS]


def read_around(version: int, code: str | None, schemes: Iterable[int]) -> Around:
    """From the row that AROUND answers."""
    known = help_of(version, timezone.now())
    return Around(version, nation_of_code(code or ""), frozenset(schemes), known)


def around(point: Point) -> Around:
    """The same in a query of its own, where nothing else is asked about the point."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {AROUND}", arguments(point))
        return read_around(*cursor.fetchone())


def nowhere(nation: Nation | None = None) -> Around:
    """For somebody of whom no more is known than the nation, if that."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT signposting_version()")
        (version,) = cursor.fetchone()
    return Around(version, nation, frozenset(), help_of(version, timezone.now()))
