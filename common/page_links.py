"""Links on a page to pages of apps that it does not know.

Each is registered by the app it leads to, in a `page_links.py` of its own, and drawn on the page by
`{% page_links "help" as links %}`. So nothing below names a page above, and an app left out takes
its links with it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse


@dataclass(frozen=True)
class PageLink:
    """`lead` is said before the link. With a thing, the address is the thing's, by `named_by`.

    `state(thing)` says in a few words how far what it leads to is, empty where nothing is to say.
    """

    words: Any
    url_name: str
    lead: Any = ""
    order: int = 100
    shown: Callable[[Any], bool] = lambda thing: True
    state: Callable[[Any], str] = lambda thing: ""
    named_by: str = "pk"

    def url(self, thing=None) -> str:
        return reverse(self.url_name, args=[] if thing is None else [getattr(thing, self.named_by)])


_links: dict[str, list[PageLink]] = {}


def register(page: str, *links: PageLink) -> None:
    """`page` is a word for the page, or for the part of one, on which the links stand."""
    _links.setdefault(page, []).extend(links)


def links_on(page: str, thing=None) -> list[tuple[PageLink, str]]:
    """(link, address) of what is registered for this page and shown for this thing, in order."""
    found = sorted(_links.get(page, []), key=lambda link: link.order)
    return [(link, link.url(thing)) for link in found if link.shown(thing)]
