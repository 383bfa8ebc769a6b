"""Which places a person can walk to now, in which order, and how they are described."""

import datetime
import hashlib
from dataclasses import dataclass
from urllib.parse import urlencode

from django.contrib.gis.geos import Point
from django.db.models import Exists, OuterRef, Prefetch, Q, prefetch_related_objects
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from common.field_labels import labels
from geography.grid import to_wgs84
from geography.walking import minutes_on_foot
from signposting.cards import AREA_METRES, FAR_MINUTES, NEARBY_MINUTES, in_metres, moment
from venues.badge_facts import BadgeFacts, badge_facts
from venues.evidence import proofs
from venues.evidence_kinds import Stage
from venues.hours.model import HoursState
from venues.hours.timetable import never_closes, next_opening, open_until
from venues.listing import badges, badges_among, named_listings
from venues.models import (
    Closure,
    OpeningHours,
    SafetySuspension,
    Scheme,
    SchemeContact,
    SignUp,
    Sticker,
    Venue,
)
from venues.models.numbers import SchemeContactQuerySet
from venues.models.venues import VenueQuerySet

CLOSING_SOON_MINUTES = 20

KEPT_SECONDS = 20
"""How long the list of all places is kept here; with the 30 seconds that browsers may keep it, a
suspended venue is gone from everywhere within a minute."""


@dataclass(frozen=True)
class Found:
    """One place as seen from a point at a moment."""

    venue: Venue
    metres: float
    state: HoursState
    until: datetime.datetime | None
    always: bool
    opens_next: datetime.datetime | None
    when: datetime.datetime

    @property
    def is_open(self) -> bool:
        return self.state == HoursState.OPEN

    @property
    def is_exact(self) -> bool:
        return self.venue.listing == Venue.Listing.PUBLIC

    @property
    def minutes(self) -> int:
        """Approximate walking minutes; for an area-only venue the longest possible."""
        metres = self.metres if self.is_exact else self.metres + AREA_METRES
        return minutes_on_foot(metres)

    @property
    def is_nearby(self) -> bool:
        return self.minutes <= NEARBY_MINUTES

    @property
    def is_far(self) -> bool:
        """Too far for walking minutes to be meaningful; shown in kilometres."""
        return self.minutes > FAR_MINUTES

    @property
    def kilometres(self) -> str:
        """“3.9”; for an area-only venue the farthest possible."""
        metres = self.metres if self.is_exact else self.metres + AREA_METRES
        return number_format(metres / 1000, 1)

    @property
    def closes_soon(self) -> bool:
        """Closing within 20 minutes, or before somebody who walks there could arrive."""
        if self.until is None or self.always:
            return False
        left = (self.until - self.when).total_seconds() / 60
        return left <= max(CLOSING_SOON_MINUTES, self.minutes)

    @property
    def hours_words(self) -> str:
        if self.state == HoursState.NOT_CONFIRMED:
            return _("Hours not confirmed: it may be closed")
        if self.always:
            return _("Open now, day and night")
        if self.is_open and self.until:
            return _("Open now until %(time)s") % {"time": moment(self.until, self.when)}
        if self.is_open:
            return _("Open now")
        if self.opens_next:
            return _("Closed now. Opens %(time)s") % {"time": moment(self.opens_next, self.when)}
        return _("Closed now. We do not know when it opens next")

    @property
    def distance_words(self) -> str:
        if not self.is_exact:
            return ngettext(
                "Up to about %(minutes)s minute’s walk",
                "Up to about %(minutes)s minutes’ walk",
                self.minutes,
            ) % {"minutes": self.minutes}
        metres = in_metres(self.metres)
        if self.minutes > 90:
            return _("%(distance)s away: too far to walk for most people") % {"distance": metres}
        return ngettext(
            "About %(minutes)s minute’s walk (%(distance)s)",
            "About %(minutes)s minutes’ walk (%(distance)s)",
            self.minutes,
        ) % {"minutes": self.minutes, "distance": metres}

    @property
    def badges(self) -> list[Scheme]:
        """The schemes to name beside the place, by name."""
        return badges_among(self.venue.listed_sign_ups)

    @property
    def what_to_say(self) -> str:
        """The words of a scheme named beside the place, preferably its lead scheme.

        If none is named the words are neutral, since a scheme's own words would reveal it.
        """
        schemes = sorted(self.badges, key=lambda scheme: scheme.pk != self.venue.lead_scheme_id)
        return schemes[0].what_to_say if schemes else _("Say you do not feel safe.")

    @property
    def has(self) -> list[str]:
        return self._facilities(True)

    @property
    def has_not(self) -> list[str]:
        return self._facilities(False)

    @property
    def may_have(self) -> list[str]:
        """Facilities with neither a yes nor a no on record."""
        return self._facilities(None)

    @property
    def offers(self) -> list[str]:
        return [_label(name) for name in Venue.OFFERS if getattr(self.venue, name)]

    @property
    def directions(self) -> dict[str, str] | None:
        """Map URLs of the route, for a phone's own app and for a website; followed only by
        hand.
        """
        if not self.is_exact or self.venue.public_point is None:
            return None
        longitude, latitude = to_wgs84(self.venue.public_point)
        to = f"{latitude:.5f},{longitude:.5f}"
        route = urlencode({"engine": "fossgis_osrm_foot", "route": f";{to}"})
        return {
            "phone": f"geo:{to}?{urlencode({'q': to})}",
            "website": f"https://www.openstreetmap.org/directions?{route}",
        }

    def _facilities(self, answer: bool | None) -> list[str]:
        return [_label(name) for name in Venue.FACILITIES if getattr(self.venue, name) is answer]


