import gzip
import lzma

import pytest
from django.core.management import CommandError

from geography.models import Postcode
from tests.common.workbooks import workbook

pytestmark = pytest.mark.django_db
HEADER = "postcode,quality,easting,northing\n"
ROWS = HEADER + "SO14 0AA,10,442294,112126\nM1 1AD,10,384759,398547\nZE3 9ZZ,90,0,0\n"
GOOD = "SO14 0AA,10,442294,112126\n"
CODE_POINT = (
    '"SO140AA",10,442294,112126,"E92000001","E19000002","E18000009","","E06000045","E05015491"\n'
)
ONSPD = (
    "pcd,pcd2,pcds,dointr,doterm,oseast1m,osnrth1m,osgrdind,lat,long\n"
    '"SO140AA","SO14 0AA","SO14 0AA",198001,"",442294,112126,1,50.907,-1.4\n'
    '"SO149ZZ","SO14 9ZZ","SO14 9ZZ",198001,199006,442294,112126,1,50.907,-1.4\n'
    '"BT1 1AA","BT1  1AA","BT1 1AA",198001,"",333800,374500,1,54.602,-5.926\n'
    '"JE2 3XX","JE2  3XX","JE2 3XX",198001,"",,,9,99.999999,0\n'
)


def postcodes():
    return {row.postcode: row.point and row.point.coords for row in Postcode.objects.order_by("pk")}


def refusal(run, *paths):
    before = postcodes()
    with pytest.raises(CommandError) as refused:
        run("import_postcodes", *paths)
    assert postcodes() == before
    return str(refused.value)


def test_rows_become_postcodes_with_no_point_where_the_location_is_unknown(run, made):
    said = run("import_postcodes", made("p.csv", ROWS))
    assert postcodes() == {
        "SO14 0AA": (442294.0, 112126.0),
        "M1 1AD": (384759.0, 398547.0),
        "ZE3 9ZZ": None,
    }
    assert Postcode.objects.get(postcode="M1 1AD").outward == "M1"
    assert "3 rows read, 3 kept (3 new" in said
    assert "1 of them have no known location" in said


def test_zero_coordinates_are_never_a_point_whatever_the_quality(run, made):
    run("import_postcodes", made("p.csv", HEADER + "SO14 0AA,10,0,0\n"))
    assert postcodes() == {"SO14 0AA": None}


@pytest.mark.parametrize("pack", [gzip.compress, lzma.compress])
def test_compressed_files_are_recognised_by_content(run, made, pack):
    run("import_postcodes", made("p.csv", pack(ROWS.encode())))
    assert len(postcodes()) == 3


def test_code_point_open_needs_no_header(run, made):
    run("import_postcodes", made("so.csv", CODE_POINT))
    assert postcodes() == {"SO14 0AA": (442294.0, 112126.0)}


def newer(content):
    names = "PCD7,PCD8,PCDS,DOINTR,DOTERM,EAST1M,NORTH1M,GRIDIND,LAT,LONG"
    return names + content[content.index("\n") :]


@pytest.mark.parametrize("content", [ONSPD, newer(ONSPD)])
def test_both_onspd_spellings_are_read(run, made, content):
    run("import_postcodes", made("onspd.csv", content))
    found = postcodes()
    assert found["SO14 0AA"] == (442294.0, 112126.0)
    assert found["JE2 3XX"] is None
    easting, northing = found["BT1 1AA"]  # Its grid reference is on the Irish Grid.
    assert 140_000 < easting < 150_000
    assert 525_000 < northing < 535_000
    assert Postcode.objects.get(postcode="SO14 0AA").quality == 10


def ended():
    rows = Postcode.objects.filter(in_use=False).order_by("postcode")
    return {row.postcode: (row.ended_on and row.ended_on.isoformat(), row.point) for row in rows}


WEB = "Postcode,In Use?,Easting,Northing,Terminated\n"


@pytest.mark.parametrize(
    ("content", "month"),
    [
        (ONSPD, "1990-06-01"),
        (newer(ONSPD), "1990-06-01"),
        (WEB + "SO14 9ZZ,No,442294,112126,2019-03-01\n", "2019-03-01"),
        (WEB + "SO14 9ZZ,No,442294,112126,\n", None),
        (WEB + "SO14 9ZZ,No,442294,112126,unknown\n", None),
    ],
)
def test_a_terminated_postcode_is_kept_with_its_point_and_month(run, made, content, month):
    said = run("import_postcodes", made("p.csv", content))
    [(postcode, (ended_on, point))] = ended().items()
    assert (postcode, ended_on, point.coords) == ("SO14 9ZZ", month, (442294.0, 112126.0))
    assert "1 of them are no longer in use" in said


def test_a_postcode_that_ends_or_comes_back_is_one_change(run, made):
    for row, gone in (
        ("SO14 9ZZ,Yes,442294,112126,", {}),
        ("SO14 9ZZ,No,442294,112126,201903", {"SO14 9ZZ"}),
        ("SO14 9ZZ,No,442294,112126,201904", {"SO14 9ZZ"}),
        ("SO14 9ZZ,Yes,442294,112126,", {}),
    ):
        said = run("import_postcodes", made("p.csv", f"{WEB}{row}\n"))
        assert "(1 new" in said or "(0 new, 1 changed, 0 as before)" in said
        assert set(ended()) == set(gone)
    assert "(0 new, 0 changed, 1 as before)" in run("import_postcodes", made("p.csv", WEB + row))


