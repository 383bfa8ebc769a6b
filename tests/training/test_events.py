"""Networking, awareness sessions and activities: sessions without a module."""

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from common.refusals import Refused
from tests.factories import OfficerFactory
from tests.training.conftest import add_person, days
from tests.training.session_factories import (
    BookingFactory,
    EventFactory,
    GuestFactory,
    InterestFactory,
    SessionFactory,
    SpecialistModuleFactory,
)
from training import actions
from training.calendar import calendar_file
from training.models import Enrolment, Session
from venues.models import Event as HistoryEvent

pytestmark = pytest.mark.django_db
TITLE = "Coffee for people who look after places"


@pytest.fixture(autouse=True)
def _plain(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def form(**changes):
    day = timezone.localdate() + days(20)
    data = {"kind": "networking", "title": TITLE, "open_to": "anybody", "date": f"{day}"}
    data |= {"time": "18:00", "minutes": 60, "capacity": 30, "address": "Town Hall"}
    return data | {"hours_to_accept": 48} | changes


def plan(client, scheme, **changes):
    data = {"scheme": scheme.pk, **form(**changes)}
    return client.post(reverse("admin:plan_session"), data, follow=True)


def test_an_officer_plans_a_networking_event_that_the_public_sees(officer_of, scheme, client):
    page = plan(officer_of("trainer", scheme), scheme)
    assert "The session is planned" in page.text
    event = Session.objects.get()
    assert (event.kind, event.module, event.title) == ("networking", None, TITLE)
    page = client.get(reverse("admin:training_session_change", args=[event.pk]))
    assert "completes no training" in page.text
    assert TITLE in client.get(reverse("admin:training_session_changelist")).text
    client.logout()
    for url in (reverse("sessions"), reverse("session", args=[event.pk])):
        page = client.get(url)
        assert TITLE in page.text
        assert "networking event" in page.text
        assert "None" not in page.text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"title": ""}, "Give it a title."),
        ({"kind": "training", "title": ""}, "Choose the training."),
        ({"kind": "training"}, "leave this empty"),
        ({"kind": "party"}, "Select a valid choice"),
    ],
)
def test_training_has_a_module_and_the_rest_a_title(officer_of, scheme, changes, words):
    page = plan(officer_of("trainer", scheme), scheme, **changes)
    assert words in page.text
    assert not Session.objects.exists()


def test_an_event_with_a_module_is_refused_at_the_form_and_by_the_rule(officer_of, scheme):
    module = SpecialistModuleFactory()
    page = plan(officer_of("trainer", scheme), scheme, module=module.pk)
    assert "Only training has a module." in page.text
    event = EventFactory(scheme=scheme)
    with pytest.raises(Refused, match="Only training has a module"):
        actions.change_session(event, {"module": module}, by=event.planned_by)


def test_the_database_keeps_training_and_events_apart(scheme):
    for wrong in ({"title": ""}, {"kind": "training"}, {"module": SpecialistModuleFactory()}):
        with pytest.raises(IntegrityError), transaction.atomic():
            EventFactory(scheme=scheme, **wrong)
    with pytest.raises(ValidationError, match="a title of its own"):
        Session(scheme=scheme, kind="networking").validate_constraints()


def test_two_events_at_one_time_and_place_need_two_titles(scheme):
    event = EventFactory(scheme=scheme)
    same = {"starts_at": event.starts_at, "minutes": 60, "capacity": 9, "address": event.address}
    for title, is_fine in ((event.title, False), ("Another", True)):
        more = {"kind": "networking", "title": title}
        if is_fine:
            actions.plan_session(scheme, by=event.planned_by, **same, **more)
        else:
            with pytest.raises(Refused, match="planned already"):
                actions.plan_session(scheme, by=event.planned_by, **same, **more)


def test_an_event_is_copied_and_changed_like_any_session(officer_of, scheme):
    event = EventFactory(scheme=scheme)
    client = officer_of("trainer", scheme)
    page = client.get(f"{reverse('admin:training_session_add')}?copy={event.pk}")
    assert page.context["form"].initial["title"] == TITLE
    assert page.context["form"].initial["kind"] == "networking"
    actions.change_session(event, {"title": "Tea"}, by=event.planned_by)
    event.refresh_from_db()
    assert event.title == "Tea"