def with_what_a_page_says(venues: list[Venue], when: datetime.datetime) -> None:
    """Prefetch hours and listed sign-ups of all `venues`, in three queries."""
    prefetch_hours(venues, when)
    listed = SignUp.objects.listed(timezone.localdate(when)).select_related("scheme")
    prefetch_related_objects(venues, Prefetch("sign_ups", listed, to_attr="listed_sign_ups"))


def prefetch_hours(venues: list[Venue], when: datetime.datetime) -> None:
    """Fetch what `venues.hours.timetable` reads, for all `venues` at once."""
    today = timezone.localdate(when)
    fortnight = OpeningHours.objects.filter(valid_from__lte=today + datetime.timedelta(days=14))
    closures = Closure.objects.filter(ends_on__gte=today - datetime.timedelta(days=1))
    prefetch_related_objects(
        venues, Prefetch("opening_hours", fortnight), Prefetch("closures", closures)
    )


def found_at(venue: Venue, when: datetime.datetime) -> Found:
    """`venue` (with `hours_state`, and `metres` where asked from a point) as words need it."""
    is_open = venue.hours_state == HoursState.OPEN
    metres = getattr(venue, "metres", None)
    return Found(
        venue=venue,
        metres=metres.m if metres is not None else 0,
        state=HoursState(venue.hours_state),
        until=open_until(venue, when) if is_open else None,
        always=is_open and never_closes(venue, when),
        opens_next=next_opening(venue, when) if venue.hours_state == HoursState.CLOSED else None,
        when=when,
    )


def _label(field: str) -> str:
    return labels(Venue, [field])


def local_contacts(point: Point | None = None) -> SchemeContactQuerySet:
    """The schemes' own numbers that a named person confirmed; around `point`, if one is given."""
    contacts = SchemeContact.objects.public()
    if point is not None:
        contacts = contacts.filter(
            Q(scheme__area__isnull=True) | Q(scheme__area__boundary__covers=point)
        )
    return contacts.select_related("scheme").order_by("scheme__name", "kind")


def hidden_places() -> str:
    """Differs as soon as a place is hidden for safety or shown again: part of a kept answer's key.

    Such a place is gone at once, in every process, not when what was kept has run out.
    """
    keys = SafetySuspension.objects.open().order_by("pk").values_list("pk", flat=True)
    return hashlib.sha256(repr(list(keys)).encode()).hexdigest()[:16]


def listed_venues(today: datetime.date, scheme: Scheme | None = None) -> VenueQuerySet:
    """Venues the public can find on the date `today`, or under the name of `scheme`."""
    if scheme is None:
        return Venue.objects.listed(today)
    named = named_listings(today, scheme).filter(venue=OuterRef("pk"))
    return Venue.objects.filter(Exists(named))


@dataclass(frozen=True)
class StickerStanding:
    """What the public may know about a sticker: its venue, and what is being renewed.

    While the venue is listed within its grace period, the sticker counts as valid too.
    """

    venue: Venue
    number: int
    expires_on: datetime.date
    has_run_out: bool  # and a new one is on its way
    facts: BadgeFacts  # of the scheme whose sticker it is
    badges: list[Scheme]


def current_sticker(code: str, today: datetime.date) -> StickerStanding | None:
    """The valid sticker with this code; None alike for an ended, hidden or unknown one."""
    sticker = (
        Sticker.objects.live()
        .filter(code=normalise_code(code), sign_up__in=SignUp.objects.listed(today))
        .select_related("sign_up__venue", "sign_up__scheme")
        .first()
    )
    if sticker is None:
        return None
    has_run_out = sticker.expires_on < today
    found = proofs(sticker.sign_up, Stage.STANDING, today)
    if has_run_out and all(proof.requirement.evidence != "current_sticker" for proof in found):
        return None  # nobody renews it
    return StickerStanding(
        venue=sticker.sign_up.venue,
        number=sticker.number,
        expires_on=sticker.expires_on,
        has_run_out=has_run_out,
        facts=badge_facts([sticker.sign_up], today)[0],
        badges=badges([sticker.sign_up.venue], today)[sticker.sign_up.venue_id],
    )


def closed_scheme_of(code: str) -> Scheme | None:
    """The scheme that issued the sticker of this code, if it is closed: its stickers are about."""
    return (
        Scheme.objects.filter(
            closed_at__isnull=False, sign_ups__stickers__code=normalise_code(code)
        )
        .select_related("successor")
        .first()
    )


def normalise_code(code: str) -> str:
    """A code as it is kept: `acde-fh 34` and `ACDE.FH34` are `ACDEFH34`."""
    return "".join(c for c in code.upper() if c.isascii() and c.isalnum())[:12]