@pytest.mark.parametrize("place", ["1,0", "here,there", "-5,12", ","])
def test_a_wrong_location_of_a_terminated_postcode_does_not_refuse_the_file(run, made, place):
    rows = f"{WEB}SO14 0AA,Yes,442294,112126,\nSO14 9ZZ,No,{place},201903\n"
    run("import_postcodes", made("p.csv", rows))
    assert ended() == {"SO14 9ZZ": ("2019-03-01", None)}


def test_importing_again_changes_nothing_and_a_moved_point_is_one_change(run, made):
    run("import_postcodes", made("p.csv", ROWS))
    assert "(0 new, 0 changed, 3 as before)" in run("import_postcodes", made("p.csv", ROWS))
    moved = HEADER + "SO14 0AA,10,442295,112126\n"
    assert "(0 new, 1 changed, 0 as before)" in run("import_postcodes", made("q.csv", moved))
    assert len(postcodes()) == 3


def test_the_later_of_two_files_wins(run, made):
    first = made("a.csv", HEADER + "SO14 0AA,10,442294,112126\n")
    second = made("b.csv", HEADER + "SO14 0AA,20,442300,112100\n")
    said = run("import_postcodes", first, second)
    assert postcodes() == {"SO14 0AA": (442300.0, 112100.0)}
    assert "2 rows read, 1 kept" in said
    assert "1 skipped: replaced by a later row" in said


def test_either_all_files_are_imported_or_none(run, made):
    assert "b.csv, row 2" in refusal(
        run, made("a.csv", ROWS), made("b.csv", HEADER + "SO14 0AB,10,442294\n")
    )


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "p.csv is empty."),
        (b"\n\n", "p.csv is empty."),
        (HEADER, "has a header and no rows."),
        ("foo,bar,baz\n", "no column for postcode or easting or northing"),
        (b"PK\x03\x04", "is a ZIP archive"),
        (ROWS.encode("utf-16"), "is not UTF-8 text"),
        (ROWS.encode("utf-16-le"), "is not UTF-8 text"),
        (HEADER.encode() + GOOD.encode() + b"SO14 0A\xe9,10,4,1\n", "row 3: this is not UTF-8"),
        (lzma.compress((HEADER + GOOD * 5000).encode())[:-40], "is cut off or damaged after row"),
        (gzip.compress((HEADER + GOOD * 5000).encode())[:-40], "is cut off or damaged after row"),
        (HEADER + GOOD + "SO14 0AB,10", "row 3: 2 columns instead of 4"),
        (CODE_POINT + CODE_POINT[:-6], "row 2: a quotation mark is not closed"),
        (HEADER + "CH1 1 RLX,10,442294,112126\n", "row 2: “CH1 1 RLX” is not a postcode."),
        (HEADER + "SO14 0AA,10,-1.4,50.9\n", "row 2: -1.4, 50.9 with quality 10 is no point"),
        (HEADER + "SO14 0AA,10,here,there\n", "must be numbers"),
        (HEADER + "SO14 0AA,10,nan,1\n", "is no point of the British National Grid"),
    ],
)
def test_an_invalid_file_is_refused_naming_the_row(run, made, content, sentence):
    run("import_postcodes", made("before.csv", HEADER + GOOD))
    said = refusal(run, made("p.csv", content))
    assert sentence in said
    assert said.endswith("Nothing was changed.")


def test_a_file_without_quality_is_imported_with_a_note(run, made):
    rows = "Postcode,In Use?,Easting,Northing\nSO14 0AA,Yes,442294,112126\nSO14 0AB,No,1,1\n"
    said = run("import_postcodes", made("p.csv", rows))
    assert postcodes() == {"SO14 0AA": (442294.0, 112126.0), "SO14 0AB": (1.0, 1.0)}
    assert "p.csv does not say how good its points are" in said


def test_degrees_replace_a_missing_grid_reference(run, made):
    run("import_postcodes", made("p.csv", "id,postcode,lat,long\n1,SO14 0AA,50.9074,-1.3996\n"))
    x, y = postcodes()["SO14 0AA"]
    assert abs(x - 442294) < 60
    assert abs(y - 112126) < 60
    said = refusal(run, made("q.csv", "postcode,lat,long\nSO14 0AB,-1.3996,50.9074\n"))
    assert "row 2: 50.9074, -1.3996 with quality 0 is no point of" in said


@pytest.mark.parametrize("end", ["\r", "\r\n", "\n"])
def test_any_line_ending_is_accepted(run, made, end):
    run("import_postcodes", made("p.csv", (CODE_POINT * 1).replace("\n", end).encode()))
    assert postcodes() == {"SO14 0AA": (442294.0, 112126.0)}


def test_a_postcode_workbook_is_read(run, made):
    rows = [["Postcode", "Easting", "Northing"], ["SO14 0AA", 442294, 112126]]
    run("import_postcodes", made("p.xlsx", workbook(Notes=[["x"]], Data=rows)))
    assert postcodes() == {"SO14 0AA": (442294.0, 112126.0)}


def test_a_missing_file_is_refused(run, tmp_path):
    assert "no such file" in refusal(run, tmp_path / "missing.csv")
    assert "is a directory" in refusal(run, tmp_path)
