"""One place as a card shows it: in a list, in an answer, on the map, at the top of its own page.

A `Card` is a plain value, filled from a venue here or from wherever its facts are kept. It is
independent of language: facts are numbers, moments and codes, turned into words on reading.
"""

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils.formats import number_format

from common.field_labels import labels
from common.languages import Words, words_now
from geography.grid import to_wgs84
from geography.walking import minutes_on_foot
from signposting.directions import route_to
from venues.hours.model import LONDON, HoursState
from venues.hours.timetable import never_closes, next_opening, open_until
from venues.listing import badges_among
from venues.models import Scheme, Venue

NEARBY_MINUTES = 15
FAR_MINUTES = 45
"""Beyond this a distance is given in kilometres: nobody plans such a walk by the minute."""

AREA_METRES = 710
"""An area-only venue is somewhere in a square of 1 km; its corner is this far from the middle."""

KINDS = frozenset(Venue.Type.values)


@dataclass(frozen=True, kw_only=True)
class Badge:
    """A scheme that lists the place and is named beside it."""

    slug: str
    name: str


@dataclass(frozen=True, kw_only=True)
class Card:
    """The public facts of one place at the aware moment `when`."""

    slug: str
    name: str
    kind: str  # a Venue.Type, or empty
    street: str  # empty if only the area is public
    town: str
    postcode: str  # only its outward code if only the area is public
    landmark: str  # how to find the door, in the venue's words
    telephone: str  # only a confirmed one
    is_exact: bool  # False: only the area is public
    latitude: float | None
    longitude: float | None
    when: datetime.datetime
    state: HoursState
    until: datetime.datetime | None  # when an open place closes
    always: bool  # open, and never closes
    opens_next: datetime.datetime | None  # when a closed place opens, if within a fortnight
    cannot_help: bool  # it said so itself, until it opens next
    facilities: Mapping[str, bool | None] = field(default_factory=dict)  # by Venue.FACILITIES
    offers: tuple[str, ...] = ()  # of Venue.OFFERS
    languages: str = ""
    woman_on_request: str = Venue.OnRequest.NOT_KNOWN
    badges: tuple[Badge, ...] = ()
    say: str = ""  # a scheme's words; empty: the neutral ones
    metres: float | None = None  # in a straight line from the point of a search
    is_rough: bool = False  # the point of the search is only approximate

    @property
    def is_open(self) -> bool:
        return self.state == HoursState.OPEN

    @property
    def is_unknown(self) -> bool:
        return self.state == HoursState.NOT_CONFIRMED

    @cached_property
    def longest_metres(self) -> float:
        """The straight line; for an area-only place the longest possible."""
        return (self.metres or 0) + (0 if self.is_exact else AREA_METRES)

    @cached_property
    def minutes(self) -> int:
        """Approximate walking minutes, the longest possible for an area-only place."""
        return minutes_on_foot(self.longest_metres)

    @property
    def is_nearby(self) -> bool:
        return self.minutes <= NEARBY_MINUTES

    @property
    def is_far(self) -> bool:
        return self.minutes > FAR_MINUTES

    @property
    def shows_minutes(self) -> bool:
        """Whether to show minutes: only from an exact point, and over a walkable distance."""
        return self.metres is not None and not self.is_far and not self.is_rough

    @property
    def closes_first(self) -> bool:
        """Whether it is open now but closes before somebody who sets out from the point arrives.

        Closing at the very minute of arrival counts as closed: the door is locked.
        """
        if not self.is_open or self.until is None or self.always or self.metres is None:
            return False
        return self.until <= self.when + datetime.timedelta(minutes=self.minutes)

    @property
    def is_reachable(self) -> bool:
        """Whether it is open and still will be on arrival."""
        return self.is_open and not self.closes_first

    # Words, in the language of whoever reads the card first. Each takes `_` from `words`: asking
    # for every sentence which language is active would take longer than the sentence.

    @cached_property
    def words(self) -> Words:
        return words_now()

    @property
    def kind_words(self) -> str:
        if self.kind not in KINDS:
            return ""
        return self.words.kept(("kind", self.kind), lambda: str(Venue.Type(self.kind).label))

    @cached_property
    def what_to_say(self) -> str:
        _ = self.words.__getitem__
        return self.say or _("Say you do not feel safe.")

    @cached_property
    def status(self) -> str:
        """“Open until 20:00” or “Closed. Opens Sunday 08:30”, beside the icon of the state."""
        _ = self.words.__getitem__
        if self.cannot_help:
            return _("Cannot help today")
        if self.is_unknown:
            return _("Hours not known")
        if self.always:
            return _("Open day and night")
        if self.is_open and self.until:
            return _("Open until %(time)s") % {"time": moment(self.until, self.when, self.words)}
        if self.is_open:
            return _("Open")
        if self.opens_next:
            return _("Closed. Opens %(time)s") % {
                "time": moment(self.opens_next, self.when, self.words)
            }
        return _("Closed")

    @property
    def aside(self) -> str:
        """The separate line below the name: “opens 18:00”, “ring first: 01632 …”."""
        _ = self.words.__getitem__
        if self.closes_first and self.until:
            words = _("is open, but closes at %(time)s, before you get there")
            return words % {"time": moment(self.until, self.when, self.words)}
        if self.cannot_help:
            return _("cannot help today")
        if self.is_unknown:
            return self._unknown_aside
        if self.opens_next:
            return _("opens %(time)s") % {"time": moment(self.opens_next, self.when, self.words)}
        if self.is_open:
            return self.status[:1].lower() + self.status[1:]
        return _("is closed; we do not know when it opens next")

    @property
    def _unknown_aside(self) -> str:
        _ = self.words.__getitem__
        if self.telephone:
            return _("ring first: %(phone)s") % {"phone": self.telephone}
        return _("may be closed, and has no telephone here")

    @property
    def distance(self) -> str:
        """“210 metres”, “1.6 km”, “Up to 1.2 km” if only the area is public; may be empty."""
        _ = self.words.__getitem__
        if self.metres is None:
            return ""
        words = in_metres(self.longest_metres, self.words)
        return words if self.is_exact else _("Up to %(distance)s") % {"distance": words}

    @cached_property
    def away(self) -> tuple[str, str]:
        """The large figure of a row and its unit: (“9”, “min”) or (“3.9”, “km”)."""
        _ = self.words.__getitem__
        if self.shows_minutes:
            return str(self.minutes), _("min")
        if self.longest_metres < 1000:
            return str(_round_metres(self.longest_metres)), _("metres")
        return _kilometres(self.longest_metres, self.words), _("km")

    @property
    def away_words(self) -> str:
        """The same for screen readers: “9 minutes’ walk”."""
        if not self.shows_minutes:
            return self.distance
        ngettext = self.words.ngettext
        return ngettext("%(minutes)s minute’s walk", "%(minutes)s minutes’ walk", self.minutes) % {
            "minutes": self.minutes
        }

    @property
    def where(self) -> str:
        """Street, or town if there is no address, and type: “31 Quay Lane. Café”."""
        place = self.street or (self.town if not self.is_exact else "")
        return ". ".join(part for part in (place, self.kind_words) if part)

    @property
    def second_line(self) -> str:
        """The same for a row whose figure shows the distance; adds “Up to” if no address is
        known.
        """
        parts = (self.where, "" if self.is_exact else self.distance)
        return ". ".join(filter(None, parts))

    def route(self, device: str = "") -> str:
        """The URL of the walking route (signposting.directions); empty for an area-only place."""
        if not self.is_exact or self.latitude is None or self.longitude is None:
            return ""
        return route_to(self.latitude, self.longitude, device)

    def facts(self, answer: bool | None) -> list[str]:
        """Labels of the facilities that are present (True), absent (False) or unknown (None)."""
        return [_label(name) for name, there in self.facilities.items() if there is answer]


