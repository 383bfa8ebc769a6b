"""Filters and another time: by POST, kept while one goes on searching, errors at the field."""

import datetime
import html

import pytest
from django.http import QueryDict

from signposting.nearest import Wishes
from signposting.wishes import WishesForm
from tests.signposting.test_answers import words
from venues.hours.model import LONDON
from venues.models import Venue

NOON = datetime.datetime(2026, 6, 3, 12, 0, tzinfo=LONDON)  # a Wednesday


def asked(query):
    form = WishesForm(QueryDict(query), now=NOON)
    form.is_valid()
    return form


@pytest.mark.parametrize(
    ("query", "when"),
    [
        ("", NOON),
        ("day=&time=", NOON),
        ("day=2026-06-05&time=22:00", NOON.replace(day=5, hour=22)),
        ("day=2026-06-05&time=10pm", NOON.replace(day=5, hour=22)),
        ("day=2026-06-03&time=12:00", NOON),
        ("day=2026-06-16&time=23:59", NOON.replace(day=16, hour=23, minute=59)),
        ("time=22:30", NOON.replace(hour=22, minute=30)),
    ],
)
def test_a_day_and_a_time_make_a_moment(query, when):
    form = asked(query)
    assert form.errors == {}
    assert form.when == when


@pytest.mark.parametrize(
    ("query", "field", "said"),
    [
        ("day=2026-06-17&time=12:00", "day", "within the coming fortnight"),
        ("day=2026-06-02&time=12:00", "day", "within the coming fortnight"),
        ("day=nonsense&time=12:00", "day", "within the coming fortnight"),
        ("day=2026-06-03&time=11:59", "time", "has passed"),
        ("day=2026-06-05", "time", "Write a time"),
        ("day=2026-06-05&time=10", "time", "morning or the evening"),
        ("day=2026-06-05&time=25:00", "time", "is not a time"),
        ("time=soon", "time", "is not a time"),
        ("language=" + "x" * 41, "language", "at most 40"),
        ("has=woman_on_request", "has", "not one of the available choices"),
    ],
)
def test_impossible_input_is_refused_at_its_field(query, field, said):
    form = asked(query)
    assert said in str(form.errors[field])
    assert form.when == NOON


def test_a_skipped_clock_time_becomes_the_one_an_hour_later():
    form = WishesForm(QueryDict("day=2026-03-29&time=01:30"), now=NOON.replace(month=3, day=28))
    assert form.is_valid()
    assert (form.when.hour, form.when.minute) == (2, 30)


def test_all_wishes_are_read_and_kept_for_the_next_search():
    form = asked("has=toilet&has=step_free&language=Polish&late=on&day=2026-06-05&time=22:00")
    assert form.wishes == Wishes(frozenset({"toilet", "step_free"}), "Polish", late=True)
    assert ("has", "toilet") in form.kept
    assert ("time", "22:00") in form.kept
    assert len(form.kept) == 6


pytestmark = pytest.mark.django_db


def answer(client, **given):
    return client.post("/", {"location": "ZZ1 1AA", **given})


def source(response):
    """The page, with its blanks levelled."""
    return " ".join(html.unescape(response.content.decode()).split())


def test_only_matching_places_are_shown_with_a_way_back_to_all(client, here, place):
    place("Ramp", step_free=True)
    place("Steps", step_free=False)
    response = answer(client, has=["step_free"])
    said = words(response)
    assert "Only places with: step-free way in." in said
    assert "Show all places" in said
    assert "Ramp" in said
    assert "Steps" not in said
    assert response.request["QUERY_STRING"] == ""
    assert 'value="step_free" checked' in source(response)


def test_no_filter_reveals_who_is_on_shift(client, here, place):
    place()
    page = source(answer(client))
    assert 'value="woman' not in page
    assert "To talk to a woman, ask when you get there." in page


def test_another_time_is_answered_for_that_time(client, here, place):
    shut = [(day, datetime.time(9), datetime.time(17)) for day in range(7)]
    place("Day", hours=shut)
    place("Night", metres=300)
    day = (datetime.datetime.now(LONDON) + datetime.timedelta(days=3)).date()
    response = answer(client, day=day.isoformat(), time="22:00")
    said = words(response)
    assert f"1 place open near you at {day:%A} 22:00" in said
    assert "Not open then" in said
    page = source(response)
    assert f'value="{day.isoformat()}" selected' in page
    assert 'value="22:00"' in page


def test_an_invalid_time_is_reported_at_the_field_and_nothing_is_lost(client, here, place):
    place("Library", step_free=True)
    response = answer(client, has=["step_free"], time="soon")
    page = source(response)
    assert response.status_code == 200
    assert "“soon” is not a time" in page
    assert 'value="soon"' in page
    assert 'value="step_free" checked' in page
    assert '<details class="wishes__part" open' in page
    assert "Library" in page


def test_wishes_are_kept_when_choosing_among_several_or_correcting_a_name(client, here):
    page = answer(client, location="Nowhereton", has=["toilet"], time="22:00")
    page = source(page)
    assert '<input type="hidden" name="has" value="toilet">' in page
    assert '<input type="hidden" name="time" value="22:00">' in page


def test_open_late_means_at_ten_in_the_evening(client, here, place):
    place("Day", hours=[(day, datetime.time(0), datetime.time(21)) for day in range(7)])
    place("Late", metres=300)
    Venue.objects.update(bank_holidays="as_usual")
    said = words(answer(client, late="on"))
    assert "Late" in said
    assert "Day 's" not in said
    assert "Only places with: open late." in said
