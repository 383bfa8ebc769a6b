"""Head office adds many places from a table: previewed line by line, confirmed, all or nothing."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from tests.factories import (
    MembershipFactory,
    OfficerFactory,
    OrganisationFactory,
    SchemeFactory,
    SignUpFactory,
    VenueFactory,
)
from venues.models import Import, SignUp

pytestmark = pytest.mark.django_db
HEADER = "Name,Kind,Address,Town,Postcode,Opening hours,Contact email,Fax\n"
TWO = (
    HEADER
    + "Quay Lane,café,1 Quay Lane,Marrowby,so23 9lj,Mon-Fri 9am-5pm,quay@example.org,1\n"
    + "Station,shop,Platform 2,Marrowby,SO23 8TJ,when we feel like it,,\n"
)


@pytest.fixture
def scheme():
    return SchemeFactory()


@pytest.fixture
def organisation():
    return OrganisationFactory(name="Copper Kettle Ltd")


@pytest.fixture
def head_office(client, organisation):
    user = MembershipFactory(organisation=organisation).user
    client.force_login(user)
    return user


def give(client, organisation, text, name="branches.csv"):
    file = SimpleUploadedFile(name, text.encode())
    address = reverse("import_branches", args=[organisation.pk])
    return client.post(address, {"file": file}, follow=True)


def confirm(client, organisation):
    stored = Import.objects.latest("pk")
    address = reverse("confirm_branch_import", args=[organisation.pk, stored.pk])
    return client.post(address, follow=True).content.decode()


def names(organisation):
    return sorted(organisation.venues.values_list("name", flat=True))


def test_the_table_is_previewed_and_added_on_confirmation(
    client, scheme, organisation, head_office
):
    page = give(client, organisation, TWO).content.decode()
    assert "Tried. Nothing is added until you confirm it." in page
    assert "Would be made: 2 venues." in page
    assert "Quay Lane, SO23 9LJ. Open Monday to Friday 09:00 to 17:00." in page
    assert "when we feel like it" in page
    assert "Columns not used: Fax." in page
    assert names(organisation) == []

    assert "Done. All of it is in." in confirm(client, organisation)

    assert names(organisation) == ["Quay Lane", "Station"]
    sign_up = SignUp.objects.get(venue__name="Quay Lane")
    assert (sign_up.state, sign_up.scheme, sign_up.started_by) == ("draft", scheme, head_office)
    venue = sign_up.venue
    assert (venue.type, venue.town, venue.contact_email) == ("cafe", "Marrowby", "quay@example.org")
    assert venue.opening_hours.count() == 5
    assert not SignUp.objects.get(venue__name="Station").venue.opening_hours.exists()


def test_importing_again_adds_only_what_is_new(client, scheme, organisation, head_office):
    give(client, organisation, TWO)
    confirm(client, organisation)
    page = give(client, organisation, TWO + "Market Hall,shop,,,SO23 9AA,,,\n").content.decode()
    assert "Would be made: 1 venue." in page
    assert "Here already, left as they are: 2 venues." in page
    confirm(client, organisation)
    assert names(organisation) == ["Market Hall", "Quay Lane", "Station"]


def test_a_row_without_name_or_postcode_rejects_the_table_and_names_the_rows(
    client, scheme, organisation, head_office
):
    wrong = TWO + ",shop,,,SO23 9AA,,,\nMarket Hall,shop,,,nowhere,,,\n"
    page = give(client, organisation, wrong).content.decode()
    assert "Refused. Nothing was added." in page
    assert "Row 4, column “Name”" in page
    assert "Row 5, column “Postcode”" in page
    assert names(organisation) == []
    stored = Import.objects.get()
    rows = client.get(reverse("branch_import_rows", args=[organisation.pk, stored.pk]))
    assert "nowhere" in rows.content.decode()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "is empty"),
        ("Name,Town\nQuay Lane,Marrowby\n", "has no column “postcode”"),
        ("PK\x03\x04 no workbook", "branches.csv"),
        (HEADER + "Quay,café,,,SO23 9LJ,,,\n" * 1001, "at most 1000 are taken at once"),
    ],
)
def test_an_invalid_table_is_refused_with_a_reason(
    client, scheme, organisation, head_office, text, words
):
    page = give(client, organisation, text).content.decode()
    assert "Refused. Nothing was added." in page
    assert words in page
    assert names(organisation) == []


def test_a_missing_file_is_reported_at_the_field(client, scheme, organisation, head_office):
    page = client.post(reverse("import_branches", args=[organisation.pk])).content.decode()
    assert "Choose a file." in page


def test_a_previewed_import_can_be_cancelled(client, scheme, organisation, head_office):
    give(client, organisation, TWO)
    stored = Import.objects.get()
    client.post(reverse("stop_branch_import", args=[organisation.pk, stored.pk]))
    stored.refresh_from_db()
    assert stored.state == Import.State.STOPPED
    assert names(organisation) == []


def test_branch_managers_others_and_officers_cannot_import(
    client, scheme, organisation, head_office
):
    give(client, organisation, TWO)
    stored = Import.objects.get()
    sign_up = SignUpFactory(scheme=scheme, venue=VenueFactory(organisation=organisation))
    branch = MembershipFactory(organisation=organisation, venues=[sign_up.venue]).user
    address = reverse("branch_import", args=[organisation.pk, stored.pk])
    for user in (branch, MembershipFactory().user):
        client.force_login(user)
        assert client.get(address).status_code == 404
        assert give(client, organisation, TWO).status_code == 404
    client.force_login(OfficerFactory(scheme=scheme, role="administrator").user)
    answer = client.post(reverse("admin:confirm_import", args=[stored.pk]))
    assert answer.status_code in (403, 404)
    stored.refresh_from_db()
    assert stored.state == Import.State.TRIED


def test_an_organisations_import_is_404_under_another_organisation(
    client, scheme, organisation, head_office
):
    give(client, organisation, TWO)
    other = MembershipFactory()
    client.force_login(other.user)
    stored = Import.objects.get()
    address = reverse("branch_import", args=[other.organisation_id, stored.pk])
    assert client.get(address).status_code == 404
