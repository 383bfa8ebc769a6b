"""All of an organisation's returns on one page: numbers, nil for the rest, and totals."""

import datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from common.refusals import Refused
from partnership.actions import Figures, send_branch_returns, send_return, start_tally
from partnership.models import ClosedPeriod, TallyCount, UsageReturn
from tests.factories import MembershipFactory, OrganisationFactory, SchemeFactory, VenueFactory
from tests.partnership.returns import a_member, last_quarter, line
from venues.models import Event, Membership

pytestmark = pytest.mark.django_db


@pytest.fixture
def organisation():
    return OrganisationFactory(name="Copper Kettle Ltd")


@pytest.fixture
def scheme():
    return SchemeFactory(offers_stickers=False)


def a_branch(organisation, scheme, name, **more):
    venue = VenueFactory(organisation=organisation, lead_scheme=scheme, name=name)
    kept = list(organisation.memberships.all())
    sign_up = a_member(scheme=scheme, venue=venue, **more)
    Membership.objects.filter(organisation=organisation).exclude(
        pk__in=[m.pk for m in kept]
    ).delete()
    return sign_up


@pytest.fixture
def branches(organisation, scheme):
    return [a_branch(organisation, scheme, name) for name in ("Market Hall", "Quay Lane", "Zoo")]


@pytest.fixture
def head_office(client, organisation, branches):
    user = MembershipFactory(organisation=organisation).user
    client.force_login(user)
    return user


def address(name, organisation):
    return reverse(name, args=[organisation.pk, last_quarter()])


def post(client, name, organisation, data):
    return client.post(address(name, organisation), data, follow=True)


def sent():
    return {each.sign_up.venue.name: each.people for each in UsageReturn.objects.all()}


def test_head_office_sends_numbers_by_row_and_nil_for_the_rest(
    client, organisation, branches, head_office
):
    now = client.get(reverse("branch_returns_now", args=[organisation.pk]), follow=True)
    page = now.content.decode()
    assert "3 places without a number" in page
    assert page.index("Market Hall") < page.index("Quay Lane") < page.index("Zoo")

    numbers = {f"people_{branches[0].pk}": "4", f"people_{branches[1].pk}": ""}
    answer = post(client, "send_branch_numbers", organisation, numbers).content.decode()
    assert "The return of 1 place is sent." in answer
    assert sent() == {"Market Hall": 4}

    pressed = {"sign_up": [branches[1].pk, branches[2].pk]}
    answer = post(client, "send_branch_nils", organisation, pressed).content.decode()
    assert "The returns of 2 places are sent." in answer
    assert sent() == {"Market Hall": 4, "Quay Lane": 0, "Zoo": 0}
    assert Event.objects.filter(kind="partnership.return_sent", by=head_office).count() == 3
    assert "3 sent, 0 not sent yet. People helped in total: 4." in answer


def test_nil_is_sent_only_for_venues_shown_as_open(
    client, organisation, scheme, branches, head_office
):
    send_return(branches[0], last_quarter(), Figures(people=7), version=0, way="portal")
    everything = {"sign_up": [each.pk for each in branches]}
    post(client, "send_branch_nils", organisation, everything)
    assert sent() == {"Market Hall": 7, "Quay Lane": 0, "Zoo": 0}
    later = a_branch(organisation, scheme, "Later")
    post(client, "send_branch_nils", organisation, everything)
    assert later.venue.name not in sent()


def test_a_venue_with_tally_counts_is_not_sent_as_nil(client, organisation, branches, head_office):
    tally = start_tally(branches[2], by=head_office)
    quarter = last_quarter()
    TallyCount.objects.create(tally=tally, year=quarter.year, number=quarter.number, count=3)
    page = client.get(address("branch_returns", organisation)).content.decode()
    assert "The tally has numbers" in page
    post(client, "send_branch_nils", organisation, {"sign_up": [each.pk for each in branches]})
    assert sent() == {"Market Hall": 0, "Quay Lane": 0}


def test_a_return_sent_meanwhile_is_kept_and_nothing_else_is_sent(branches, head_office):
    send_return(branches[1], last_quarter(), Figures(people=7), version=0, way="portal")
    with pytest.raises(Refused, match="Quay Lane: its return was sent meanwhile"):
        send_branch_returns({each.pk: 1 for each in branches}, last_quarter(), by=head_office)
    assert sent() == {"Quay Lane": 7}


