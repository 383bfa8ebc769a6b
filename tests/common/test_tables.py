"""From file to table: encodings, delimiters, titles, sheets, and messages about the rest."""

import io
import time
import zipfile

import pytest

from common.refusals import Refused
from common.tables import Field, Findings, has_needed, match, not_used, read_cell, read_table
from common.tables.cells import read_phone
from common.tables.columns import listed
from common.tables.streams import rows as streamed
from tests.common.workbooks import workbook

FIELDS = [Field("name", "name|venue", needed=True), Field("town", "town|city")]
is_header = has_needed(FIELDS)
TWO = [("Mill", "Marrowby"), ("Weir", "Quay")]


def cells(data, **options):
    data = data if isinstance(data, bytes) else data.encode()
    table = read_table("t.csv", data, is_header=is_header, **options)
    return [tuple(row) for _number, row in table.rows]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_common_table_format_is_read(encoding, delimiter, end):
    text = end.join(delimiter.join(row) for row in [("Name", "Town"), *TWO]) + end
    assert cells(text.encode(encoding)) == TWO


def test_windows_encoding_is_read_and_reported():
    table = read_table("t.csv", "Name\nCafé – rear\n".encode("cp1252"))
    assert table.rows == [(2, ["Café – rear"])]
    assert "Windows-1252" in table.notes[0]


@pytest.mark.parametrize(
    "text",
    [
        '"Name";"Town (hall, church, café, shop)"\n"Mill";"Marrowby"\nWeir;Quay\n',
        "Name;Town, county\nMill;Marrowby\nWeir;Quay\n".replace("Town, county", "Town"),
        'Name;Town\n"Mill";"Marrowby"\n"Weir";Quay\n',
    ],
)
def test_delimiters_inside_quotes_are_not_counted(text):
    assert [row[0] for row in cells(text)] == ["Mill", "Weir"]
    assert all(len(row) == 2 for row in cells(text))


def test_semicolons_in_cells_do_not_make_columns():
    text = "Name,Town\nMill,Mon 9-5; Tue 9-5; Wed 9-5\nWeir,Mon; Tue; Wed\n"
    assert cells(text)[0] == ("Mill", "Mon 9-5; Tue 9-5; Wed 9-5")


def test_excels_sep_line_sets_the_delimiter():
    assert cells("sep=;\r\nName;Town\r\nMill;Marrowby\r\nWeir;Quay\r\n") == TWO
    assert cells("sep=|\nName|Town\nMill|Marrowby\nWeir|Quay\n") == TWO


def test_lines_above_the_header_are_skipped_and_reported():
    text = "Our places 2026,\nLast updated 1 November,\n,\nName,Town\nMill,Marrowby\n"
    table = read_table("t.csv", text.encode(), is_header=is_header)
    assert table.rows == [(5, ["Mill", "Marrowby"])]
    assert table.notes == ["t.csv: the header is row 4; what stands above it was left out."]


def test_a_title_above_an_unknown_header_is_recognised():
    with pytest.raises(Refused, match=r"row 1 looks like a title.*found: Colour, Size"):
        cells("Our places 2026,\nColour,Size\nred,2\n")


def test_a_workbook_is_read_as_displayed():
    data = workbook(
        Places=[
            ["Warm places 2026"],
            ["Name", "Town", "Tel"],
            ["Mill", "Marrowby", 1632960001],
            [None, None, None],
            ["Weir", "Quay", 1.5],
        ]
    )
    table = read_table("t.xlsx", data, is_header=is_header)
    assert table.rows == [
        (3, ["Mill", "Marrowby", "1632960001"]),
        (5, ["Weir", "Quay", "1.5"]),
    ]


def test_the_sheet_with_the_header_is_read_and_the_other_reported():
    data = workbook(Notes=[["Made by Ann"]], Places=[["Name", "Town"], ["Mill", "Quay"]])
    table = read_table("t.xlsx", data, is_header=is_header)
    assert table.rows == [(2, ["Mill", "Quay"])]
    assert "only “Places” was read; the others are: “Notes”" in table.notes[0]


def test_two_matching_sheets_need_a_choice_and_one_can_be_named():
    sheet = [["Name", "Town"], ["Mill", "Quay"]]
    data = workbook(North=sheet, South=[*sheet, ["Weir", "Quay"]])
    with pytest.raises(Refused, match="has 2 sheets, “North”, “South”: say which one to read"):
        read_table("t.xlsx", data, is_header=is_header)
    assert len(read_table("t.xlsx", data, is_header=is_header, sheet="south").rows) == 2
    with pytest.raises(Refused, match="has no sheet “East”"):
        read_table("t.xlsx", data, is_header=is_header, sheet="East")


def test_a_cell_in_the_very_last_row_and_column_costs_nothing():
    data = io.BytesIO()
    old = zipfile.ZipFile(io.BytesIO(workbook(A=[["Name"], ["Mill"]])))
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.namelist():
            content = old.read(part)
            if part.endswith("sheet1.xml"):
                far = b'<row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData>'
                content = content.replace(b"</sheetData>", far)
            new.writestr(part, content)
    began = time.monotonic()
    assert read_table("t.xlsx", data.getvalue()).rows[0] == (2, ["Mill"])
    assert time.monotonic() - began < 2


