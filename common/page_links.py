"""Links from a page to pages of apps it does not know.

The target app registers each link in its own `page_links.py`; the page renders them with `{%
page_links "help" as links %}`. So no lower app names a higher one, and leaving an app out removes
its links.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse


@dataclass(frozen=True)
class PageLink:
    """`lead` is the text before the link. For an object, `named_by` resolves its URL.

    `state(thing)` summarises the target's progress in a few words, or returns "".
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
    """`page` is the key of the page, or of the part of a page, that shows the links."""
    _links.setdefault(page, []).extend(links)


def links_on(page: str, thing=None) -> list[tuple[PageLink, str]]:
    """(link, URL) of links registered for this page and shown for this object, in order."""
    found = sorted(_links.get(page, []), key=lambda link: link.order)
    return [(link, link.url(thing)) for link in found if link.shown(thing)]
