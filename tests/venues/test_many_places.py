"""Officers' lists, queues and pages take a constant number of queries, however many places."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from tests.factories import (
    ALWAYS,
    MembershipFactory,
    OfficerFactory,
    OrganisationFactory,
    PrincipleFactory,
    RequirementFactory,
    SchemeFactory,
    SignUpFactory,
    StickerFactory,
    VenueFactory,
)
from venues.queues import SIGN_UP_QUEUES

pytestmark = pytest.mark.django_db
LISTS = ["venue", "organisation", "signup", "sticker", "letter", "event", "organisationsignup"]


@pytest.fixture
def schemes():
    """Two schemes with something to miss."""
    found = [SchemeFactory(), SchemeFactory()]
    for scheme in found:
        principle = PrincipleFactory(scheme=scheme)
        for evidence in ("opening_hours", "sticker_displayed", "current_sticker"):
            RequirementFactory(principle=principle, evidence=evidence, needed_for="standing")
    return found


def add(schemes, organisation, count):
    """Places in both schemes; some lack hours, some have a sticker."""
    for number in range(count):
        venue = VenueFactory(
            organisation=organisation,
            lead_scheme=schemes[0],
            hours_confirmed_at=None,
            hours=ALWAYS if number % 2 else [],
        )
        for scheme in schemes:
            state = {"submitted": True} if number % 3 == 0 else {"approved": True}
            sign_up = SignUpFactory(venue=venue, scheme=scheme, agreed=True, **state)
            if number % 2 and sign_up.state == "approved":
                StickerFactory(sign_up=sign_up)


def queries(client, address):
    client.get(address)
    with CaptureQueriesContext(connection) as caught:
        answer = client.get(address)
    assert answer.status_code == 200
    return [each["sql"] for each in caught.captured_queries]


def addresses(organisation):
    yield reverse("admin:index")
    for name in LISTS:
        yield reverse(f"admin:venues_{name}_changelist")
    for queue in SIGN_UP_QUEUES:
        yield reverse("admin:venues_signup_changelist") + f"?queue={queue.key}"
    yield reverse("admin:same_places")
    yield reverse("admin:organisation_places", args=[organisation.pk])


def test_officers_lists_and_queues_take_the_same_queries_for_three_and_six_places(client, schemes):
    organisation = OrganisationFactory()
    add(schemes, organisation, 3)
    client.force_login(OfficerFactory(scheme=schemes[0], role="administrator").user)
    before = {each: queries(client, each) for each in addresses(organisation)}
    add(schemes, organisation, 6)
    for address, asked in before.items():
        now = queries(client, address)
        assert len(now) <= len(asked) + 1, (address, [each for each in now if each not in asked])


def test_the_decision_page_takes_the_same_queries_however_many_neighbours(client, schemes):
    organisation = OrganisationFactory()
    add(schemes, organisation, 3)
    sign_up = schemes[0].sign_ups.filter(state="approved").first()
    client.force_login(OfficerFactory(scheme=schemes[0]).user)
    address = reverse("admin:venues_signup_change", args=[sign_up.pk])
    before = queries(client, address)
    add(schemes, organisation, 6)
    assert len(queries(client, address)) <= len(before)


def test_the_portals_organisation_page_takes_the_same_queries_for_nine_places(client, schemes):
    organisation = OrganisationFactory()
    add(schemes, organisation, 3)
    client.force_login(MembershipFactory(organisation=organisation).user)
    address = reverse("organisation_home", args=[organisation.pk])
    before = queries(client, address)
    add(schemes, organisation, 6)
    assert len(queries(client, address)) <= len(before)
