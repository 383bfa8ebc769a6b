"""Existing council records: venues, training dates and stickers from a table."""

import datetime
import re

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from common.refusals import Refused
from geography.models import Postcode
from safespaces.imports.members import import_members
from tests.common.workbooks import workbook
from tests.factories import (
    OfficerFactory,
    PrincipleFactory,
    RequirementFactory,
    SchemeFactory,
    UserFactory,
)
from training.models import Enrolment, Module
from venues.actions import end_post
from venues.evidence import outstanding, proofs
from venues.evidence_kinds import Stage
from venues.models import (
    Event,
    EvidenceRecord,
    Import,
    Organisation,
    SignUp,
    StaffMember,
    Sticker,
    Venue,
)
from venues.rules import agreements_to_renew

pytestmark = pytest.mark.django_db

HEADER = (
    "Organisation,Sector,Venue,Type,Address,Town,Postcode,Contact name,Contact email,Website,"
    "Opening hours,Approved on,Sticker number,Sticker expires,Person first name,Module,"
    "Trained on,Listing\n"
)
KETTLE = (
    "Kettle Ltd,commercial,The Kettle,café,1 High Street,Exampleton,ZZ1 1AA,Kim,"
    "kim@example.org,kettle.example.org,Mon-Fri 09:00-17:00; Sat 10:00-13:00,03/05/2023,12,"
    "2099-01-31,{person},introductory,{day},public\n"
)
SAM = KETTLE.format(person="Sam", day="01/06/2023")
ALEX = KETTLE.format(person="Alex", day="02/06/2023")
LIBRARY = "Council,public body,The Library,library,,,zz11ab,,,,varies,2022-11-30,,,,,,\n"
UNTIL = datetime.date(2099, 6, 30)


@pytest.fixture(autouse=True)
def _cache_in_memory(settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}


@pytest.fixture
def scheme():
    scheme = SchemeFactory(slug="sanctuary", earlier_records_valid_until=UNTIL)
    principle = PrincipleFactory(scheme=scheme)
    for evidence, stage, subject in [
        ("opening_hours", "submission", ""),
        ("online_presence", "submission", ""),
        ("trained_people", "sticker", "introductory"),
        ("sticker_displayed", "standing", ""),
    ]:
        RequirementFactory(
            principle=principle, evidence=evidence, needed_for=stage, subject=subject
        )
    Module.objects.create(
        slug="introductory",
        title="Introduction",
        kind="introductory",
        minutes=5,
        reviewed_version=1,
        reviewed_by_name="Ruth",
        reviewed_by_role="Lead",
        reviewed_on=timezone.localdate(),
        review_recorded_by=UserFactory(),
    )
    return scheme


@pytest.fixture
def administrator(scheme):
    return OfficerFactory(scheme=scheme, role="administrator").user


@pytest.fixture
def bring_in(scheme, administrator):
    def bring_in(*rows, header=HEADER, encoding="utf-8", **kwargs):
        data = (header + "".join(rows)).encode(encoding)
        return import_members(
            "members.csv", data, **{"scheme": scheme, "by": administrator} | kwargs
        )

    return bring_in


@pytest.fixture
def refused(bring_in):
    """The errors when the rows are refused; checks that nothing changed."""

    def refused(*args, **kwargs):
        with pytest.raises(Refused) as refusal:
            bring_in(*args, **kwargs)
        assert not Venue.objects.exists()
        assert not Organisation.objects.exists()
        assert not Event.objects.exists()
        return list(refusal.value.reasons)

    return refused


def test_a_venue_is_imported_with_its_hours_people_and_sticker(bring_in, administrator):
    Postcode.objects.create(
        postcode="ZZ1 1AA", outward="ZZ1", quality=10, point="SRID=27700;POINT(450000 115000)"
    )
    summary = bring_in(SAM, ALEX, LIBRARY)
    assert summary.made == {"venues": 2, "people": 2, "trainings": 2, "stickers": 1}
    sign_up = SignUp.objects.get(venue__name="The Kettle")
    venue, sticker = sign_up.venue, sign_up.stickers.get()
    assert sign_up.state == "approved"
    assert sign_up.approved_at.date() == datetime.date(2023, 5, 3)
    assert (venue.type, venue.listing, venue.website) == (
        "cafe",
        "public",
        "https://kettle.example.org",
    )
    assert venue.point.x == 450000
    assert (venue.organisation.name, venue.organisation.sector) == ("Kettle Ltd", "commercial")
    assert venue.opening_hours.count() == 6
    assert venue.hours_confirmed_at is None
    assert (sticker.number, sticker.expires_on) == (12, datetime.date(2099, 1, 31))
    assert len(sticker.code) == 8
    assert {e.valid_until for e in Enrolment.objects.all()} == {UNTIL}
    library = Venue.objects.get(name="The Library")
    assert (library.postcode, library.listing) == ("ZZ1 1AB", "internal")
    assert not library.opening_hours.exists()
    said = str(summary)
    assert "Row 4, column “Opening hours”: “varies” could not be read" in said
    assert "stay internal until it is set: 1" in said


