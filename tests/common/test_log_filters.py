"""Nothing in a log opens a page or identifies a person."""

import datetime
import logging

import pytest
from django.conf import settings
from django.urls import reverse

from common import signed_links
from common.log_filters import SECRET, HideLinks, hide
from tests.common.test_request_guard import PUBLIC

BEHIND_A_SECRET = [route for route in PUBLIC if SECRET.search(route)]


def test_some_urls_carry_tokens():
    assert len(BEHIND_A_SECRET) > 30


@pytest.mark.parametrize("route", BEHIND_A_SECRET)
@pytest.mark.parametrize("secret", ["abc.def:ghi", "abc.def%3Aghi", "cut", "0" * 36])
def test_a_token_is_hidden_in_every_url_that_carries_one(route, secret):
    for prefix, suffix in (
        (f"/{SECRET.split(route)[0]}", "/"),
        ("/cy/" + SECRET.split(route)[0], ""),
    ):
        logged = hide(f'Not Found: {prefix}{secret}{suffix} "GET"')
        assert secret not in logged
        assert SECRET.split(route)[0].split("<")[0] in logged


def test_a_token_is_hidden_anywhere_in_a_message():
    token = signed_links.make("learn", "BCDFGHJK", lasts=datetime.timedelta(days=1))
    assert token.split(":")[-1] not in hide(f"What is {token}?")


@pytest.mark.parametrize(
    "email", ["kim@example.org", "kim.o+x@mail.example.co.uk", "kim%40example.org"]
)
def test_email_addresses_are_hidden(email):
    assert hide(f"Could not send to {email}, twice") == "Could not send to …, twice"


def test_other_text_is_unchanged():
    for words in ("Not Found: /venues/the-hall/", "The limit on join was not counted: 12:30:00"):
        assert hide(words) == words


def test_every_handler_of_ours_has_the_filter(client, db, caplog):
    handlers = settings.LOGGING["handlers"]
    assert all("hide_links" in handler["filters"] for handler in handlers.values())
    loggers = settings.LOGGING["loggers"]
    assert all(set(logger["handlers"]) <= set(handlers) for logger in loggers.values())


def test_the_log_of_a_404_holds_no_token(client, db):
    record = logging.LogRecord(
        "django.request", logging.WARNING, "", 1, "%s: %s", ("Gone", "x"), None
    )
    record.args = ("Gone", reverse("meeting", args=["abc:def"]) + "documents/7/")
    assert HideLinks().filter(record)
    assert record.getMessage() == "Gone: /meetings/…/documents/7/"


def test_a_traceback_holds_no_token():
    try:
        raise ValueError("/returns/abc:def/send/ by kim@example.org")
    except ValueError as error:
        info = (type(error), error, error.__traceback__)
    record = logging.LogRecord("safespaces", logging.ERROR, "", 1, "It failed", (), info)
    HideLinks().filter(record)
    text = logging.Formatter().format(record)
    assert "/returns/…/send/ by …" in text
