"""The officers' admin. One module per noun; the admin's autodiscovery imports them from here."""

from . import (
    duty_links,
    enquiries,
    history,
    imports,
    letters,
    merges,
    officers,
    organisations,
    principles,
    print_runs,
    questions,
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
    "officers",
    "organisations",
    "principles",
    "print_runs",
    "questions",
    "schemes",
    "sign_ups",
    "stickers",
    "venues",
]