def test_a_zip_bomb_workbook_is_refused():
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/workbook.xml", b" " * 70 * 1024**2)
    with pytest.raises(Refused, match="is too big a workbook"):
        read_table("t.xlsx", data.getvalue())


@pytest.mark.parametrize(
    ("data", "why"),
    [
        (b"", "is empty"),
        (b"PK\x03\x04junk", "is a ZIP archive"),
        (b"\xd0\xcf\x11\xe0\0\0", "is an old workbook"),
        (b"%PDF-1.7", "is a PDF"),
        (b"\x7fELF\0\0", "is not text"),
        ("Name\nA\n".encode("utf-16-le"), "is not text, or UTF-16"),
        (b"\xff\xfeN", "neither UTF-8"),
        (b'Name\n"Mill\n', "a quotation mark is not closed"),
        (b"Name\nMill,Weir,Lock\n", "row 2: 3 cells under 1 columns"),
        (b"Name\n", "a header and no rows"),
    ],
)
def test_a_file_that_is_not_a_table_is_refused_with_a_reason(data, why):
    with pytest.raises(Refused, match=why):
        read_table("t.csv", data)


def test_a_damaged_workbook_is_refused_with_a_reason():
    data = workbook(A=[["Name"], ["Mill"]])
    old, broken = zipfile.ZipFile(io.BytesIO(data)), io.BytesIO()
    with zipfile.ZipFile(broken, "w") as new:
        for part in old.namelist():
            content = old.read(part)
            new.writestr(part, content[:40] if "sheet1" in part else content)
    with pytest.raises(Refused, match="is damaged or no workbook"):
        read_table("t.xlsx", broken.getvalue())
    with pytest.raises(Refused, match="is a ZIP archive"):
        read_table("t.xlsx", data[:-40])


def test_large_files_are_streamed_whatever_their_line_endings(tmp_path):
    path = tmp_path / "p.csv"
    path.write_bytes(b'a,"b\rc"\rd,e\r')
    assert list(streamed(path)) == [(2, ["a", "b\nc"]), (3, ["d", "e"])]
    path.write_bytes(workbook(A=[["a", "b"], ["c"]]))
    assert list(streamed(path)) == [(1, ["a", "b"]), (2, ["c", ""])]


def test_columns_match_any_of_their_names_and_unknown_ones_are_reported():
    matched = match(["Venue", "Colour", "City"], FIELDS, "t.csv")
    assert matched.at == {"name": 0, "town": 2}
    assert not_used(matched.unused) == ["Columns not used: Colour."]
    with pytest.raises(Refused, match="has no column “name”"):
        match(["Colour"], FIELDS, "t.csv")
    with pytest.raises(Refused, match="the columns “Venue” and “Name” both say the same"):
        match(["Venue", "Name"], FIELDS, "t.csv")


def test_a_column_title_may_have_an_explanation_in_brackets():
    assert match(["Name (hall, church, shop)"], FIELDS, "t.csv").at == {"name": 0}


def test_camel_case_titles_are_split_into_words():
    fields = [Field("hours", "opening_time")]
    assert match(["OpeningTime"], fields, "t.csv").at == {"hours": 0}


def test_each_cell_not_understood_is_reported_with_row_and_column():
    phone, findings = Field("phone", "phone", read_phone), Findings()
    assert read_cell(phone, "4.4163E+11", 2, "Phone", findings) is None
    assert read_cell(phone, "1632960001", 3, "Phone", findings) == "01632960001"
    assert read_cell(phone, "n/a", 4, "Phone", findings) is None
    said = findings.sentences()
    assert said[:2] == [
        "1 row was taken without something:",
        "Row 2, column “Phone”: “4.4163E+11” has lost its digits in a spreadsheet: type the "
        "number again.",
    ]
    assert said[2] == "In 1 row something was put right:"


def test_the_count_of_rows_counts_rows_not_findings():
    findings = Findings()
    for column in ("A", "B", "C"):
        findings.leave_out(2, "no.", column)
    assert findings.sentences()[0] == "1 row was taken without something:"


def test_rows_to_correct_are_returned_with_their_problems():
    table = read_table("t.csv", b"Name,Phone\nMill,x\nWeir,1\n")
    findings = Findings()
    findings.refuse(3, "no.")
    findings.leave_out(2, "what?", "Phone")
    assert findings.to_put_right(table) == (
        ["Name", "Phone", "Row", "What is wrong"],
        [["Mill", "x", "2", "Phone: what?"], ["Weir", "1", "3", "no."]],
    )


@pytest.mark.parametrize(("columns", "words"), [(7, ""), (8, ""), (9, " …")])
def test_a_header_of_more_than_eight_columns_is_shortened_and_says_so(columns, words):
    header = [f"c{number}" for number in range(columns)]
    assert listed(header) == ", ".join(header[:8]) + words


@pytest.mark.parametrize(("letters", "words"), [(200, ""), (201, " …")])
def test_a_header_of_more_than_200_characters_is_shortened_and_says_so(letters, words):
    assert listed(["x" * letters]) == "x" * 200 + words
