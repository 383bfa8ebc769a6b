"""What lists say of hours: a cell for each day, or one text."""

import datetime

import pytest

from coverage.importers.hours import joined, read_day, read_week


def spans(found):
    return found and [f"{opens:%H:%M}-{closes:%H:%M}" for opens, closes in found]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("10:00-19:00", ["10:00-19:00"]),
        ("08:30-13:00,14:00-17:30", ["08:30-13:00", "14:00-17:30"]),
        ("9am – 5pm", ["09:00-17:00"]),
        ("08:30-00:00", ["08:30-00:00"]),
        ("22:00-02:00", ["22:00-02:00"]),
        ("10:00-14:00, 13:00-16:00", ["10:00-16:00"]),
        ("00:00-23:59", ["00:00-00:00"]),
        ("24 hours", ["00:00-00:00"]),
        ("00:00-24:00", ["00:00-00:00"]),
    ],
)
def test_a_days_cell_is_read(text, found):
    assert spans(read_day(text)) == found


@pytest.mark.parametrize("text", ["", "CLOSED", "N/A Closed", "-", " closed "])
def test_a_day_may_be_closed(text):
    assert read_day(text) == []


@pytest.mark.parametrize(
    "text", ["AM Only", "9-5", "09:00-13:00:14:00-17:00", "10:00", "00:00-00:00", "25:00-26:00"]
)
def test_what_could_mean_two_things_is_not_read(text):
    assert read_day(text) is None


def test_a_text_for_the_week_is_read_as_councils_and_as_openstreetmap_write():
    nine, five = datetime.time(9), datetime.time(17)
    assert read_week("Mon-Tue 9am to 5pm") == {(0, nine, five), (1, nine, five)}
    assert read_week("Mo-We 09:00-17:00; Tu off; PH off") == {(0, nine, five), (2, nine, five)}
    assert read_week("Mo,PH 09:00-17:00") == {(0, nine, five)}
    assert len(read_week("24/7")) == 7
    assert read_week("sunrise-sunset") is None
    assert read_week("mon tue 9am-5pm") is None


def test_hours_that_meet_are_joined():
    ten, noon, two = (datetime.time(hour) for hour in (10, 12, 14))
    assert joined([(noon, two), (ten, noon)]) == [(ten, two)]


@pytest.mark.real_data
def test_no_real_value_of_opening_hours_brings_the_reader_down(real_data):
    folder = real_data / "opening_hours"
    values = (folder / "opening_hours_rs_sample.txt").read_text(encoding="utf-8").splitlines()
    lines = (folder / "opening_hours_js_cases.tsv").read_text(encoding="utf-8").splitlines()
    values += [line.split("\t")[1] for line in lines[1:]]
    read = [week for value in values if (week := read_week(value))]
    assert len(read) > 100
