"""Properties of written times: no meaning is ever invented."""

import datetime

from hypothesis import given
from hypothesis import strategies as st

from venues.hours.reading import read_day
from venues.hours.times import (
    LONG,
    WHOLE_DAY,
    is_long,
    joined,
    length,
    read_time,
    read_written,
    readings,
)

TIMES = st.builds(datetime.time, st.integers(0, 23), st.integers(0, 59))


def twelve(time):
    return f"{(time.hour - 1) % 12 + 1}:{time:%M}{'am' if time.hour < 12 else 'pm'}"


@given(TIMES)
def test_every_time_is_read_in_every_notation(time):
    for text in (f"{time:%H:%M}", f"{time:%H.%M}", f"{time:%H%M}", twelve(time)):
        assert read_time(text) == time


@given(TIMES, TIMES)
def test_am_and_pm_leave_one_meaning(opens, closes):
    found = readings(read_written(twelve(opens)), read_written(twelve(closes)))
    assert found in ([(opens, closes)], [WHOLE_DAY, None])


@given(TIMES, TIMES)
def test_a_bare_pair_offers_every_meaning_am_or_pm_could_give_it(opens, closes):
    """Whatever somebody means by two bare times is among the meanings offered."""
    texts = [f"{(time.hour - 1) % 12 + 1}:{time:%M}" for time in (opens, closes)]
    found = readings(*map(read_written, texts))
    assert all((span[0].minute, span[1].minute) == (opens.minute, closes.minute) for span in found)
    if len(found) == 1:  # understood: a morning, or across noon, never overnight
        assert found[0][0] < found[0][1]
        assert found[0][0].hour >= 8


@given(TIMES, TIMES)
def test_an_import_never_accepts_more_than_sixteen_hours_except_24(opens, closes):
    for text in (f"{opens:%H:%M}-{closes:%H:%M}", f"{twelve(opens)}-{twelve(closes)}"):
        read = read_day(text, 0)
        assert bool(read.intervals) != bool(read.unread)
        for __, start, end, *___ in read.intervals:
            assert (start, end) == WHOLE_DAY or length((start, end)) <= LONG


@given(st.lists(st.tuples(TIMES, TIMES), min_size=1, max_size=4))
def test_joining_neither_loses_nor_adds_a_minute(spans):
    def minutes(spans):
        return {
            (start.hour * 60 + start.minute + step)
            for start, end in spans
            for step in range(length((start, end)))
        }

    written = minutes(spans)
    if max(written) - min(written) < 24 * 60:  # more would be capped at one whole day
        assert minutes(joined(spans)) == written


def test_a_whole_day_is_not_treated_as_a_slip():
    assert not is_long(WHOLE_DAY)
    assert is_long((datetime.time(9), datetime.time(9)))
