"""The demonstration's schemes, and the places that are in more than one of them."""

from dataclasses import replace
from pathlib import Path

from django.utils import timezone

from demo.people import AREA_MANAGER, HEAD_OFFICE, OTHER_OFFICERS, make_user
from demo.venues import Maker, read_also, read_chain, read_places
from venues.actions import (
    change_organisation,
    open_scheme,
    record_test_call,
    sign_off_texts,
)
from venues.models import Membership, Officer, Organisation, Scheme, Venue
from venues.packs import load_pack

PACKS = Path(__file__).with_name("packs")
CONFIRMED_BY = "Ada Ashe"
OF_THE_AREA = ("Harbour", "Old Town")
"""The wards of the chain's area manager."""


def make_ready(scheme: Scheme, *, by) -> Scheme:
    """Confirm its numbers, have its texts signed off, ring each number, and open it."""
    today = timezone.localdate()
    scheme.contacts.update(confirmed_by_name=CONFIRMED_BY, confirmed_on=today)
    sign_off_texts(scheme, name="Ruth Reed", role="Safeguarding lead", signed_on=today, by=by)
    for contact in scheme.contacts.all():
        record_test_call(
            scheme,
            contact=contact,
            called_on=today,
            caller=CONFIRMED_BY,
            was_answered=True,
            by=by,
        )
    return open_scheme(scheme, by=by)


def load_further_schemes(maker: Maker) -> None:
    """Load two more schemes over the same town; `maker` made the places of the first.

    Each has its own officer. Some places join them, and a chain signs up all its branches.
    """
    makers = {}
    for name, full_name, slug in OTHER_OFFICERS:
        officer = make_user(name, full_name)
        pack = PACKS / f"{slug.replace('-', '_')}.toml"
        scheme = load_pack(pack.read_text(encoding="utf-8"))
        Officer.objects.create(scheme=scheme, user=officer, role=Officer.Role.ADMINISTRATOR)
        scheme = make_ready(scheme, by=officer)
        makers[slug] = Maker(scheme, maker.weeks, officer=officer, manager=maker.manager)
        makers[slug].postcodes = maker.postcodes
    places = {place.name: place for place in read_places()[0]}
    for name, states in read_also().items():
        venue = Venue.objects.get(name=name)
        manager = venue.organisation.memberships.head_office().earliest("pk").user
        for slug, state in states.items():
            makers[slug].manager = manager
            makers[slug].join(venue, replace(places[name], state=state))
    _chain(makers)


def _chain(makers: dict[str, Maker]) -> None:
    """Sign up all branches of the chain to one scheme, some of them to a second one too."""
    head_office = make_user(HEAD_OFFICE, "Hana Hill")
    organisation = Organisation.objects.create()
    Membership.objects.create(organisation=organisation, user=head_office)
    of_the_area = []
    for branch, further in read_chain():
        change_organisation(
            organisation, {"name": branch.organisation, "sector": branch.sector}, by=head_office
        )
        first = makers["warm-rooms"]
        first.manager = head_office
        venue = first.make(branch, organisation).venue
        for slug, state in further.items():
            makers[slug].manager = head_office
            makers[slug].join(venue, replace(branch, state=state))
        if branch.ward in OF_THE_AREA:
            of_the_area.append(venue)
    area_manager = Membership.objects.create(
        organisation=organisation,
        user=make_user(AREA_MANAGER, "Arlo Ames"),
        scope=Membership.Scope.CHOSEN,
    )
    area_manager.venues.set(of_the_area)