def test_managers_see_an_event_and_book_their_people(client, scheme, sign_up, manager):
    event = EventFactory(scheme=scheme, open_to="managers")
    sam = add_person(sign_up, "Sam", email="sam@example.org")
    client.force_login(manager)
    listed = client.get(reverse("training_sessions", args=[sign_up.pk]))
    assert TITLE in listed.text
    url = reverse("book_seats", args=[sign_up.pk, event.pk])
    page = client.post(url, {"people": [sam.pk]}, follow=True)
    assert "1 seat is booked." in page.text
    assert TITLE in client.get(reverse("training_sessions", args=[sign_up.pk])).text


def test_a_leaver_cannot_be_booked_at_an_event(scheme, sign_up, manager):
    gone = add_person(sign_up, "Gone", until=timezone.localdate() - days(2))
    with pytest.raises(Refused, match="does not work here any more"):
        actions.book(EventFactory(scheme=scheme), sign_up, by=manager, people=[gone])


def test_coming_to_an_event_completes_nothing(officer_of, scheme, sign_up, mailoutbox):
    event = EventFactory(scheme=scheme, starts_at=timezone.now() - days(0.02), kind="activity")
    sam = add_person(sign_up, "Sam", email="sam@example.org")
    now = {"attended": True, "attended_recorded_at": timezone.now()}
    booking = BookingFactory(session=event, sign_up=sign_up, staff_member=sam, **now)
    GuestFactory(session=event, **now)
    client = officer_of("trainer", scheme)
    page = client.get(reverse("close_register", args=[event.pk]))
    assert "2 people are noted as there. Nobody completes anything by coming." in page.text
    client.post(reverse("close_register_now", args=[event.pk]))
    assert not Enrolment.objects.exists()
    client.post(
        reverse("correct_register", args=[event.pk, booking.pk]),
        {"reason": "Was ill."},
        follow=True,
    )
    booking.refresh_from_db()
    assert booking.attended in (True, False)


def test_the_calendar_entry_has_the_title(scheme):
    (entry,) = Calendar.from_ical(calendar_file(EventFactory(scheme=scheme), whose="x")).walk(
        "VEVENT"
    )
    assert entry["summary"] == TITLE


def test_an_event_answers_nobodys_interest_in_training(officer_of, scheme):
    InterestFactory(scheme=scheme, module=None)
    event = EventFactory(scheme=scheme)
    client = officer_of("trainer", scheme)
    page = client.get(reverse("admin:training_session_change", args=[event.pk]))
    assert "Who asked for this training" not in page.text
    with pytest.raises(Refused, match="Nobody who left an address"):
        actions.tell_interested(event, by=event.planned_by)
    assert TITLE not in client.get(reverse("admin:training_demand")).text


def test_the_history_of_an_event_is_in_words(scheme):
    user = OfficerFactory(scheme=scheme, role="trainer").user
    data = {"starts_at": timezone.now() + days(9), "minutes": 60, "capacity": 9, "address": "Here"}
    actions.plan_session(scheme, by=user, kind="awareness", title=TITLE, **data)
    assert HistoryEvent.objects.get().data["module"] == "awareness"


def test_an_event_has_no_papers_for_the_room(officer_of, scheme):
    event = EventFactory(scheme=scheme)
    client = officer_of("trainer", scheme)
    url = reverse("admin:print_session_paper", args=[event.pk, "handout"])
    assert client.get(url).status_code == 404


def test_the_scheme_page_lists_an_event_with_who_may_book(client, scheme):
    event = EventFactory(scheme=scheme)
    page = client.get(reverse("scheme_page", args=[scheme.slug]))
    assert TITLE in page.text
    assert reverse("session", args=[event.pk]) in page.text
    assert "anybody can book" in page.text


def test_the_list_of_sessions_takes_as_many_queries_with_events(client, scheme):
    def queries():
        with CaptureQueriesContext(connection) as found:
            client.get(reverse("sessions"))
        return len(found)

    SessionFactory(scheme=scheme)
    GuestFactory(session=EventFactory(scheme=scheme))
    few = queries()
    for number in range(4):
        event = EventFactory(scheme=scheme, title=f"Tea {number}")
        GuestFactory(session=event)
    assert queries() == few
