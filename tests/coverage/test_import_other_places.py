"""Other people's spaces from messy lists: what is imported, updated and reported."""

import datetime

import pytest
from django.core.management import CommandError, call_command

from coverage.models import OtherPlace, OtherPlaceHours, Source
from geography.models import Area
from tests.coverage.factories import square
from tests.factories import SchemeFactory
from venues.models import Event

pytestmark = pytest.mark.django_db
LIST = "Library name,Address 1,Address 2,Postcode,Easting,Northing,Monday staffed hours,URL\n"
ROW = (
    'Shirley,Shirley Precinct,Soton,SO15 5LL,439900,113900,"09:00-13:00, 14:00-17:00",shirley.org\n'
)
JUNE = datetime.date(2026, 6, 1)


def test_a_row_with_coordinates_and_hours_is_imported(take):
    assert "1 rows read, 1 spaces (1 new, 0 changed, 0 as before), 1 with hours." in take(
        LIST + ROW
    )
    other_place = OtherPlace.objects.get()
    assert (other_place.name, other_place.kind, other_place.postcode) == (
        "Shirley",
        "library",
        "SO15 5LL",
    )
    assert (other_place.address, other_place.website) == (
        "Shirley Precinct, Soton",
        "https://shirley.org",
    )
    assert other_place.point.coords == (439900, 113900)
    assert [str(each) for each in other_place.hours.all()] == [
        "Monday 09:00-13:00",
        "Monday 14:00-17:00",
    ]
    assert all(each.valid_from is None for each in other_place.hours.all())


def test_details_of_the_list_are_stored_and_updated(take):
    scheme = SchemeFactory(slug="marrow")
    said = {"of": "Warm Spaces", "serves": "everybody", "licence": "OGL", "published": True}
    take(LIST + ROW, scheme="marrow", kind="community", date=JUNE, **said)
    take(LIST + ROW, scheme="marrow", licence="CC BY")
    source = Source.objects.get()
    assert (source.scheme, source.own_scheme, source.publishes) == (scheme, "Warm Spaces", True)
    assert (source.licence, source.dated, source.serves) == ("CC BY", JUNE, "everybody")
    assert Event.objects.filter(kind="coverage.other_places_imported", scheme=scheme).count() == 2


def test_importing_again_updates_without_duplicates(take):
    take(LIST + ROW)
    assert "(0 new, 0 changed, 1 as before)" in take(LIST + ROW)
    assert "(0 new, 1 changed, 0 as before)" in take(LIST + ROW.replace("Precinct", "Parade"))
    assert OtherPlace.objects.get().address == "Shirley Parade, Soton"


def test_changed_hours_are_dated_and_old_ones_kept(take):
    take(LIST + ROW)
    take(LIST + ROW.replace("17:00", "20:00"), date=JUNE)
    other_place = OtherPlace.objects.get()
    before, after = JUNE - datetime.timedelta(days=1), JUNE
    assert [f"{each.closes:%H}" for each in other_place.hours.current(before)] == ["13", "17"]
    assert [f"{each.closes:%H}" for each in other_place.hours.current(after)] == ["13", "20"]
    take(LIST + ROW.replace("17:00", "21:00"), date=JUNE)
    assert [f"{each.closes:%H}" for each in other_place.hours.current(after)] == ["13", "21"]
    assert OtherPlaceHours.objects.count() == 4


def test_an_older_file_does_not_overwrite_a_newer_one(take, refuse):
    take(LIST + ROW, date=JUNE)
    older = JUNE - datetime.timedelta(days=1)
    words = refuse(LIST + ROW, source="List", date=older)
    assert "is of 2026-06-01 already, and this file is older" in words


def test_a_season_has_a_first_and_a_last_day(take):
    text = "name,easting,northing,mon,valid from,valid until\nHall,440000,113000,10:00-12:00,"
    take(text + "1/11/2026,31/03/2027\n")
    other_place = OtherPlace.objects.get()
    march = datetime.date(2027, 3, 31)
    assert other_place.hours.current(march).exists()
    assert not other_place.hours.current(march + datetime.timedelta(days=1)).exists()
    assert not other_place.hours.current(datetime.date(2026, 10, 31)).exists()


def test_a_space_missing_from_the_list_stays_unless_the_file_is_complete(take):
    two = LIST + ROW + ROW.replace("Shirley,", "Weston,")
    take(two)
    assert "1 space of the list is not in this file; it stays as it was." in take(LIST + ROW)
    assert OtherPlace.objects.present().count() == 2
    assert "1 space is no longer in the list" in take(LIST + ROW, whole=True)
    assert [other_place.name for other_place in OtherPlace.objects.present()] == ["Shirley"]
    take(two)
    assert OtherPlace.objects.present().count() == 2


def test_postcodes_are_looked_up_and_unreadable_rows_reported(take, postcode):
    said = take(
        "name;postcode;latitude;longitude\n"
        "Hall;so140aa;;\n"
        "Barn;SO14 9ZZ;;\n"
        ";SO14 0AA;;\n"
        "Shed;;;\n"
        "Tent;;-1.4;50.9\n"
        "Yurt;;48.85;2.35\n"
        "Hall;SO14 0AA;;\n"
        "Inn;SO14 0AA;;;;too;wide\n"
    )
    other_place = OtherPlace.objects.get()
    assert (other_place.name, other_place.point_is_of_postcode) == ("Hall", True)
    assert other_place.point == postcode.point
    for words in (
        "7 rows could not be read:",
        "Row 3: the postcode SO14 9ZZ is not known here.",
        "Row 4: it has no name.",
        "Row 5: it has no coordinates and no postcode.",
        "Row 6: longitude and latitude are exchanged: 50.9, -1.4.",
        "Row 7: its point 2.35, 48.85 is not in Great Britain.",
        "Row 8: row 2 is the same space already.",
        "row 9: 7 cells under 4 columns.",
    ):
        assert words in said


