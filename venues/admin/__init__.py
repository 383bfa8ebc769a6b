"""The officers' side. One module a noun; the admin's autodiscovery imports them from here."""

from . import (
    enquiries,
    history,
    imports,
    letters,
    organisations,
    print_runs,
    schemes,
    sign_ups,
    stickers,
    venues,
)

__all__ = [
    "enquiries",
    "history",
    "imports",
    "letters",
    "organisations",
    "print_runs",
    "schemes",
    "sign_ups",
    "stickers",
    "venues",
]
