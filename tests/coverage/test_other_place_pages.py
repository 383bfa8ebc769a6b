"""Officers' pages of other spaces: own lists only, linked, kept apart, invited."""

import pytest
from django.contrib.gis.geos import Point
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone
from post_office.models import Email

from coverage.models import NotTheSame, OtherPlace, Source
from geography.models import Postcode
from tests.coverage.factories import GapFactory, OtherPlaceFactory, SourceFactory
from tests.factories import ALWAYS, OfficerFactory, SchemeFactory, SignUpFactory, VenueFactory
from venues.models import Event, Import, Invitation, SignUp

pytestmark = pytest.mark.django_db
LIST = b"name,easting,northing,mon\nHall,440000,113000,10:00-12:00\nBarn,1,x,\n"


@pytest.fixture
def scheme():
    return SchemeFactory(name="Our Scheme")


@pytest.fixture
def officer(client, scheme):
    user = OfficerFactory(scheme=scheme).user
    client.force_login(user)
    return user


@pytest.fixture
def other_place(scheme):
    return OtherPlaceFactory(
        source__scheme=scheme,
        name="Shirley Library",
        kind="library",
        address="Shirley Precinct",
        town="Soton",
        email="library@example.org",
        hours=ALWAYS[:1],
    )


def get(client, name, /, *args, query=""):
    return client.get(reverse(f"admin:{name}", args=args) + query)


def post(client, name, /, *args, **data):
    return client.post(reverse(f"admin:{name}", args=args), data, follow=True)


def text_of(answer):
    return answer.content.decode()


def test_the_list_shows_own_and_open_data_and_exports_csv_and_geojson(client, officer, other_place):
    OtherPlaceFactory(source=SourceFactory(scheme=None), name="Open pharmacy")
    OtherPlaceFactory(name="Another council’s")
    for name in ("changelist", "export", "geojson"):
        text = text_of(get(client, f"coverage_otherplace_{name}"))
        assert "Shirley Library" in text
        assert "Open pharmacy" in text
        assert "Another council" not in text
    features = get(client, "coverage_otherplace_geojson", query="?q=Shirley").json()["features"]
    assert [each["properties"]["name"] for each in features] == ["Shirley Library"]
    assert features[0]["geometry"]["type"] == "Point"
    assert "Nothing" not in text_of(
        get(client, "coverage_otherplace_changelist", query="?standing=ours")
    )


def test_the_lists_use_a_constant_number_of_queries(
    client, officer, scheme, django_assert_max_num_queries
):
    for name in ("otherplace", "source", "gap"):
        with django_assert_max_num_queries(16):
            get(client, f"coverage_{name}_changelist")
    for _number in range(12):
        OtherPlaceFactory(source__scheme=scheme)
        GapFactory(scheme=scheme, owner=officer)
    for name in ("otherplace", "source", "gap"):
        with django_assert_max_num_queries(16):
            assert get(client, f"coverage_{name}_changelist").status_code == 200


def test_a_space_is_linked_to_a_venue_and_unlinked(client, officer, scheme, other_place):
    venue = VenueFactory(lead_scheme=scheme, name="Library of Shirley")
    assert "Library of Shirley" in text_of(get(client, "possible_duplicates"))
    assert "Library of Shirley" in text_of(
        get(client, "coverage_otherplace_change", other_place.pk)
    )
    assert "Linked" in text_of(post(client, "link_other_place", other_place.pk, venue.pk))
    other_place.refresh_from_db()
    assert (other_place.venue, other_place.linked_by) == (venue, officer)
    assert "Library of Shirley" not in text_of(get(client, "possible_duplicates"))
    assert "already" in text_of(post(client, "link_other_place", other_place.pk, venue.pk))
    post(client, "unlink_other_place", other_place.pk)
    assert OtherPlace.objects.get().venue is None
    assert Event.objects.filter(kind="coverage.other_place_linked", venue=venue).exists()


def test_two_spaces_marked_as_different_stay_apart(client, officer, scheme, other_place):
    venue = VenueFactory(lead_scheme=scheme, name="Shirley Library café")
    assert "Shirley Library café" in text_of(get(client, "possible_duplicates"))
    post(client, "say_not_the_same", other_place.pk, venue.pk, back="other_place")
    assert NotTheSame.objects.get().said_by == officer
    assert "Shirley Library café" not in text_of(get(client, "possible_duplicates"))


