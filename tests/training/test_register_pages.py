"""A trainer's pages at the door, from the first tick to a correction."""

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import OfficerFactory, SignUpFactory, StaffMemberFactory, UserFactory
from tests.training.conftest import TODAY, days
from tests.training.factories import ModuleFactory
from tests.training.register_factories import BegunSessionFactory, PersonBookedFactory
from training.models import Booking, Enrolment
from venues.models import StaffMember

pytestmark = pytest.mark.django_db


@pytest.fixture
def session(db):
    return BegunSessionFactory(capacity=2)


@pytest.fixture
def cafe(session):
    return SignUpFactory(scheme=session.scheme, approved=True, venue__name="Cafe")


@pytest.fixture
def alex(session, cafe):
    return PersonBookedFactory(session=session, sign_up=cafe)


@pytest.fixture
def trainer(client, session):
    user = OfficerFactory(scheme=session.scheme, role="trainer").user
    client.force_login(user)
    return user


def at(name, session, *more):
    return reverse(name, args=[session.pk, *more])


def words(response):
    return " ".join(response.content.decode().split())


def ticks(*bookings, **more):
    now = timezone.now().isoformat()
    keys = [booking.pk for booking in bookings]
    return {"drawn_at": now, "shown": keys, "came": keys, **more}


def test_a_register_is_ticked_and_closed_and_both_are_idempotent(client, session, alex, trainer):
    page = words(client.get(at("session_register", session)))
    assert "0 of 1 are ticked" in page
    sent = ticks(alex)
    for __ in range(2):
        response = client.post(at("take_register", session), sent, follow=True)
        assert "Saved." in words(response)
    response = client.post(at("take_register", session), ticks(alex, close="1"), follow=True)
    assert "1 person has completed the training" in words(response)
    for __ in range(2):
        response = client.post(at("close_register_now", session), follow=True)
        assert "1 of 1 came" in words(response)
    assert Enrolment.objects.count() == 1
    assert client.get(at("close_register", session)).status_code == 302


def test_a_correction_shows_its_effect_and_needs_a_reason(client, session, alex, trainer):
    client.post(at("take_register", session), ticks(alex))
    client.post(at("close_register_now", session))
    page = words(client.get(at("correct_attendance", session, alex.pk)))
    assert "The completion is withdrawn" in page
    response = client.post(at("correct_register", session, alex.pk), {"reason": " "})
    assert "Give a reason." in words(response)
    assert Enrolment.objects.completed().count() == 1
    client.post(at("correct_register", session, alex.pk), {"reason": "It was a colleague."})
    assert Enrolment.objects.completed().count() == 0
    page = words(client.get(at("correct_attendance", session, alex.pk)))
    assert "counts as completed, until" in page
    client.post(at("correct_register", session, alex.pk), {"reason": "On paper.", "came": "1"})
    assert Enrolment.objects.completed().count() == 1


def test_a_second_telephone_is_told_about_a_conflict(client, session, alex, trainer):
    old = ticks(alex, was=[], came=[alex.pk])
    Booking.objects.update(attended=False, attended_recorded_at=timezone.now())
    response = client.post(at("take_register", session), old, follow=True)
    assert "Changed on another telephone since, and left as it is: Alex." in words(response)


@pytest.mark.parametrize("drawn_at", ["", "yesterday", "2026-01-01T10:00", "2026-99-01T10:00:00Z"])
def test_unreadable_form_data_does_not_raise(client, session, alex, trainer, drawn_at):
    sent = {"drawn_at": drawn_at, "shown": ["x", alex.pk, "99999999"], "came": [alex.pk, "-1"]}
    assert client.post(at("take_register", session), sent).status_code == 302
    alex.refresh_from_db()
    assert alex.attended


def test_people_not_on_the_list_are_added_once(client, session, cafe, alex, trainer):
    jo = StaffMemberFactory(first_name="Jo", organisation=cafe.venue.organisation, venue=cafe.venue)
    client.post(at("take_register", session), ticks(alex))
    page = words(client.get(at("walk_in", session)))
    assert "Cafe" in page
    page = client.get(at("walk_in", session), {"sign_up": cafe.pk})
    form = page.context["form"]
    assert list(form.fields["people"].queryset) == [jo]
    sent = {"people": [jo.pk], "first_name": "Kim", "email": "", "token": form.initial["token"]}
    for __ in range(2):
        response = client.post(at("add_walk_in", session, cafe.pk), sent, follow=True)
        assert "On the list, and ticked." in words(response)
    assert session.bookings.filter(walk_in=True, attended=True).count() == 2
    assert StaffMember.objects.filter(first_name="Kim").count() == 1
    assert "3 of 3 are ticked. There are 2 seats." in words(response)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"first_name": ""}, "Say who came"),
        ({"first_name": "Alex"}, "somebody called Alex already"),
        ({"first_name": "Kim", "email": "kim"}, "Write an e-mail address"),
    ],
)
def test_an_incomplete_walk_in_is_refused(client, session, cafe, alex, trainer, sent, said):
    token = "00000000-0000-4000-8000-000000000000"
    response = client.post(at("add_walk_in", session, cafe.pk), {**sent, "token": token})
    assert said in words(response)
    assert session.bookings.count() == 1
    assert StaffMember.objects.count() == 1