def test_the_imported_venue_is_listed_and_its_evidence_is_consistent(bring_in, administrator):
    bring_in(SAM)
    sign_up, today = SignUp.objects.get(), timezone.localdate()
    assert outstanding(sign_up, Stage.STANDING, today) == []
    assert {
        proof.requirement.evidence: proof.held_until
        for proof in proofs(sign_up, Stage.STANDING, today)
    }["trained_people"] == UNTIL
    assert SignUp.objects.listed(today).get() == sign_up
    assert {record.imported_by for record in EvidenceRecord.objects.all()} == {administrator}
    assert set(EvidenceRecord.objects.values_list("evidence", "valid_until")) == {
        ("opening_hours", UNTIL),
        ("online_presence", UNTIL),
        ("sticker_displayed", UNTIL),
    }


def test_a_displayed_sticker_is_not_waiting_to_be_sent_or_put_up(bring_in):
    bring_in(SAM)
    sticker = Sticker.objects.get()
    assert sticker.sent_at.date() == sticker.displayed_at.date() == datetime.date(2023, 5, 3)


@pytest.mark.parametrize(
    ("sent", "displayed", "is_sent", "is_displayed"),
    [
        ("yes", "no", True, False),
        ("no", "no", False, False),
        ("03/05/2023", "", True, True),
        ("No", "TRUE", True, True),  # It is up, so it must have arrived.
    ],
)
def test_columns_say_whether_a_sticker_was_sent_and_is_up(
    bring_in, sent, displayed, is_sent, is_displayed
):
    header = HEADER.replace("\n", ",Sticker sent,Sticker displayed\n")
    bring_in(SAM.replace("\n", f",{sent},{displayed}\n"), header=header)
    sticker = Sticker.objects.get()
    assert (sticker.sent_at is not None, sticker.displayed_at is not None) == (
        is_sent,
        is_displayed,
    )
    proved = EvidenceRecord.objects.filter(evidence="sticker_displayed")
    assert proved.exists() == is_displayed


def test_an_unclear_sticker_status_is_reported(refused):
    header = HEADER.replace("\n", ",Sticker sent\n")
    assert refused(SAM.replace("\n", ",perhaps\n"), header=header) == [
        "Row 2, column “Sticker sent”: “perhaps” is neither yes, no nor a day."
    ]


def test_a_venue_is_not_listed_with_an_expired_sticker_or_nobody_trained(scheme, bring_in):
    RequirementFactory(
        principle=scheme.principles.get(), evidence="current_sticker", needed_for="standing"
    )
    bring_in(
        SAM.replace("2099-01-31", "2024-01-31"),
        SAM.replace("The Kettle", "The Pot").replace(",12,", ",13,").replace("01/06/2023", ""),
    )
    assert SignUp.objects.approved().count() == 2
    assert not SignUp.objects.listed(timezone.localdate()).exists()


def test_nothing_is_agreed_on_the_venues_behalf(bring_in, scheme):
    bring_in(SAM)
    sign_up = SignUp.objects.get()
    assert not sign_up.agreements.exists()
    assert agreements_to_renew(sign_up) == list(scheme.principles.all())
    assert mail.outbox == []


def test_the_contact_is_invited_only_on_request(bring_in):
    assert bring_in(SAM, invite=True).made["invitations"] == 1
    assert Organisation.objects.get().invitations.get().email == "kim@example.org"


def test_the_history_records_what_was_imported(bring_in, scheme):
    bring_in(SAM)
    kept = Event.objects.filter(kind="venues.earlier_record_kept")
    assert {event.data["evidence"] for event in kept} == {
        "approved on 3 May 2023",
        "sticker 12",
        "training (introductory) on 1 June 2023",
    }
    assert Event.objects.get(kind="venues.members_imported", scheme=scheme).data == {"count": 1}


