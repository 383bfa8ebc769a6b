"""Women and young people as bases, from census files by sex and age in the shapes of the ONS."""

import pytest
from django.contrib.gis.geos import Point
from django.core.management import CommandError

from geography.models import BasePoint, PopulationBase, PopulationPoint

pytestmark = pytest.mark.django_db
NOMIS = (
    '"TS009 - Sex by single year of age"\n'
    "\n"
    '"2021 super output area - lower layer","mnemonic","Total","Female","Aged 10 to 14 years",'
    '"Aged 15 to 19 years","Aged 20 to 24 years","Aged 25 to 29 years"\n'
    "Smalltown A,E01999991,100,52,6,7,8,9\n"
    "Smalltown B,E01999992,200,99,11,12,13,14\n"
)
LONG = (
    "Lower layer Super Output Areas Code,Lower layer Super Output Areas,Age (101 categories) Code,"
    "Age (101 categories),Sex (2 categories) Code,Sex (2 categories),Observation\n"
)


@pytest.fixture(autouse=True)
def _areas():
    for number in (1, 2):
        PopulationPoint.objects.create(
            code=f"E0199999{number}",
            kind="lsoa",
            vintage=2021,
            people=100,
            point=Point(400_000 + number, 200_000, srid=27700),
        )


def counts():
    return dict(BasePoint.objects.order_by("code").values_list("code", "people"))


def long_file(ages=range(101)):
    rows = []
    for age in ages:
        said = "Aged 100 years and over" if age == 100 else f"Aged {age} years"
        for code, sex, people in ((1, "Female", 2), (2, "Male", 1)):
            rows.append(f"E01999991,Smalltown A,{age},{said},{code},{sex},{people}")
    return LONG + "\n".join(rows) + "\n"


def test_women_are_counted_from_a_table_of_nomis(run, made):
    said = run("import_base", made("ts009.csv", NOMIS), group="women", year=2021)
    assert "Women: 151 at 2 points." in said
    base = PopulationBase.objects.get()
    assert (base.name, base.unit, base.year, base.is_group) == (
        "Women",
        "women and girls",
        2021,
        True,
    )
    assert counts() == {"E01999991": 52, "E01999992": 99}


def test_young_people_are_those_from_10_to_24_and_no_others(run, made):
    run("import_base", made("ts009.csv", NOMIS), group="young", year=2021)
    assert PopulationBase.objects.get().name == "Young people, 10 to 24"
    assert counts() == {"E01999991": 21, "E01999992": 36}


def test_a_row_for_each_sex_and_age_is_added_up(run, made):
    path = made("custom.csv", long_file())
    run("import_base", path, group="young", year=2021)
    run("import_base", path, group="women", year=2021)
    points = BasePoint.objects.order_by("base__name").values_list("base__name", "people")
    assert list(points) == [("Women", 202), ("Young people, 10 to 24", 45)]


def test_a_bulk_file_of_nomis_names_its_totals_and_ages_in_words(run, made):
    title = '"Sex: {}; Age: {}; measures: Value"'.format
    header = ["date", "geography", "geography code", title("Female", "Total")]
    header += [title("All persons", age) for age in ("Total", "Aged 10 to 14 years")]
    header += [title("All persons", f"Aged {age} years") for age in ("15", "16 to 24")]
    path = made("bulk.csv", ",".join(header) + "\n2021,A,E01999991,52,100,5,6,7\n")
    run("import_base", path, group="women", year=2021)
    run("import_base", path, group="young", year=2021)
    points = BasePoint.objects.order_by("base__name").values_list("people", flat=True)
    assert list(points) == [52, 18]


def test_importing_again_replaces_the_group(run, made):
    for text in (NOMIS, NOMIS.replace(",52,", ",53,")):
        run("import_base", made("ts009.csv", text), group="women", year=2021)
    assert PopulationBase.objects.count() == 1
    assert counts()["E01999991"] == 53


def test_a_trial_changes_nothing(run, made):
    said = run("import_base", made("a.csv", NOMIS), group="women", year=2021, dry_run=True)
    assert "This was a trial" in said
    assert not PopulationBase.objects.exists()


def test_bands_that_do_not_meet_10_and_24_are_refused(run, made):
    text = NOMIS.replace("Aged 10 to 14 years", "Aged 8 to 14 years")
    with pytest.raises(CommandError, match="no counts that add up to young people"):
        run("import_base", made("a.csv", text), group="young", year=2021)


def test_single_years_and_bands_together_count_nobody_twice(run, made):
    text = NOMIS.replace('"Aged 25 to 29 years"', '"Aged 10 years"')
    run("import_base", made("a.csv", text), group="young", year=2021)
    assert counts()["E01999991"] == 21


def test_areas_that_are_not_imported_are_named(run, made):
    text = NOMIS + "Elsewhere,E01000001,9,4,1,1,1,1\n"
    assert "E01000001 is not imported" in run(
        "import_base", made("a.csv", text), group="women", year=2021
    )
    PopulationPoint.objects.all().delete()
    with pytest.raises(CommandError, match="import_population"):
        run("import_base", made("a.csv", text), group="women", year=2021)


def test_another_file_or_no_name_is_refused_in_words(run, made):
    with pytest.raises(CommandError, match="no column of small areas"):
        run("import_base", made("a.csv", "name,x\nA,1\n"), group="women", year=2021)
    with pytest.raises(CommandError, match="Say --name NAME, or --group"):
        run("import_base", made("a.csv", NOMIS), year=2021)
