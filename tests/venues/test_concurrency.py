"""Concurrent requests: one sticker, unique numbers, one consistent state."""

import datetime
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from common.refusals import Refused
from tests.factories import (
    MembershipFactory,
    OrganisationFactory,
    SchemeFactory,
    SignUpFactory,
    UserFactory,
    VenueFactory,
)
from venues.actions import (
    add_closures,
    approve_sign_up,
    issue_sticker,
    join_scheme,
    start_again,
    withdraw_sign_up,
)
from venues.actions.closures import Days
from venues.models import Closure, Event, SignUp, Sticker

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls):
    """Run the calls concurrently, each on its own connection; return each result or refusal."""
    together = Barrier(len(calls))

    def run(call):
        try:
            together.wait(timeout=20)
            return call()
        except Refused as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def stickers(results):
    return [result for result in results if isinstance(result, Sticker)]


def test_twenty_concurrent_requests_for_one_sticker_issue_one():
    sign_up, officer = SignUpFactory(approved=True), UserFactory()
    results = at_once(*[lambda: issue_sticker(sign_up, by=officer)] * 20)
    assert len(stickers(results)) == 1
    assert Sticker.objects.count() == 1
    assert Event.objects.filter(kind="venues.sticker_issued").count() == 1


def test_concurrent_stickers_for_different_places_get_different_numbers():
    scheme, officer = SchemeFactory(), UserFactory()
    sign_ups = [SignUpFactory(scheme=scheme, approved=True) for _number in range(8)]
    results = at_once(*[lambda s=s: issue_sticker(s, by=officer) for s in sign_ups])
    assert sorted(sticker.number for sticker in stickers(results)) == [1, 2, 3, 4, 5, 6, 7, 8]


@pytest.mark.parametrize("attempt", range(3))
def test_concurrent_approval_and_withdrawal_leave_a_consistent_state(attempt):
    sign_up = SignUpFactory(submitted=True, checked=True)
    officer, manager = UserFactory(), UserFactory()
    approved, withdrawn = at_once(
        lambda: approve_sign_up(sign_up, by=officer, letter="Welcome."),
        lambda: withdraw_sign_up(sign_up, by=manager),
    )
    sign_up.refresh_from_db()
    assert sign_up.state == "withdrawn"  # the approval either came first or was refused
    assert isinstance(withdrawn, SignUp)
    assert isinstance(approved, SignUp) == bool(sign_up.approved_at)
    kinds = list(Event.objects.order_by("id").values_list("kind", flat=True))
    assert kinds in (
        ["venues.sign_up_withdrawn"],
        ["venues.sign_up_approved", "venues.sign_up_withdrawn"],
    )


def test_concurrent_sticker_and_withdrawal_leave_no_live_sticker():
    sign_up, officer = SignUpFactory(approved=True), UserFactory()
    at_once(
        lambda: issue_sticker(sign_up, by=officer), lambda: withdraw_sign_up(sign_up, by=officer)
    )
    assert not Sticker.objects.live().exists()


@pytest.mark.parametrize("attempt", range(3))
def test_joining_a_scheme_twice_concurrently_makes_one_sign_up(attempt):
    first, scheme = SignUpFactory(approved=True), SchemeFactory()
    manager = MembershipFactory(organisation=first.venue.organisation).user
    results = at_once(*[lambda: join_scheme(first.venue, scheme, by=manager)] * 2)
    assert sorted(type(result).__name__ for result in results) == ["Refused", "SignUp"]
    assert SignUp.objects.filter(scheme=scheme).count() == 1
    assert Event.objects.filter(kind="venues.scheme_joined").count() == 1


def test_joining_and_signing_up_again_concurrently_makes_one_sign_up():
    left = SignUpFactory(state="withdrawn")
    manager = MembershipFactory(organisation=left.venue.organisation).user
    results = at_once(
        lambda: join_scheme(left.venue, left.scheme, by=manager),
        lambda: start_again(left, by=manager),
    )
    assert sorted(type(result).__name__ for result in results) == ["Refused", "SignUp"]
    assert SignUp.objects.live().count() == 1


def test_two_people_closing_the_same_branches_concurrently_add_the_day_once():
    organisation, by = OrganisationFactory(), [UserFactory(), UserFactory()]
    venues = [VenueFactory(organisation=organisation) for _place in range(12)]
    day = datetime.date(2031, 6, 2)
    days = [Days(day, day)]
    results = at_once(
        lambda: add_closures(venues, days, by=by[0]),
        lambda: add_closures(venues[::-1], days, by=by[1]),
    )
    (refusal,) = [each for each in results if isinstance(each, Refused)]
    assert 12 in results
    assert len(refusal.reasons) == 12
    assert "other hours were entered already for 2 June 2031" in str(refusal.reasons[0])
    assert Closure.objects.count() == 12
    assert Event.objects.filter(kind="venues.closure_added").count() == 12


def test_overlapping_concurrent_branch_closures_are_each_all_or_nothing():
    organisation, by = OrganisationFactory(), [UserFactory(), UserFactory()]
    venues = [VenueFactory(organisation=organisation) for _place in range(12)]
    day = datetime.date(2031, 6, 2)
    days = [Days(day, day)]
    results = at_once(
        lambda: add_closures(venues[:8], days, by=by[0]),
        lambda: add_closures(venues[4:], days, by=by[1]),
    )
    assert 8 in results
    closed = set(Closure.objects.values_list("venue", flat=True))
    assert closed in [{each.pk for each in half} for half in (venues[:8], venues[4:])]
    assert Closure.objects.count() == 8
