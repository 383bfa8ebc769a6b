"""Reading cells: values are parsed, or reported when not understood, never guessed."""

import contextlib
import datetime
import time

import pytest

from common.tables import (
    Mended,
    Unread,
    read_closed,
    read_date,
    read_email,
    read_line,
    read_number,
    read_phone,
    read_postcode,
    read_website,
    read_whole_number,
    read_yes_no,
)
from common.tables.cells import clean
from safespaces.imports.columns import read_people, read_sticker_number, read_whether_done


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("27/03/2024", "2024-03-27"),
        ("7/3/24", "2024-03-07"),
        ("01/11/2026 00:00", "2026-11-01"),
        ("01/11/2026 09:30:15", "2026-11-01"),
        ("2026-11-01", "2026-11-01"),
        ("2026-11-01 00:00:00", "2026-11-01"),
        ("2026-11-01T00:00:00Z", "2026-11-01"),
        ("2027-05-31T23:00:00.000Z", "2027-06-01"),  # Midnight during British Summer Time.
        ("2026-11-01T00:00:00+00:00", "2026-11-01"),
        ("20261101", "2026-11-01"),
        ("44908", "2022-12-13"),
        ("45962", "2025-11-01"),
        ("45962.0", "2025-11-01"),
        ("45962.75", "2025-11-01"),
        ("3rd Aug 2023", "2023-08-03"),
        ("3 August 2023", "2023-08-03"),
        ("Thursday 3rd August, 2023", "2023-08-03"),
        ("the 3rd of May 2023".replace("the ", ""), "2023-05-03"),
        ("3-Aug-23", "2023-08-03"),
        ("August 3, 2023", "2023-08-03"),
        ("1st Sept 2024", "2024-09-01"),
        ("29.02.2024", "2024-02-29"),
        ("\u200b27/03/2024\xa0", "2024-03-27"),
    ],
)
def test_dates_are_read_in_every_common_format(text, day):
    assert read_date(text) == datetime.date.fromisoformat(day)


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("August 2024", "is a month"),
        ("08/2024", "is a month"),
        ("12/24/2018", "has the month first"),
        ("12/24/2018 09:30:15 AM", "has the month first"),
        ("31/02/2024", "is not a day"),
        ("29/02/2023", "is not a day"),
        ("spring", "is not a day"),
        ("2024", "is not a day"),
        ("4.4908E+04", "is not a day"),
        ("99999", "is not a day"),
        ("01/01/1889", "is not a day"),
        ("2026-11-01 to 2027-03-31", "is not a day"),
    ],
)
def test_ambiguous_or_impossible_dates_are_reported(text, why):
    with pytest.raises(Unread, match=why):
        read_date(text)


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("01632 960001", "01632 960001"),
        ("01632 960003 / 01632 960004", "01632 960003 / 01632 960004"),
        ("+44 1632 960001", "+44 1632 960001"),
        ("Tel: 01632 960001", "01632 960001"),
        ("020 7974 4444 (call centre)", "020 7974 4444 (call centre)"),
        ("01632 960001 ext 12", "01632 960001 ext 12"),
        ("116 123", "116 123"),
    ],
)
def test_a_phone_number_is_kept_as_written(text, number):
    assert read_phone(text) == number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1632960001", "01632960001"),
        ("1632 960001", "01632 960001"),
        ("7700900123", "07700900123"),
        ("2083592000.0", "02083592000"),
        ("441632960001", "+441632960001"),
    ],
)
def test_a_lost_leading_zero_is_restored_and_reported(text, number):
    mended = read_phone(text)
    assert isinstance(mended, Mended)
    assert mended.value == number
    assert number in mended.how


@pytest.mark.parametrize("text", ["4.4163E+11", "4.41632960001E+11", "1,63E+09"])
def test_a_rounded_number_is_not_a_phone_number(text):
    with pytest.raises(Unread, match="has lost its digits in a spreadsheet"):
        read_phone(text)


