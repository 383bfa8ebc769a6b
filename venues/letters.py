"""A scheme's letters: composed by the kit, queued, and recorded in the history.

`kind` names a letter and its template: "venues.approve" is `templates/venues/letters/approve.txt`.
For mail to officers use `notify`, which queues without recording.
"""

import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache

from django.conf import settings
from django.db import models
from django.urls import reverse

from accounts.models import User
from common import letters as kit
from venues.models import (
    Letter,
    Membership,
    Organisation,
    Scheme,
    SignUp,
    StaffMember,
    Venue,
)


@dataclass
class Draft:
    """A letter to be written: recipients, subject and template context."""

    to: Iterable[str]
    context: dict = field(default_factory=dict)
    scheme: Scheme | None = None
    sign_up: SignUp | None = None
    venue: Venue | None = None
    organisation: Organisation | None = None
    staff_member: StaffMember | None = None
    about: models.Model | None = None
    parts: Sequence["Draft"] = ()
    """For a letter about several places, the draft that each place would have had alone."""

    def __post_init__(self):
        if self.sign_up:
            self.scheme = self.scheme or self.sign_up.scheme
            self.venue = self.venue or self.sign_up.venue
        if self.venue and not self.organisation:
            self.organisation = self.venue.organisation
        self.to = {address for address in self.to if address}


def url(name: str, *args) -> str:
    """The absolute URL of a named page."""
    return settings.SITE_URL + reverse(name, args=args)


def signature_of(scheme: Scheme | None) -> kit.Signature | None:
    """How a scheme signs its letters; without a scheme, None: signed as the service."""
    if scheme is None:
        return None
    return kit.Signature(
        name=scheme.name,
        council=scheme.council,
        email=scheme.contact_email,
        phone=scheme.contact_phone,
        delivered_by=scheme.delivered_by,
        logo=_logo_of(scheme),
    )


def _logo_of(scheme: Scheme) -> kit.Logo | None:
    """The scheme's logo, re-encoded when it was uploaded; None without one.

    A letter goes without it if the file cannot be read.
    """
    if not scheme.logo:
        return None
    try:
        return kit.Logo(_saved_logo(scheme.logo.name), scheme.council or scheme.name)
    except OSError:
        return None


@lru_cache(maxsize=64)
def _saved_logo(name: str) -> bytes:
    """Cached for good: each upload has its own name, so the content under a name never changes."""
    with Scheme._meta.get_field("logo").storage.open(name, "rb") as file:
        return file.read()


def compose(kind: str, draft: Draft, *, text: str | None = None) -> kit.Letter:
    """The letter as it would be sent; `text` replaces its body."""
    context = {"scheme": draft.scheme, "venue": draft.venue, "sign_up": draft.sign_up}
    return kit.compose(
        source_of(kind),
        {**context, **draft.context},
        signature=signature_of(draft.scheme),
        text=text,
        about=draft.venue.name if draft.venue else "",
    )


def source_of(kind: str) -> str:
    app, __, name = kind.partition(".")
    return f"{app}/letters/{name}.txt"


def write(
    kind: str,
    draft: Draft,
    *,
    by: User | None = None,
    text: str | None = None,
    files: Sequence[kit.LetterFile] = (),
    wait: datetime.timedelta | None = None,
) -> Letter:
    """Queue a letter and record it. Without an address it is recorded as to be posted.

    `wait` delays it by that long: until then `actions.withdraw_letter` can withdraw it.
    """
    (letter,) = write_each(kind, [draft], by=by, text=text, files=files, wait=wait)
    return letter


def write_each(
    kind: str,
    drafts: Iterable[Draft],
    *,
    by: User | None = None,
    text: str | None = None,
    files: Sequence[kit.LetterFile] = (),
    wait: datetime.timedelta | None = None,
    recorded_as: str = "",
) -> list[Letter]:
    """`write` for many drafts of one kind, in a constant number of queries. All get `files`.

    A draft with `parts` is one email, recorded once for each part as a letter of the kind
    `recorded_as`: each place has its own row, with its own words, to post if the email fails.
    """
    composed = [(draft, compose(kind, draft, text=text)) for draft in drafts]
    emails = kit.queue_each(
        [(draft.to, letter) for draft, letter in composed], files=files, wait=wait
    )
    rows = [
        (row_kind, part, words, email)
        for (draft, letter), email in zip(composed, emails, strict=True)
        for row_kind, part, words in (
            [(recorded_as, part, compose(recorded_as, part)) for part in draft.parts]
            or [(kind, draft, letter)]
        )
    ]
    written = Letter.objects.bulk_create(
        Letter(
            kind=row_kind,
            by=by,
            scheme=draft.scheme,
            organisation=draft.organisation,
            venue=draft.venue,
            sign_up=draft.sign_up,
            staff_member=draft.staff_member,
            about=draft.about,
            subject=letter.subject,
            text=letter.kept,
            recipients=len(email.to) if email else 0,
            email=email,
            waits_until=email.scheduled_time - kit.MARGIN if email and wait else None,
        )
        for row_kind, draft, letter, email in rows
    )
    if (noted := _noted.get()) is not None:
        noted.extend(written)
    return written


_noted: ContextVar[list[Letter] | None] = ContextVar("noted", default=None)


@contextmanager
def noting() -> Iterator[list[Letter]]:
    """Collect the letters written inside, so that a page can report on them."""
    written: list[Letter] = []
    token = _noted.set(written)
    try:
        yield written
    finally:
        _noted.reset(token)


