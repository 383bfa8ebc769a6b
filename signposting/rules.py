"""Which places and numbers are public, and what the public may know about a sticker."""

import datetime
import hashlib
from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Prefetch, prefetch_related_objects
from django.utils import timezone

from venues.badge_facts import BadgeFacts, badge_facts
from venues.evidence import proofs
from venues.evidence_kinds import Stage
from venues.listing import badges, named_listings
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

KEPT_SECONDS = 20
"""How long the list of all places is cached here; with the 30 seconds that browsers may keep it, a
suspended venue is gone from everywhere within a minute.
"""


def with_what_a_page_says(venues: list[Venue], when: datetime.datetime) -> None:
    """Prefetch hours and listed sign-ups of all `venues`, in three queries."""
    prefetch_hours(venues, when)
    listed = SignUp.objects.listed(timezone.localdate(when)).select_related("scheme")
    prefetch_related_objects(venues, Prefetch("sign_ups", listed, to_attr="listed_sign_ups"))


def prefetch_hours(venues: list[Venue], when: datetime.datetime) -> None:
    """Prefetch what `venues.hours.timetable` reads, for all `venues` at once."""
    today = timezone.localdate(when)
    fortnight = OpeningHours.objects.filter(valid_from__lte=today + datetime.timedelta(days=14))
    closures = Closure.objects.filter(ends_on__gte=today - datetime.timedelta(days=1))
    prefetch_related_objects(
        venues, Prefetch("opening_hours", fortnight), Prefetch("closures", closures)
    )


def local_contacts() -> SchemeContactQuerySet:
    """The schemes' own numbers that a named person confirmed."""
    contacts = SchemeContact.objects.public()
    return contacts.select_related("scheme").order_by("scheme__name", "kind")


def hidden_places() -> str:
    """A value that changes whenever a place is hidden for safety or shown again; part of cache
    keys.

    Such a place disappears at once in every process, before anything cached expires.
    """
    keys = SafetySuspension.objects.open().order_by("pk").values_list("pk", flat=True)
    return hashlib.sha256(repr(list(keys)).encode()).hexdigest()[:16]


def listed_venues(today: datetime.date, scheme: Scheme | None = None) -> VenueQuerySet:
    """Venues the public can find on the date `today`; with a `scheme`, those it lists."""
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
    """The valid sticker with this code; None alike for ended, hidden and unknown ones."""
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
        return None  # nobody is renewing it
    return StickerStanding(
        venue=sticker.sign_up.venue,
        number=sticker.number,
        expires_on=sticker.expires_on,
        has_run_out=has_run_out,
        facts=badge_facts([sticker.sign_up], today)[0],
        badges=badges([sticker.sign_up.venue], today)[sticker.sign_up.venue_id],
    )


def closed_scheme_of(code: str) -> Scheme | None:
    """The scheme that issued the sticker with this code, if it is closed: stickers outlive
    schemes.
    """
    return (
        Scheme.objects.filter(
            closed_at__isnull=False, sign_ups__stickers__code=normalise_code(code)
        )
        .select_related("successor")
        .first()
    )


def normalise_code(code: str) -> str:
    """A code in its stored form: `acde-fh 34` and `ACDE.FH34` become `ACDEFH34`."""
    return "".join(c for c in code.upper() if c.isascii() and c.isalnum())[:12]
