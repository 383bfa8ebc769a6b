"""The tables that can be brought in. Apps above register theirs; nothing here names them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise

from accounts.models import User
from venues.models import Import, Organisation, Scheme
from venues.scopes import looks_after_all


@dataclass(frozen=True)
class Outcome:
    """What an import did, or would do. `to_put_right`: (header, rows) of what was not taken."""

    sentences: Sequence[str]
    lines: Sequence[str] = ()
    to_put_right: tuple[list[str], list[list[str]]] | None = None


@dataclass(frozen=True)
class Importer:
    """One kind of table.

    `run(stored, dry_run=...)` reads `stored.file` and writes all of it or raises Refused
    (`common.tables.RefusedRows` for what stands in its rows); its caller is the transaction. It
    says `common.progress.at_row` as it goes. `page` is the name of the address where the next file
    is given, `confirm` the words of the button.
    """

    key: str
    permission: str
    page: str
    confirm: str | Promise
    run: Callable[..., Outcome]
    of_members: bool = False
    """Whether it is brought in by an organisation's head office in the portal, not by officers."""

    def may(self, user: User, scheme: Scheme, organisation: Organisation | None = None) -> bool:
        if self.of_members:
            return organisation is not None and looks_after_all(user, organisation)
        return user.has_perm(self.permission, scheme)


_importers: dict[str, Importer] = {}


def register(importer: Importer) -> None:
    _importers[importer.key] = importer


def importer_of(stored: Import) -> Importer:
    return _importers[stored.kind]


def importer_called(key: str) -> Importer:
    return _importers[key]
