"""What the pages one needs in a hurry cost over a bad signal: bytes, requests and queries."""

import gzip
import re

import pytest
from django.contrib.staticfiles import finders
from django.utils import timezone

from signposting.models import Service
from venues.kept import rebuild

pytestmark = pytest.mark.django_db
KB = 1000
COMPRESSED = {"Accept-Encoding": "gzip"}


def needed(page: str) -> list[str]:
    """The files that a browser fetches with the page, by their names under static/."""
    page = re.sub(r"<template.*?</template>", "", page, flags=re.DOTALL)  # only when asked for
    tags = re.findall(r"<(?:link|script|img)\b[^>]*>", page)
    tags = [tag for tag in tags if 'rel="alternate"' not in tag and "json" not in tag]
    found = [re.search(r'(?:href|src)="([^"]*)"', tag)[1] for tag in tags]
    return [name.removeprefix("/static/") for name in found if not name.startswith("data:")]


def weight(name: str) -> int:
    with open(finders.find(name), "rb") as file:
        return len(gzip.compress(file.read()))


@pytest.fixture
def full_town(place):
    """More than fits on an answer, of every sort, and a dozen helplines."""
    for number in range(9):
        place(f"The open place number {number}", metres=90 * number + 50, phone="01632 960001")
    for number in range(5):
        place(f"The closed place number {number}", metres=90 * number + 80, hours=[])
        place(f"The doubtful number {number}", metres=90 * number, hours_confirmed_at=None)
    for number in range(12):
        Service.objects.create(
            name=f"Helpline number {number}",
            what_for="If your partner, ex-partner or family hurts or frightens you.",
            number=f"01632 9601{number:02}",
            answers="always" if number < 9 else "daytime",
            confirmed_by_name="Ann",
            confirmed_on=timezone.localdate(),
        )


def test_the_first_page_is_small_and_needs_three_requests(client):
    response = client.get("/", headers=COMPRESSED)
    assert response["Content-Encoding"] == "gzip"
    files = needed(gzip.decompress(response.content).decode())
    assert len(files) == 2  # and the page itself
    assert len(response.content) + sum(map(weight, files)) <= 20 * KB


def test_an_answer_is_small_and_needs_no_file_beyond_the_first_pages(client, here, full_town):
    first = needed(client.get("/").content.decode())
    response = client.post("/", {"location": "ZZ1 1AA"}, headers=COMPRESSED)
    assert response["Content-Encoding"] == "gzip"
    assert len(response.content) <= 6 * KB
    assert set(needed(gzip.decompress(response.content).decode())) <= set(first)


def test_neither_page_holds_a_token_or_sets_a_cookie_so_that_compressing_is_safe(client, here):
    for response in (client.get("/"), client.post("/", {"location": "ZZ1 1AA"})):
        assert "csrf" not in response.content.decode()
        assert not response.cookies


def test_the_first_page_makes_no_query_and_may_be_cached_for_30_seconds(
    client, django_assert_num_queries
):
    with django_assert_num_queries(0):
        response = client.get("/")
    assert "max-age=30" in response["Cache-Control"]


def test_an_answer_takes_a_constant_number_of_queries(
    client, here, full_town, django_assert_max_num_queries
):
    client.post("/", {"location": "ZZ1 1AA"})
    with django_assert_max_num_queries(14):
        client.post("/", {"location": "ZZ1 1AA"})


def test_an_answer_from_kept_listings_asks_for_the_postcode_and_for_all_around_it(
    client, here, full_town, django_assert_num_queries
):
    rebuild()
    client.post("/", {"location": "ZZ1 1AA"})
    with django_assert_num_queries(2):
        client.post("/", {"location": "ZZ1 1AA"})
