"""What the partnership asks of a member on the portal's first page."""

import pytest
from django.utils import timezone

from partnership.actions import Figures, close_period, send_return
from tests.factories import UserFactory
from tests.partnership.returns import a_member, last_quarter, manager_of

pytestmark = pytest.mark.django_db
ASKED = "How often did someone need your safe space"


@pytest.fixture
def home(client):
    def look(sign_up):
        client.force_login(manager_of(sign_up))
        sign_up.venue.hours_confirmed_at = timezone.now()
        sign_up.venue.save(update_fields=["hours_confirmed_at"])
        return client.get(f"/portal/{sign_up.pk}/").content.decode()

    return look


def test_the_quarters_return_is_asked_for_until_it_is_sent(home):
    sign_up = a_member()
    quarter = last_quarter()
    page = home(sign_up)
    assert f"{ASKED} in {quarter.label}" in page
    assert f"/portal/returns/{sign_up.pk}/{quarter.code}/" in page
    send_return(sign_up, quarter, Figures(), version=0, way="portal")
    assert ASKED not in home(sign_up)


def test_nothing_is_asked_for_a_quarter_before_approval(home):
    assert ASKED not in home(a_member(approved_at=timezone.now()))


def test_nothing_is_asked_for_a_closed_quarter(home):
    sign_up = a_member()
    close_period(sign_up.scheme, last_quarter(), by=UserFactory())
    assert ASKED not in home(sign_up)