def write_to_venue(kind: str, sign_up: SignUp, **more) -> Letter:
    """To the venue's contact and its organisation's managers; keywords are those of `write`,
    plus `context` and `about` of a `Draft`.
    """
    about, context = more.pop("about", None), more.pop("context", {})
    to = venue_addresses(sign_up.venue)
    return write(kind, Draft(to, context, sign_up=sign_up, about=about), **more)


def notify(
    kind: str,
    to: Iterable[str],
    *,
    scheme: Scheme | None = None,
    files: Sequence[kit.LetterFile] = (),
    **context,
) -> None:
    """Queue a letter without recording it: to officers, or to somebody without a place."""
    signature = signature_of(scheme)
    context = {"scheme": scheme, **context}
    kit.send(to, source_of(kind), context, signature=signature, files=files)


def venue_addresses(venue: Venue) -> set[str]:
    """The venue's contact and the managers whose scope includes it."""
    return addresses_by_venue([venue])[venue.pk]


def addresses_by_venue(venues: Iterable[Venue]) -> dict[int, set[str]]:
    """`venue_addresses` by venue id, in one query."""
    venues = list(venues)
    managers = Membership.objects.managers().filter(
        organisation__in={venue.organisation_id for venue in venues}, user__is_active=True
    )
    # One row per chosen venue, and one without a venue for a manager of all of them.
    rows = managers.values_list("organisation", "scope", "venues", "user__email")
    of_organisation: dict[int, set[str]] = {}
    of_venue: dict[tuple[int, int], set[str]] = {}
    for organisation, scope, venue, email in rows:
        if scope == Membership.Scope.ALL:
            of_organisation.setdefault(organisation, set()).add(email)
        elif venue:
            of_venue.setdefault((organisation, venue), set()).add(email)
    nobody: set[str] = set()
    return {
        venue.pk: {
            venue.contact_email,
            *of_organisation.get(venue.organisation_id, nobody),
            *of_venue.get((venue.organisation_id, venue.pk), nobody),
        }
        - {""}
        for venue in venues
    }


def by_person(sign_ups: Iterable[SignUp]) -> list[tuple[set[str], list[SignUp]]]:
    """Group places by recipients, so that nobody gets two letters.

    Each address is in exactly one group; all addresses of a group manage the same places. A place
    without any valid address forms its own group, with no recipients.
    """
    sign_ups = list(sign_ups)
    addresses = addresses_by_venue(sign_up.venue for sign_up in sign_ups)
    found = {venue: kit.valid_addresses(to) for venue, to in addresses.items()}
    places_of: dict[str, list[SignUp]] = {}
    spelled: dict[str, str] = {}
    without = []
    for sign_up in sign_ups:
        if not found[sign_up.venue_id]:
            without.append((set(), [sign_up]))
        for address in sorted(found[sign_up.venue_id]):
            mine = places_of.setdefault(address.lower(), [])
            spelled.setdefault(address.lower(), address)
            if sign_up not in mine[-1:]:
                mine.append(sign_up)
    groups: dict[tuple[int, ...], tuple[set[str], list[SignUp]]] = {}
    for address, mine in places_of.items():
        key = tuple(sign_up.pk for sign_up in mine)
        groups.setdefault(key, (set(), mine))[0].add(spelled[address])
    return [*groups.values(), *without]


def in_lots(sign_ups: Iterable[SignUp], size: int) -> Iterator[list[SignUp]]:
    """Batches of about `size` venues; venues that share an address stay in one batch.

    So each person gets a single letter, however many batches there are.
    """
    sign_ups = list(sign_ups)
    addresses = addresses_by_venue(sign_up.venue for sign_up in sign_ups)
    lot: list[SignUp] = []
    for together in _sharing_an_address(sign_ups, addresses):
        if lot and len(lot) + len(together) > size:
            yield lot
            lot = []
        lot = lot + together
    if lot:
        yield lot


def _sharing_an_address(
    sign_ups: Iterable[SignUp], addresses: Mapping[int, set[str]]
) -> list[list[SignUp]]:
    """Groups of venues connected by shared addresses, directly or through other venues."""
    groups: dict[int, list[SignUp]] = {}
    group_of_address: dict[str, int] = {}
    for sign_up in sign_ups:
        mine = {address.lower() for address in addresses[sign_up.venue_id]}
        joined = {group_of_address[each] for each in mine if each in group_of_address}
        home = min(joined, default=sign_up.pk)
        merged = [each for key in sorted(joined) for each in groups.pop(key)]
        groups[home] = [*merged, sign_up]
        if len(joined) > 1:
            moved = {key: home for key, old in group_of_address.items() if old in joined}
            group_of_address |= moved
        group_of_address |= dict.fromkeys(mine, home)
    return list(groups.values())


def organisation_addresses(organisation: Organisation) -> set[str]:
    """Recipients of a letter about the whole organisation: managers of all its places.

    If there are none, the managers of chosen places.
    """
    managers = organisation.memberships.managers().seeing().filter(user__is_active=True)
    found = list(managers.values_list("scope", "user__email"))
    return whole_or_chosen(found)


def confirming_addresses(organisation: Organisation) -> set[str]:
    """Who confirms what an officer entered: its managers, or while it has none whoever was invited
    to look after it.
    """
    invited = organisation.invitations.filter(role=Membership.Role.MANAGER)
    return organisation_addresses(organisation) or set(invited.values_list("email", flat=True))


def whole_or_chosen(managers: Iterable[tuple[str, str]]) -> set[str]:
    """Given (scope, address): those that manage everything, or else all of them."""
    managers = list(managers)
    whole = {email for scope, email in managers if scope == Membership.Scope.ALL}
    return whole or {email for _scope, email in managers}