def test_an_unnamed_seat_is_named_at_the_door(client, session, cafe, alex, trainer):
    later = PersonBookedFactory(session=session, sign_up=cafe, name_later=True)
    assert at("name_seat", session, later.pk) in words(client.get(at("session_register", session)))
    assert client.get(at("name_seat", session, later.pk)).status_code == 200
    address = at("name_at_door", session, later.pk)
    assert "Say who came" in words(client.post(address, {"first_name": ""}))
    client.post(address, {"first_name": "Kim"})
    later.refresh_from_db()
    assert (later.staff_member.first_name, later.attended) == ("Kim", True)


def test_somebody_on_the_waiting_list_is_let_in(client, session, cafe, trainer):
    waiting = PersonBookedFactory(session=session, sign_up=cafe, name="Wyn", waiting=True)
    assert "Let in Wyn" in words(client.get(at("session_register", session)))
    response = client.post(at("let_in", session, waiting.pk), follow=True)
    assert "Wyn is on the list, and ticked." in words(response)


def test_a_future_or_cancelled_session_has_no_register(client, session, alex, trainer):
    type(session).objects.update(starts_at=timezone.now() + days(2))
    assert "The register opens on the day" in words(client.get(at("session_register", session)))
    response = client.post(at("close_register_now", session), follow=True)
    assert "The register opens on the day" in words(response)
    type(session).objects.update(
        starts_at=timezone.now(),
        cancelled_at=timezone.now(),
        cancelled_by=trainer,
        cancelled_reason="Snow",
    )
    assert "was cancelled" in words(client.get(at("session_register", session)))
    assert not Enrolment.objects.exists()


def every_address(session, booking, sign_up):
    for name in ("session_register", "take_register", "walk_in", "close_register"):
        yield at(name, session)
    yield at("close_register_now", session)
    yield at("add_walk_in", session, sign_up.pk)
    for name in ("let_in", "name_seat", "name_at_door", "correct_attendance", "correct_register"):
        yield at(name, session, booking.pk)
    yield reverse("training_in_room", args=[sign_up.pk])
    yield reverse("record_training_in_room", args=[sign_up.pk])


@pytest.mark.parametrize("role", ["viewer", "officer", "chair", "trainer", "administrator"])
def test_officers_of_another_scheme_get_404(client, session, cafe, alex, role):
    client.force_login(OfficerFactory(role=role).user)
    for address in every_address(session, alex, cafe):
        opened = client.get(address, follow=True).status_code
        answers = {opened, client.post(address).status_code}
        assert answers <= {404, 405}, address
        assert 404 in answers, address


def test_other_roles_cannot_use_the_register(client, session, cafe, alex):
    for user, code in (
        (OfficerFactory(scheme=session.scheme, role="officer").user, 403),
        (UserFactory(), 404),
    ):
        client.force_login(user)
        for address in every_address(session, alex, cafe):
            answers = {client.get(address).status_code, client.post(address).status_code}
            assert code in answers, address
    assert client.get(reverse("choose_room")).status_code == 403


def test_the_register_uses_a_constant_number_of_queries(
    client, session, cafe, alex, trainer, django_assert_num_queries
):
    client.get(at("session_register", session))
    with django_assert_num_queries(5):
        client.get(at("session_register", session))
    for number in range(20):
        sign_up = SignUpFactory(scheme=session.scheme, approved=True)
        PersonBookedFactory(session=session, sign_up=sign_up, name=f"P{number}")
        PersonBookedFactory(session=session, sign_up=sign_up, waiting=number % 2 == 0)
    with django_assert_num_queries(5):
        page = client.get(at("session_register", session))
    assert len(page.content) < 40_000


# In a room


def test_training_in_a_room_is_recorded_once_and_errors_are_shown(client, session, cafe, trainer):
    module = ModuleFactory()
    response = client.get(reverse("choose_room"), {"sign_up": cafe.pk}, follow=True)
    assert "Who was there" in words(response)
    day = TODAY() - days(2)
    sent = {
        "module": module.pk,
        "day_day": day.day,
        "day_month": day.month,
        "day_year": day.year,
        "taught_by": trainer.pk,
        "new_people": "Kim\n\n Lee ",
    }
    address = reverse("record_training_in_room", args=[cafe.pk])
    for __ in range(2):
        response = client.post(address, sent, follow=True)
        assert "Recorded." in words(response)
    assert Enrolment.objects.filter(source="in_room", taught_by=trainer).count() == 2
    later = TODAY() + days(2)
    sent |= {
        "day_day": later.day,
        "day_month": later.month,
        "day_year": later.year,
        "new_people": "Max",
    }
    assert "still to come" in words(client.post(address, sent))
    sent |= {"day_day": "32", "new_people": "x" * 61}
    page = words(client.post(address, sent))
    assert "Write a real date" in page
    assert "at most 60 letters" in page
    assert StaffMember.objects.count() == 2


def test_session_pages_link_to_the_register_on_the_day_and_only_for_trainers(
    client, session, cafe, trainer
):
    address = at("session_register", session)
    pages = [
        reverse("admin:training_session_changelist"),
        reverse("admin:training_session_change", args=[session.pk]),
    ]
    for page in pages:
        assert address in words(client.get(page))
    assert reverse("choose_room") in words(client.get(pages[0]))
    assert reverse("training_cover") in words(client.get(reverse("admin:training_session_add")))
    client.force_login(OfficerFactory(scheme=session.scheme, role="viewer").user)
    for page in pages:
        assert address not in words(client.get(page))
    type(session).objects.update(starts_at=timezone.now() + days(9))
    client.force_login(trainer)
    for page in pages:
        assert address not in words(client.get(page))
