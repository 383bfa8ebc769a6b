"""The registry of table importers. Higher apps register theirs; this module names none of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise

from accounts.models import User
from venues.models import Import, Organisation, Scheme
from venues.scopes import looks_after_all


@dataclass(frozen=True)
class Outcome:
    """The result of an import or a dry run. `to_put_right`: (header, rows) that were rejected."""

    sentences: Sequence[str]
    lines: Sequence[str] = ()
    to_put_right: tuple[list[str], list[list[str]]] | None = None


@dataclass(frozen=True)
class Importer:
    """An importer for one kind of table.

    `run(stored, dry_run=...)` reads `stored.file` and writes all of it, or raises Refused
    (`common.tables.RefusedRows` for errors in its rows); the caller provides the transaction. It
    reports progress through `common.progress.at_row`. `page` is the URL name of the upload page,
    `confirm` the label of the confirm button.
    """

    key: str
    permission: str
    page: str
    confirm: str | Promise
    run: Callable[..., Outcome]
    of_members: bool = False
    """Whether it is imported by an organisation's head office in the portal, not by officers."""

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