def test_an_invited_space_becomes_a_prefilled_sign_up(client, officer, scheme, other_place):
    Postcode.objects.create(postcode="ZZ1 1AA", outward="ZZ1", quality=90)
    gap = GapFactory(scheme=scheme, owner=officer)
    page = text_of(
        get(client, "coverage_otherplace_change", other_place.pk, query=f"?gap={gap.pk}")
    )
    assert 'value="library@example.org"' in page
    sent = {"scheme": scheme.pk, "email": "boss@example.org", "postcode": "zz11aa", "gap": gap.pk}
    text = text_of(post(client, "invite_other_place", other_place.pk, **sent))
    assert "Invited: the e-mail with the link is on its way." in text
    sign_up = SignUp.objects.get()
    venue = sign_up.venue
    assert (sign_up.state, sign_up.entered_by) == ("draft", officer)
    assert (venue.name, venue.type, venue.address_1) == (
        "Shirley Library",
        "library",
        "Shirley Precinct",
    )
    assert (venue.point, venue.contact_email) == (
        Point(450000, 115000, srid=27700),
        "boss@example.org",
    )
    assert venue.hours_confirmed_at is None
    assert venue.opening_hours.count() == 1
    assert Invitation.objects.get().email == "boss@example.org"
    assert Email.objects.get().to == ["boss@example.org"]
    assert gap.approaches.get().other_place == other_place
    assert not OtherPlace.objects.candidates().exists()
    assert "Invited: draft" in text_of(get(client, "coverage_otherplace_changelist"))
    post(client, "invite_other_place", other_place.pk, **sent)
    assert SignUp.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"email": "nobody"}, "Enter a valid email address"),
        ({"postcode": "SO1"}, "Give the whole postcode"),
        ({"scheme": "0"}, "Select a valid choice"),
    ],
)
def test_an_invalid_invitation_is_refused_with_a_reason(
    client, officer, scheme, other_place, change, words
):
    sent = {"scheme": scheme.pk, "email": "b@example.org", "postcode": "ZZ1 1AA", **change}
    assert words in text_of(post(client, "invite_other_place", other_place.pk, **sent))
    assert not SignUp.objects.exists()


def test_only_the_inviting_scheme_sees_an_invitations_progress(client, officer, scheme):
    theirs, ours = SignUpFactory(submitted=True), SignUpFactory(submitted=True, scheme=scheme)
    for sign_up in (theirs, ours):
        invited = {"sign_up": sign_up, "venue": sign_up.venue, "linked_by": officer}
        other_place = OtherPlaceFactory(source__scheme=None, linked_at=timezone.now(), **invited)
        page = get(client, "coverage_otherplace_change", other_place.pk)
        said = "Invited: submitted" if sign_up == ours else "Invited by another scheme"
        for text in (text_of(page), text_of(get(client, "coverage_otherplace_export"))):
            assert said in text
    assert text_of(get(client, "coverage_otherplace_changelist")).count("Invited: submitted") == 1


def test_a_list_is_previewed_then_imported(client, officer, scheme):
    file = SimpleUploadedFile("halls.csv", LIST)
    sent = {"scheme": scheme.pk, "name": "Halls", "file": file, "own_scheme": "Warm Marrow"}
    answer = post(client, "import_other_places", **sent)
    text = text_of(answer)
    assert "Halls: 2 rows read, 1 spaces (1 new" in text
    assert "Row 3: its point is not two numbers: 1, x." in text
    assert not Source.objects.exists()
    text = text_of(post(client, "confirm_import", Import.objects.get().pk))
    assert "Halls: 2 rows read, 1 spaces (1 new" in text
    source = Source.objects.get()
    assert (source.scheme, source.own_scheme, source.other_places.count()) == (
        scheme,
        "Warm Marrow",
        1,
    )


def test_a_list_is_edited_and_removed(client, officer, scheme, other_place):
    source = other_place.source
    sent = {"kind": "library", "own_scheme": "", "publishes": "on"}
    assert "Say which scheme publishes" in text_of(post(client, "change_source", source.pk, **sent))
    post(client, "change_source", source.pk, **{**sent, "own_scheme": "Libraries"})
    source.refresh_from_db()
    assert source.publishes
    OtherPlaceFactory(
        source=source,
        venue=VenueFactory(),
        linked_by=officer,
        linked_at=source.imported_at or "2026-01-01T00:00Z",
    )
    assert "linked, invited or approached" in text_of(post(client, "remove_source", source.pk))
    source.other_places.filter(venue__isnull=False).delete()
    post(client, "remove_source", source.pk)
    assert not Source.objects.exists()


def test_another_councils_officer_has_no_access(client, other_place, scheme):
    venue = VenueFactory(lead_scheme=scheme)
    client.force_login(OfficerFactory(role="administrator").user)
    assert "Shirley" not in text_of(get(client, "coverage_otherplace_changelist"))
    assert get(client, "coverage_otherplace_change", other_place.pk).status_code == 302
    for name, args in (
        ("link_other_place", [other_place.pk, venue.pk]),
        ("say_not_the_same", [other_place.pk, venue.pk]),
        ("unlink_other_place", [other_place.pk]),
        ("invite_other_place", [other_place.pk]),
        ("change_source", [other_place.source.pk]),
        ("remove_source", [other_place.source.pk]),
    ):
        assert post(client, name, *args).status_code == 404, name
        assert get(client, name, *args).status_code in (404, 302), name


def test_a_viewer_can_read_but_not_change(client, other_place, scheme):
    venue = VenueFactory(lead_scheme=scheme, name="Shirley Library")
    client.force_login(OfficerFactory(scheme=scheme, role="viewer").user)
    page = text_of(get(client, "coverage_otherplace_change", other_place.pk))
    assert "Shirley Library" in page
    assert "Invite it to join" not in page
    assert "The same: link them" not in text_of(get(client, "possible_duplicates"))
    for name, args in (
        ("link_other_place", [other_place.pk, venue.pk]),
        ("invite_other_place", [other_place.pk]),
        ("import_other_places", []),
        ("remove_source", [other_place.source.pk]),
    ):
        assert post(client, name, *args).status_code == 403, name
