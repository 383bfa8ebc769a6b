"""What a search answers: which place comes first, what the headline counts, and in which words."""

import datetime
from dataclasses import dataclass, field
from functools import cached_property

from django.utils import timezone

from common.field_labels import labels
from common.languages import said as _
from common.languages import words_now
from geography.locations import Location
from signposting.cards import NEARBY_MINUTES, Card, in_metres
from signposting.nearest import MOST_OPEN, Nearest, Wishes
from signposting.wishes import NothingWished, WishesForm
from venues.models import Scheme, Venue

BOARD = 6
"""Open places with their own row: all near ones, and farther ones up to this many."""

EXACT = ("point", "spot", "postcode", "venue")
"""Kinds of location that are an exact point; the others are the centre of something larger."""

ROUGH_METRES = 500
"""With a worse accuracy, a device does not know which street somebody starts from."""


@dataclass(frozen=True, kw_only=True)
class Origin:
    """Where the search started from, and when."""

    label: str  # “ZX1 1AA”, “Marrowby”, “Exampleton Library”
    when: datetime.datetime
    is_now: bool = True
    is_rough: bool = False  # the centre of an area, or an inaccurate device position
    is_device: bool = False
    accuracy: float | None = None  # metres, as the device says

    @property
    def moment(self) -> str:
        """“at 13:25 today”, “on Friday 4 June at 22:00”."""
        local = timezone.localtime(self.when)
        if self.is_now:
            return _("at %(time)s today") % {"time": f"{local:%H:%M}"}
        words = {"day": words_now().date(local.date(), "l j F"), "time": f"{local:%H:%M}"}
        return _("on %(day)s at %(time)s") % words

    @property
    def words(self) -> str:
        """“From ZX1 1AA, at 13:25 today.”: from where, how accurately, when."""
        told = {"place": self.label, "moment": self.moment}
        if self.is_device and self.accuracy:
            told["metres"] = in_metres(self.accuracy)
            return (
                _("From where your device says you are, give or take %(metres)s, %(moment)s.")
                % told
            )
        if self.is_device:
            return _("From where your device says you are, %(moment)s.") % told
        if self.is_rough:
            words = _("From the middle of %(place)s, %(moment)s. You may be nearer or farther.")
            return words % told
        return _("From %(place)s, %(moment)s.") % told


@dataclass(frozen=True, kw_only=True)
class Answer:
    """The places of an answer in the order of the page."""

    origin: Origin
    wishes: Wishes = field(default_factory=Wishes)
    scheme: Scheme | None = None  # if only its places were searched
    near: Card | None  # the nearest reachable one, however far
    nearby: list[Card]  # further ones within a quarter of an hour
    farther: list[Card]
    too_late: list[Card]  # open, but closed before arrival
    closed: list[Card]
    unknown: list[Card]

    @cached_property
    def count(self) -> int:
        """The number of places within a quarter of an hour that are open now and on arrival."""
        return len(self.nearby) + (self.near is not None and self.near.is_nearby)

    @cached_property
    def may_be_open(self) -> int:
        """Places equally near whose hours are unknown: never counted as closed."""
        return sum(card.is_nearby for card in self.unknown)

    @cached_property
    def is_empty(self) -> bool:
        return not (self.near or self.too_late or self.closed or self.unknown)

    @property
    def names_no_scheme(self) -> bool:
        """Whether the words to show must be neutral: the first place hides its scheme."""
        return self.near is not None and not self.near.badges

    @property
    def headline(self) -> str:
        said = self._headline
        if not self.origin.is_now:
            local = timezone.localtime(self.origin.when)
            told = {
                "day": words_now().date(local.date(), "l"),
                "time": f"{local:%H:%M}",
                "headline": said,
            }
            said = _("%(headline)s at %(day)s %(time)s") % told
        return said

    @property
    def spoken(self) -> str:
        """The nearest place in one sentence, for a voice: “The Copper Kettle, open until 20:00, 4
        minutes’ walk.” Empty if none is open.
        """
        if self.near is None:
            return ""
        status = self.near.status[:1].lower() + self.near.status[1:]
        parts = (self.near.name, status, self.near.away_words)
        return ", ".join(filter(None, parts)) + "."

    @property
    def _headline(self) -> str:
        told = {
            "count": self.count,
            "places": self._noun(self.count),
            "place": self._noun(1),
            "minutes": NEARBY_MINUTES,
            "town": self.origin.label,
        }
        if self.is_empty:
            return _("We know of no %(place)s near you") % told
        if self.count >= MOST_OPEN:
            return _("%(count)s or more %(places)s open near you") % told
        if self.count and self._is_in_a_town:
            return _("%(count)s %(places)s open near the middle of %(town)s") % told
        if self.count:
            return _("%(count)s %(places)s open near you") % told
        if maybe := self.may_be_open:
            told |= {"maybe": maybe, "places": self._noun(maybe)}
            return (
                words_now().ngettext(
                    "%(maybe)s %(places)s near you may be open: ring first",
                    "%(maybe)s %(places)s near you may be open: ring first",
                    maybe,
                )
                % told
            )
        if self._is_in_a_town:
            return _("No %(place)s is open near the middle of %(town)s") % told
        return _("No %(place)s is open within %(minutes)s minutes’ walk") % told

    @property
    def _is_in_a_town(self) -> bool:
        return self.origin.is_rough and not self.origin.is_device

    def _noun(self, count: int) -> str:
        """“place”, or the scheme's own noun."""
        if self.scheme is None:
            return words_now().ngettext("place", "places", count)
        return self.scheme.noun if count == 1 else self.scheme.noun_plural

    @property
    def wishes_words(self) -> str:
        """“step-free way in, toilet, Polish, open late”: what all of these have; may be empty."""
        words = [str(labels(Venue, [name])) for name in sorted(self.wishes.facilities)]
        if self.wishes.language:
            words.append(self.wishes.language)
        if self.wishes.late:
            words.append(_("open late"))
        return ", ".join(words)


def origin_of(location: Location, asked: WishesForm | NothingWished) -> Origin:
    """Where a search starts, and when, as far as known."""
    is_device = location.kind == "point"
    accuracy = asked.accuracy_metres if is_device else None
    return Origin(
        label=location.label,
        when=asked.when,
        is_now=asked.is_now,
        is_device=is_device,
        accuracy=accuracy,
        is_rough=location.kind not in EXACT or (accuracy or 0) > ROUGH_METRES,
    )


def arrange(
    found: Nearest,
    origin: Origin,
    wishes: Wishes | None = None,
    scheme: Scheme | None = None,
) -> Answer:
    """Arrange the places found around the origin in the order of the page."""
    open_now = _by_distance(found.open_now)
    reachable = [card for card in open_now if card.is_reachable]
    near, others = (reachable[0], reachable[1:]) if reachable else (None, [])
    nearby = [card for card in others if card.is_nearby]
    farther = [card for card in others if not card.is_nearby]
    return Answer(
        origin=origin,
        wishes=wishes or Wishes(),
        scheme=scheme,
        near=near,
        nearby=nearby,
        farther=farther[: max(0, BOARD - 1 - len(nearby))],
        too_late=[card for card in open_now if card.closes_first],
        closed=_by_distance(found.closed),
        unknown=_by_distance(found.unknown),
    )


def _by_distance(cards: list[Card]) -> list[Card]:
    """Sort by the longest possible distance: an area-only place may be farther than its point."""
    return sorted(cards, key=lambda card: card.longest_metres)
