"""Recurring hours at their edges, and how hours are put into words."""

import datetime

import pytest

from venues.hours.intervals import HoursRead, Interval, Unread, in_order, week_in_words
from venues.hours.lines import lines_of
from venues.hours.model import BankHolidays
from venues.hours.recurrence import (
    day_of_fortnight,
    may_coincide,
    next_of_fortnight,
    occurrences,
    recurrence_in_words,
    takes_place,
    weeks_in_words,
)
from venues.hours.tokens import MOST, NotRead, tokens_of

ONE_DAY = datetime.timedelta(days=1)
TUESDAY = datetime.date(2026, 12, 8)
FORTNIGHT = 14 * ONE_DAY


def hours(weekday=1, opens=9, closes=17, **more):
    times = [None if hour is None else datetime.time(hour) for hour in (opens, closes)]
    return Interval(weekday, *times, **more)


@pytest.mark.parametrize(
    ("day", "numbers"),
    [(1, [1]), (7, [1]), (8, [2]), (21, [3]), (22, [4]), (24, [4]), (25, [4, -1]), (29, [5, -1])],
)
def test_a_day_is_counted_among_its_weekdays_of_the_month(day, numbers):
    assert occurrences(datetime.date(2026, 12, day)) == numbers


def test_the_fortnight_is_counted_from_its_first_monday():
    assert day_of_fortnight(datetime.date(2000, 1, 3)) == 0
    assert day_of_fortnight(datetime.date(2000, 1, 16)) == 13
    assert day_of_fortnight(datetime.date(2000, 1, 17)) == 0


def test_fortnightly_hours_take_place_from_their_first_day_every_fourteen_days():
    each = hours(fortnight_from=TUESDAY)
    days = [TUESDAY - FORTNIGHT, TUESDAY, TUESDAY + FORTNIGHT / 2, TUESDAY + FORTNIGHT]
    assert [takes_place(each, day) for day in days] == [False, True, False, True]


@pytest.mark.parametrize(
    ("later", "following"), [(-1, 0), (0, 0), (1, 14), (13, 14), (14, 14), (15, 28)]
)
def test_the_next_day_of_a_fortnight_is_not_before_the_day_that_is_asked_about(later, following):
    asked = TUESDAY + later * ONE_DAY
    assert next_of_fortnight(TUESDAY, asked) == TUESDAY + following * ONE_DAY


@pytest.mark.parametrize(
    ("one", "other", "expected"),
    [
        ({}, {}, True),
        ({"weeks": (1, 3)}, {}, True),
        ({}, {"weeks": (1, 3)}, True),
        ({"weeks": (1, 3)}, {"weeks": (2, 4)}, False),
        ({"weeks": (1, 3)}, {"weeks": (3, 4)}, True),
        ({"weeks": (-1,)}, {"weeks": (4,)}, True),
        ({"weeks": (-1,)}, {"weeks": (5,)}, True),
        ({"weeks": (-1,)}, {"weeks": (3,)}, False),
        ({"term": "term"}, {"term": "holidays"}, False),
        ({"term": "term"}, {"term": "term"}, True),
        ({"term": "term"}, {}, True),
        ({}, {"term": "term"}, True),
        ({"fortnight_from": TUESDAY}, {"fortnight_from": TUESDAY + FORTNIGHT / 2}, False),
        ({"fortnight_from": TUESDAY}, {"fortnight_from": TUESDAY + FORTNIGHT}, True),
        ({"fortnight_from": TUESDAY}, {}, True),
        ({}, {"fortnight_from": TUESDAY}, True),
    ],
)
def test_hours_of_one_weekday_can_fall_on_one_day_or_cannot(one, other, expected):
    assert may_coincide(hours(**one), hours(**other)) == expected


def test_weeks_of_the_month_are_listed_in_order_the_last_at_the_end():
    assert weeks_in_words([3, 1]) == "1st and 3rd"
    assert weeks_in_words([-1, 5, 4, 2]) == "2nd, 4th, 5th and last"


@pytest.mark.parametrize(
    ("more", "at", "words"),
    [
        ({}, None, ""),
        ({"weeks": (1, 3)}, None, " on the 1st and 3rd Tuesday of the month"),
        ({"fortnight_from": TUESDAY}, None, ", every other Tuesday from 8 December 2026"),
        ({"fortnight_from": TUESDAY}, TUESDAY, ", every other Tuesday from 8 December 2026"),
        (
            {"fortnight_from": TUESDAY},
            TUESDAY + ONE_DAY,
            ", every other Tuesday, next on 22 December 2026",
        ),
        ({"term": "term"}, None, " in term time"),
        (
            {"weeks": (-1,), "term": "holidays"},
            None,
            " on the last Tuesday of the month, in school holidays",
        ),
    ],
)
def test_how_hours_recur_is_said_in_words(more, at, words):
    assert recurrence_in_words(hours(**more), "Tuesday", at) == words