def test_a_dry_run_shows_the_full_effect_and_changes_nothing(bring_in):
    summary = bring_in(SAM, LIBRARY, dry_run=True)
    assert summary.made["venues"] == 2
    assert "Would be made: 2 venues, 1 person, 1 training, 1 sticker." in str(summary)
    assert "The Kettle, ZZ1 1AA:" in summary.venues[0]
    for model in (Venue, Organisation, StaffMember, Enrolment, Sticker, Event):
        assert not model.objects.exists()


def test_importing_again_creates_no_duplicates(bring_in):
    bring_in(SAM, LIBRARY)
    events = Event.objects.count()
    again = bring_in(SAM, LIBRARY)
    assert not again.made.total()
    assert again.kept == {"venues": 2, "people": 1, "trainings": 1, "stickers": 1}
    assert Event.objects.count() == events
    assert bring_in(SAM, ALEX).made == {"people": 1, "trainings": 1}
    assert Venue.objects.count() == 2


def test_importing_again_does_not_restore_people_or_venues_that_left(bring_in, administrator):
    bring_in(SAM, LIBRARY)
    day = timezone.localdate()
    end_post(StaffMember.objects.get().posts.get(), last_day=day, by=administrator)
    StaffMember.objects.get().posts.update(
        from_date=day - datetime.timedelta(days=9), until=day - datetime.timedelta(days=1)
    )
    SignUp.objects.filter(venue__name="The Library").update(state="withdrawn")
    again = bring_in(SAM, LIBRARY)
    assert not again.made.total()
    assert again.skipped.total() == 2
    assert "the person has left the venue" in str(again)
    assert "its sign-up is: withdrawn" in str(again)


def test_an_organisation_with_two_venues_is_created_once(bring_in):
    bring_in(SAM, SAM.replace("The Kettle", "The Pot").replace(",12,", ",13,"))
    assert Organisation.objects.get().venues.count() == 2


@pytest.mark.parametrize(
    ("row", "said"),
    [
        (SAM.replace("ZZ1 1AA", "ZZ"), "Row 2, column “Postcode”: “ZZ” is not a whole postcode."),
        (SAM.replace("ZZ1 1AA", ""), "Row 2, column “Postcode”: this is empty."),
        (SAM.replace("The Kettle", ""), "Row 2, column “Venue”: this is empty."),
        (SAM.replace("03/05/2023", ""), "Row 2, column “Approved on”: give the day"),
        (SAM.replace("03/05/2023", "soon"), "Row 2, column “Approved on”: “soon” is not a day"),
        (SAM.replace("03/05/2023", "01/01/2090"), "column “Approved on”: The approval is in the"),
        (SAM.replace("café", "castle"), "Row 2, column “Type”: “castle” is none of: library,"),
        (SAM.replace("commercial", "royal"), "Row 2, column “Sector”: “royal” is none of:"),
        (SAM.replace("public\n", "maybe\n"), "Row 2, column “Listing”: “maybe” is none of:"),
        (
            SAM.replace("kim@example.org", "kim"),
            "Row 2, column “Contact email”: “kim” is not an e-mail address.",
        ),
        (
            SAM.replace("kettle.example.org", "no web"),
            "Row 2, column “Website”: “no web” is not a web address.",
        ),
        (SAM.replace(",12,", ",twelve,"), "Row 2, column “Sticker number”: “twelve” is not a"),
        (SAM.replace(",12,", ",,"), "Row 2, column “Sticker expires”: which sticker is this?"),
        (SAM.replace("2099-01-31", "31/02/2099"), "Row 2, column “Sticker expires”: “31/02/2099”"),
        (SAM.replace("01/06/2023", "01/06/2090"), "Row 2, column “Trained on”: this day is in"),
        (SAM.replace("Sam", ""), "Row 2, column “Trained on”: whose training is this?"),
        (SAM.replace("introductory", "karate"), "Row 2, column “Module”: “karate” is none of"),
        (SAM + ALEX.replace("Exampleton", "Otherton"), "Row 3, column “Town”: this differs from"),
        (SAM + SAM.replace("The Kettle", "The Pot"), "Row 3, column “Sticker number”: Sticker 12"),
    ],
)
def test_an_invalid_cell_is_reported_and_nothing_changes(refused, row, said):
    reasons = refused(LIBRARY, row)
    wanted = re.sub(r"Row (\d)", lambda match: f"Row {int(match[1]) + 1}", said)
    assert len(reasons) == 1
    assert wanted in reasons[0]


