"""The demonstration fills every screen, is entirely made up, and loads once."""

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from post_office.models import Email

from accounts.models import User
from demo.people import address, logins
from geography.models import Postcode
from geography.rules import locate
from partnership.models import Action, Attendance, Meeting
from partnership.pack.issues import progress_part
from partnership.pack.members import members_part
from partnership.rules.meetings import missed_twice
from partnership.rules.periods import last_ended
from signposting.venue_names import listed_venues_like
from training.rules import shortages, specialist_modules, wards
from venues.evidence import proofs
from venues.evidence_kinds import Stage
from venues.listing import badges
from venues.models import Organisation, Scheme, SignUp, Venue

pytestmark = pytest.mark.django_db
PARTS = {"meetings", "returns", "stickers", "training"}
FIRST = "spaces-of-sanctuary"


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """The demonstration, loaded once for this file and rolled back afterwards."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_demo", verbosity=0)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def demo(loaded, settings):
    settings.DEMO = True


def test_it_has_a_sign_up_in_every_state_shown_on_screen(demo):
    states = set(SignUp.objects.values_list("state", flat=True))
    assert states == set(SignUp.State)


def test_it_has_places_to_find_and_places_in_trouble(demo):
    today = timezone.localdate()
    assert Venue.objects.listed(today).count() >= 12
    found = {
        proof.state
        for sign_up in SignUp.objects.approved().filter(scheme__slug=FIRST)
        for proof in proofs(sign_up, Stage.STANDING, today)
    }
    assert {"held", "lapsing", "in_grace", "not_yet_due"} <= found


def test_training_expires_in_every_period_shown(demo):
    scheme = Scheme.objects.get(slug=FIRST)
    today = timezone.localdate()
    assert {row.within for row in shortages(scheme, today)} == {0, 30, 60, 90}
    modules = specialist_modules(scheme)
    done = [ward.done for ward in wards(scheme, modules, today)]
    assert any(done)
    assert not all(done)


def test_its_meetings_show_every_attendance_and_every_action_state(demo):
    today = timezone.localdate()
    assert Meeting.objects.held().count() == 4
    assert set(Attendance.objects.exclude(outcome="").values_list("outcome", flat=True)) == set(
        Attendance.Outcome
    )
    assert missed_twice(Scheme.objects.all(), today).exists()
    assert set(Action.objects.values_list("state", flat=True)) == set(Action.State)
    assert Action.objects.overdue(today).exists()
    (coming,) = Meeting.objects.filter(state="confirmed")
    assert {"coming", "deputy", "apologies", "report", ""} <= set(
        coming.attendances.values_list("reply", flat=True)
    )


def parts_of(slug):
    scheme = Scheme.objects.get(slug=slug)
    return {part for part in PARTS if getattr(scheme, f"has_{part}")}


def test_it_has_three_schemes_in_one_town_with_their_own_features_and_look(demo):
    schemes = Scheme.objects.shown()
    assert {each.slug for each in schemes} == {FIRST, "harbour-lights", "warm-rooms"}
    for words in ("noun", "noun_plural", "colour", "what_to_say", "council"):
        assert len({getattr(each, words) for each in schemes}) == 3, words
    assert len({each.area_id for each in schemes}) == 1
    assert parts_of(FIRST) == PARTS
    assert parts_of("harbour-lights") == {"training", "stickers"}
    assert parts_of("warm-rooms") == set()


def test_its_places_are_in_one_two_and_three_schemes(demo):
    today = timezone.localdate()
    shown = badges(Venue.objects.all(), today)
    assert {len(schemes) for schemes in shown.values()} == {0, 1, 2, 3}
    kettle = Venue.objects.get(name="The Copper Kettle")
    assert [str(each) for each in shown[kettle.pk]] == [
        "Harbour Lights",
        "Spaces of Sanctuary",
        "Warm Rooms",
    ]
    assert Venue.objects.filter(name="The Copper Kettle").count() == 1


def test_each_further_scheme_has_an_officer_with_something_to_decide(demo):
    for slug in ("harbour-lights", "warm-rooms"):
        officer = User.objects.get(officer_roles__scheme__slug=slug)
        own = SignUp.objects.for_officer(officer)
        assert set(own.values_list("scheme__slug", flat=True)) == {slug}
        assert own.filter(state="submitted").exists()


def test_it_has_a_chain_of_twelve_places_with_two_managers_of_different_scope(demo):
    chain = Organisation.objects.get(name="Penny Loaf Bakeries Ltd")
    assert chain.venues.count() == 12
    listed = Venue.objects.listed(timezone.localdate()).filter(organisation=chain)
    assert listed.count() == 12
    looked_after = {
        name: Venue.objects.managed_by(User.objects.get(email=address(name))).count()
        for name in ("head-office", "area-manager")
    }
    assert looked_after == {"head-office": 12, "area-manager": 4}


def test_everything_in_it_is_made_up(demo):
    postcodes = set(Venue.objects.values_list("postcode", flat=True))
    postcodes |= set(Postcode.objects.values_list("postcode", flat=True))
    assert all(postcode.startswith("ZX") for postcode in postcodes)
    phones = Venue.objects.exclude(phone="").values_list("phone", flat=True)
    assert all(phone.startswith("01632 960") for phone in phones)
    addresses = {address for email in Email.objects.all() for address in email.to}
    assert all(address.endswith("@demo.example") for address in addresses)


def test_loading_it_again_changes_nothing(demo, capsys):
    before = SignUp.objects.count()
    call_command("load_demo")
    assert SignUp.objects.count() == before
    assert capsys.readouterr().out == ""


def test_every_listed_user_can_log_in(demo, client):
    for _who, email in logins():
        assert client.login(email=email, password="demonstration")


def test_its_latest_pack_shows_joiners_leavers_and_what_went_well(demo):
    scheme = Scheme.objects.get(slug=FIRST)
    about = scheme, last_ended(scheme, timezone.localdate())
    assert progress_part(*about).quotes
    part = members_part(*about)
    happened = [row[1] for sheet in part.sheets for row in sheet.rows]
    assert happened == ["New", "New", "Suspended", "Left"]


def test_an_organisation_with_several_places_is_registered_once(demo):
    names = list(Organisation.objects.exclude(name="").values_list("name", flat=True))
    assert len(names) == len(set(names))


@pytest.mark.parametrize(
    ("typed", "label"),
    [
        ("31 Quay Lane, Marrowby, ZX1 1AA", "ZX1 1AA"),
        ("Marrowby, ZX1 1AA", "ZX1 1AA"),
        ("near ZX1", "ZX1"),
        ("10 High Street, Marrowby ZX1 1AA", "ZX1 1AA"),
        ("Marrowby", "Marrowby, Northshire"),
        ("marrowby town centre", "Marrowby, Northshire"),
        ("Old Town Marrowby", "Old Town, Marrowby"),
        ("Saint Brannock", "St Brannock, Marrowby"),
        ("harbourside", "Harbourside, Marrowby"),
        ("Thornhay", "Thornhay, Marrowby"),
        ("Upper Thornhay", "Upper Thornhay, Marrowby"),
        ("Northshire", "Northshire"),
        ("Marroby", "Marrowby, Northshire"),
        ("Lantern House", "Lantern House, Marrowby"),
        ("Marrowby Central Library", "Marrowby Central Library, Marrowby"),
    ],
)
def test_what_people_type_is_found_there(demo, typed, label):
    assert locate(typed, listed_venues_like).label == label
