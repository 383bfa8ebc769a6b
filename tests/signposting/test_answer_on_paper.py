"""An answer printed: the nearest on a sheet, with how to ring and a code for the finder."""

import re

import pytest
from django.utils import timezone

pytestmark = pytest.mark.django_db


def sheet(client):
    page = client.post("/", {"location": "ZZ1 1AA"}).content.decode()
    found = page.partition('<section class="on-paper"')[2].partition("</section>")[0]
    return found, " ".join(re.sub(r"<[^>]+>", " ", found).split())


def test_it_lists_the_nearest_places_open_or_not_and_nothing_that_expires(client, here, place):
    confirmed = {"phone": "01632 960031", "phone_confirmed_on": timezone.localdate()}
    place("Farther", metres=900, **confirmed)
    place("Shut", metres=300, hours=[])
    place("Nearest", metres=50, address_1="31 Quay Lane", postcode="ZZ1 1AA")
    html, said = sheet(client)
    assert said.index("Nearest") < said.index("Shut") < said.index("Farther")
    assert "Café or restaurant. 31 Quay Lane, Exampleton" in html.replace("\n", " ")
    assert "01632 960031" in said
    today = timezone.localdate()
    assert f"Printed on {today:%A} {today.day} {today:%B %Y}" in said
    for untrue in ("pen now", "Open ", "Closed", "opens"):
        assert untrue not in said
    assert 'src="data:image/svg+xml' in html


def test_it_lists_at_most_eight_places_and_no_unpublished_address(client, here, place):
    for number in range(12):
        place(f"Place {number}", metres=100 + number)
    place("Quiet House", metres=60, listing="area_only", address_1="9 Hidden Lane", town="Alphaton")
    html, said = sheet(client)
    assert html.count("<p>") == 8 + 1  # and the line about the day
    assert "Hidden Lane" not in said
    assert "Alphaton" in said
