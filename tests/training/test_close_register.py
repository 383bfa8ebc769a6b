"""Closing the register completes training for those who came; corrections give or withdraw it."""

import datetime
from urllib.parse import urlsplit

import pytest
from django.utils import timezone
from django.utils.formats import date_format
from post_office.models import Email

from common.refusals import Refused
from tests.factories import (
    MembershipFactory,
    OfficerFactory,
    RequirementFactory,
    SchemeFactory,
    SignUpFactory,
)
from tests.training.conftest import TODAY
from tests.training.factories import CompletionFactory, ModuleFactory
from tests.training.register_factories import BegunSessionFactory, PersonBookedFactory
from training.actions import add_walk_in, close_register, correct_register
from training.models import Enrolment
from training.rules import months_after, what_correction_changes
from venues.evidence import outstanding
from venues.evidence_kinds import Stage
from venues.models import Event, Lapse, SignUp, StaffMember

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(db):
    scheme = SchemeFactory(training_valid_months=12, grace_days=28)
    RequirementFactory(
        principle__scheme=scheme,
        evidence="trained_people",
        needed_for="sticker",
        subject="introductory",
    )
    return BegunSessionFactory(scheme=scheme)


@pytest.fixture
def trainer(session):
    return OfficerFactory(scheme=session.scheme, role="trainer").user


@pytest.fixture
def cafe(session):
    sign_up = SignUpFactory(
        scheme=session.scheme, approved=True, listed=True, venue__name="The Copper Kettle"
    )
    MembershipFactory(organisation=sign_up.venue.organisation, user__email="boss@example.org")
    return sign_up


def booked(session, sign_up, name="Alex", came=True, email=""):
    booking = PersonBookedFactory(session=session, sign_up=sign_up, name=name)
    StaffMember.objects.filter(pk=booking.staff_member_id).update(email=email)
    if came is not None:
        booking.attended, booking.attended_recorded_at = came, timezone.now()
        booking.save()
    return booking


def is_ready(sign_up):
    ready = SignUp.objects.with_standing(TODAY()).get(pk=sign_up.pk).ready_for_sticker
    assert ready == (not outstanding(sign_up, Stage.STICKER, TODAY()))
    return ready


def test_closing_completes_the_training_of_those_who_came_and_nobody_else(session, trainer, cafe):
    came = booked(session, cafe, "Came")
    for name, ticked in (("Unticked", False), ("Never", None)):
        booked(session, cafe, name, ticked)
    assert not is_ready(cafe)
    for __ in range(2):
        close_register(session, by=trainer)
    done = Enrolment.objects.get()
    assert (done.booking, done.staff_member, done.source) == (came, came.staff_member, "attendance")
    assert done.valid_until == months_after(timezone.localdate(session.starts_at), 12)
    assert is_ready(cafe)
    assert session.bookings.filter(attended=False).count() == 2
    session.refresh_from_db()
    assert session.register_closed_by == trainer
    assert Event.objects.filter(kind="training.register_closed").count() == 1


def test_each_attendee_and_each_manager_gets_one_letter(session, trainer, cafe):
    booked(session, cafe, "Ann", email="ann@example.org")
    booked(session, cafe, "Ben")
    booked(session, cafe, "Not", came=False, email="not@example.org")
    close_register(session, by=trainer)
    close_register(session, by=trainer)
    assert sorted(email.to[0] for email in Email.objects.all()) == [
        "ann@example.org",
        "boss@example.org",
        "sam@example.org",
    ]
    assert "/learn/" in Email.objects.get(to="ann@example.org").message
    to_boss = Email.objects.get(to="boss@example.org").message
    assert "The Copper Kettle: 2 people" in to_boss
    assert "Ann" not in to_boss


def test_the_letter_links_to_the_certificate_and_the_feedback_form(client, session, trainer, cafe):
    booked(session, cafe, email="ann@example.org")
    close_register(session, by=trainer)
    message = Email.objects.get(to="ann@example.org").message
    link, feedback = (word for word in message.split() if word.startswith("http"))
    assert client.get(urlsplit(feedback).path).status_code == 200
    page = client.get(urlsplit(link).path, follow=True)
    assert session.module.title in page.content.decode()
    assert page.redirect_chain[-1][0].endswith("/certificate/")


def test_attendance_does_not_complete_a_self_study_module(session, trainer, cafe):
    type(session.module).objects.update(completed_by="self_study")
    booking = booked(session, cafe)
    close_register(session, by=trainer)
    assert not Enrolment.objects.exists()
    booking.refresh_from_db()
    assert what_correction_changes(booking, TODAY())[0].startswith("Only the register changes")
    correct_register(booking, attended=False, by=trainer, reason="It was somebody else.")
    booking.refresh_from_db()
    assert booking.attended is False


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"starts_at": timezone.now() + datetime.timedelta(days=1)}, "opens on the day"),
        ({"cancelled_reason": "Snow"}, "cancelled"),
    ],
)
def test_an_early_or_cancelled_session_cannot_be_closed(session, trainer, cafe, change, words):
    if "cancelled_reason" in change:
        change = {**change, "cancelled_at": timezone.now(), "cancelled_by": trainer}
    type(session).objects.filter(pk=session.pk).update(**change)
    booked(session, cafe)
    with pytest.raises(Refused, match=words):
        close_register(session, by=trainer)
    assert not Enrolment.objects.exists()


