"""The parser of free-text hours: what it understands, and what it leaves unread and reports."""

import csv
import json

import pytest

from venues.hours.model import BANK_HOLIDAY, BankHolidays
from venues.hours.reading import read_day, read_from_to, read_hours
from venues.hours.times import LONG, joined, length, read_time

DAYS = ("Mo", "Tu", "We", "Th", "Fr", "Sa", "Su", "PH")
MON_TO_FRI = ["Mo", "Tu", "We", "Th", "Fr"]
ALL_DAYS = [*MON_TO_FRI, "Sa", "Su"]


def rows(read):
    """What was read, as ["Mo 09:00-17:00", …]."""
    assert not (read.intervals and read.unread)
    assert all(each.is_plain for each in read.intervals)
    return [
        f"{DAYS[each.weekday]} {each.opens:%H:%M}-{each.closes:%H:%M}" for each in read.intervals
    ]


def every(days, span):
    return [f"{day} {span}" for day in days]


@pytest.mark.parametrize(
    ("text", "days", "span"),
    [
        ("Mon-Tue 9am to 5pm", ["Mo", "Tu"], "09:00-17:00"),
        ("Mon, Wed, Fri 10:00-14:00", ["Mo", "We", "Fr"], "10:00-14:00"),
        ("Mondays, Wednesdays and Fridays 10am-2pm", ["Mo", "We", "Fr"], "10:00-14:00"),
        ("Mo,We,Fr 10:00-14:00", ["Mo", "We", "Fr"], "10:00-14:00"),
        ("Mo-We,Fr 08:30-14:00", ["Mo", "Tu", "We", "Fr"], "08:30-14:00"),
        ("Mo-We, Fr-Sa 08:30-14:00", ["Mo", "Tu", "We", "Fr", "Sa"], "08:30-14:00"),
        ("Tue, Thu 9:30-16:30", ["Tu", "Th"], "09:30-16:30"),
        ("Mon/Wed/Thurs: 08:20 - 08:45", ["Mo", "We", "Th"], "08:20-08:45"),
        ("8am - 4pm daily", ALL_DAYS, "08:00-16:00"),
        ("Open 10am to 6pm, 7 days a week", ALL_DAYS, "10:00-18:00"),
        ("10am–4pm, Monday – Friday", MON_TO_FRI, "10:00-16:00"),
        ("9 a.m. until 5 p.m. weekdays", MON_TO_FRI, "09:00-17:00"),
        ("Friday - 10am until 2pm", ["Fr"], "10:00-14:00"),
        ("Sundays 12noon-4pm", ["Su"], "12:00-16:00"),
        ("Every Tuesday between 10am and 2.30pm", ["Tu"], "10:00-14:30"),
        ("Sat-Mon 0830-1630", ["Mo", "Sa", "Su"], "08:30-16:30"),
        ("24/7", ALL_DAYS, "00:00-00:00"),
        ("24 hours.", ALL_DAYS, "00:00-00:00"),
        ("Mon-Fri 24 hours", MON_TO_FRI, "00:00-00:00"),
        ("Mon-Fri 00:00-23:59", MON_TO_FRI, "00:00-00:00"),
        ("Fri 22:00-2:00", ["Fr"], "22:00-02:00"),
        ("Fri 6pm-2am", ["Fr"], "18:00-02:00"),
        ("Mon-Fri 9-5pm", MON_TO_FRI, "09:00-17:00"),
        ("Wed 2 - 3pm", ["We"], "14:00-15:00"),
        ("10-12 Thursdays", ["Th"], "10:00-12:00"),
        ("Thursdays &amp; Fridays, 11:00am-2:00pm", ["Th", "Fr"], "11:00-14:00"),
    ],
)
def test_unambiguous_hours_are_read(text, days, span):
    assert rows(read_hours(text)) == every(days, span)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            "Mo,Tu 09:00-17:00; Th 09:00-20:00",
            ["Mo 09:00-17:00", "Tu 09:00-17:00", "Th 09:00-20:00"],
        ),
        ("Mo 09:00-12:00,13:00-17:00", ["Mo 09:00-12:00", "Mo 13:00-17:00"]),
        ("Mo-We 09:00-17:00; Tu off; PH off", ["Mo 09:00-17:00", "We 09:00-17:00"]),
        ("Mo 09:00-16:00, Mo 08:00-09:00", ["Mo 08:00-16:00"]),
        ("Mon 10am-2pm, 1pm-4pm", ["Mo 10:00-16:00"]),
        ("Mon 9am-5pm Tue 9am-1pm", ["Mo 09:00-17:00", "Tu 09:00-13:00"]),
        ("Sat 9am to 7pmSunday, 10am to 4pm", ["Sa 09:00-19:00", "Su 10:00-16:00"]),
        ("Daily 9am-5pm except Wed-Sun", ["Mo 09:00-17:00", "Tu 09:00-17:00"]),
        (
            "Monday: 09:30 - 15:00 / -, Tuesday: - / 18:00 - 21:00",
            ["Mo 09:30-15:00", "Tu 18:00-21:00"],
        ),
    ],
)
def test_a_week_in_several_parts_is_read(text, found):
    assert rows(read_hours(text)) == found


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("Mon-Fri 9-5", "5 in the afternoon, or 5 in the morning?"),
        ("Mon-Fri 9:00-5:00", "5 in the afternoon, or 5 in the morning?"),
        ("Saturday: 9:00 - 1:00", "1 in the afternoon, or 1 in the morning?"),
        ("Mon 1.30-4.30", "4:30 in the afternoon, or 4:30 in the morning?"),
        ("Mon - Sat 10.00 - 4.00", "4 in the afternoon, or 4 in the morning?"),
        ("Mon 9am-5", "5 in the afternoon, or 5 in the morning?"),
        ("Mon 13:00-4:00", "4 in the afternoon, or 4 in the morning?"),
        ("Mon 8-10pm", "8 in the evening, or 8 in the morning?"),
        ("Mon 0:00-0:00", "open day and night, or closed?"),
        ("Mon 09:00-05:00", "20 hours"),
        ("Mon 9am-5am", "20 hours"),
        ("Mon all day", "day and night, or"),
        ("mon tue 9am-5pm", "which days"),
        ("9am-5pm", "which days"),
        ("Mon-Fri 9am-5pm, Fri 9am-1pm", "Friday is given twice"),
        ("Wed closed; Mon-Fri 9am-5pm", "Wednesday is given twice"),
        ("Daily except Sunday 9am-5pm", "which days"),
        ("Wed 9am-6pm (closed 1pm-2pm)", "which days"),
        ("Mo-Fr 10:00-14:00; 12:00-14:00 off", "which days"),
        ("1 April to 30 September: Mon 9am-5pm", "only a part of the year"),
        ("Mon-Fri 9am-5pm, Sat on request", "by appointment"),
        ("Mon-Sun 8am-dusk", "not a time on the clock"),
        ("Mo 08:00+", "not a time on the clock"),
        ("Mon 25:00-26:00", "“25:00” is no time"),
        ("Mon 9am-5pm lounge", "“lounge” is not understood"),
        ("Mo-Sa 12:00-23:00 || Fr 23:00-01:00", "not understood"),
        ("Monday", "which hours"),
        ("Mon closed", "gives no hours"),
        ("x" * 5000, "too long"),
    ],
)
def test_ambiguous_or_meaningless_hours_are_left_unread_and_reported(text, why):
    read = read_hours(text)
    assert read.intervals == []
    assert why in str(read.unread[0])
    assert text[:20] in str(read.unread[0])


