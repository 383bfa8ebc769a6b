"""How long a walk takes is said once."""

import pytest

from coverage.forms.question import QuestionForm
from coverage.sums import WALKING
from geography.walking import DETOUR, minutes_on_foot


@pytest.mark.parametrize(
    ("metres", "minutes"), [(0, 1), (61, 1), (62, 2), (800, 13), (801, 14), (1600, 26)]
)
def test_a_straight_line_is_walked_by_streets_that_are_longer(metres, minutes):
    assert minutes_on_foot(metres) == minutes


def test_metres_that_are_walked_are_not_made_longer():
    assert minutes_on_foot(800, factor=1) == 10


def test_coverage_measures_on_foot_by_the_finders_own_factor():
    assert WALKING == DETOUR
    words = str(QuestionForm.base_fields["within"].help_text)
    assert "13 minutes" in words
    assert "10" in words
