import pytest

from common.tasks.each import each_by_itself


def test_one_that_fails_holds_up_no_other_and_is_raised_in_the_end():
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