def test_a_register_cannot_be_closed_before_the_session_starts(session, trainer, cafe, monkeypatch):
    now = session.starts_at - datetime.timedelta(minutes=1)
    monkeypatch.setattr("training.actions.registers.timezone.now", lambda: now)
    with pytest.raises(Refused, match="can be closed after that"):
        close_register(session, by=trainer)


# Corrections


def test_a_correction_shows_its_effect_before_withdrawing_the_completion(session, trainer, cafe):
    booking = booked(session, cafe)
    close_register(session, by=trainer)
    booking.refresh_from_db()
    assert is_ready(cafe)
    said = " ".join(what_correction_changes(booking, TODAY()))
    assert "The Copper Kettle has too few trained people from now on." in said
    assert "Its sticker counts and the public finds it until" in said
    assert is_ready(cafe), "asking changes nothing"
    Email.objects.all().delete()
    correct_register(booking, attended=False, by=trainer, reason="It was a colleague.")
    assert not is_ready(cafe)
    done = booking.completions.get()
    assert (done.withdrawn_by, done.withdrawn_reason) == (trainer, "It was a colleague.")
    event = Event.objects.get(kind="training.attendance_withdrawn")
    assert (event.by, event.sign_up) == (trainer, cafe)
    assert "boss@example.org" in Email.objects.get().to


def test_a_venue_stays_listed_until_its_grace_period_ends(session, trainer, cafe):
    booking = booked(session, cafe)
    close_register(session, by=trainer)
    booking.refresh_from_db()
    long_ago = timezone.now() - datetime.timedelta(days=200)
    SignUp.objects.filter(pk=cafe.pk).update(approved_at=long_ago)
    said = " ".join(what_correction_changes(booking, TODAY()))
    last_day = TODAY() + datetime.timedelta(days=cafe.scheme.grace_days)
    assert f"the public finds it until {date_format(last_day)}" in said
    correct_register(booking, attended=False, by=trainer, reason="It was a colleague.")
    assert SignUp.objects.listed(last_day).exists()
    assert Lapse.objects.get().since == TODAY()


def test_a_correction_says_when_the_venue_loses_nothing(session, trainer, cafe):
    booking = booked(session, cafe)
    close_register(session, by=trainer)
    booking.refresh_from_db()
    CompletionFactory(scheme=session.scheme, venue=cafe.venue, module=session.module, days=700)
    said = " ".join(what_correction_changes(booking, TODAY()))
    assert "enough trained people without this person" in said
    type(session.module).objects.update(slug="other")
    said = " ".join(what_correction_changes(booking, TODAY()))
    assert "does not ask for this training" in said


def test_attendance_can_be_corrected_back_and_forth(session, trainer, cafe):
    booking = booked(session, cafe, came=False)
    close_register(session, by=trainer)
    booking.refresh_from_db()
    assert "counts as completed, until" in what_correction_changes(booking, TODAY())[0]
    for attended in (True, True, False, False, True):
        correct_register(booking, attended=attended, by=trainer, reason="Found on paper.")
    assert is_ready(cafe)
    assert booking.completions.count() == 2
    assert booking.completions.filter(withdrawn_at__isnull=True).count() == 1
    assert Event.objects.filter(kind="training.attendance_added").count() == 2


def test_a_correction_needs_a_reason_and_a_closed_register(session, trainer, cafe):
    booking = booked(session, cafe)
    with pytest.raises(Refused, match="still open"):
        correct_register(booking, attended=False, by=trainer, reason="Why not.")
    close_register(session, by=trainer)
    with pytest.raises(Refused, match="Give a reason"):
        correct_register(booking, attended=False, by=trainer, reason=" ")
    assert is_ready(cafe)


def test_a_missed_attendee_is_added_with_a_reason_and_completes_the_training(
    session, trainer, cafe
):
    close_register(session, by=trainer)
    with pytest.raises(Refused, match="Give a reason for adding"):
        add_walk_in(session, cafe, by=trainer, first_name="Jo")
    add_walk_in(session, cafe, by=trainer, first_name="Jo", reason="On the paper list.")
    assert Enrolment.objects.get().staff_member.first_name == "Jo"
    assert is_ready(cafe)


def test_an_unnamed_seat_counts_as_absent(session, trainer, cafe):
    PersonBookedFactory(session=session, sign_up=cafe, name_later=True)
    close_register(session, by=trainer)
    booking = session.bookings.get()
    assert booking.attended is False
    with pytest.raises(Refused, match="never had a name"):
        correct_register(booking, attended=True, by=trainer, reason="They came.")


def test_attendance_at_an_unreviewed_module_is_recorded_but_unlocks_nothing(
    trainer, cafe, session, settings
):
    ModuleFactory(
        slug="unreviewed",
        completed_by="attendance",
        reviewed_version=None,
        reviewed_by_name="",
        reviewed_by_role="",
        reviewed_on=None,
        review_recorded_by=None,
    )
    type(session).objects.filter(pk=session.pk).update(
        module=type(session.module).objects.get(slug="unreviewed")
    )
    booked(session, cafe, email="ann@example.org")
    close_register(session, by=trainer)
    assert Enrolment.objects.completed().count() == 1
    assert not Enrolment.objects.gating().exists()
    assert "/learn/" not in Email.objects.get(to="ann@example.org").message
