import pytest

from common.tasks.each import each_by_itself


def test_one_failure_does_not_stop_the_others_and_is_raised_at_the_end():
    done = []

    def act(number):
        if number == 2:
            raise ValueError("out of order")
        done.append(number)
        return number

    with pytest.raises(ValueError, match="out of order"):
        each_by_itself([1, 2, 3], act)
    assert done == [1, 3]
    assert each_by_itself([1, 3], act) == [1, 3]
