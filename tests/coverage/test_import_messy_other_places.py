"""Real-world lists of other spaces: what is understood, and how the rest is reported."""

import datetime

import pytest
from django.urls import reverse

from coverage.importers.other_places import import_other_places
from coverage.models import OtherPlace, OtherPlaceHours
from tests.common.workbooks import workbook
from tests.factories import OfficerFactory
from venues.models import Import

pytestmark = pytest.mark.django_db
AT = "440000,113000"
WEEK = "Mon-Fri 09:00-17:00"
TODAY = datetime.date(2026, 11, 27)


def hours():
    return sorted({str(each) for each in OtherPlaceHours.objects.all()})


def test_the_local_government_schema_is_understood(take):
    said = take(
        "ServiceTypeLabel,LocationText,CoordinateReferenceSystem,GeoX,GeoY,ReportTel,StreetAddress\n"
        "Toilets,Quay side,OSGB36,442100,111900,02380000001,Harbour Road\n"
        "Toilets,Market hall,WGS84,-1.4,50.9,,\n"
        "Toilets,Lock,,442200,111900,,\n"
        "Toilets,Weir,Martian,442200,111900,,\n"
    )
    other_places = {other_place.name: other_place for other_place in OtherPlace.objects.all()}
    assert other_places["Quay side"].point.coords == (442100, 111900)
    assert (other_places["Quay side"].phone, other_places["Quay side"].address) == (
        "02380000001",
        "Harbour Road",
    )
    assert 442000 < other_places["Market hall"].point.x < 442500
    assert other_places["Lock"].point.coords == (442200, 111900)
    assert "Row 5: “Martian” is no coordinate system known here" in said
    assert "Columns not used: ServiceTypeLabel." in said


@pytest.mark.parametrize(
    ("cell", "is_there"),
    [
        ("50.9, -1.4", True),
        ("(50.9, -1.4)", True),
        ("POINT (-1.4 50.9)", True),
        ("by the bridge", False),
    ],
)
def test_both_coordinates_may_be_in_one_cell(take, refuse, cell, is_there):
    text = f'name,coordinates\nHall,"{cell}"\n'
    if is_there:
        take(text)
        assert 442000 < OtherPlace.objects.get().point.x < 442500
    else:
        assert "it has no coordinates and no postcode" in refuse(text)


def test_unused_columns_are_reported(take):
    said = take(f"Name,Easting,Northing,Colour,Radar key\nHall,{AT},red,yes\n")
    assert "Columns not used: Colour, Radar key." in said


@pytest.mark.parametrize("title", ["OpeningTime", "Opening times", "open hours", "Opening"])
def test_opening_hours_columns_have_many_names(take, title):
    take(f"Name,{title},Easting,Northing\nHall,{WEEK},{AT}\n")
    assert len(hours()) == 5


def test_opening_and_closing_times_need_days(take):
    head = "Name,Easting,Northing,Opening time,Closing time"
    take(f"{head},Days\nHall,{AT},09:00,17:00,Mon-Fri\n")
    assert len(hours()) == 5
    said = take(f"{head}\nBarn,{AT},09:00,17:00\n", source="Other")
    assert "Row 2: hours that could not be read: “09:00 - 17:00”." in said


@pytest.mark.parametrize(
    ("start", "end"),
    [
        ("45962", "46112"),
        ("01/11/2025 00:00", "31/03/2026 00:00"),
        ("2025-11-01T00:00:00Z", "2026-03-31T00:00:00+01:00"),
        ("1st November 2025", "31st March 2026"),
    ],
)
def test_a_season_is_read_in_every_common_format(take, start, end):
    take(f"Name,Easting,Northing,Opening hours,Valid from,Valid to\nH,{AT},{WEEK},{start},{end}\n")
    other_place = OtherPlace.objects.get()
    assert not other_place.hours.current(datetime.date(2025, 10, 31)).exists()
    assert other_place.hours.current(datetime.date(2026, 3, 30)).exists()
    assert not other_place.hours.current(datetime.date(2026, 7, 1)).exists()


@pytest.mark.parametrize("day", ["spring", "November 2026", "12/24/2026"])
def test_a_winter_space_without_dates_gets_no_hours_and_says_so(take, day):
    said = take(f"Name,Easting,Northing,Opening hours,Valid from\nHall,{AT},{WEEK},{day}\n")
    assert not OtherPlaceHours.objects.exists()
    assert "Row 2, column “Valid from”:" in said
    assert "Row 2: its hours were left out: the dates of its hours are not understood." in said


@pytest.mark.parametrize("closed", ["yes", "TRUE", "2019", "01/02/2024", "closed", "45000"])
def test_a_permanently_closed_space_is_left_out(made, closed):
    rows = f"name,easting,northing,closed\nA,{AT},{closed}\nB,440000,113100,\n"
    summary = import_other_places("p.csv", rows.encode(), name="L", today=TODAY)
    assert [other_place.name for other_place in OtherPlace.objects.all()] == ["B"]
    assert "1 row is of a space that has closed" in str(summary)


@pytest.mark.parametrize("closed", ["no", "n/a", "", "open", "31/12/2027", "FALSE"])
def test_a_space_that_closes_in_the_future_is_imported(closed):
    rows = f"name,easting,northing,closed,opening hours\nA,{AT},{closed},{WEEK}\n"
    import_other_places("p.csv", rows.encode(), name="L", today=TODAY)
    assert OtherPlace.objects.get().hours.count() == 5


