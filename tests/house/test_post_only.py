"""Nobody sees a bare "405": opening a POST-only URL leads to its page."""

import re
import uuid

import pytest

from tests.factories import OfficerFactory
from tests.house.chain import address as address_of
from tests.house.chain import is_sent_up
from tests.house.test_access import ROUTES
from venues.models import Officer

pytestmark = pytest.mark.django_db
ANY = {"token": "x", "slug": "x", "code": "x", "order": "1", "key": str(uuid.uuid4())}
"""For what the chain has no thing: the address is asked all the same."""


def addresses(chain):
    for route, _view in ROUTES:
        if "(?P<" not in route:
            is_known = route.startswith(("portal/", "admin/"))
            yield address_of(route, chain, **ANY, **({} if is_known else {"pk": "1"}))


NOT_THERE = re.compile("/season/summer/|/correct/now/|/enrolments/|/import/")
"""The chain has no hours for a part of the year, an open register, no link to hand out, and no
import of an organisation's places."""


def sent_up(client, chain, under="/"):
    """POST-only URLs below `under`, for this user."""
    found = []
    for address in addresses(chain):
        if not address.startswith(under):
            continue
        answer = client.get(address)
        assert answer.status_code != 405, address
        is_change_page = re.search(r"/admin/\w+/\w+/\d+/$", address)
        if is_sent_up(answer, address) and not is_change_page and not NOT_THERE.search(address):
            found.append(address)
    return found


def test_no_post_only_url_answers_an_anonymous_get_with_405(client, chain):
    assert len(sent_up(client, chain)) > 20


def test_a_manager_is_redirected_to_a_page_that_opens(client, chain):
    client.force_login(chain["membership"].user)
    found = sent_up(client, chain, under="/portal/")
    assert len(found) > 40
    for address in found:
        assert client.get(address, follow=True).status_code == 200, address


def test_an_administrator_is_redirected_to_a_page_that_opens(client, chain):
    user = OfficerFactory(scheme=chain["scheme"], role=Officer.Role.ADMINISTRATOR).user
    client.force_login(user)
    found = sent_up(client, chain, under="/admin/")
    assert len(found) > 25  # Decisions have pages of their own: see test_decisions.
    for address in found:
        assert client.get(address, follow=True).status_code == 200, address
