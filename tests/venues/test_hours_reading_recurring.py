"""Written hours of some weeks, fortnights, school terms and appointments: read, or refused."""

import datetime

import pytest

from venues.hours.lines import lines_of
from venues.hours.reading import out_of, read_hours, read_line
from venues.hours.recurrence import Term
from venues.hours.times import readings
from venues.views.hours import _examples

TODAY = datetime.date(2026, 11, 27)
DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su", "PH")


def rows(read):
    """What was read, as ["Su[1,3] 14:00-16:00", "Tu/2026-12-08 …", "Mo 09:00-17:00 term", …]."""
    assert not read.unread, read.unread
    found = []
    for each in read.intervals:
        words = DAYS[each.weekday]
        if each.weeks:
            words += f"[{','.join(map(str, each.weeks))}]"
        if each.fortnight_from:
            words += f"/{each.fortnight_from}"
        if each.opens:
            words += f" {each.opens:%H:%M}-{each.closes:%H:%M}"
        words += f" {each.term}" if each.term else ""
        found.append(words + (" asked" if each.by_appointment else ""))
    return found


WEEKDAYS = ["Mo", "Tu", "We", "Th", "Fr"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("1st and 3rd Sunday 10am-2pm", ["Su[1,3] 10:00-14:00"]),
        ("the first Saturday of each month 9am-11am", ["Sa[1] 09:00-11:00"]),
        ("12 noon - 2pm on the third Wednesday of the month", ["We[3] 12:00-14:00"]),
        ("2nd, 3rd & 4th Sun 9.15am - 10.15am", ["Su[2,3,4] 09:15-10:15"]),
        ("Last Friday of the month 2pm-4pm", ["Fr[-1] 14:00-16:00"]),
        ("first and last Friday 6pm-8pm", ["Fr[1,-1] 18:00-20:00"]),
        ("Every second Wednesday of the month, 11.30am – 1.30pm", ["We[2] 11:30-13:30"]),
        ("Sat 10am-1pm, 1st Sun 2pm-4pm", ["Sa 10:00-13:00", "Su[1] 14:00-16:00"]),
        ("1st Monday and 2nd Tuesday 9am-noon", ["Mo[1] 09:00-12:00", "Tu[2] 09:00-12:00"]),
        ("Su[1,3] 10:00-12:00; Fr[-1] 14:00-16:00", ["Fr[-1] 14:00-16:00", "Su[1,3] 10:00-12:00"]),
        ("We[4-5] 10:00-12:00", ["We[4,5] 10:00-12:00"]),
        ("Tu[1] 10:00-12:00; Tu[3] 10:00-12:00", ["Tu[1,3] 10:00-12:00"]),
        ("every other Tuesday from 8 December 10am-noon", ["Tu/2026-12-08 10:00-12:00"]),
        ("every other Tue 10am-noon from Tue 8th Dec 2026", ["Tu/2026-12-08 10:00-12:00"]),
        ("Tuesdays, fortnightly from 8/12/26, 2pm-4pm", ["Tu/2026-12-08 14:00-16:00"]),
        ("alternate Fridays starting 1 January 2027 9am-1pm", ["Fr/2027-01-01 09:00-13:00"]),
        ("Mon 9am-5pm every other week from 2026-12-07", ["Mo/2026-12-07 09:00-17:00"]),
        ("every other Friday from 20 November 9am-1pm", ["Fr/2026-11-20 09:00-13:00"]),
        ("fifth Sunday 2pm-4pm", ["Su[5] 14:00-16:00"]),
        ("fourth and 5th Sunday 2pm-4pm", ["Su[4,5] 14:00-16:00"]),
        ("second Sunday 2pm-4pm", ["Su[2] 14:00-16:00"]),
        ("Su[5] 10:00-12:00", ["Su[5] 10:00-12:00"]),
        ("Su[1-5,-1] 10:00-12:00", ["Su[1,2,3,4,5,-1] 10:00-12:00"]),
        ("Su[1-2,-1] 10:00-12:00", ["Su[1,2,-1] 10:00-12:00"]),
        ("Tuesdays, fortnightly from 8/12/2026, 2pm-4pm", ["Tu/2026-12-08 14:00-16:00"]),
        ("Tuesdays, fortnightly from 8/12/99, 2pm-4pm", ["Tu/2099-12-08 14:00-16:00"]),
        ("every other Tuesday from 8 January 2030, 2pm-4pm", ["Tu/2030-01-08 14:00-16:00"]),
        ("every other Saturday from 30 May 9am-1pm", ["Sa/2026-05-30 09:00-13:00"]),
        ("every other Friday from 28 May 9am-1pm", ["Fr/2027-05-28 09:00-13:00"]),
        ("Tue 2pm-4pm (term time only)", ["Tu 14:00-16:00 term"]),
        ("Term time: Tue 2pm-4pm", ["Tu 14:00-16:00 term"]),
        (
            "Tuesday (term-time only): 2pm - 4pm, Fri 9am-noon",
            ["Tu 14:00-16:00 term", "Fr 09:00-12:00"],
        ),
        ("in the school holidays Tue 2pm-4pm", ["Tu 14:00-16:00 holidays"]),
        ("Tu 14:00-16:00; SH off", ["Tu 14:00-16:00 term"]),
        (
            "Tue 2pm-4pm, Sat 9am-noon, closed in school holidays",
            ["Tu 14:00-16:00 term", "Sa 09:00-12:00 term"],
        ),
        ("Tue 2pm-4pm except school holidays", ["Tu 14:00-16:00 term"]),
        ("Tu 14:00-16:00; SH Tu 10:00-12:00", ["Tu 10:00-12:00 holidays", "Tu 14:00-16:00 term"]),
        ("2nd Thursday of each month during term time 11am-1pm", ["Th[2] 11:00-13:00 term"]),
        ("Tue 2pm-4pm by appointment in term time", ["Tu 14:00-16:00 term asked"]),
        (
            "every other Tue 10am-noon from 8 December Sat 9am-noon",
            ["Tu/2026-12-08 10:00-12:00", "Sa 09:00-12:00"],
        ),
        ("1st Sun and 1st Monday 9am-noon", ["Mo[1] 09:00-12:00", "Su[1] 09:00-12:00"]),
        ("1st Sunday and last Sunday 9am-noon", ["Su[1,-1] 09:00-12:00"]),
        ("Fri-Mon 9am-noon", [f"{day} 09:00-12:00" for day in ("Mo", "Fr", "Sa", "Su")]),
        ("between 9am and 5pm Monday", ["Mo 09:00-17:00"]),
        (
            "Mon between 9am and 5pm and between 6pm and 8pm",
            ["Mo 09:00-17:00", "Mo 18:00-20:00"],
        ),
        ("Mon 9am-5pm except school holidays", ["Mo 09:00-17:00 term"]),
        ("closed in school holidays Mon 9am-5pm", ["Mo 09:00-17:00 term"]),
        ("Mon\n9am-5pm", ["Mo 09:00-17:00"]),
        ("7 days a week 9am-5pm", [f"{day} 09:00-17:00" for day in DAYS[:7]]),
        ("seven days per week 09:00-17:00", [f"{day} 09:00-17:00" for day in DAYS[:7]]),
        ("open all week 9am-5pm", [f"{day} 09:00-17:00" for day in DAYS[:7]]),
        ("Mon-Fri every week 9am-5pm", [f"{day} 09:00-17:00" for day in WEEKDAYS]),
        ("Mon 9am-5pm, Sat by appointment", ["Mo 09:00-17:00", "Sa asked"]),
        ("Wed 2pm-4pm by appointment: ring first", ["We 14:00-16:00 asked"]),
        ("By appointment", [f"{day} asked" for day in DAYS[:7]]),
        ('Mo 09:00-15:00, Sa-Su "By appointment"', ["Mo 09:00-15:00", "Sa asked", "Su asked"]),
    ],
)
def test_clear_recurrences_are_read(text, found):
    assert rows(read_hours(text, TODAY)) == found


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("every other Tuesday 10am-noon", "Every other week from when?"),
        ("every other Tuesday from 3 December 10am-noon", "3 December 2026 is a Thursday"),
        ("every other Tuesday from 31 November 10am-noon", "“from 31 november” is no date"),
        ("every other Mon and Wed from 7 December 9am-noon", "Say for each day"),
        ("every second Wednesday 10am-noon", "every second wednesday"),
        ("1st Monday and Wednesday 9am-5pm", "Say for each day"),
        ("1st Mon-Fri 9am-5pm", "Which weeks of the month?"),
        ("1st Sunday 2pm-4pm, Friday of each month 10am-noon", "Which weeks of the month?"),
        ("once a month Sunday 2pm-4pm", "Which weeks of the month?"),
        ("Sun 10am-noon, 1st Sun 11am-4pm", "Sunday is given twice"),
        ("Su[-2] 10:00-12:00", "the 1st to the 5th or the last"),
        ("Su[0] 10:00-12:00", "the 1st to the 5th or the last"),
        ("Su[6] 10:00-12:00", "“[6]”: write the 1st to the 5th or the last"),
        ("every other Monday from 29 February 10am-noon", "is no date"),
        ("week 2-52/2 Tu 10:00-12:00", "Numbers of weeks change their rhythm"),
        ("Tue 2pm-4pm term time Sat 9am-noon", "Which hours are in term time?"),
        ("Tue term time, every other week from 8 December 2pm-4pm", "Which weeks of the month?"),
        ("1st Sunday and 1st Sunday 9am-noon", "A day is named twice"),
        ("Sun and 1st Sun 9am-noon", "A day is named twice"),
        ("Mon and Mon 9am-noon", "A day is named twice"),
        ("Mon 9am-10am-11am", "Not understood"),
        ("Mon 9-5-6", "Not understood"),
        ("Mon 9am", "An opening time without a closing time"),
        ("Tuesdays, fortnightly Wednesdays 2pm-4pm", "Every other week from when?"),
        (
            "Mon-Fri 9am-5pm, Sat 10am-1pm except school holidays",
            "Which hours are in school holidays?",
        ),
        ("9am-5pm", "Which days are meant?"),
        ("9am-5pm; Sat 9am-noon", "Which hours belong to which days?"),
        ("Tue week 2 10am-noon", "Numbers of weeks change their rhythm"),
        ("even weeks Tue 10am-noon", "Numbers of weeks change their rhythm"),
        ("Mo-Fr 09:00-17:00; Tu[1] off", "Write the weeks when it is open"),
        ("Mo-Fr 09:00-17:00; Tu[1] 10:00-12:00", "Tuesday is given twice"),
        ("Term time: Mon-Fri 9am-5pm, Sat 10am-1pm", "in a line of their own"),
        ("Mon-Fri 9am-5pm, Sat 10am-1pm, term time only", "Which hours are in term time?"),
        ("SH,Su 10:00-12:00", "Which hours are in school holidays?"),
        ("Mon-Fri 9am-3pm half term", "“half” is not understood"),
        ("Sunday 10am-4pm in the summer term", "only a part of the year"),
        ("Mon-Fri 9am-5pm, Sat 10am-1pm, by appointment", "Which hours are by appointment?"),
        ("Tue 2pm-4pm school holidays only, closed in school holidays", "Open and closed"),
        ("1st Sunday", "Which hours belong to which days?"),
    ],
)
def test_ambiguous_recurrences_are_refused_by_name(text, why):
    read = read_hours(text, TODAY)
    assert not read.intervals
    assert why.lower() in read.unread[0].reason.lower()


