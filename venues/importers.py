"""The tables that can be brought in. Apps above register theirs; nothing here names them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.utils.functional import Promise

from accounts.models import User
from common.refusals import Refused
from venues.models import Import, Scheme


@dataclass(frozen=True)
class Outcome:
    """What an import did, or would do. `to_put_right`: (header, rows) of what was not taken."""

    sentences: Sequence[str]
    lines: Sequence[str] = ()
    to_put_right: tuple[list[str], list[list[str]]] | None = None


class RefusedTable(Refused):
    """A table that is refused for its rows; `to_put_right` as in Outcome."""

    def __init__(self, *reasons: str, to_put_right=None):
        self.to_put_right = to_put_right
        super().__init__(*reasons)


@dataclass(frozen=True)
class Importer:
    """One kind of table.

    `run(stored, dry_run=...)` reads `stored.file` and writes all of it or raises Refused; its
    caller is the transaction. It says `common.progress.at_row` as it goes. `page` is the name of
    the address where the next file is given, `confirm` the words of the button.
    """

    key: str
    permission: str
    page: str
    confirm: str | Promise
    run: Callable[..., Outcome]

    def may(self, user: User, scheme: Scheme) -> bool:
        return user.has_perm(self.permission, scheme)


_importers: dict[str, Importer] = {}


def register(importer: Importer) -> None:
    _importers[importer.key] = importer


def importer_of(stored: Import) -> Importer:
    return _importers[stored.kind]


def importer_called(key: str) -> Importer:
    return _importers[key]