@pytest.mark.parametrize("text", ["ask at the desk", "12", "x"])
def test_words_are_not_a_phone_number(text):
    with pytest.raises(Unread, match="is not a telephone number"):
        read_phone(text)


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("ann@example.org\u200b", "ann@example.org"),
        ("\ufeffann@example.org", "ann@example.org"),
        ("mailto:ann@example.org", "ann@example.org"),
        ("Ann Smith <ann@example.org>", "ann@example.org"),
        ("ann@example.org;", "ann@example.org"),
    ],
)
def test_an_email_address_is_read_without_invisible_characters(text, address):
    assert read_email(text) == address


@pytest.mark.parametrize("text", ["ann@", "ask Ann", "a@example.org; b@example.org"])
def test_anything_but_one_email_address_is_reported(text):
    with pytest.raises(Unread):
        read_email(text)


def test_a_website_gets_its_scheme_and_a_second_one_is_reported():
    assert read_website("www.example.org") == "https://www.example.org"
    assert read_website("http://example.org/a") == "http://example.org/a"
    mended = read_website("example.org, example.com")
    assert mended.value == "https://example.org"
    with pytest.raises(Unread):
        read_website("on Facebook")


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("442,100", 442100),
        ("1 498", 1498),
        ("1\xa0498", 1498),
        ("1503.0", 1503),
        ("442300.00", 442300),
        ("4.424E+05", 442400),
        ("-1.404", -1.404),
        ("1,234,567.5", 1234567.5),
        (".5", 0.5),
    ],
)
def test_numbers_are_read_as_spreadsheets_write_them(text, number):
    assert read_number(text) == number


@pytest.mark.parametrize("text", ["c", "12,34", "1,2,3", "nan", "inf", "1e999", "9" * 400, "٣", ""])
def test_a_cell_that_is_not_a_number_is_reported(text):
    with pytest.raises(Unread):
        read_number(text)


def test_counts_of_people_must_be_whole_numbers():
    assert read_whole_number("1,512") == 1512
    with pytest.raises(Unread, match="is not a whole number"):
        read_whole_number("1512.5")


def test_yes_no_and_postcodes_are_read():
    assert [read_yes_no(text) for text in ("Yes", "y", "TRUE", "1")] == [True] * 4
    assert [read_yes_no(text) for text in ("No", "n", "false", "0")] == [False] * 4
    assert read_postcode("so14oaa\xa0") == "SO14 0AA"
    for read, text in ((read_yes_no, "perhaps"), (read_postcode, "SO14")):
        with pytest.raises(Unread):
            read(text)


@pytest.mark.parametrize(
    "read",
    [
        clean,
        read_closed,
        read_date,
        read_email,
        read_line,
        read_number,
        read_people,
        read_phone,
        read_postcode,
        read_sticker_number,
        read_website,
        read_whether_done,
        read_yes_no,
    ],
)
@pytest.mark.parametrize(
    "part",
    [" ", "\n", " \n", "1", "1,", "a@", "a.", "(", "<", "&", "or ", "mon ", "\u200b", "\xa0"],
)
def test_no_cell_takes_long_to_read(read, part):
    began = time.monotonic()
    with contextlib.suppress(Unread):
        read(f"x{part * 60_000}x")
    assert time.monotonic() - began < 0.5


def test_invisible_characters_are_removed_and_other_scripts_kept():
    assert read_line("Mill\xa0Library\u200b") == "Mill Library"
    assert read_line("\u202eMill\u202c\xad") == "Mill"
    assert read_line("St Mary\x92s \x96 rear") == "St Mary’s – rear"
    assert read_line("می\u200cخواهم") == "می\u200cخواهم"
    assert read_line("1 High Street\nMarrowby") == "1 High Street, Marrowby"


@pytest.mark.parametrize("text", ["Mill\x00", "\x07Mill", "Mill\x1bLibrary"])
def test_control_characters_are_reported(text):
    with pytest.raises(Unread, match="control character"):
        clean(text)


@pytest.mark.parametrize("text", ["#N/A", "#REF!", "#VALUE!", "########"])
def test_a_spreadsheet_error_is_not_a_value(text):
    with pytest.raises(Unread, match="a spreadsheet’s error"):
        read_line(text)
