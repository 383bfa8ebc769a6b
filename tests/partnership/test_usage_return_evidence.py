"""Returns as evidence: n of the last m sent; nothing is owed before approval."""

import datetime

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partnership.models import ReturnSettings, UsageReturn
from partnership.periods import QUARTER, Period
from tests.factories import RequirementFactory, SchemeFactory, SignUpFactory
from venues.evidence import outstanding, proofs
from venues.evidence_kinds import Stage
from venues.models import SignUp

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept_stay_right")]
START = datetime.date(2024, 1, 1)
NOON = datetime.time(12)


def approved_on(day, at_least=1, of_last=2):
    scheme = SchemeFactory()
    RequirementFactory(
        principle__scheme=scheme,
        evidence="usage_return",
        needed_for="standing",
        at_least=at_least,
        of_last=of_last,
    )
    moment = datetime.datetime.combine(day, NOON, datetime.UTC)
    return SignUpFactory(scheme=scheme, approved=True, approved_at=moment)


def send(sign_up, code):
    quarter = Period.parse(code)
    return UsageReturn.objects.create(
        sign_up=sign_up,
        year=quarter.year,
        number=quarter.number,
        people=0,
        way="link",
        sent_at=datetime.datetime.combine(quarter.following.starts, NOON, datetime.UTC),
    )


def proof(sign_up, *day):
    return proofs(sign_up, Stage.STANDING, datetime.date(*day))[0]


def test_nothing_is_owed_for_the_quarter_of_approval_or_earlier():
    sign_up = approved_on(datetime.date(2025, 2, 10), at_least=1, of_last=1)
    # April to June is the first whole quarter; its return is due on 28 July.
    assert proof(sign_up, 2025, 7, 28).state == "not_yet_due"
    assert proof(sign_up, 2025, 7, 29).state == "asked_for"


def test_a_venue_approved_on_the_first_day_owes_that_quarter():
    sign_up = approved_on(datetime.date(2025, 4, 1), at_least=1, of_last=1)
    assert proof(sign_up, 2025, 7, 29).state == "asked_for"


def test_one_return_counts_until_too_many_later_ones_are_missing():
    sign_up = approved_on(datetime.date(2025, 1, 1))
    send(sign_up, "2025-Q1")
    assert proof(sign_up, 2025, 6, 1).held_until == datetime.date(2025, 10, 28)
    assert proof(sign_up, 2025, 10, 29).state == "asked_for"


def test_the_scheme_sets_when_a_return_is_due():
    sign_up = approved_on(datetime.date(2025, 1, 1))
    ReturnSettings.objects.create(scheme=sign_up.scheme, due_after_days=40)
    send(sign_up, "2025-Q1")
    assert proof(sign_up, 2025, 6, 1).held_until == datetime.date(2025, 11, 9)


def test_three_of_four_forgives_one():
    sign_up = approved_on(datetime.date(2025, 1, 1), at_least=3, of_last=4)
    for code in ("2025-Q1", "2025-Q3", "2025-Q4"):
        send(sign_up, code)
    assert proof(sign_up, 2026, 3, 1).is_held
    # January to March 2026 is missing too, so only two of four were sent.
    assert proof(sign_up, 2026, 4, 29).state == "asked_for"


def test_missing_returns_unlist_only_where_the_scheme_says_so():
    sign_up = approved_on(datetime.date(2025, 1, 1))
    at = datetime.date(2026, 6, 1)
    assert SignUp.objects.with_standing(at).get(pk=sign_up.pk).in_good_standing
    assert [each.state for each in outstanding(sign_up, Stage.STANDING, at)] == ["asked_for"]
    sign_up.scheme.principles.get().requirements.update(unlists=True)
    assert not SignUp.objects.with_standing(at).get(pk=sign_up.pk).in_good_standing


def by_hand(first_owed, sent, n, m, at):
    """Whether n of the last m due returns were sent.

    Returns sent early count too, and quarters before the first one owed count as sent.
    """
    due = [q for q in first_owed.shift(20).last(21) if q.ends + datetime.timedelta(days=28) < at]
    window = due[-m:]
    counted = sum(q >= window[0] for q in sent) if window else n
    return counted + m - len(window) >= n


@pytest.fixture
def many_ways(db):
    """A sign-up with nine requirements: n of the last m returns for n from 1 to 3 and m from n to
    n+2.
    """
    scheme = SchemeFactory()
    for n in (1, 2, 3):
        for m in (n, n + 1, n + 2):
            RequirementFactory(
                principle__scheme=scheme,
                evidence="usage_return",
                needed_for="standing",
                at_least=n,
                of_last=m,
            )
    return SignUpFactory(scheme=scheme, approved=True)


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    approved=st.dates(START, datetime.date(2025, 6, 30)),
    sent=st.sets(st.integers(0, 8)),
    at=st.dates(datetime.date(2025, 1, 1), datetime.date(2026, 6, 30)),
)
def test_the_sql_agrees_with_a_plain_count(many_ways, approved, sent, at):
    many_ways.usage_returns.all().delete()
    many_ways.approved_at = datetime.datetime.combine(approved, NOON, datetime.UTC)
    many_ways.save(update_fields=["approved_at"])
    first = Period.containing(QUARTER, approved - datetime.timedelta(days=1)).following
    past = {first.shift(number) for number in sent if first.shift(number).ends < at}
    for quarter in past:
        send(many_ways, quarter.code)
    for found in proofs(many_ways, Stage.STANDING, at):
        n, m = found.requirement.at_least, found.requirement.of_last
        assert (found.state != "asked_for") == by_hand(first, past, n, m, at), (n, m)