def test_all_errors_are_reported_at_once_in_row_order(refused):
    reasons = refused(
        SAM.replace("Sam", ""), LIBRARY.replace("zz11ab", "?"), ALEX.replace("café", "castle")
    )
    assert [reason[:6] for reason in reasons] == ["Row 2,", "Row 3,", "Row 4,"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "members.csv is empty."),
        (b" \r\n\r\n", "members.csv is empty."),
        (HEADER.encode(), "members.csv has a header and no rows below it."),
        ((HEADER + SAM).encode("utf-16-le"), "members.csv is not text, or UTF-16:"),
        (b"PK\x03\x04rest", "members.csv is a ZIP archive: unpack it"),
        (
            b"Name of dog,Breed\nRex,Collie\n",
            "members.csv has no column “venue”, “postcode”, “approved on”.",
        ),
        ((HEADER + '"The cut off').encode(), "members.csv, row 2: a quotation mark is not closed"),
        ((HEADER + SAM.strip() + ",1,2\n").encode(), "row 2: 20 cells under 18 columns."),
        (("Town,City," + HEADER + "a,b," + SAM).encode(), "the columns “Town” and “City” both"),
    ],
)
def test_an_invalid_file_is_refused_in_a_sentence(scheme, administrator, data, said):
    with pytest.raises(Refused) as refusal:
        import_members("members.csv", data, scheme=scheme, by=administrator)
    (reason,) = refusal.value.reasons
    assert said in reason
    assert not Venue.objects.exists()


def test_windows_spreadsheet_files_are_read(bring_in):
    assert bring_in(SAM, encoding="utf-8-sig").notes[0].startswith("Opening hours imported")
    semicolons = (LIBRARY.replace(",", ";")).replace("The Library", "Café Zoë")
    summary = bring_in(semicolons, header=HEADER.replace(",", ";"), encoding="cp1252")
    assert "was read as Windows-1252 text" in str(summary)
    assert Venue.objects.filter(name="Café Zoë").exists()


def test_columns_have_alternative_names_and_unknown_ones_are_reported(bring_in):
    summary = bring_in(
        "The Hut,ZZ1 1AA,3 May 2023,red\n", header="PLACE,post_code,Date approved,Colour\n"
    )
    assert Venue.objects.get().organisation.name == "The Hut"
    assert "Columns not used: Colour." in summary.sentences()


def test_the_scheme_must_set_until_when_earlier_records_count(refused, scheme):
    scheme.earlier_records_valid_until = None
    scheme.save()
    assert "has not said until when earlier records count" in refused(SAM)[0]


@pytest.mark.parametrize("role", ["viewer", "officer", "trainer", "chair"])
def test_only_an_administrator_may_import(refused, scheme, role):
    officer = OfficerFactory(scheme=scheme, role=role).user
    assert "that takes an administrator" in refused(SAM, by=officer)[0]


def test_another_councils_administrator_is_refused(refused):
    other = OfficerFactory(role="administrator").user
    assert "may not bring in records" in refused(SAM, by=other)[0]


def test_the_command_prints_what_it_did_or_why_not(scheme, administrator, tmp_path, capsys):
    file = tmp_path / "members.csv"
    file.write_text(HEADER + SAM)
    asked = {"scheme": "sanctuary", "by": administrator.email}
    call_command("import_members", file, dry_run=True, **asked)
    assert "This was a trial: nothing was changed." in capsys.readouterr().out
    assert not Venue.objects.exists()
    call_command("import_members", file, **asked)
    assert "Made: 1 venue, 1 person, 1 training, 1 sticker." in capsys.readouterr().out
    file.write_text(HEADER + SAM.replace("café", "castle"))
    with pytest.raises(CommandError, match=r"(?s)Row 2, column “Type”.*Nothing was changed"):
        call_command("import_members", file, **asked)
    with pytest.raises(CommandError, match="no scheme called nowhere"):
        call_command("import_members", file, **asked | {"scheme": "nowhere"})
    with pytest.raises(CommandError, match="Nobody here"):
        call_command("import_members", file, **asked | {"by": "x@example.org"})


# Real-world lists


def simple(*rows, header="Venue,Postcode,Approved on,Contact phone,Person,Trained on"):
    return [f"{header}\n", *(f"{row}\n" for row in rows)]


