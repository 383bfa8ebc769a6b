"""`--errors FILE`: the rows an import did not take, to be put right and brought in again."""

import csv

import pytest
from django.core.management import CommandError, call_command

from coverage.models import OtherPlace
from tests.factories import OfficerFactory, PrincipleFactory, SchemeFactory
from tests.safespaces.test_import_members import UNTIL
from venues.models import Venue

pytestmark = pytest.mark.django_db
HEADER = "Organisation,Sector,Venue,Type,Address,Town,Postcode,Approved on\n"
KETTLE = "Kettle Ltd,commercial,The Kettle,café,1 High Street,Exampleton,ZZ1 1AA,03/05/2023\n"


@pytest.fixture
def asked():
    scheme = SchemeFactory(slug="sanctuary", checks={}, earlier_records_valid_until=UNTIL)
    PrincipleFactory(scheme=scheme)
    administrator = OfficerFactory(scheme=scheme, role="administrator").user
    return {"scheme": "sanctuary", "by": administrator.email}


def rows_of(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_refused_members_are_written_with_their_reasons_put_right_and_brought_in(
    asked, tmp_path, capsys
):
    file, errors = tmp_path / "members.csv", tmp_path / "errors.csv"
    file.write_text(HEADER + KETTLE.replace("café", "castle"))
    with pytest.raises(CommandError, match=r"(?s)Nothing was changed.*1 row .* errors.csv"):
        call_command("import_members", file, errors=errors, **asked)
    assert not Venue.objects.exists()
    header, row = rows_of(errors)
    assert header[-2:] == ["Row", "What is wrong"]
    assert row[-2] == "2"
    assert "Type" in row[-1]
    errors.write_text(errors.read_text(encoding="utf-8-sig").replace("castle", "café", 1))
    call_command("import_members", errors, **asked)
    assert "Made: 1 venue" in capsys.readouterr().out


def test_without_a_fault_no_file_is_written(asked, tmp_path, capsys):
    file, errors = tmp_path / "members.csv", tmp_path / "errors.csv"
    file.write_text(HEADER + KETTLE)
    call_command("import_members", file, errors=errors, **asked)
    assert Venue.objects.get().name == "The Kettle"
    assert not errors.exists()
    assert "errors.csv" not in capsys.readouterr().out


def test_a_file_that_is_here_already_is_not_written_over(asked, tmp_path):
    file = tmp_path / "members.csv"
    file.write_text(HEADER + KETTLE)
    with pytest.raises(CommandError, match="is here already"):
        call_command("import_members", file, errors=file, **asked)
    with pytest.raises(CommandError, match="no folder"):
        call_command("import_members", file, errors=tmp_path / "a" / "b.csv", **asked)
    assert file.read_text() == HEADER + KETTLE
    assert not Venue.objects.exists()


def test_other_places_not_taken_are_put_right_though_their_longitude_begins_with_a_minus(
    tmp_path, capsys
):
    """A spreadsheet would read -1.3131 as a formula, so it is written with an apostrophe."""
    file, errors = tmp_path / "warm.csv", tmp_path / "errors.csv"
    file.write_text(
        "Name,Latitude,Longitude,Monday\n"
        "One,51.0632,-1.3080,9:00-17:00\n"
        "Two,fifty-one,-1.3131,9:00-17:00\n"
    )
    call_command("import_other_places", file, source="Warm", errors=errors)
    assert "1 row to put right is in errors.csv" in capsys.readouterr().out
    assert OtherPlace.objects.count() == 1
    assert rows_of(errors)[1][:3] == ["Two", "fifty-one", "'-1.3131"]
    errors.write_text(errors.read_text(encoding="utf-8-sig").replace("fifty-one", "51.0600"))
    call_command("import_other_places", errors, source="Warm")
    assert set(OtherPlace.objects.values_list("name", flat=True)) == {"One", "Two"}