@pytest.mark.parametrize(
    ("week", "words"),
    [
        ([hours(day) for day in range(5)], "Monday to Friday 09:00 to 17:00"),
        ([hours(0), hours(1)], "Monday and Tuesday 09:00 to 17:00"),
        ([hours(0), hours(2), hours(4)], "Monday, Wednesday and Friday 09:00 to 17:00"),
        (
            [hours(day) for day in (0, 1, 2, 3, 5)],
            "Monday to Thursday and Saturday 09:00 to 17:00",
        ),
        ([hours(day) for day in (0, 2, 3, 4)], "Monday and Wednesday to Friday 09:00 to 17:00"),
        ([hours(day) for day in range(7)], "Every day 09:00 to 17:00"),
        ([hours(day) for day in (5, 6, 7)], "Saturday, Sunday and bank holidays 09:00 to 17:00"),
        ([hours(1, 13), hours(1, 9, 12)], "Tuesday 09:00 to 12:00 and 13:00 to 17:00"),
        (
            [hours(1, 9, 10, weeks=(1,)), hours(1, 13)],
            "Tuesday 13:00 to 17:00 and 09:00 to 10:00 on the 1st Tuesday of the month",
        ),
        ([hours(1, None, None, by_appointment=True)], "Tuesday by appointment"),
        ([hours(1, by_appointment=True)], "Tuesday 09:00 to 17:00, by appointment"),
        (
            [hours(1, None, None, by_appointment=True), hours(1)],
            "Tuesday 09:00 to 17:00 and by appointment",
        ),
    ],
)
def test_a_week_is_said_on_one_line(week, words):
    assert week_in_words(week).lower() == words.lower()


ASKED = hours(1, None, None, by_appointment=True)


@pytest.mark.parametrize(
    ("week", "lines"),
    [
        ([hours(day) for day in range(5)], ["Monday to Friday 09:00–17:00"]),
        ([hours(0), hours(1)], ["Monday, Tuesday 09:00–17:00"]),
        ([hours(0), hours(2)], ["Monday, Wednesday 09:00–17:00"]),
        ([hours(day) for day in (0, 2, 3, 4)], ["Monday, Wednesday to Friday 09:00–17:00"]),
        ([hours(day) for day in (0, 1, 2, 5)], ["Monday to Wednesday, Saturday 09:00–17:00"]),
        (
            [hours(day) for day in (5, 6, 7)],
            ["Saturday, Sunday 09:00–17:00", "Bank holidays 09:00–17:00"],
        ),
        ([hours(1, 13), hours(1, 9, 12)], ["Tuesday 09:00–12:00, 13:00–17:00"]),
        ([hours(1, 18, 0)], ["Tuesday 18:00–24:00"]),
        ([hours(1, 0, 0)], ["Tuesday 00:00–24:00"]),
        ([hours(1, 11, 10)], ["Tuesday 11:00am–10:00am"]),
        ([ASKED], ["Tuesday by appointment"]),
        ([hours(1), ASKED], ["Tuesday 09:00–17:00", "Tuesday by appointment"]),
        ([hours(1, by_appointment=True)], ["Tuesday 09:00–17:00 by appointment"]),
        ([hours(1, weeks=(2, 3))], ["2nd and 3rd Tuesday 09:00–17:00"]),
        ([hours(1, weeks=(4, 5))], ["4th and 5th Tuesday 09:00–17:00"]),
        (
            [hours(day, weeks=(1, -1)) for day in (0, 1)],
            ["1st and last Monday 09:00–17:00", "1st and last Tuesday 09:00–17:00"],
        ),
        (
            [hours(day, fortnight_from=TUESDAY) for day in (1, 2)],
            [
                "every other Tuesday from 8 December 2026 09:00–17:00",
                "every other Wednesday from 8 December 2026 09:00–17:00",
            ],
        ),
        (
            [hours(1), hours(2, term="term")],
            ["Tuesday 09:00–17:00", "Wednesday 09:00–17:00 term time only"],
        ),
    ],
)
def test_hours_are_written_as_lines_that_somebody_would_write(week, lines):
    assert [line.lower() for line in lines_of(week)] == [line.lower() for line in lines]


def test_within_a_day_every_weeks_hours_come_first_and_those_without_times_last():
    usual, first = hours(1, 13), hours(1, 9, 10, weeks=(1,))
    earlier = hours(0, 18, 20)
    assert sorted([ASKED, first, usual, earlier], key=in_order) == [earlier, usual, ASKED, first]


@pytest.mark.parametrize(
    "more", [{"weeks": (1,)}, {"fortnight_from": TUESDAY}, {"term": "term"}, {"by_appointment": 1}]
)
def test_hours_are_plain_only_if_they_are_the_same_every_week(more):
    assert hours().is_plain
    assert not hours(**more).is_plain


def test_text_that_was_not_read_is_quoted_up_to_eighty_characters():
    assert Unread("x" * 80, "why").reason == "Why."
    assert Unread("x", "10 in the morning, or 10 in the evening?").reason.endswith("evening?")
    assert str(Unread("x" * 80, "why")) == f"“{'x' * 80}” (why)"
    assert str(Unread("x" * 81, "why")) == f"“{'x' * 79}…” (why)"
    assert str(Unread(" a \n b ", "why")) == "“a b” (why)"


def test_what_a_text_says_of_bank_holidays_is_noted():
    assert HoursRead().notes == []
    assert HoursRead(bank_holidays=BankHolidays.CLOSED).notes == ["bank holidays: closed"]


def test_a_text_of_more_than_a_thousand_characters_is_not_read_as_hours():
    assert [token.text for token in tokens_of("mon" + " " * 997)] == ["mon"]
    with pytest.raises(NotRead, match="too long"):
        tokens_of("mon" + " " * 998)
    assert MOST == 1000


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("weekdays", (0, 1, 2, 3, 4)),
        ("weekend", (5, 6)),
        ("daily", (0, 1, 2, 3, 4, 5, 6)),
        ("Su", (6,)),
        ("tues", (1,)),
    ],
)
def test_words_for_days_are_read(text, days):
    assert [token.value for token in tokens_of(text)] == [days]


def test_a_word_that_is_not_understood_is_quoted_up_to_thirty_characters():
    with pytest.raises(NotRead, match=f"^“{'x' * 30}” is not understood$"):
        tokens_of("x" * 31)