@pytest.fixture
def take(bring_in):
    """Import rows with few columns; returns the messages."""

    def take(*rows, **options):
        header, *lines = simple(*rows, **options)
        return bring_in(*lines, header=header)

    return take


def test_several_names_in_one_cell_are_several_people(take):
    take(
        'Mill,ZZ1 1AA,01/03/2025,,"Jo, Sam, Priya",01/03/2025', "Weir,ZZ1 1AB,01/03/2025,,Al & Bo,"
    )
    names = StaffMember.objects.order_by("pk").values_list("first_name", flat=True)
    assert list(names) == ["Jo", "Sam", "Priya", "Al", "Bo"]
    assert Enrolment.objects.count() == 3


@pytest.mark.parametrize("people", ["2 staff", "All staff", "the team", "3", "Jo and 2 volunteers"])
def test_a_number_of_staff_names_nobody_and_is_reported(take, people):
    said = str(take(f"Mill,ZZ1 1AA,01/03/2025,,{people},01/03/2025"))
    assert "Row 2, column “Person”:" in said
    assert "does not say who: give first names." in said
    assert not StaffMember.objects.exists()
    assert SignUp.objects.exists()


@pytest.mark.parametrize("name", ["Mary Ann", "D’Arcy", "Zoë", "Jean-Luc", "Priya S.", "Ань"])
def test_a_full_name_stays_one_name(take, name):
    take(f"Mill,ZZ1 1AA,01/03/2025,,{name},")
    assert StaffMember.objects.get().first_name == name.rstrip(".")


def test_a_lost_zero_is_restored_and_rounded_digits_are_reported(take):
    said = str(
        take(
            "Mill,ZZ1 1AA,01/03/2025,1632960001,,",
            "Weir,ZZ1 1AB,01/03/2025,4.4163E+11,,",
            "Lock,ZZ1 1AD,01/03/2025,01632 960003 / 01632 960004,,",
        )
    )
    assert dict(Venue.objects.values_list("name", "contact_phone")) == {
        "Mill": "01632960001",
        "Weir": "",
        "Lock": "01632 960003 / 01632 960004",
    }
    assert "Row 2, column “Contact phone”: “1632960001” had lost its first digit" in said
    assert "Row 3, column “Contact phone”: “4.4163E+11” has lost its digits" in said


def test_one_name_with_three_spellings_is_flagged_before_import(take):
    said = str(
        take(
            "St Mary's Hall,ZZ1 1AA,01/03/2025,,,",
            "St Mary’s Hall,ZZ1 1AA,01/03/2025,,,",
            "St. Mary's  Hall,ZZ1 1AA,01/03/2025,,,",
        )
    )
    assert "Rows 2, 3, 4 may be the same venue, at ZZ1 1AA: “St Mary's Hall”" in said
    again = str(take("St Marys Hall,ZZ1 1AA,01/03/2025,,,"))
    assert "Row 2, “St Marys Hall”, may be “St Mary's Hall”, which is here already." in again


def test_invisible_characters_are_removed(bring_in):
    bring_in(SAM.replace("The Kettle", "The\xa0Kettle\u200b").replace("kim@", "\ufeffkim@\u200b"))
    venue = Venue.objects.get()
    assert (venue.name, venue.contact_email) == ("The Kettle", "kim@example.org")


def test_a_control_character_is_reported(refused):
    assert refused(SAM.replace("The Kettle", "The\x07Kettle")) == [
        "Row 2, column “Venue”: it has a control character in it: type it again."
    ]


@pytest.mark.parametrize("day", ["3rd May 2023", "2023-05-03T00:00:00Z", "45049", "3-May-23"])
def test_dates_are_read_as_spreadsheets_and_people_write_them(bring_in, day):
    bring_in(SAM.replace("03/05/2023", day))
    assert SignUp.objects.get().approved_at.date() == datetime.date(2023, 5, 3)


def test_a_month_is_not_a_date_and_is_reported(refused):
    assert (
        "“May 2023” is a month: give the day" in refused(SAM.replace("03/05/2023", "May 2023"))[0]
    )


@pytest.mark.parametrize(
    ("closed", "made"),
    [("yes", 0), ("2019", 0), ("01/02/2024", 0), ("no", 1), ("n/a", 1), ("31/12/2099", 1)],
)
def test_a_closed_venue_is_left_out_with_a_note(take, closed, made):
    summary = take(f"Mill,ZZ1 1AA,01/03/2025,{closed}", header="Venue,Postcode,Approved on,Closed")
    assert Venue.objects.count() == made
    assert ("Skipped, 1: the venue has closed." in str(summary)) == (made == 0)


