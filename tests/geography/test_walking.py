"""The walking time is defined in one place."""

import pytest

from coverage.forms.question import QuestionForm
from coverage.sums import WALKING
from geography.walking import DETOUR, minutes_on_foot


@pytest.mark.parametrize(
    ("metres", "minutes"), [(0, 1), (61, 1), (62, 2), (800, 13), (801, 14), (1600, 26)]
)
def test_a_straight_line_distance_is_lengthened_for_streets(metres, minutes):
    assert minutes_on_foot(metres) == minutes


def test_a_walking_distance_is_not_lengthened():
    assert minutes_on_foot(800, factor=1) == 10


def test_coverage_uses_the_finders_walking_factor():
    assert WALKING == DETOUR
    words = str(QuestionForm.base_fields["within"].help_text)
    assert "13 minutes" in words
    assert "10" in words
