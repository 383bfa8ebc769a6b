"""Properties of written times: no meaning is ever invented."""

import datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from venues.hours.reading import read_day
from venues.hours.times import (
    LONG,
    WHOLE_DAY,
    Style,
    is_long,
    joined,
    length,
    long_in_words,
    meanings_in_words,
    read_time,
    read_written,
    readings,
    run_in_words,
    span_in_words,
    time_in_words,
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


@pytest.mark.parametrize(
    ("text", "hour", "minute"),
    [
        ("13:00pm", 13, 0),
        ("23:59pm", 23, 59),
        ("12:00pm", 12, 0),
        ("12:15am", 0, 15),
        ("1am", 1, 0),
        ("0:30am", 0, 30),
        ("0:00", 0, 0),
        ("24:00", 0, 0),
        ("12 noon", 12, 0),
        ("12 midnight", 0, 0),
    ],
)
def test_a_time_at_the_edge_of_its_clock_is_read(text, hour, minute):
    assert read_time(text) == datetime.time(hour, minute)


@pytest.mark.parametrize(
    "text",
    ["24:00pm", "13pm", "13am", "13:30am", "0am", "0:30pm", "0:00am", "11 noon", "12:01 midday"],
)
def test_a_time_that_no_clock_shows_is_refused_in_the_words_written(text):
    with pytest.raises(ValueError, match=f"^{text}$"):
        read_time(text)


@pytest.mark.parametrize(
    "text", ["13", "0", "0:30", "09", "09:00", "0930", "1030", "1200", "24:00"]
)
def test_a_time_on_a_24_hour_clock_needs_no_am_or_pm(text):
    assert read_written(text).style is Style.CLOCK


@pytest.mark.parametrize("text", ["1", "9", "12", "9:30", "930", "12:30"])
def test_a_time_that_may_be_morning_or_evening_is_not_taken_for_certain(text):
    assert read_written(text).style is Style.BARE


@pytest.mark.parametrize(
    ("opens", "closes", "meanings"),
    [
        ("8", "12", ["08:00-12:00"]),
        ("7:59", "12", ["19:59-00:00", "07:59-12:00"]),
        ("22:00", "12", ["22:00-00:00", "22:00-12:00"]),
        ("9am", "11:59", ["09:00-11:59", "09:00-23:59"]),
        ("9am", "12", ["09:00-12:00"]),
        ("12", "4pm", ["12:00-16:00"]),
        ("12", "12am", ["12:00-00:00"]),
        ("12", "2am", ["00:00-02:00", "12:00-02:00"]),
        ("12", "noon", ["12:00-12:00"]),
        ("9", "12am", ["21:00-00:00", "09:00-00:00"]),
        ("9", "noon", ["09:00-12:00"]),
        ("9", "11am", ["09:00-11:00"]),
        ("2", "2pm", ["02:00-14:00"]),
        ("2", "4pm", ["14:00-16:00"]),
        ("6", "7pm", ["18:00-19:00", "06:00-19:00"]),
        ("10", "9", ["10:00-21:00", "22:00-09:00", "10:00-09:00"]),
        ("3pm", "3", ["15:00-03:00"]),
        ("9am", "9", ["09:00-21:00", "09:00-09:00"]),
        ("12", "5am", ["00:00-05:00", "12:00-05:00"]),
        ("9", "9am", ["21:00-09:00"]),
        ("5:59", "6:30pm", ["17:59-18:30"]),
        ("6", "10pm", ["18:00-22:00", "06:00-22:00"]),
    ],
)
def test_a_pair_means_just_what_it_can_the_likeliest_first(opens, closes, meanings):
    found = readings(read_written(opens), read_written(closes))
    assert ["-".join(f"{time:%H:%M}" for time in span) for span in found] == meanings


def test_a_whole_day_is_not_treated_as_a_slip():
    assert not is_long(WHOLE_DAY)
    assert is_long((datetime.time(9), datetime.time(9)))


def times(text):
    """Spans such as "9:00-10:00 22:00-2:00"."""
    return [
        tuple(datetime.time(*map(int, time.split(":"))) for time in span.split("-"))
        for span in text.split()
    ]


@pytest.mark.parametrize(
    ("written", "together"),
    [
        ("9:00-10:00 12:00-14:00 13:00-15:00", "9:00-10:00 12:00-15:00"),
        ("9:00-10:00 10:00-11:00", "9:00-11:00"),
        ("9:00-10:00 10:01-11:00", "9:00-10:00 10:01-11:00"),
        ("9:00-17:00 10:00-11:00", "9:00-17:00"),
        ("22:00-2:00 21:00-23:00", "21:00-2:00"),
        ("0:00-20:00 12:00-11:00", "0:00-0:00"),
    ],
)
def test_hours_that_touch_or_overlap_are_joined(written, together):
    assert joined(times(written)) == times(together)


@pytest.mark.parametrize(
    ("time", "words"),
    [
        ("0:00", "midnight"),
        ("0:30", "12:30 in the morning"),
        ("1:00", "1 in the morning"),
        ("11:00", "11 in the morning"),
        ("11:59", "11:59 in the morning"),
        ("12:00", "noon"),
        ("12:05", "12:05 in the afternoon"),
        ("13:00", "1 in the afternoon"),
        ("17:59", "5:59 in the afternoon"),
        ("18:00", "6 in the evening"),
        ("23:00", "11 in the evening"),
    ],
)
def test_a_time_is_said_as_people_say_it(time, words):
    assert time_in_words(datetime.time(*map(int, time.split(":")))) == words


@pytest.mark.parametrize(
    ("span", "words", "long"),
    [
        ("9:00-17:00", "09:00 to 17:00", "8 hours"),
        ("9:00-0:00", "09:00 to midnight", "15 hours"),
        ("22:30-2:00", "22:30 to 02:00 the next day", "3 hours 30 minutes"),
        ("0:00-0:00", "all day and night", "24 hours"),
        ("9:00-9:00", "24 hours from 09:00", "24 hours"),
    ],
)
def test_hours_and_their_length_are_said_in_words(span, words, long):
    (span,) = times(span)
    assert (span_in_words(span), long_in_words(span)) == (words, long)


def test_doubtful_hours_are_asked_back_by_where_they_differ():
    ends = times("9:00-11:00 9:00-23:00")
    assert meanings_in_words(ends) == "11 in the morning, or 11 in the evening?"
    starts = times("10:00-2:00 22:00-2:00")
    assert meanings_in_words(starts) == "10 in the morning, or 10 in the evening?"
    three = times("10:00-21:00 22:00-9:00 10:00-9:00")
    assert meanings_in_words(three) == "9 in the evening, or 9 in the morning?"
    assert meanings_in_words([WHOLE_DAY, None]) == "open day and night, or closed?"


WEEK = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (1, "Monday"),
        (2, "Monday and Tuesday"),
        (3, "Monday to Wednesday"),
        (6, "Monday to Saturday"),
        (7, "every day"),
    ],
)
def test_a_run_of_days_is_said_in_words(number, words):
    assert run_in_words(WEEK[:number]) == words