@pytest.mark.parametrize(
    ("text", "rule", "own"),
    [
        ("Mon 9am-5pm, closed bank holidays", BankHolidays.CLOSED, []),
        ("Mon 9am-5pm. Closed on Bank Holidays.", BankHolidays.CLOSED, []),
        ("Mon 9am-5pm excluding bank holidays", BankHolidays.CLOSED, []),
        ("Mo 09:00-17:00; PH off", BankHolidays.CLOSED, []),
        ("Mo,PH 09:00-17:00", BankHolidays.OWN_HOURS, ["PH 09:00-17:00"]),
        ("Mon 9am-5pm. Bank holidays: 10am-2pm", BankHolidays.OWN_HOURS, ["PH 10:00-14:00"]),
        ("Mon 9am-5pm including bank holidays", BankHolidays.AS_USUAL, []),
        ("Mon 9am-5pm", None, []),
    ],
)
def test_bank_holiday_hours_are_kept_apart_from_the_week(text, rule, own):
    read = read_hours(text)
    assert read.bank_holidays == rule
    assert rows(read) == ["Mo 09:00-17:00", *own]
    assert [each.weekday for each in read.week] == [0]
    assert {each.weekday for each in read.intervals} <= {0, BANK_HOLIDAY}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("10:00-19:00", ["10:00-19:00"]),
        ("08:30-13:00,14:00-17:30", ["08:30-13:00", "14:00-17:30"]),
        ("9am-1pm; 2pm-5pm", ["09:00-13:00", "14:00-17:00"]),
        ("9am – 5pm", ["09:00-17:00"]),
        ("08:30-00:00", ["08:30-00:00"]),
        ("22:00-02:00", ["22:00-02:00"]),
        ("10:00-14:00, 13:00-16:00", ["10:00-16:00"]),
        ("00:00-23:59", ["00:00-00:00"]),
        ("24 hours", ["00:00-00:00"]),
        ("00:00-24:00", ["00:00-00:00"]),
    ],
)
def test_a_cell_for_a_single_day_is_read(text, found):
    assert rows(read_day(text, 2)) == [f"We {span}" for span in found]