@pytest.mark.parametrize(
    ("today", "year"), [("2026-01-10", 2025), ("2026-06-30", 2026), ("2025-12-20", 2025)]
)
def test_a_date_without_a_year_is_the_nearest_to_today(today, year):
    weekday = datetime.date(year, 12, 8).strftime("%A")
    text = f"every other {weekday} from 8 December 10am-noon"
    (each,) = read_hours(text, datetime.date.fromisoformat(today)).intervals
    assert each.fortnight_from == datetime.date(year, 12, 8)


@pytest.mark.parametrize("text", _examples(TODAY))
def test_every_example_on_the_page_can_be_read(text):
    read = read_line(text, lambda *pair: readings(*pair)[0], TODAY)
    assert read.intervals, read.unread
    again = [
        each
        for line in lines_of(read.opening_hours())
        for each in read_line(line, lambda *pair: readings(*pair)[0], TODAY).intervals
    ]
    assert again == read.intervals


def test_a_line_about_the_school_holidays_is_about_the_whole_week():
    line = read_line("Closed in school holidays", lambda *pair: readings(*pair)[0])
    assert line.closed_in == Term.HOLIDAYS
    week = out_of(read_hours("Mon 9am-5pm; 1st Sun 2pm-4pm"), line.closed_in)
    assert rows(week) == ["Mo 09:00-17:00 term", "Su[1] 14:00-16:00 term"]


def test_a_list_that_keeps_one_week_refuses_the_rest_by_name():
    plain = read_hours("Mon 9am-5pm").only_plain()
    assert rows(plain) == ["Mo 09:00-17:00"]
    refused = read_hours("Mon 9am-5pm, 1st Sun 2pm-4pm").only_plain()
    assert not refused.intervals
    assert "1st Sunday of the month" in refused.unread[0].why
