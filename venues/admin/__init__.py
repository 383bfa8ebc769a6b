"""The officers' admin. One module per noun; the admin's autodiscovery imports them from here."""

from . import (
    duty_links,
    enquiries,
    history,
    imports,
    letters,
    merges,
    organisations,
    print_runs,
    schemes,
    sign_ups,
    stickers,
    venues,
)

__all__ = [
    "duty_links",
    "enquiries",
    "history",
    "imports",
    "letters",
    "merges",
    "organisations",
    "print_runs",
    "schemes",
    "sign_ups",
    "stickers",
    "venues",
]