def card_of(
    venue: Venue,
    when: datetime.datetime,
    *,
    metres: float | None = None,
    is_rough: bool = False,
) -> Card:
    """The card of `venue`, which needs `hours_state`, `listed_sign_ups` and prefetched hours."""
    state = HoursState(venue.hours_state)
    is_open = state == HoursState.OPEN
    is_exact = venue.listing == Venue.Listing.PUBLIC
    longitude, latitude = to_wgs84(venue.public_point) if venue.public_point else (None, None)
    badges = badges_among(venue.listed_sign_ups)
    outward = venue.postcode.partition(" ")[0]
    return Card(
        slug=venue.slug,
        name=venue.name,
        kind=venue.type,
        street=", ".join(filter(None, [venue.address_1, venue.address_2])) if is_exact else "",
        town=venue.town,
        postcode=venue.postcode if is_exact else outward,
        landmark=venue.landmark if is_exact else "",
        telephone=venue.public_phone,
        is_exact=is_exact,
        latitude=latitude,
        longitude=longitude,
        when=when,
        state=state,
        until=open_until(venue, when) if is_open else None,
        always=is_open and never_closes(venue, when),
        opens_next=next_opening(venue, when) if state == HoursState.CLOSED else None,
        cannot_help=venue.unavailable_until is not None and venue.unavailable_until > when,
        facilities={name: getattr(venue, name) for name in Venue.FACILITIES},
        offers=tuple(name for name in Venue.OFFERS if getattr(venue, name)),
        languages=venue.languages,
        woman_on_request=venue.woman_on_request,
        badges=tuple(Badge(slug=scheme.slug, name=scheme.name) for scheme in badges),
        say=words_to_say(venue, badges),
        metres=metres,
        is_rough=is_rough,
    )


