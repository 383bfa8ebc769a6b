import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.core.management import CommandError

from geography.importers.census_columns import count_key
from geography.models import Area, PopulationPoint
from tests.common.workbooks import workbook

pytestmark = pytest.mark.django_db
HEADER = "lsoa21cd,lsoa21nm,wd24cd,lad24cd,population_2021,imd2025_decile,easting,northing\n"
ROW = "E01017139,Southampton 001A,E05015491,E06000045,1474,3,442294.2,112126.1\n"
WELSH = "W01000001,Ynys Môn 001A,W05000001,W06000001,900,,240000,380000\n"


def refusal(run, path, **options):
    before = list(PopulationPoint.objects.values())
    with pytest.raises(CommandError) as refused:
        run("import_population", path, **options)
    assert list(PopulationPoint.objects.values()) == before
    return str(refused.value)


def test_code_people_decile_codes_and_point_are_read(run, made):
    said = run("import_population", made("p.csv", HEADER + ROW + WELSH))
    english, welsh = PopulationPoint.objects.order_by("code")
    assert (english.code, english.kind, english.vintage) == ("E01017139", "lsoa", 2021)
    assert (english.people, english.imd_decile) == (1474, 3)
    assert (english.ward_code, english.district_code) == ("E05015491", "E06000045")
    assert english.point.coords == (442294.2, 112126.1)
    assert welsh.imd_decile is None
    assert "2 rows read, 2 kept (2 new" in said
    assert "2,374 people." in said
    assert PopulationPoint.objects.all().people() == 2374


def test_importing_again_changes_nothing(run, made):
    path = made("p.csv", HEADER + ROW)
    run("import_population", path)
    assert "(0 new, 0 changed, 1 as before)" in run("import_population", path)


def test_longitude_and_latitude_replace_a_missing_grid_reference(run, made):
    content = "OA21CD,people,longitude,latitude\nE00000001,100,-1.3996,50.9074\n"
    run("import_population", made("p.csv", content))
    point = PopulationPoint.objects.get().point
    assert abs(point.x - 442294) < 60
    assert abs(point.y - 112126) < 60


def test_counts_by_sex_and_age_are_added_to_existing_points(run, made):
    run("import_population", made("p.csv", HEADER + ROW))
    counts = (
        "date,geography,geography code,Age: Total,Age: Aged 4 years and under,"
        "Age: Aged 85 years and over,Sex: Female; measures: Value\n"
        "2021,Southampton 001A,E01017139,1480,90,31,760\n"
    )
    said = run("import_population", made("c.csv", counts), year=2021)
    point = PopulationPoint.objects.get()
    assert point.people == 1480
    assert point.counts == {"0-4": 90, "85+": 31, "female": 760}
    assert point.imd_decile == 3
    assert "1 changed" in said


def test_people_are_summed_from_both_sexes_where_there_is_no_total(run, made):
    content = "oa21cd,Female,Male,easting,northing\nE00000001,60,50,442294,112126\n"
    run("import_population", made("p.csv", content))
    assert PopulationPoint.objects.get().people == 110


@pytest.mark.parametrize(
    ("title", "key"),
    [
        ("Female", "female"),
        ("Sex: Male; measures: Value", "male"),
        ("Aged 5 to 9 years", "5-9"),
        ("Age: Aged 85 years and over; measures: Value", "85+"),
        ("F0", "female 0"),
        ("M90+", "male 90+"),
        ("0-4", "0-4"),
        ("Females under 16", "female 0-15"),
        ("lad24nm", ""),
        ("imd2025_rank", ""),
        ("2021", ""),
        ("longitude", ""),
    ],
)
def test_sex_and_age_columns_are_understood(title, key):
    assert count_key(title) == key


NOMIS = (
    '\n"KS101EW - Usual resident population"\n"Units      :","Persons"\n\n'
    '"2011 output area","2011"\n\n"E00000001",194\n"E00000003",250\n\n'
    '"","In order to protect against disclosure"\n'
)


def test_a_nomis_report_takes_points_from_imported_boundaries(run, made):
    corner = Polygon(((442000, 112000), (442100, 112000), (442100, 112100), (442000, 112000)))
    Area.objects.create(
        code="E00000001", name="x", kind="oa", vintage=2011, boundary=MultiPolygon(corner)
    )
    said = run("import_population", made("nomis.csv", NOMIS))
    point = PopulationPoint.objects.get()
    assert (point.code, point.people, point.vintage) == ("E00000001", 194, 2011)
    assert corner.covers(point.point)
    assert "1 skipped: no point in the file, and none known" in said