def test_a_closed_quarter_is_refused_naming_each_venue(scheme, organisation, branches, head_office):
    quarter = last_quarter()
    ClosedPeriod.objects.create(
        scheme=scheme,
        year=quarter.year,
        number=quarter.number,
        closed_at=timezone.now(),
        closed_by=head_office,
    )
    with pytest.raises(Refused) as refusal:
        send_branch_returns({each.pk: 0 for each in branches}, quarter, by=head_office)
    assert "Zoo" in str(refusal.value)
    assert not UsageReturn.objects.exists()


@pytest.mark.parametrize("text", ["many", "-1", "10000", "1.5"])
def test_an_invalid_number_is_flagged_on_its_row_and_nothing_is_sent(
    client, organisation, branches, head_office, text
):
    data = {f"people_{branches[0].pk}": "2", f"people_{branches[1].pk}": text}
    page = post(client, "send_branch_numbers", organisation, data).content.decode()
    assert page.count('class="govuk-error-message"') == 1
    assert "People helped at Quay Lane" in page
    assert f'value="{text}"' in page
    assert not UsageReturn.objects.exists()


def test_submitting_no_number_is_refused(client, organisation, branches, head_office):
    page = post(client, "send_branch_numbers", organisation, {}).content.decode()
    assert "Write a number for at least one place." in page


def test_head_office_sees_the_totals(client, organisation, branches, head_office):
    for sign_up, people in zip(branches, (3, 4), strict=False):
        lost = line(sign_up, "Lost").pk
        figures = Figures(people=people, counts={lost: people})
        send_return(sign_up, last_quarter(), figures, version=0, way="portal")
    response = client.get(address("branch_returns", organisation))
    totals = response.context["totals"]
    assert (totals.sent, totals.missing, totals.people) == (2, 1, 7)
    assert totals.lists == [("Why people came", [("Lost", 7)])]
    table = client.get(address("branch_returns_csv", organisation)).content.decode()
    assert "Market Hall" in table
    assert len(table.splitlines()) == 4


def test_a_branch_manager_sees_and_sends_only_their_own_returns(client, organisation, branches):
    user = MembershipFactory(organisation=organisation, venues=[branches[0].venue]).user
    client.force_login(user)
    page = client.get(address("branch_returns", organisation)).content.decode()
    assert "Market Hall" in page
    assert "Zoo" not in page
    post(client, "send_branch_numbers", organisation, {f"people_{branches[1].pk}": "4"})
    post(client, "send_branch_nils", organisation, {"sign_up": [each.pk for each in branches]})
    assert sent() == {"Market Hall": 0}


def test_no_page_for_a_future_quarter_or_a_scheme_without_returns(
    client, organisation, scheme, branches, head_office
):
    coming = reverse("branch_returns", args=[organisation.pk, last_quarter().shift(1)])
    assert client.get(coming).status_code == 404
    scheme.returns_every = "none"
    scheme.save()
    page = client.get(address("branch_returns", organisation)).content.decode()
    assert "None of your places owes a return" in page
    home = client.get(reverse("organisation_home", args=[organisation.pk])).content.decode()
    assert "Returns of all places" not in home


def test_showing_and_sending_use_a_constant_number_of_queries(
    client, organisation, scheme, branches, head_office
):
    def queries(do):
        with CaptureQueriesContext(connection) as asked:
            do()
        return len(asked)

    def show():
        assert client.get(address("branch_returns", organisation)).status_code == 200

    few = queries(show)
    more = [a_branch(organisation, scheme, f"More {number}") for number in range(6)]
    assert queries(show) == few
    three = {each.pk: 0 for each in branches}
    first = queries(lambda: send_branch_returns(three, last_quarter(), by=head_office))
    six = {each.pk: 0 for each in more}
    assert queries(lambda: send_branch_returns(six, last_quarter(), by=head_office)) <= first


def test_the_organisation_page_shows_which_return_is_due(
    client, organisation, branches, head_office
):
    (branch, _cells), *_rest = client.get(
        reverse("organisation_home", args=[organisation.pk])
    ).context["page"]
    due = [each for each in branch.to_do if "Send the return" in each.words]
    assert len(due) == 1
    assert due[0].by > last_quarter().ends
    assert isinstance(due[0].by, datetime.date)
