"""Training given in a room, recorded by a trainer, counts at once."""

import pytest

from common.refusals import Refused
from tests.factories import (
    OfficerFactory,
    RequirementFactory,
    SchemeFactory,
    SignUpFactory,
    StaffMemberFactory,
    UserFactory,
)
from tests.training.conftest import TODAY, days
from tests.training.factories import ModuleFactory
from training.actions import record_training_in_room
from training.models import Enrolment
from venues.evidence import proofs
from venues.evidence_kinds import Stage
from venues.models import Event, Post, StaffMember

pytestmark = pytest.mark.django_db


@pytest.fixture
def sign_up(db):
    scheme = SchemeFactory(training_valid_months=12)
    RequirementFactory(
        principle__scheme=scheme,
        evidence="trained_people",
        needed_for="sticker",
        subject="introductory",
        at_least=2,
    )
    return SignUpFactory(scheme=scheme, approved=True, venue__name="Cafe")


@pytest.fixture
def trainer(sign_up):
    return OfficerFactory(scheme=sign_up.scheme, role="trainer").user


@pytest.fixture
def module(db):
    return ModuleFactory(completed_by="either")


@pytest.fixture
def alex(sign_up):
    return StaffMemberFactory(organisation=sign_up.venue.organisation, venue=sign_up.venue)


def test_existing_and_new_staff_complete_the_training(sign_up, trainer, module, alex):
    day = TODAY() - days(3)
    for __ in range(2):
        record_training_in_room(
            sign_up,
            module,
            day=day,
            taught_by=trainer,
            by=trainer,
            people=[alex],
            new_people=["Jo", " ", ""],
        )
    assert Enrolment.objects.count() == 2
    assert {each.source for each in Enrolment.objects.all()} == {"in_room"}
    assert StaffMember.objects.filter(first_name="Jo").count() == 1
    (proof,) = proofs(sign_up, Stage.STICKER, TODAY())
    assert proof.is_held
    assert proof.held_until.year == (day.year + 1)
    assert Event.objects.filter(kind="training.trained_in_room", venue=sign_up.venue).count() == 2


def test_training_given_today_counts_today(sign_up, trainer, module, alex):
    record_training_in_room(
        sign_up, module, day=TODAY(), taught_by=trainer, by=trainer, people=[alex]
    )
    rows = Enrolment.objects.covering(sign_up.venue_id, sign_up.venue.organisation_id, TODAY())
    assert len(rows) == 1


def refused(words, sign_up, module, trainer, alex, **more):
    asked = {"day": TODAY(), "taught_by": trainer, "people": [alex], **more}
    with pytest.raises(Refused, match=words):
        record_training_in_room(sign_up, module, by=trainer, **asked)
    assert not Enrolment.objects.exists()
    assert not StaffMember.objects.filter(first_name="Jo").exists()


def test_each_invalid_input_is_refused_with_its_reason(sign_up, trainer, module, alex):
    everything = (sign_up, module, trainer, alex)
    refused("still to come", *everything, day=TODAY() + days(1), new_people=["Jo"])
    refused("run out by now", *everything, day=TODAY() - days(400))
    refused("Say who was there", *everything, people=[], new_people=[" "])
    refused("somebody called alex already", *everything, new_people=["Jo", "alex"])
    refused("somebody called Jo already", *everything, new_people=["Jo", "Jo"])
    refused("a trainer of the scheme", *everything, taught_by=UserFactory())
    refused("does not work at Cafe", *everything, people=[StaffMemberFactory()])
    module.schemes.add(SchemeFactory())
    refused("another scheme", *everything)
    module.schemes.clear()
    type(module).objects.update(completed_by="self_study")
    module.refresh_from_db()
    refused("everybody does it alone", *everything)


def test_somebody_who_left_before_that_day_is_refused(sign_up, trainer, module, alex):
    Post.objects.update(until=TODAY() - days(5))
    refused("does not work", sign_up, module, trainer, alex)
    record_training_in_room(
        sign_up, module, day=TODAY() - days(6), taught_by=trainer, by=trainer, people=[alex]
    )
    (proof,) = proofs(sign_up, Stage.STICKER, TODAY())
    assert not proof.is_held


def test_a_venue_that_left_the_scheme_is_refused(sign_up, trainer, module, alex):
    sign_up.state = "withdrawn"
    sign_up.save()
    refused("not in the scheme any more", sign_up, module, trainer, alex)
