"""The demonstration fills every screen, is invented throughout, and is loaded once."""

import pytest
from django.core.management import call_command
from django.db import transaction
from django.utils import timezone
from post_office.models import Email

from demo.people import logins
from geography.models import Postcode
from partnership.models import Action, Attendance, Meeting
from partnership.pack.issues import progress_part
from partnership.pack.members import members_part
from partnership.rules.meetings import missed_twice
from partnership.rules.returns import last_ended
from training.rules import shortages, specialist_modules, wards
from venues.evidence import proofs
from venues.evidence_kinds import Stage
from venues.models import Organisation, Scheme, SignUp, Venue

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """The demonstration, loaded once for this file and taken back at its end."""
    with django_db_blocker.unblock(), transaction.atomic():
        call_command("load_demo", verbosity=0)
        yield
        transaction.set_rollback(True)


@pytest.fixture
def demo(loaded, settings):
    settings.DEMO = True


def test_it_has_a_sign_up_in_every_state_that_a_screen_shows(demo):
    states = set(SignUp.objects.values_list("state", flat=True))
    assert states == set(SignUp.State)


def test_it_has_places_to_find_and_places_in_trouble(demo):
    today = timezone.localdate()
    assert Venue.objects.listed(today).count() >= 12
    found = {
        proof.state
        for sign_up in SignUp.objects.approved()
        for proof in proofs(sign_up, Stage.STANDING, today)
    }
    assert {"held", "lapsing", "in_grace", "not_yet_due"} <= found


def test_training_ends_somewhere_in_every_stretch_of_days(demo):
    scheme = Scheme.objects.get()
    today = timezone.localdate()
    assert {row.within for row in shortages(scheme, today)} == {0, 30, 60, 90}
    modules = specialist_modules(scheme)
    done = [ward.done for ward in wards(scheme, modules, today)]
    assert any(done)
    assert not all(done)


def test_its_meetings_show_every_way_of_being_there_and_every_action(demo):
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


def test_everything_in_it_is_invented(demo):
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


def test_everybody_who_is_named_can_log_in(demo, client):
    for _who, address in logins():
        assert client.login(email=address, password="demonstration")


def test_its_newest_pack_shows_who_came_who_went_and_what_went_well(demo):
    about = Scheme.objects.get(), last_ended(timezone.localdate())
    assert progress_part(*about).quotes
    part = members_part(*about)
    happened = [row[1] for sheet in part.sheets for row in sheet.rows]
    assert happened == ["New", "New", "Suspended", "Left"]


def test_an_organisation_of_several_places_stands_once_in_the_register(demo):
    names = list(Organisation.objects.exclude(name="").values_list("name", flat=True))
    assert len(names) == len(set(names))