@pytest.mark.parametrize("text", ["", "CLOSED", "N/A Closed", "-", " closed "])
def test_a_cell_for_a_single_day_may_say_closed(text):
    read = read_day(text, 0)
    assert (read.intervals, read.unread) == ([], [])


@pytest.mark.parametrize(
    "text",
    [
        *("AM Only", "9-5", "9:00-5:00", "9.30-12.30 / 1.30-4.30", "09:00-13:00:14:00-17:00"),
        *("10:00", "00:00-00:00", "25:00-26:00", "All Day (continuous)", "9am-5am"),
        "Mon 9am-5pm",
    ],
)
def test_an_ambiguous_cell_for_a_single_day_is_left_unread(text):
    read = read_day(text, 0)
    assert read.intervals == []
    assert text in str(read.unread[0])


def test_separate_opening_and_closing_columns_follow_the_same_rule():
    assert rows(read_from_to("09:00", "17:00", 0)) == ["Mo 09:00-17:00"]
    assert read_from_to("9", "5", 0).unread
    assert read_from_to("closed", "Closed", 0).unread == []
    assert read_from_to("9am", "", 0).unread
    assert read_from_to("", "5pm", 0).unread
    assert read_from_to("9am", "9am", 0).unread, "all day, or a slip?"


def test_the_column_of_one_day_says_why_it_cannot_keep_more():
    (unread,) = read_day("1st Monday 9am-5pm", 0).unread
    assert "same every week" in unread.why
    (unread,) = read_day("Monday 9am-5pm", 0).unread
    assert "names days" in unread.why


def test_adjacent_hours_are_joined():
    ten, noon, two = map(read_time, ("10:00", "12:00", "14:00"))
    assert joined([(noon, two), (ten, noon)]) == [(ten, two)]


@pytest.mark.parametrize(("closes", "is_read"), [("23:00", True), ("23:01", False)])
def test_sixteen_hours_are_accepted_and_a_minute_more_is_queried(closes, is_read):
    assert bool(read_day(f"07:00-{closes}", 0).intervals) is is_read


@pytest.mark.real_data
def test_no_real_value_is_misread_or_crashes_the_parser(real_data):
    folder = real_data / "opening_hours"
    values = (folder / "opening_hours_rs_sample.txt").read_text(encoding="utf-8").splitlines()
    lines = (folder / "opening_hours_js_cases.tsv").read_text(encoding="utf-8").splitlines()
    values += [line.split("\t")[1] for line in lines[1:]]
    read = [read_hours(value) for value in values]
    assert len([each for each in read if each.intervals]) > 90
    assert all(
        length((row.opens, row.closes)) <= LONG
        or row.opens == row.closes
        or len(each.intervals) > 1
        for each in read
        for row in each.intervals
        if row.opens
    )


@pytest.mark.real_data
def test_real_free_text_matches_the_hours_worked_out_by_people(real_data):
    """Text from UK warm spaces, with the opening hours that people worked out from it."""
    path = real_data / "opening_hours" / "free_text_opening_times_uk.json"
    cases = json.loads(path.read_text(encoding="utf-8"))["tests"]
    read = [(read_hours(case["text"]), read_hours(case["good"])) for case in cases]
    wrong = [
        (str(ours), str(theirs))
        for ours, theirs in read
        # People left out that a café is only open in term time.
        if ours.week and {each._replace(term="") for each in ours.week} != theirs.week
    ]
    assert wrong == []
    assert len([ours for ours, __ in read if ours.week]) > 190


@pytest.mark.real_data
@pytest.mark.parametrize(
    ("name", "column", "least"),
    [
        ("barnet-public-toilets-2014.csv", "OpeningHours", 18),
        ("camden-public-toilets-2018.csv", "Opening Hours", 13),
        ("southwark-toilets.csv", "OpeningTime", 27),
    ],
)
def test_clearly_written_real_council_lists_are_read(real_cases, name, column, least):
    text = (real_cases / "real" / name).read_text(encoding="utf-8-sig")
    cells = [row[column] for row in csv.DictReader(text.splitlines(keepends=True))]
    read = [read_hours(cell) for cell in cells]
    assert len([each for each in read if each.week]) >= least
    assert all(
        each.week or each.unread or not cell.strip()
        for each, cell in zip(read, cells, strict=False)
    )
