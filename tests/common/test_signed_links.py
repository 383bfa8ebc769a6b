from datetime import timedelta

import pytest
from django.utils import timezone

from common import signed_links
from common.signed_links import LinkRefused

DAY = timedelta(days=1)


def test_a_link_gives_back_what_it_was_made_for():
    assert signed_links.read("learn", signed_links.make("learn", {"id": 7}, lasts=DAY)) == {"id": 7}


def test_it_is_refused_for_another_purpose():
    token = signed_links.make("learn", 7, lasts=DAY)

    with pytest.raises(LinkRefused, match="not one of ours"):
        signed_links.read("agree", token)


def test_it_runs_out():
    token = signed_links.make("learn", 7, lasts=DAY, at=timezone.now() - 2 * DAY)

    with pytest.raises(LinkRefused, match="run out"):
        signed_links.read("learn", token)


@pytest.mark.parametrize("length", [0, 1, 10, -1, -20])
def test_a_link_cut_off_by_the_mail_program_says_so(length):
    token = signed_links.make("learn", 7, lasts=DAY)

    with pytest.raises(LinkRefused, match="not whole"):
        signed_links.read("learn", token[:length])


@pytest.mark.parametrize("token", ["", ":::", "a:b", "é" * 50, "x" * 5000, "\x00"])
def test_rubbish_is_refused_in_words(token):
    with pytest.raises(LinkRefused):
        signed_links.read("learn", token)
