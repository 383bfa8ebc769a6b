"""The privacy page's promises about the partnership."""

import pytest

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    "words",
    [
        "The totals are kept.",
        "deleted two years after it was sent",
        "two years after the meeting",
        "two years after it was closed",
        "deleted a month after the meeting",
        "deleted when the partner leaves",
        "can be taken back at any time",
    ],
)
def test_the_privacy_page_covers_returns_meetings_and_partners(client, words):
    assert words in client.get("/privacy/").content.decode()
