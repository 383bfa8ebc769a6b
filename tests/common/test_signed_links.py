from datetime import timedelta

import pytest
from django.utils import timezone

from common import signed_links
from common.signed_links import LinkRefused

DAY = timedelta(days=1)


def test_a_link_returns_its_data():
    assert signed_links.read("learn", signed_links.make("learn", {"id": 7}, lasts=DAY)) == {"id": 7}


def test_a_link_is_refused_for_another_purpose():
    token = signed_links.make("learn", 7, lasts=DAY)

    with pytest.raises(LinkRefused, match="not one of ours"):
        signed_links.read("agree", token)


def test_a_link_expires():
    token = signed_links.make("learn", 7, lasts=DAY, at=timezone.now() - 2 * DAY)

    with pytest.raises(LinkRefused, match="run out"):
        signed_links.read("learn", token)


@pytest.mark.parametrize("length", [0, 1, 10, -1, -20])
def test_a_link_truncated_by_a_mail_client_says_so(length):
    token = signed_links.make("learn", 7, lasts=DAY)

    with pytest.raises(LinkRefused, match="not whole"):
        signed_links.read("learn", token[:length])


@pytest.mark.parametrize("token", ["", ":::", "a:b", "é" * 50, "x" * 5000, "\x00"])
def test_an_invalid_token_is_refused_with_a_reason(token):
    with pytest.raises(LinkRefused):
        signed_links.read("learn", token)