def kept_card(facts: dict[str, Any], **said: Any) -> Card:
    """A card made of kept `facts` (venues.kept.facts) and of `said`, what holds at this moment.

    Together they must give every field of `Card`. The constructor is skipped: it sets twenty fields
    one by one, and a search makes twenty cards.
    """
    made = Card.__new__(Card)
    made.__dict__.update(facts, **said)
    return made


def words_to_say(venue: Venue, badges: Iterable[Scheme]) -> str:
    """The words of a scheme named beside the place, preferably its lead scheme.

    Empty if none is named: a scheme's own words would reveal it.
    """
    schemes = sorted(badges, key=lambda scheme: scheme.pk != venue.lead_scheme_id)
    return schemes[0].what_to_say if schemes else ""


def moment(at: datetime.datetime, now: datetime.datetime, words: Words | None = None) -> str:
    """A coming moment as people say it: `22:00`, `02:00 tomorrow`, `Sunday 08:30`, `09:00 on Friday
    4 June`.
    """
    words = words_now() if words is None else words
    _ = words.__getitem__
    at, now = at.astimezone(LONDON), now.astimezone(LONDON)
    days = (at.date() - now.date()).days
    time = _("midnight") if (at.hour, at.minute) == (0, 0) else f"{at:%H:%M}"
    if days == 0 or (days == 1 and (at.hour, at.minute) == (0, 0)):
        return time
    if days == 1:
        return _("%(time)s tomorrow") % {"time": time}
    if days < 7:
        return _("%(day)s %(time)s") % {"time": time, "day": words.date(at.date(), "l")}
    return _("%(time)s on %(day)s") % {"time": time, "day": words.date(at.date(), "l j F")}


def in_metres(metres: float, words: Words | None = None) -> str:
    """“210 metres”, “1.6 km”."""
    words = words_now() if words is None else words
    _ = words.__getitem__
    if metres < 1000:
        return _("%(metres)s metres") % {"metres": _round_metres(metres)}
    return _("%(km)s km") % {"km": _kilometres(metres, words)}


def _kilometres(metres: float, words: Words) -> str:
    km = round(metres / 1000, 1)  # number_format alone would truncate
    return words.kept(("km", km), lambda: number_format(km, 1))


def _round_metres(metres: float) -> int:
    return max(10, round(metres / 10) * 10)


def _label(name: str) -> str:
    return labels(Venue, [name])
