"""Limits on request size and rate, and values no URL may hold."""

import pytest
from django.db import DatabaseError, DataError
from django.test import Client
from psycopg2 import DatabaseError as DriverError

from common.errors import is_database_down, wait_in_words
from tests.factories import UserFactory
from tests.house.test_access import ROUTES, is_public

pytestmark = pytest.mark.django_db
BIG = "a=" + "1 " * 1_250_000
FORM = {"content_type": "application/x-www-form-urlencoded"}


def filled(route):
    """The route with a dummy value in place of each converter."""
    parts = {"int": "1", "slug": "x", "str": "x", "uuid": "0" * 8 + "-0000" * 3 + "-" + "0" * 12}
    out = route.replace("<period:period>", "2026-Q3")
    for kind, value in parts.items():
        while f"<{kind}:" in out:
            start = out.index(f"<{kind}:")
            out = out[:start] + value + out[out.index(">", start) + 1 :]
    return "/" + out


PUBLIC = [route for route, view in ROUTES if is_public(view) and "(?P<" not in route]


@pytest.mark.parametrize("route", PUBLIC)
def test_a_2_5_mb_request_is_rejected_by_every_public_page(client, route):
    answer = client.post(filled(route), BIG, **FORM)
    assert answer.status_code == 413
    assert "too much to send" in answer.text
    assert 'href="tel:999"' in answer.text


def test_a_multipart_body_cannot_bypass_the_limit(client):
    assert client.post("/", {"location": "x" * 300_000}).status_code == 413


def test_a_signed_in_user_may_send_long_texts_within_a_limit(client):
    client.force_login(UserFactory())
    long = "name=" + "x" * 400_000
    assert client.post("/portal/1/space/save/", long, **FORM).status_code == 404
    assert client.post("/portal/1/space/save/", BIG, **FORM).status_code == 413
    answer = client.post("/portal/1/space/save/", {"name": "x" * 2_200_000})
    assert answer.status_code in (404, 413)


def test_an_expired_session_is_sent_to_log_in_without_reading_the_body(client):
    answer = client.post("/portal/1/photo/save/", "x" * 300_000, **FORM)
    assert answer.status_code == 302
    assert "/accounts/login/" in answer.url


def test_a_form_with_too_many_fields_is_refused_with_a_reason(client):
    fields = "&".join(f"f{number}=1" for number in range(2000))
    answer = client.post("/", fields, **FORM)
    assert answer.status_code == 413
    assert "Nothing was saved" in answer.text


def test_requests_behind_a_signed_link_are_rate_limited(client):
    answers = [client.post("/agreement/x:y/confirm/").status_code for __ in range(61)]
    assert 429 not in answers[:60]
    assert answers[60] == 429
    assert client.post("/agreement/x:z/confirm/").status_code != 429


@pytest.mark.parametrize("address", ["/stickers/%00/", "/map/?page=%00", "/venues/a%00b/"])
def test_a_url_with_a_nul_is_not_found(client, address):
    assert client.get(address).status_code == 404


def test_a_connection_ended_by_the_server_counts_as_the_database_being_down():
    def wrapped(cause):
        try:
            raise DatabaseError("server closed the connection unexpectedly") from cause
        except DatabaseError as error:
            return error

    assert is_database_down(wrapped(DriverError("server closed the connection unexpectedly")))
    assert not is_database_down(wrapped(None))
    assert not is_database_down(DataError("out of range"))
    assert not is_database_down(ValueError("no"))


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (1, "1 minute"),
        (61, "2 minutes"),
        (900, "15 minutes"),
        (3600, "60 minutes"),
        (9000, "3 hours"),
    ],
)
def test_waits_are_rounded_up_in_words(seconds, words):
    assert wait_in_words(seconds) == words


def test_the_429_page_states_the_real_wait():
    visitor = Client()
    for __ in range(20):
        visitor.post("/learn/code/", {"code": "BCDFGHJK"})
    refused = visitor.post("/learn/code/", {"code": "BCDFGHJK"})
    assert refused.status_code == 429
    assert 890 <= int(refused["Retry-After"]) <= 900
    assert "Wait 15 minutes" in refused.text


@pytest.mark.parametrize("address", ["/", "/accounts/login/", "/nothing-here/", "/stickers/%00/"])
def test_every_response_disables_unused_browser_features(client, address):
    answer = client.get(address)
    assert "camera=()" in answer["Permissions-Policy"]
    assert "geolocation=(self)" in answer["Permissions-Policy"]
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
