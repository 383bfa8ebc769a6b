"""Importing a second scheme's records joins existing places, and the preview says so."""

import datetime

import pytest
from django.utils import timezone

from common.refusals import Refused
from safespaces.imports.members import import_members
from tests.factories import ALWAYS, OfficerFactory, SchemeFactory, SignUpFactory, StaffMemberFactory
from venues.models import Organisation, SignUp, Venue

pytestmark = pytest.mark.django_db


@pytest.fixture
def first():
    return SignUpFactory(
        approved=True,
        venue__name="St. Mary's Café",
        venue__postcode="ZZ1 1AA",
        venue__hours=ALWAYS,
        reference="BKTM3HPD",
    )


@pytest.fixture
def scheme():
    until = timezone.localdate() + datetime.timedelta(days=200)
    return SchemeFactory(name="Safe Havens", earlier_records_valid_until=until)


@pytest.fixture
def bring_in(scheme):
    administrator = OfficerFactory(scheme=scheme, role="administrator").user

    def run(table, **more):
        return import_members("list.csv", table.encode(), scheme=scheme, by=administrator, **more)

    return run


ROW = "venue,postcode,approved on,{more}\n{name},{postcode},2025-03-01,{value}\n"


def table(name="St Marys Cafe", postcode="zz11aa", more="address", value="9 Other Street"):
    return ROW.format(name=name, postcode=postcode, more=more, value=value)


def test_the_same_name_and_postcode_joins_the_existing_place(first, scheme, bring_in):
    bring_in(table())
    joined = SignUp.objects.get(scheme=scheme)
    assert joined.venue == first.venue
    assert (Venue.objects.count(), Organisation.objects.count()) == (1, 1)
    assert joined.state == "approved"
    assert not joined.shares_people, "nobody asked the place yet"
    first.venue.refresh_from_db()
    assert first.venue.address_1 == "1 High Street", "what is known there stays"
    assert first.venue.lead_scheme == first.scheme


def test_the_preview_says_so_and_changes_nothing(first, scheme, bring_in):
    said = str(bring_in(table(), dry_run=True))
    assert "“St. Mary's Café” joins the place that is here." in said
    assert "Left as it is there: address line 1." in said
    assert "1 that joins a place that is here" in said
    assert SignUp.objects.count() == 1


def test_the_same_reference_joins_whatever_the_name(first, scheme, bring_in):
    bring_in(table(name="The Parish Rooms", postcode="ZZ9 9ZZ", more="reference", value="bktm3hpd"))
    assert SignUp.objects.get(scheme=scheme).venue == first.venue


def test_an_unknown_reference_creates_a_place(first, scheme, bring_in):
    bring_in(table(name="Another", more="reference", value="WCC-0012"))
    assert SignUp.objects.get(scheme=scheme).venue != first.venue


@pytest.mark.parametrize("given", [{"name": "St Mark's Café"}, {"postcode": "ZZ1 1AB"}])
def test_another_name_or_postcode_creates_another_place(first, scheme, bring_in, given):
    bring_in(table(**given))
    assert Venue.objects.count() == 2


def test_importing_again_creates_nothing(first, scheme, bring_in):
    for name in ("St Marys Cafe", "St. Mary's Café", "St Marys Cafe"):
        bring_in(table(name=name))
    assert SignUp.objects.filter(scheme=scheme).count() == 1


def test_two_places_of_one_name_need_a_reference(first, scheme, bring_in):
    SignUpFactory(approved=True, venue__name="St Mary's Cafe", venue__postcode="ZZ1 1AA")
    with pytest.raises(Refused, match="2 places are here under this name and postcode"):
        bring_in(table())
    assert not SignUp.objects.filter(scheme=scheme).exists()


def test_a_place_that_left_the_other_scheme_is_created_anew(first, scheme, bring_in):
    SignUp.objects.update(state="withdrawn")
    bring_in(table())
    assert Venue.objects.count() == 2


def test_hours_in_the_row_do_not_replace_the_places_own(first, scheme, bring_in):
    bring_in(table(more="hours", value="Mon 9-10"))
    assert first.venue.opening_hours.current(timezone.localdate()).count() == 7


def test_a_person_known_there_is_not_duplicated(first, scheme, bring_in):
    StaffMemberFactory(organisation=first.venue.organisation, venue=first.venue, first_name="Jo")
    bring_in(table(more="person", value="Jo"))
    assert first.venue.posts.count() == 1
