"""An officer enters a return for a venue that rang or wrote."""

import pytest

from partnership.actions import close_period
from partnership.models import Progress, UsageReturn
from tests.factories import OfficerFactory
from tests.partnership.factories import UsageReturnFactory
from tests.partnership.returns import a_member, last_quarter, line, typed
from venues.models import Event

pytestmark = pytest.mark.django_db
LIST = "/admin/partnership/usagereturn/"


@pytest.fixture
def sign_up():
    return a_member(venue__name="Corner Café")


@pytest.fixture
def officer(client, sign_up):
    user = OfficerFactory(scheme=sign_up.scheme, role="officer").user
    client.force_login(user)
    return user


@pytest.fixture
def address(sign_up):
    return f"{LIST}{last_quarter().code}/enter/{sign_up.pk}/"


def test_numbers_are_recorded_as_entered_by_the_officer(client, officer, sign_up, address):
    assert address in client.get(LIST).content.decode()
    lost = line(sign_up, "Lost")
    page = client.post(f"{address}send/", typed(people=1, **{f"item_{lost.pk}": "1"}), follow=True)
    assert "The return is kept." in page.content.decode()
    assert page.redirect_chain == [(f"{LIST}?period={last_quarter().code}", 302)]
    sent = UsageReturn.objects.get()
    assert (sent.people, sent.way, sent.sent_by) == (1, "officer", officer)
    assert sent.counts.get().item == lost
    event = Event.objects.get(kind="partnership.return_sent")
    assert (event.by, event.data["way"]) == (officer, "officer")


def test_the_officers_form_asks_for_numbers_but_no_text(client, officer, address):
    page = client.get(address).content.decode()
    assert "How many people did you help?" in page
    assert "Did not ask" in page
    assert 'name="progress"' not in page
    assert 'name="issue_text"' not in page
    client.post(f"{address}send/", typed(people=0, progress="Said.", issue_text="Said."))
    assert UsageReturn.objects.get().is_nil
    assert not Progress.objects.exists()


def test_a_change_keeps_the_venues_own_sentence(client, officer, sign_up, address):
    quarter = last_quarter()
    sent = UsageReturnFactory(
        sign_up=sign_up, year=quarter.year, number=quarter.number, people=2, way="link"
    )
    Progress.objects.create(usage_return=sent, text="Going well.")
    assert address in client.get(f"{LIST}{sent.pk}/change/").content.decode()
    client.post(f"{address}send/", typed(version=1, people=3))
    sent.refresh_from_db()
    assert (sent.people, sent.version, sent.progress.text) == (3, 2, "Going well.")
    assert Event.objects.get(kind="partnership.return_changed").by == officer


def test_a_return_sent_meanwhile_is_shown_and_not_overwritten(client, officer, sign_up, address):
    quarter = last_quarter()
    UsageReturnFactory(sign_up=sign_up, year=quarter.year, number=quarter.number, people=7)
    page = client.post(f"{address}send/", typed(version=0, people=4)).content.decode()
    assert "Somebody else sent this" in page
    assert 'value="4"' in page
    assert UsageReturn.objects.get().people == 7


@pytest.mark.parametrize("people", ["-1", "many", "", "10000"])
def test_an_invalid_number_is_refused(client, officer, address, people):
    page = client.post(f"{address}send/", typed(people=people)).content.decode()
    assert "There is a problem" in page
    assert not UsageReturn.objects.exists()


def test_a_closed_quarter_is_refused_and_the_input_is_kept(client, officer, sign_up, address):
    close_period(sign_up.scheme, last_quarter(), by=officer)
    assert address not in client.get(LIST).content.decode()
    assert "is closed" in client.get(address, follow=True).content.decode()
    page = client.post(f"{address}send/", typed(people=4)).content.decode()
    assert "is closed" in page
    assert 'value="4"' in page
    assert not UsageReturn.objects.exists()


@pytest.mark.parametrize("role", ["viewer", "trainer"])
def test_roles_without_the_permission_cannot_enter_returns(client, sign_up, address, role):
    client.force_login(OfficerFactory(scheme=sign_up.scheme, role=role).user)
    assert client.get(address).status_code == 403
    assert client.post(f"{address}send/", typed(people=4)).status_code == 403
    assert address not in client.get(LIST).content.decode()


def test_another_councils_officer_gets_404(client, address):
    client.force_login(OfficerFactory(role="administrator").user)
    assert client.get(address).status_code == 404
