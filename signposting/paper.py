"""The nearest places on a sheet of paper, for a wall or a pocket."""

from dataclasses import dataclass
from functools import lru_cache

from django.conf import settings
from django.urls import reverse

from signposting.answers import Answer
from signposting.cards import Card
from venues.sticker_pdf import qr_of

MOST = 8


@dataclass(frozen=True)
class Paper:
    """The Jinja context of `signposting/paper.html`: nothing that is only true at the moment."""

    cards: list[Card]
    address: str
    """The finder's URL."""
    qr: str
    """The same as a QR picture in a data URL, which saves every visitor a request."""


def paper_of(answer: Answer) -> Paper:
    """The nearest places of the answer, open or not: the sheet may be used on another day."""
    found = [*answer.nearby, *answer.farther, *answer.too_late, *answer.closed, *answer.unknown]
    if answer.near:
        found.append(answer.near)
    found.sort(key=lambda card: (card.metres or 0, card.name))
    address = settings.SITE_URL + reverse("finder")
    return Paper(cards=found[:MOST], address=address, qr=_qr(address))


_qr = lru_cache(maxsize=16)(qr_of)
