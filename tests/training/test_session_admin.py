"""The trainer's pages: copy, change and cancel sessions and see demand, in their scheme only."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from tests.factories import OfficerFactory, SchemeFactory
from tests.training.conftest import days
from tests.training.session_factories import (
    BookingFactory,
    InterestFactory,
    SessionFactory,
    SpecialistModuleFactory,
)
from training.models import Interest, Session

pytestmark = pytest.mark.django_db
ADD = "admin:training_session_add"
LIST = "admin:training_session_changelist"


@pytest.fixture(autouse=True)
def _plain(settings, tmp_path):
    settings.OFFICERS_NEED_SECOND_FACTOR = False
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def trainer(client, scheme):
    user = OfficerFactory(scheme=scheme, role="trainer", user__name="Toni Trainer").user
    client.force_login(user)
    return user


@pytest.fixture
def session(scheme):
    return SessionFactory(scheme=scheme, capacity=12, co_trainers="Kit, who has lived it")


def as_posted(form, **changes):
    """What a browser posts when the form is left as drawn except for `changes`."""
    data = {}
    for field in form:
        value = field.value()
        if value not in (None, "", []):
            data[field.html_name] = value
    data.update(changes)
    return {
        key: str(value) if not isinstance(value, list) else value for key, value in data.items()
    }


def test_a_trainer_copies_the_last_session_a_week_on(client, trainer, session):
    session.trainers.add(trainer)
    page = client.get(reverse(LIST))
    copy = f"{reverse(ADD)}?copy={session.pk}"
    assert copy in page.text
    page = client.get(copy)
    form = page.context["form"]
    was = timezone.localtime(session.starts_at)
    assert f'value="{was.date() + days(7)}"' in page.text  # the ISO format that a date input needs

    answer = client.post(
        reverse("admin:plan_session"),
        {**as_posted(form), "scheme": session.scheme_id, "copy": session.pk},
        follow=True,
    )

    made = Session.objects.exclude(pk=session.pk).get()
    assert "The session is planned" in answer.text
    assert f"/training/sessions/{made.pk}/" in answer.text
    assert made.copied_from == session
    assert timezone.localtime(made.starts_at).date() == was.date() + days(7)
    assert timezone.localtime(made.starts_at).strftime("%H:%M") == was.strftime("%H:%M")
    assert (made.capacity, made.co_trainers) == (12, session.co_trainers)
    assert list(made.trainers.all()) == [trainer]


def test_a_copy_of_an_old_session_is_in_the_future(client, trainer, scheme):
    old = SessionFactory(scheme=scheme, starts_at=timezone.now() - days(100))
    form = client.get(f"{reverse(ADD)}?copy={old.pk}").context["form"]
    assert timezone.localdate() < form["date"].value() <= timezone.localdate() + days(7)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"date": "2020-01-01"}, "This time has passed"),
        ({"date": "2031-03-30", "time": "01:30"}, "This time does not exist"),
        ({"capacity": "0"}, "Write a number from 1 up"),
        ({"minutes": "many"}, "Write a number."),
        ({"address": "", "video_link": "no link"}, "valid URL"),
        ({"address": ""}, "Give a place, an address or a video link"),
        ({"video_link": "javascript:alert(1)"}, "valid URL"),
        ({"trainers": ["999999"]}, "999999"),
        ({"module": "999999"}, "This training cannot be given at a session"),
    ],
)
def test_an_invalid_session_is_refused_and_the_input_is_kept(
    client, trainer, session, changes, said
):
    form = client.get(f"{reverse(ADD)}?copy={session.pk}").context["form"]
    data = {**as_posted(form, **changes), "scheme": session.scheme_id, "note": "Bring lunch."}
    page = client.post(reverse("admin:plan_session"), data)
    assert said in page.text
    assert "Bring lunch." in page.text
    assert Session.objects.count() == 1


def test_the_same_form_sent_twice_plans_one_session(client, trainer, session):
    form = client.get(f"{reverse(ADD)}?copy={session.pk}").context["form"]
    data = {**as_posted(form), "scheme": session.scheme_id, "copy": session.pk}
    client.post(reverse("admin:plan_session"), data)
    assert "planned already" in client.post(reverse("admin:plan_session"), data).text
    assert Session.objects.count() == 2


def test_a_session_is_changed_and_cancelled_after_showing_the_effect(client, trainer, session):
    BookingFactory(session=session)
    BookingFactory(session=session, waiting=True)
    page = client.get(reverse("admin:training_session_change", args=[session.pk]))
    assert "1 seat is given up." in page.text
    assert "1 person stops waiting." in page.text
    assert "2 venues are told by e-mail" in page.text
    change = reverse("admin:change_session", args=[session.pk])

    shrunk = client.post(change, as_posted(page.context["form"], capacity=0))
    assert "Write a number from 1 up" in shrunk.text
    client.post(change, as_posted(page.context["form"], capacity=1, minutes=45))
    cancel = reverse("admin:cancel_session", args=[session.pk])
    assert "Reason" in client.post(cancel, {"reason": ""}, follow=True).text
    session.refresh_from_db()
    assert (session.capacity, session.minutes, session.cancelled_at) == (1, 45, None)
    done = client.post(cancel, {"reason": "Snow"}, follow=True)
    assert "The session is cancelled." in done.text
    assert "Reason: Snow" in done.text
    assert "The link to share" not in done.text


def test_another_schemes_trainer_gets_404_and_a_viewer_cannot_change_anything(client, session):
    pages = {
        "get": [
            reverse("admin:training_session_change", args=[session.pk]),
            f"{reverse(ADD)}?copy={session.pk}",
        ],
        "post": [
            reverse(f"admin:{name}", args=[session.pk])
            for name in ("change_session", "cancel_session", "tell_interested")
        ],
    }
    stranger = OfficerFactory(scheme=SchemeFactory(), role="trainer").user
    viewer = OfficerFactory(scheme=session.scheme, role="viewer").user
    client.force_login(stranger)
    assert client.get(pages["get"][0]).status_code == 302  # redirected to the index
    assert client.get(pages["get"][1]).status_code == 404
    assert {client.post(url).status_code for url in pages["post"]} == {404}
    data = {"scheme": session.scheme_id}
    assert client.post(reverse("admin:plan_session"), data).status_code == 403
    client.force_login(viewer)
    assert client.get(pages["get"][0]).status_code == 200
    assert client.get(reverse(ADD)).status_code == 403
    assert {client.post(url).status_code for url in pages["post"]} == {403}
    session.refresh_from_db()
    assert session.cancelled_at is None


def queries_of(client, url):
    with CaptureQueriesContext(
        connection,
    ) as queries:
        assert client.get(url).status_code == 200
    return len(queries)


def test_list_and_demand_pages_use_a_constant_number_of_queries(client, trainer, scheme):
    def more():
        session = SessionFactory(scheme=scheme)
        session.trainers.add(trainer)
        BookingFactory(session=session)
        BookingFactory(session=session, waiting=True)
        SessionFactory(scheme=scheme, past=True)
        InterestFactory(scheme=scheme)

    more()
    urls = [reverse(LIST), reverse("admin:training_demand")]
    for url in urls:
        client.get(url)
    few = [queries_of(client, url) for url in urls]
    for __ in range(5):
        more()
    assert [queries_of(client, url) for url in urls] == few


def test_future_sessions_come_first(client, trainer, scheme):
    soon, later, past = (
        SessionFactory(scheme=scheme, starts_at=timezone.now() + days(number))
        for number in (3, 9, -3)
    )
    found = client.get(reverse(LIST)).context["cl"].result_list
    assert list(found) == [soon, later, past]
    export = client.get(reverse("admin:training_session_export"))
    assert "0 of 2" in export.text


def test_demand_is_grouped_by_module_and_cleared_once_people_are_told(client, trainer, scheme):
    module = SpecialistModuleFactory(title="Night-time economy")
    InterestFactory(scheme=scheme, module=module, people=3, wants_covered="Spiking")
    InterestFactory(scheme=scheme, module=module, people=2, brings="A back room", email="")
    InterestFactory(scheme=scheme, module=None, organisation_name="A choir", email="")
    InterestFactory(wants_covered="Not ours")
    page = client.get(reverse("admin:training_demand"))
    titles = [str(row.module) for row, __ in page.context["rows"]]
    assert titles == ["Night-time economy", "None"]
    for words in ("5 people", "Spiking", "A back room", "A choir", f"?module={module.pk}"):
        assert words in page.text
    assert "Not ours" not in page.text
    session = SessionFactory(scheme=scheme, module=module)
    told = client.post(reverse("admin:tell_interested", args=[session.pk]), follow=True)
    assert "1 letter is written." in told.text
    assert "Spiking" not in client.get(reverse("admin:training_demand")).text


def test_interest_can_be_deleted_on_request(client, trainer, scheme):
    interest = InterestFactory(scheme=scheme)
    page = client.get(reverse("admin:training_interest_change", args=[interest.pk]))
    url = reverse("admin:delete_interest", args=[interest.pk])
    assert url in page.text
    client.post(url)
    assert not Interest.objects.exists()


def test_a_new_session_starts_with_the_models_hours_to_accept(client, trainer, monkeypatch):
    field = Session._meta.get_field("hours_to_accept")
    monkeypatch.setattr(field, "_get_default", lambda: 24)
    page = client.get(reverse("admin:training_session_add"))
    assert page.context["form"]["hours_to_accept"].value() == 24