def test_unreadable_hours_are_reported_and_the_rest_imported(take):
    said = take(
        "name,easting,northing,mon,tue,wed\n"
        "A,440000,113000,09:00-13:00:14:00-17:00,10:00-12:00,CLOSED\n"
    )
    assert "Row 2: hours that could not be read: “09:00-13:00:14:00-17:00”." in said
    assert [str(each) for each in OtherPlaceHours.objects.all()] == ["Tuesday 10:00-12:00"]


def test_closed_libraries_and_unstaffed_hours_are_ignored(take):
    said = take(
        "name,easting,northing,year closed,monday staffed hours,monday unstaffed hours\n"
        "A,440000,113000,,10:00-12:00,12:00-20:00\nB,440000,113100,2013,,\n"
    )
    assert "1 row is of a space that has closed, and was left out." in said
    assert "Hours without staff were left aside" in said
    assert [str(each) for each in OtherPlaceHours.objects.all()] == ["Monday 10:00-12:00"]


def test_a_list_without_hours_warns_that_it_never_counts_as_open(take):
    assert "these spaces are never counted as open" in take(
        "name,easting,northing\nA,440000,113000\n"
    )


def test_windows_encoding_and_a_byte_order_mark_are_read(take):
    take("name;easting;northing\nCafé;440000;113000\n".encode("cp1252"))
    take("\ufeffname,easting,northing\nCafé,440000,113000\n", name="other.csv")
    assert OtherPlace.objects.get().name == "Café"


def test_spaces_far_from_the_schemes_area_are_flagged(take):
    area = Area.objects.create(
        code="E1", name="Marrow", kind="district", boundary=square(440000, 113000)
    )
    SchemeFactory(slug="marrow", area=area)
    said = take("name,easting,northing\nA,440500,113500\nB,540000,213000\n", scheme="marrow")
    assert "Row 3: it lies more than 20 km outside the scheme’s area; it was taken." in said


def test_geojson_points_polygons_and_closed_lines_are_read(take):
    ring = [[-1.4, 50.9], [-1.39, 50.9], [-1.39, 50.91], [-1.4, 50.91], [-1.4, 50.9]]
    shapes = [
        ("Point", ring[0]),
        ("Polygon", [ring]),
        ("LineString", ring),
        ("LineString", ring[:2]),
    ]
    features = [
        {
            "type": "Feature",
            "id": number,
            "properties": {"name": f"P{number}", "opening_hours": "Mo-Fr 10:00-16:00; We off"},
            "geometry": {"type": kind, "coordinates": coordinates},
        }
        for number, (kind, coordinates) in enumerate(shapes)
    ]
    said = take({"type": "FeatureCollection", "features": features}, "p.geojson")
    assert "Row 4: it is no point and no area, but: LineString." in said
    assert [other_place.name for other_place in OtherPlace.objects.all()] == ["P0", "P1", "P2"]
    assert OtherPlace.objects.get(name="P1").hours.count() == 4


def test_a_dry_run_reports_the_same_and_changes_nothing(take):
    tried = take(LIST + ROW, dry_run=True)
    assert not Source.objects.exists()
    assert not Event.objects.exists()
    assert tried == take(LIST + ROW) + "This was a trial: nothing was changed.\n"


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        ("name,latitude,longitude\nA,-1.4,50.9\n", "p.csv", "longitude and latitude are exchanged"),
        ("colour,easting,northing\nred,440000,113000\n", "p.csv", "has no column of names"),
        ("name,colour\nA,red\n", "p.csv", "no column for coordinates or a postcode"),
        ("name,postcode\nA,SO14 0AA\n", "p.csv", "no postcodes have been imported"),
        ("name,easting,northing\nA,x,y\n", "p.csv", "Row 2: its point is not two numbers: x, y."),
        ("name,easting,northing\n", "p.csv", "a header and no rows"),
        ('name,easting,northing\n"A,1,2\n', "p.csv", "a quotation mark is not closed"),
        (b"", "p.csv", "is empty"),
        (b"\x7fELF\x02\0\0", "p.csv", "is not text"),
        (b"MZ\x90\0\x03", "p.csv", "is not text"),
        (b"PK\x03\x04", "p.csv", "is a ZIP archive"),
        ("name,easting,northing\nA,1,2\n".encode("utf-16-le"), "p.csv", "UTF-16"),
        ('{"type": "FeatureCollection", "features": [', "p.geojson", "is cut off"),
        ('{"type": "Topology", "objects": {}}', "p.geojson", "is TopoJSON"),
        ({"type": "FeatureCollection", "features": []}, "p.geojson", "has no features"),
        (
            {"type": "FeatureCollection", "features": [1, None]},
            "p.geojson",
            "has no column of names",
        ),
    ],
)
def test_invalid_files_are_refused_with_a_reason(refuse, content, name, words):
    assert words in refuse(content, name)


def test_invalid_options_are_refused_with_a_reason(refuse):
    assert "There is no scheme “mars”; there are: none." in refuse(LIST + ROW, scheme="mars")
    assert "Say which scheme publishes these spaces." in refuse(LIST + ROW, published=True)
    assert "Give the list a name" in refuse(LIST + ROW, source=" ")


def test_a_file_of_200_mb_is_refused_before_it_is_read(made):
    path = made("name\n")
    with path.open("r+b") as file:
        file.truncate(200 * 1024**2)
    with pytest.raises(CommandError, match="is too big: at most 20 MB"):
        call_command("import_other_places", str(path), source="List")