@pytest.mark.parametrize("title", ["Closed", "Closing day", "Closed days"])
@pytest.mark.parametrize(("text", "left"), [("Wednesday", 4), ("Mon & Fri", 3), ("Sundays", 5)])
def test_closing_days_close_those_days_not_the_space(take, title, text, left):
    take(f"Name,Easting,Northing,Opening hours,{title}\nHall,{AT},{WEEK},{text}\n")
    assert len(hours()) == left


@pytest.mark.parametrize("title", ["Closed", "Closing days"])
def test_hours_are_left_out_when_a_closure_is_not_understood(take, title):
    said = take(f"Name,Easting,Northing,Opening hours,{title}\nHall,{AT},{WEEK},for repairs\n")
    assert OtherPlace.objects.exists()
    assert not OtherPlaceHours.objects.exists()
    assert f"“for repairs” in the column “{title}” is not understood" in said


def test_an_open_column_holds_yes_or_no_or_the_hours(take):
    take(f"name,easting,northing,open\nA,{AT},yes\nB,440000,113100,No\nC,440000,113200,{WEEK}\n")
    assert [other_place.name for other_place in OtherPlace.objects.all()] == ["A", "C"]
    assert len(hours()) == 5


def test_two_councils_may_use_the_same_building_numbers(take):
    head = "id,name,easting,northing\n"
    one, other = f"12,Mill Library,{AT}\n", "12,Weir Hall,450000,120000\n"
    said = take(head + one + other + "12,Mill Library,440010,113000\n")
    assert {other_place.name for other_place in OtherPlace.objects.all()} == {
        "Mill Library",
        "Weir Hall",
    }
    assert "Row 3: its reference “12” is row 2’s too; both were taken." in said
    assert "Row 4: row 2 is the same space already." in said
    assert "(0 new, 0 changed, 2 as before)" in take(head + other + one)


def test_spreadsheet_numbers_are_understood(take):
    said = take(
        'Name,Easting,Northing\nA,"442,100","111,900"\nB,442300.00,112100.00\n'
        "C,4.424E+05,1.122E+05\n"
    )
    assert OtherPlace.objects.count() == 3
    assert OtherPlace.objects.get(name="A").point.coords == (442100, 111900)
    assert "Row 4: its point 4.424E+05, 1.122E+05 was rounded by a spreadsheet" in said


def test_unreadable_cells_are_reported_and_the_space_imported(take):
    said = take(
        "Name,Easting,Northing,Phone,Email,Website,Postcode,Kind\n"
        f"Hall,{AT},4.4163E+11,ask,on request,N3,Castle\n"
        "Barn,440000,113500,1632960001,,,,\n"
    )
    assert "1 row was taken without something:" in said
    for column in ("Phone", "Email", "Website", "Postcode"):
        assert f"Row 2, column “{column}”:" in said
    assert "Kinds of space that are not known here, taken as “" in said
    assert "”: Castle." in said
    assert OtherPlace.objects.get(name="Barn").phone == "01632960001"


def test_a_shortened_text_is_reported(take):
    said = take(f"Name,Easting,Northing\n{'x' * 200},{AT}\n")
    assert "Row 2, column “Name”: this is longer than 160 characters and was cut." in said


def test_points_exported_from_mapping_software_are_read(take):
    def feature(kind, **geometry):
        return {"type": "Feature", "properties": {"NAME": kind}, "geometry": geometry or None}

    one, other = [-1.404, 50.905], [-1.406, 50.905]
    said = take(
        {
            "type": "FeatureCollection",
            "features": [
                feature("one", type="MultiPoint", coordinates=[one]),
                feature("two", type="MultiPoint", coordinates=[one, other]),
                feature("high", type="Point", coordinates=[*one, 12.5]),
                feature(
                    "wrapped",
                    type="GeometryCollection",
                    geometries=[{"type": "Point", "coordinates": one}],
                ),
                feature("none"),
                feature("empty", type="MultiPoint", coordinates=[]),
            ],
        },
        "p.geojson",
    )
    assert {other_place.name for other_place in OtherPlace.objects.all()} == {
        "one",
        "two",
        "high",
        "wrapped",
    }
    assert "Row 2: of its 2 points the middle was taken." in said
    assert "Row 5: it has no coordinates and no postcode." in said
    assert "Row 6: it is no point and no area, but: MultiPoint." in said


def test_a_workbook_is_read_and_two_matching_sheets_need_a_choice(take, refuse):
    sheet = [["Name", "Easting", "Northing"], ["Hall", 440000, 113000]]
    take(workbook(Places=sheet), "p.xlsx")
    assert OtherPlace.objects.get().point.coords == (440000, 113000)
    two = workbook(North=sheet, South=sheet)
    assert "has 2 sheets, “North”, “South”: say which one" in refuse(two, "p.xlsx")
    take(two, "p.xlsx", sheet="South")


def test_the_page_offers_the_rows_to_correct(client, settings, tmp_path):
    settings.DEMO = True  # No second factor required.
    officer = OfficerFactory(role="administrator")
    client.force_login(officer.user)
    path = tmp_path / "p.csv"
    path.write_text(f"name,easting,northing\nHall,{AT}\nBarn,x,y\n")
    with path.open("rb") as file:
        asked = {"scheme": officer.scheme_id, "name": "L", "file": file}
        page = client.post(reverse("admin:import_other_places"), asked, follow=True)
    url = reverse("admin:import_rows", args=[Import.objects.get().pk])
    assert url in page.text
    lines = client.get(url).content.decode("utf-8-sig").splitlines()
    assert lines == [
        "name,easting,northing,Row,What is wrong",
        'Barn,x,y,3,"its point is not two numbers: x, y."',
    ]
