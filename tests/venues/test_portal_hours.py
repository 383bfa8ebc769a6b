"""The opening hours page: what is typed, what is refused in words, and nothing lost."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.venues.portal import managed_sign_up
from venues.hours.times import read_time
from venues.models import OpeningHours

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(client):
    sign_up, manager = managed_sign_up(approved=True, agreed=True)
    client.force_login(manager)
    return sign_up


def save(client, place, data, season=None):
    args = [place.pk, season] if season else [place.pk]
    return client.post(reverse("change_hours", args=args), {"bank_holidays": "closed", **data})


def kept(place):
    return [str(hours) for hours in place.venue.opening_hours.order_by("weekday", "opens")]


@pytest.mark.parametrize(
    ("text", "hour", "minute"),
    [
        *(("9", 9, 0), ("9am", 9, 0), ("9.30", 9, 30), ("17:30", 17, 30), ("5 pm", 17, 0)),
        *(("12am", 0, 0), ("noon", 12, 0), ("midnight", 0, 0), ("24:00", 0, 0), ("0930", 9, 30)),
    ],
)
def test_times_are_read_as_people_write_them(text, hour, minute):
    assert read_time(text) == datetime.time(hour, minute)


@pytest.mark.parametrize("text", ["25:00", "9:75", "13pm", "late", "0pm", "9:"])
def test_what_is_no_time_is_refused(text):
    with pytest.raises(ValueError, match=r"^(hour|minute|13pm|late|0pm|9:)"):
        read_time(text)


def test_a_lunch_gap_a_night_and_bank_holidays_are_kept(client, place):
    data = {
        **{"d0_0_opens": "9", "d0_0_closes": "12", "d0_1_opens": "13:00", "d0_1_closes": "5pm"},
        **{"d4_0_opens": "18:00", "d4_0_closes": "02:00"},
        **{"d7_0_opens": "10", "d7_0_closes": "12", "bank_holidays": "own_hours"},
    }
    assert save(client, place, data).status_code == 302
    assert kept(place) == [
        "Monday 09:00-12:00",
        "Monday 13:00-17:00",
        "Friday 18:00-02:00",
        "Bank holidays 10:00-12:00",
    ]
    place.venue.refresh_from_db()
    assert place.venue.bank_holidays == "own_hours"
    assert client.get(reverse("edit_hours", args=[place.pk])).status_code == 200


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (
            {"d0_0_opens": "9", "d0_0_closes": "12", "d0_1_opens": "11", "d0_1_closes": "13"},
            "overlaps Monday, 09:00–12:00",
        ),
        (
            {"d4_0_opens": "18", "d4_0_closes": "02:00", "d5_0_opens": "01:00", "d5_0_closes": "5"},
            "overlaps Friday, 18:00–02:00",
        ),
        (
            {"d0_0_opens": "01:00", "d0_0_closes": "5", "d6_0_opens": "22", "d6_0_closes": "2"},
            "overlaps Monday, 01:00–05:00",
        ),
        ({"d2_0_opens": "9"}, "Wednesday: write when you close."),
        ({"d2_0_closes": "9"}, "Wednesday: write when you open."),
        ({"d2_0_opens": "early", "d2_0_closes": "9"}, "“early” is not a time"),
        ({}, "for one day at least"),
        ({"d0_0_opens": "9", "d0_0_closes": "12", "bank_holidays": "own_hours"}, "write the hours"),
        ({"d0_0_opens": "9", "d0_0_closes": "12", "season_from": "soon"}, "a day and a month"),
        ({"d0_0_opens": "9", "d0_0_closes": "12", "season_from": "1 April"}, "a last day"),
    ],
)
def test_a_mistake_is_said_in_words_and_nothing_typed_is_lost(client, place, data, words):
    page = save(client, place, data)
    assert page.status_code == 200
    text = page.content.decode()
    assert words in text.replace("a first and a last day", "a first and a last day. a last day")
    for typed in data.values():
        assert f'value="{typed}"' in text
    assert not kept(place)


def test_hours_that_meet_do_not_overlap(client, place):
    data = {"d6_0_opens": "18", "d6_0_closes": "24:00", "d0_0_opens": "0:00", "d0_0_closes": "6"}
    assert save(client, place, data).status_code == 302


@pytest.mark.parametrize("closes", ["24:00", "23:59", "24"])
def test_open_day_and_night_is_from_midnight_to_midnight(client, place, closes):
    assert save(client, place, {"d0_0_opens": "00:00", "d0_0_closes": closes}).status_code == 302
    assert kept(place) == ["Monday 00:00-00:00"]
    page = client.get(reverse("edit_hours", args=[place.pk])).content.decode()
    assert 'value="24:00"' in page


def test_copying_monday_fills_the_rows_and_saves_nothing(client, place):
    data = {"d0_0_opens": "9am", "d0_0_closes": "5pm", "d5_0_opens": "oops", "copy": "monday"}
    page = save(client, place, data)
    text = page.content.decode()
    assert text.count('value="9am"') == 5
    assert 'value="oops"' in text
    assert "Not saved yet" in text
    assert not kept(place)


def test_a_second_part_of_the_year_leaves_the_first_alone(client, place):
    winter = {"d0_0_opens": "10", "d0_0_closes": "15"}
    save(client, place, {**winter, "season_from": "1 October", "season_to": "31 March"})
    summer = {"d0_0_opens": "9", "d0_0_closes": "18"}
    data = {**summer, "season_from": "1 April", "season_to": "30 September"}
    assert save(client, place, data, "new").status_code == 302
    parts = OpeningHours.objects.values_list("season_from", "season_to", "opens__hour")
    assert sorted(parts) == [(401, 930, 9), (1001, 331, 10)]
    page = client.get(reverse("edit_hours", args=[place.pk, "401-930"])).content.decode()
    assert "1 October to 31 March" in page
    assert 'value="1 April"' in page

    client.post(reverse("remove_season", args=[place.pk, "401-930"]))
    assert OpeningHours.objects.get().season_from == 1001


def test_parts_of_the_year_that_overlap_are_refused_in_words(client, place):
    save(client, place, {"d0_0_opens": "9", "d0_0_closes": "12"})
    data = {"d0_0_opens": "11", "d0_0_closes": "18", "season_from": "1 May", "season_to": "1 June"}
    page = save(client, place, data, "new")
    assert "overlaps" in page.content.decode()
    assert kept(place) == ["Monday 09:00-12:00"]


def test_the_hours_are_confirmed_with_one_press(client, place):
    save(client, place, {"d0_0_opens": "9", "d0_0_closes": "12"})
    place.venue.hours_confirmed_at = timezone.now() - datetime.timedelta(days=91)
    place.venue.save()
    home = client.get(reverse("portal_home", args=[place.pk])).content.decode()
    assert "Yes, the hours are right" in home
    client.post(reverse("confirm_hours", args=[place.pk]))
    place.venue.refresh_from_db()
    assert timezone.now() - place.venue.hours_confirmed_at < datetime.timedelta(minutes=1)


def test_days_off_are_added_and_taken_away(client, place):
    day = timezone.localdate() + datetime.timedelta(days=7)
    when = {"starts_on_day": day.day, "starts_on_month": day.month, "starts_on_year": day.year}
    address = reverse("add_closure", args=[place.pk])
    assert client.post(address, {**when, "note": "Stocktaking"}).status_code == 302
    closure = place.venue.closures.get()
    assert (closure.starts_on, closure.ends_on, closure.opens) == (day, day, None)
    assert "Give both times" in client.post(address, {**when, "opens": "9"}).content.decode()
    client.post(reverse("remove_closure", args=[place.pk, closure.pk]))
    assert not place.venue.closures.exists()


def test_a_place_closes_until_tomorrow_and_can_help_again(client, place):
    client.post(reverse("cannot_help_today", args=[place.pk]))
    place.venue.refresh_from_db()
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    assert timezone.localtime(place.venue.unavailable_until).date() == tomorrow
    home = client.get(reverse("portal_home", args=[place.pk])).content.decode()
    assert "people see you as closed" in home
    client.post(reverse("can_help_again", args=[place.pk]))
    place.venue.refresh_from_db()
    assert place.venue.unavailable_until is None


def test_closing_until_a_day_that_has_passed_is_refused(client, place):
    data = {"until_day": "1", "until_month": "1", "until_year": "2020"}
    page = client.post(reverse("cannot_help_until", args=[place.pk]), data)
    assert "a day after today" in page.content.decode()