def test_a_closing_day_does_not_mean_the_venue_has_closed(refused):
    header, row = simple("Mill,ZZ1 1AA,01/03/2025,Sundays", header="Venue,Postcode,Approved,Closed")
    assert "does not say whether it has closed for good" in refused(row, header=header)[0]


def test_utf_16_and_workbooks_are_read(scheme, administrator):
    data = (HEADER.replace(",", "\t") + LIBRARY.replace(",", "\t")).encode("utf-16")
    import_members("m.txt", data, scheme=scheme, by=administrator)
    assert Venue.objects.get().name == "The Library"
    rows = [
        ["Our members"],
        ["Venue", "Postcode", "Approved on", "Contact phone"],
        ["Mill", "ZZ1 1AA", datetime.datetime(2025, 3, 1), 1632960001],
    ]
    import_members("m.xlsx", workbook(Members=rows), scheme=scheme, by=administrator)
    assert Venue.objects.get(name="Mill").contact_phone == "01632960001"


# The page


@pytest.fixture
def upload(client, scheme, settings, tmp_path):
    settings.DEMO = True  # No second factor required.

    def upload(user, text, scheme=scheme):
        file = tmp_path / "members.csv"
        file.write_text(text)
        client.force_login(user)
        with file.open("rb") as opened:
            sent = {"scheme": scheme.pk, "file": opened}
            return client.post(reverse("import_members"), sent, follow=True)

    return upload


def act_on(client, name):
    """Press a button on the page of the only import."""
    return client.post(reverse(f"admin:{name}", args=[Import.objects.get().pk]), follow=True)


def test_the_page_previews_the_effect_and_imports_on_confirmation(upload, client, administrator):
    page = upload(administrator, HEADER + SAM)
    assert "Would be made: 1 venue" in page.text
    assert "Bring these records in" in page.text
    assert not Venue.objects.exists()
    done = act_on(client, "confirm_import")
    assert "Done. All of it is in." in done.text
    assert "Made: 1 venue, 1 person, 1 training, 1 sticker." in done.text
    assert Venue.objects.get().name == "The Kettle"
    assert Import.objects.get().file is None
    again = act_on(client, "confirm_import")
    assert "This cannot be done while the import is: done." in again.text


def test_the_page_lists_every_error_and_offers_no_confirmation(upload, client, administrator):
    page = upload(administrator, HEADER + SAM.replace("café", "castle"))
    assert "Refused. Nothing was changed." in page.text
    assert "Row 2, column “Type”" in page.text
    assert "Bring these records in" not in page.text
    act_on(client, "confirm_import")
    assert not Venue.objects.exists()


def test_the_file_is_deleted_when_the_import_is_cancelled(upload, client, administrator):
    upload(administrator, HEADER + SAM)
    assert "Stopped. Nothing was changed." in act_on(client, "stop_import").text
    assert Import.objects.get().file is None
    act_on(client, "confirm_import")
    assert not Venue.objects.exists()


def test_the_page_refuses_strangers_other_roles_and_the_wrong_council(
    upload, client, scheme, administrator
):
    url = reverse("import_members")
    assert client.get(url).status_code == 302
    upload(administrator, HEADER + SAM)
    for role in ("viewer", "officer"):
        client.force_login(OfficerFactory(scheme=scheme, role=role).user)
        assert client.get(url).status_code == 403
        assert act_on(client, "confirm_import").status_code == 403
    page = upload(OfficerFactory(role="administrator").user, HEADER + SAM)
    assert "scheme" in page.context["form"].errors
    assert act_on(client, "confirm_import").status_code == 404
    assert not Venue.objects.exists()


def test_the_rows_to_correct_can_be_downloaded(upload, client, administrator, scheme):
    page = upload(administrator, HEADER + SAM.replace("café", "castle") + LIBRARY)
    url = reverse("admin:import_rows", args=[Import.objects.get().pk])
    assert url in page.text
    lines = client.get(url).content.decode("utf-8-sig").splitlines()
    assert lines[0].endswith("Listing,Row,What is wrong")
    assert "castle" in lines[1]
    assert "Type: “castle” is none of" in lines[1]
    client.force_login(OfficerFactory(scheme=scheme, role="viewer").user)
    assert client.get(url).status_code == 403
