"""Ambiguous hours are queried in the portal, and nothing is published until they are settled."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.venues.test_portal_hours import kept, place, save
from venues.hours.model import LONDON
from venues.models import Closure, Venue

pytestmark = pytest.mark.django_db
__all__ = ["place"]

NINE_TO_FIVE = {"lines": ["Monday 9 to 5", "Tuesday to Friday 9-5"]}
WHICH = "means_0900-1700_2100-0500_0900-0500"


def test_nine_to_five_is_queried_and_not_published(client, place):
    page = save(client, place, NINE_TO_FIVE)
    text = page.content.decode()
    assert page.status_code == 200
    assert "Monday and Tuesday to Friday: which do you mean?" in text
    assert "09:00 to 17:00 (until 5 in the afternoon)" in text
    assert "09:00 to 05:00 the next day, 20 hours long" in text
    assert 'value="Monday 9 to 5"' in text
    assert not kept(place)


@pytest.mark.parametrize(("opens", "closes"), [("9", "5"), ("06:00", "05:00")])
def test_a_required_question_is_not_labelled_optional(client, place, opens, closes):
    page = save(client, place, {"lines": [f"Monday {opens} to {closes}"]})
    (question,) = page.context["form"].questions()
    shown = page.text[page.text.index(str(question.label)) :]
    assert "(optional)" not in shown[: len(str(question.label)) + 60]


@pytest.mark.parametrize(
    ("answer", "hours"), [("0900-1700", "09:00-17:00"), ("0900-0500", "09:00-05:00")]
)
def test_the_answer_applies_to_all_days_typed_alike(client, place, answer, hours):
    assert save(client, place, {**NINE_TO_FIVE, WHICH: answer}).status_code == 302
    assert [each.partition(" ")[2] for each in kept(place)] == [hours] * 5


def test_an_answer_is_kept_when_something_else_is_wrong(client, place):
    page = save(client, place, {"lines": [*NINE_TO_FIVE["lines"], "oops"], WHICH: "0900-1700"})
    assert page.context["form"][WHICH].value() == "0900-1700"
    assert 'value="0900-1700" checked' in " ".join(page.content.decode().split()) or any(
        option.data["selected"] for option in page.context["form"][WHICH]
    )
    assert not kept(place)


def test_an_answer_that_was_not_offered_is_asked_again(client, place):
    assert save(client, place, {**NINE_TO_FIVE, WHICH: "0100-0200"}).status_code == 200
    assert not kept(place)


@pytest.mark.parametrize(
    ("opens", "closes"),
    [
        *(("9:00", "1:00"), ("1.30", "4.30"), ("10", "4"), ("9am", "5"), ("13:00", "4")),
        *(("8", "10pm"), ("9", "9"), ("12", "12")),
        *(("0:00", "0:00"), ("00:00", "00:00"), ("midnight", "midnight")),
    ],
)
def test_ambiguous_times_are_queried(client, place, opens, closes):
    page = save(client, place, {"lines": [f"Monday {opens} to {closes}"]})
    assert "Monday: which do you mean?" in page.content.decode()
    assert not kept(place)


@pytest.mark.parametrize(
    ("opens", "closes", "hours"),
    [
        ("9", "17", "09:00-17:00"),
        ("9", "5pm", "09:00-17:00"),
        ("9am", "5pm", "09:00-17:00"),
        ("2", "4pm", "14:00-16:00"),
        ("9", "12", "09:00-12:00"),
        ("18:00", "02:00", "18:00-02:00"),
        ("22", "2", "22:00-02:00"),
        ("6pm", "midnight", "18:00-00:00"),
        ("9", "23:59", "09:00-00:00"),
        ("07:00", "23:00", "07:00-23:00"),
    ],
)
def test_unambiguous_times_are_saved_without_a_question(client, place, opens, closes, hours):
    save(client, place, {"lines": [f"Monday {opens} to {closes}"]})
    assert kept(place) == [f"Monday {hours}"]


def test_midnight_to_midnight_may_mean_closed(client, place):
    week = {"lines": ["Mon 9am-5pm", "Sun 0:00-0:00"]}
    name = "means_0000-0000_closed"
    assert save(client, place, week).status_code == 200
    assert save(client, place, {**week, name: "closed"}).status_code == 302
    assert kept(place) == ["Monday 09:00-17:00"]
    assert save(client, place, {**week, name: "0000-0000"}).status_code == 302
    assert kept(place) == ["Monday 09:00-17:00", "Sunday 00:00-00:00"]


def test_more_than_sixteen_hours_is_queried_once_and_the_tick_is_kept(client, place):
    week = {"lines": ["Mon 07:00-01:00"]}
    page = save(client, place, week)
    assert "that is 18 hours" in page.content.decode()
    assert not kept(place)
    assert save(client, place, {**week, "long_0700-0100": "on"}).status_code == 302
    assert kept(place) == ["Monday 07:00-01:00"]
    form = client.get(reverse("edit_hours", args=[place.pk])).context["form"]
    assert [field.value() for field in form.questions()] == [True]


def test_bank_holiday_hours_are_queried_by_the_same_rule(client, place):
    data = {"lines": ["Mon 9am-5pm", "Bank holidays 10-2"], "bank_holidays": "own_hours"}
    page = save(client, place, data)
    assert "Bank holidays: which do you mean?" in page.content.decode()
    assert "write the hours" not in page.content.decode()


def test_saving_shows_the_week_as_the_public_will_read_it(client, place):
    answer = save(client, place, {"lines": ["Weekdays 9-17"]})
    page = client.get(answer.url)
    assert (
        "Monday to Friday 09:00 to 17:00; Saturday and Sunday closed; bank holidays: closed."
        in page.content.decode()
    )


def test_hours_on_a_single_date_are_queried_too(client, place):
    day = timezone.localdate() + datetime.timedelta(days=20)
    data = {"starts_on_day": day.day, "starts_on_month": day.month, "starts_on_year": day.year}
    data |= {"opens": "10", "closes": "4"}
    url = reverse("add_closure", args=[place.pk])
    page = client.post(url, data)
    assert "which do you mean?" in page.content.decode()
    assert not Closure.objects.exists()
    name = next(iter(page.context["form"].asked))
    answered = client.post(url, {**data, name: "1000-1600"})
    assert answered.status_code == 302, (answered.context["form"].errors, name)
    assert str(Closure.objects.get().closes) == "16:00:00"


def test_all_day_written_as_2359_includes_the_last_minute(client, place):
    save(client, place, {"lines": ["Every day 00:00-23:59"]})
    last = datetime.datetime.combine(timezone.localdate(), datetime.time(23, 59, 30), LONDON)
    Venue.objects.update(hours_confirmed_at=last)
    assert Venue.objects.with_hours_state(last).get().hours_state == "open"


def test_an_added_line_is_queried_at_once_and_keeps_the_answer(client, place):
    data = {"lines": ["Mon 9-5"], "add": "line", WHICH: "0900-1700"}
    form = save(client, place, data).context["form"]
    assert [field.name for field in form.questions()] == [WHICH]
    assert form[WHICH].value() == "0900-1700"
    assert not kept(place)


def test_a_venue_of_unknown_nation_is_asked_whose_bank_holidays_apply(client, place):
    page = client.get(reverse("edit_hours", args=[place.pk])).content.decode()
    assert "Whose bank holidays do you keep?" in page
    save(client, place, {"lines": ["Mon 9am-5pm"], "holidays_of": "scotland"})
    place.venue.refresh_from_db()
    assert place.venue.division == "scotland"


def test_a_venue_whose_postcode_gives_the_nation_is_not_asked(client, place):
    Venue.objects.update(postcode="EH1 1YZ", division="scotland")
    page = client.get(reverse("edit_hours", args=[place.pk])).content.decode()
    assert "Whose bank holidays" not in page
    assert "Those of Scotland." in page
