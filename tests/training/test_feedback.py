"""Feedback: one anonymous rating and one line, given once, shown from three answers upwards."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from common.refusals import Refused
from tests.training.conftest import TODAY, add_person, days, train
from tests.training.session_factories import BookingFactory, SessionFactory
from training import actions
from training.links.enrolments import make_link
from training.links.sessions import booking_link, feedback_link
from training.models import Booking, Enrolment, Feedback
from training.rules import opinions, too_few_opinions, why_not_say
from venues.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def done(sam, module, manager):
    return train(sam, module, manager)


@pytest.fixture
def booking(sign_up, scheme, module):
    session = SessionFactory(scheme=scheme, module=module, past=True)
    return came(BookingFactory(session=session, sign_up=sign_up))


def came(booking):
    now = timezone.now()
    Booking.objects.filter(pk=booking.pk).update(
        state="booked", booked_at=now, attended=True, attended_recorded_at=now
    )
    return Booking.objects.get(pk=booking.pk)


def token_of(enrolment):
    return make_link(enrolment).rstrip("/").rpartition("/")[2]


def path_of(link):
    return "/" + link.split("/", 3)[3]


def test_a_learner_gives_feedback_once(client, done):
    url = reverse("module_feedback", args=[token_of(done)])
    certificate = reverse("learn_certificate", args=[token_of(done)])
    assert "How was it?" in client.get(certificate).text
    sent = client.post(url, {"rating": "4", "words": "Clear, and kind."}, follow=True)
    assert "Thank you for telling us." in sent.text
    assert "How was it?" not in sent.text
    again = client.post(url, {"rating": "1"}, follow=True)
    assert "You have told us already" in again.text
    given = Feedback.objects.get()
    assert (given.rating, given.words, given.module) == (4, "Clear, and kind.", done.module)


def test_feedback_cannot_be_traced_to_the_person(done):
    before = Event.objects.count()
    actions.give_feedback_on_module(done, rating=5, words="Good")
    names = {field.name for field in Feedback._meta.get_fields()}
    assert names == {"id", "module", "session", "scheme", "week", "rating", "words"}
    assert Event.objects.count() == before
    given = Feedback.objects.get()
    assert given.pk.version == 4, "a random key: the order of the rows tells nothing"
    assert given.week.weekday() == 0
    assert TODAY() - given.week < days(7)
    done.refresh_from_db()
    assert done.feedback_given is True


@pytest.mark.parametrize(
    "words",
    [
        "Write to sam@example.org",
        "ask me @sam_k",
        "sam (at)@ home",
        "Ring 01632 960 123",
        "+44 (0)7700 900-123",
        "07700900123",
    ],
)
def test_contact_details_in_feedback_are_refused_and_the_text_is_kept(client, done, words):
    assert why_not_say(words)
    url = reverse("module_feedback", args=[token_of(done)])
    page = client.post(url, {"rating": "4", "words": words})
    assert "so that nobody can be recognised" in page.text
    assert not Feedback.objects.exists()
    with pytest.raises(Refused):
        actions.give_feedback_on_module(done, rating=4, words=words)
    done.refresh_from_db()
    assert not done.feedback_given


@pytest.mark.parametrize("words", ["", "On 21.11.2026 it was 3 x 20 minutes.", "999 and 101: good"])
def test_dates_and_public_helplines_are_allowed_in_feedback(words):
    assert why_not_say(words) == []


@pytest.mark.parametrize("rating", ["", "0", "6", "very"])
def test_an_invalid_rating_is_refused_and_the_text_is_kept(client, done, rating):
    url = reverse("module_feedback", args=[token_of(done)])
    page = client.post(url, {"rating": rating, "words": "Good so far"})
    assert "govuk-error-summary" in page.text
    assert "Good so far" in page.text
    assert not Feedback.objects.exists()


def test_feedback_is_refused_before_the_training_is_finished(client, enrolment):
    url = reverse("module_feedback", args=[token_of(enrolment)])
    assert "Finish the training first" in client.post(url, {"rating": "5"}, follow=True).text
    assert not Feedback.objects.exists()


def test_the_feedback_link_for_a_session_works_once(client, booking):
    path = path_of(feedback_link(booking))
    page = client.get(path)
    assert page.status_code == 200
    assert "no-store" in page["Cache-Control"]
    sent = client.post(f"{path}give/", {"rating": "5", "words": "More of it"}, follow=True)
    assert "Thank you for telling us" in sent.text
    assert Feedback.objects.get().session == booking.session
    again = client.get(path)
    assert again.status_code == 403
    assert "You have told us already" in again.text
    assert client.post(f"{path}give/", {"rating": "1"}).status_code == 403
    assert Feedback.objects.count() == 1


def test_a_truncated_link_an_absentees_link_or_another_purposes_link_is_refused(client, booking):
    path = path_of(feedback_link(booking))
    cut = client.get(f"{path[:-12]}/")
    assert (cut.status_code, "not whole" in cut.text) == (403, True)
    Booking.objects.update(attended=False)
    assert "for people who came" in client.get(path).text
    other = path_of(make_link_of_another_purpose(booking))
    assert client.get(other).status_code == 403


def make_link_of_another_purpose(booking):
    return booking_link(booking).replace("/bookings/", "/feedback/")


def test_feedback_is_shown_from_three_answers_upwards(sign_up, module, manager, administrator):
    for number in range(3):
        assert opinions(module, administrator) == []
        assert too_few_opinions(module, administrator) == (number > 0)
        person = add_person(sign_up, f"P{number}")
        done = train(person, module, manager)
        said = "Good" if number else ""
        actions.give_feedback_on_module(done, rating=3 + number, words=said)
    (shown,) = opinions(module, administrator)
    assert (shown.number, shown.average, shown.words) == (3, 4.0, ["Good", "Good"])
    assert not too_few_opinions(module, administrator)


def test_feedback_is_shown_per_session_and_only_to_the_schemes_officers(
    booking, sign_up, scheme, module, officer_of
):
    for __ in range(2):
        came(BookingFactory(session=booking.session, sign_up=sign_up))
    for each in Booking.objects.all():
        actions.give_feedback_on_session(each, rating=2, words="=Too long")
    trainer = officer_of("trainer", scheme)
    page = trainer.get(reverse("module_results", args=[module.pk])).text
    assert "2.0 of 5, from 3 answers." in page
    assert "=Too long" in page
    assert "'=Too long" in trainer.get(reverse("export_feedback", args=[module.pk])).text
    other = officer_of("trainer")
    assert "Too long" not in other.get(reverse("module_results", args=[module.pk])).text
    assert "Too long" not in other.get(reverse("export_feedback", args=[module.pk])).text


def test_a_stale_second_submission_stores_nothing(done):
    stale = Enrolment.objects.get(pk=done.pk)
    actions.give_feedback_on_module(done, rating=5)
    with pytest.raises(Refused, match="already"):
        actions.give_feedback_on_module(stale, rating=5)
    assert Feedback.objects.count() == 1
    assert isinstance(Feedback.objects.get().week, datetime.date)