@pytest.mark.parametrize(
    ("header", "sentence"),
    [
        (
            "lsoa11cd,people,imd2025_decile",
            "the column imd2025_decile belongs to the codes of 2021",
        ),
        (
            "lsoa21cd,people,imd2019_decile",
            "the column imd2019_decile belongs to the codes of 2011",
        ),
        (
            "lsoa21cd,population_2011,name",
            "the column population_2011 belongs to the codes of 2011",
        ),
        ("lsoa21cd,people,lsoa11cd", "the column lsoa11cd belongs to the codes of 2011"),
    ],
)
def test_two_years_of_codes_in_one_file_are_refused(run, made, header, sentence):
    content = f"{header},easting,northing\nE01017139,100,5,442294,112126\n"
    said = refusal(run, made("p.csv", content))
    assert sentence in said
    assert "cannot be joined" in said


def test_points_of_another_census_are_refused_unless_replacing(run, made):
    run("import_population", made("p.csv", HEADER + ROW + WELSH))
    old = made("old.csv", "oa11cd,population_2011,easting,northing\nE00000001,9,442294,112126\n")
    said = refusal(run, old)
    assert "output area of 2011" in said
    assert "lower layer super output area of 2021" in said
    run("import_population", old, replace=True)
    assert set(PopulationPoint.objects.values_list("code", flat=True)) == {
        "E00000001",
        "W01000001",  # Another nation's census is separate.
    }


def test_scottish_data_zones_and_english_areas_coexist(run, made):
    run("import_population", made("p.csv", HEADER + ROW))
    zones = "dz22cd,people,easting,northing\nS01006506,800,383285,800304\n"
    run("import_population", made("s.csv", zones))
    assert PopulationPoint.objects.count() == 2


def test_an_area_with_suppressed_counts_is_reported_and_the_rest_imported(run, made):
    text = "lsoa21cd,people,female,easting,northing,Colour\n"
    for number, people in enumerate(['"1,512",700', "1 498,c", "1503.0,9", "c,c", "12.5,1"], 1):
        text += f"E0109900{number},{people},448100,129500,red\n"
    said = run("import_population", made("p.csv", text))
    assert PopulationPoint.objects.all().people() == 1512 + 1498 + 1503
    assert "5 rows read, 3 kept" in said
    assert "Row 5: “c” is no number of people." in said
    assert "Row 6: “12.5” is no number of people." in said
    assert "Row 3, column “female”: “c” is no number of people." in said
    assert "Columns not used: Colour." in said


def test_the_right_sheet_of_a_population_workbook_is_read(run, made):
    rows = [["Table 1"], ["lsoa21cd", "people", "easting", "northing"]]
    rows.append(["E01099001", 1512, 448100, 129500])
    run("import_population", made("p.xlsx", workbook(Cover=[["Census 2021"]], Data=rows)))
    assert PopulationPoint.objects.get().people == 1512


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "p.csv is empty."),
        (HEADER, "has a header and no rows."),
        ("foo,bar,baz\n", "it has no columns for a code and for people"),
        (b"PK\x03\x04", "is a ZIP archive"),
        ((HEADER + ROW).encode("utf-16-le"), "is not UTF-8 text"),
        (HEADER + ROW.replace("1474", "many"), "row 2: “many” is no number of people."),
        (HEADER + ROW.replace("E01017139", "E0101"), "row 2: “E0101” is no code"),
        (HEADER + ROW.replace(",3,", ",11,"), "row 2: “11” is no decile"),
        (HEADER + ROW.replace("442294.2", "-1.4"), "is not in the United Kingdom"),
        (HEADER + ROW + ROW, "has E01017139 more than once"),
        (HEADER + ROW + WELSH[:30], "row 3: 3 columns instead of 8"),
        (HEADER + ROW + WELSH.replace("W01", "W00"), "the same people would be counted twice"),
        (HEADER + ROW.replace("442294.2,112126.1", "0,0"), "has no points, and none are known"),
        ("code,people,easting,northing\nE01017139,5,1,1\n", "say it with --year"),
    ],
)
def test_an_invalid_file_is_refused_naming_the_row(run, made, content, sentence):
    said = refusal(run, made("p.csv", content))
    assert sentence in said
    assert said.endswith("Nothing was changed.")
