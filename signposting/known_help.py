"""The numbers to ring, remembered in this process.

Confirmed numbers do not change by the hour. A search asks the database only for their version and
reads them again when it has changed (`signposting.around`). If the database is unavailable, /help/
shows the last known numbers and how old they are. Nothing else is remembered: where a place is open
now is either true or not said.
"""

import datetime
from dataclasses import dataclass

from django.db import DatabaseError, connection
from django.utils import timezone

from common.errors import is_database_down
from common.page_time import is_out_of_time
from signposting.helplines import PhoneLine, lines_of
from signposting.models import Service
from signposting.rules import local_contacts
from venues.evidence_kinds import Part
from venues.known_parts import remember_parts
from venues.models import Scheme, SchemeContact
from venues.nouns import Nouns, shared_nouns

ON_AN_ERROR_PAGE = 6
"""Numbers beside an error message; /help/ has all of them."""


@dataclass(frozen=True, eq=False)
class KnownHelp:
    """Everything that /help/ reads from the database."""

    version: int  # of services, contacts, schemes and their requirements
    services: tuple[Service, ...]
    contacts: tuple[SchemeContact, ...]
    schemes: tuple[Scheme, ...]
    parts: frozenset[Part]
    read_at: datetime.datetime

    @property
    def nouns(self) -> Nouns:
        return shared_nouns(self.schemes)

    def lines(self, when: datetime.datetime) -> list[PhoneLine]:
        """The lines; whether each answers is computed for `when`, not for when it was read."""
        return lines_of(self.services, self.contacts, when)


_last: KnownHelp | None = None


def read_help(when: datetime.datetime) -> KnownHelp:
    """Read everything and remember it. Raises DatabaseError."""
    global _last
    with connection.cursor() as cursor:
        cursor.execute("SELECT signposting_version()")
        (version,) = cursor.fetchone()
    # Read after their version: if they change in between, they are only read once more.
    _last = KnownHelp(
        version=version,
        services=tuple(Service.objects.public()),
        contacts=tuple(local_contacts()),
        schemes=tuple(Scheme.objects.shown()),
        parts=frozenset(Scheme.objects.shown().parts()),
        read_at=when,
    )
    remember_parts(_last.parts)
    return _last


def help_of(version: int, when: datetime.datetime) -> KnownHelp:
    """What is known if it has this `version`, otherwise read anew."""
    return _last if _last is not None and _last.version == version else read_help(when)


def help_at(when: datetime.datetime) -> tuple[KnownHelp, bool]:
    """The content of /help/, and whether it is current; False for what this process last knew.

    Raises the database's error if nothing is known.
    """
    try:
        return read_help(when), True
    except DatabaseError as error:
        if _last is None or not (is_out_of_time(error) or is_database_down(error)):
            raise
        return _last, False


def known_numbers() -> list[PhoneLine]:
    """The first lines that answer now, as far as this process knows; makes no query."""
    if _last is None:
        return []
    answering = [line for line in _last.lines(timezone.now()) if line.is_open]
    return answering[:ON_AN_ERROR_PAGE]


def remember_help() -> None:
    """Read everything in advance, when the server starts; does nothing without a database."""
    try:
        read_help(timezone.now())
    except DatabaseError:
        forget_help()


def forget_help() -> None:
    global _last
    _last = None
    remember_parts(())
