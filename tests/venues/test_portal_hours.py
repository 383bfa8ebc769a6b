"""The opening hours page: what is accepted, what is refused in words, and nothing typed is lost."""

import datetime
import html

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from tests.venues.portal import managed_sign_up
from venues.hours.lines import lines_of
from venues.hours.reading import read_line
from venues.hours.times import read_time, readings
from venues.models import OpeningHours

pytestmark = pytest.mark.django_db


@pytest.fixture
def place(client):
    sign_up, manager = managed_sign_up(approved=True, agreed=True)
    client.force_login(manager)
    return sign_up


def save(client, place, data, season=None):
    """Post the form; `data` may hold `lines`, the contents of the text boxes."""
    args = [place.pk, season] if season else [place.pk]
    data = {"bank_holidays": "closed", **data}
    boxes = {f"lines-{number}": line for number, line in enumerate(data.pop("lines", []))}
    return client.post(reverse("change_hours", args=args), {**data, **boxes})


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
def test_text_that_is_not_a_time_is_refused(text):
    with pytest.raises(ValueError, match=r"^(hour|minute|13pm|late|0pm|9:)"):
        read_time(text)


def test_lunch_breaks_overnight_hours_and_bank_holidays_are_saved(client, place):
    lines = ["Mon 9-12, 13:00-5pm", "Friday 18:00 to 02:00", "Bank holidays 10-12"]
    assert save(client, place, {"lines": lines, "bank_holidays": "own_hours"}).status_code == 302
    assert kept(place) == [
        "Monday 09:00-12:00",
        "Monday 13:00-17:00",
        "Friday 18:00-02:00",
        "Bank holidays 10:00-12:00",
    ]
    place.venue.refresh_from_db()
    assert place.venue.bank_holidays == "own_hours"
    page = client.get(reverse("edit_hours", args=[place.pk]))
    assert page.context["form"]["lines"].value() == [
        "Monday 09:00–12:00, 13:00–17:00",
        "Friday 18:00–02:00",
        "Bank holidays 10:00–12:00",
    ]


def test_appointment_hours_are_a_line_that_says_so(client, place):
    save(client, place, {"lines": ["Mon–Fri 9am–5pm", "Sat 10am–1pm (by appointment only)"]})
    by_appointment = place.venue.opening_hours.filter(by_appointment=True)
    assert [str(each) for each in by_appointment] == ["Saturday 10:00-13:00"]
    page = client.get(reverse("edit_hours", args=[place.pk])).text
    assert "Saturday 10:00–13:00 by appointment" in page
    assert "10:00 to 13:00, by appointment" in page


def test_adding_or_removing_a_line_takes_one_press_and_saves_nothing(client, place):
    lines = ["Mon–Fri 9am–5pm", "oops", "Sun 10am–1pm"]
    before = save(client, place, {"lines": lines, "add": "line"})
    assert before.context["form"]["lines"].value() == lines
    assert "govuk-error-message" not in before.text
    after = save(client, place, {"lines": lines, "remove": "1", "bank_holidays": "as_usual"})
    shown = [line for line in after.context["form"]["lines"].value() if line]
    assert shown == ["Mon–Fri 9am–5pm", "Sun 10am–1pm"]
    assert after.context["form"]["bank_holidays"].value() == "as_usual"
    assert not kept(place)
    more = client.get(reverse("edit_hours", args=[place.pk])).text.count('name="lines-')
    assert more == 3


def test_saved_hours_are_shown_as_the_public_will_see_them(client, place):
    save(client, place, {"lines": ["Mon–Fri 9am–5pm", "Sat 10am–1pm"]})
    page = client.get(reverse("edit_hours", args=[place.pk])).text
    assert "Monday to Friday 09:00 to 17:00; Saturday 10:00 to 13:00; Sunday closed" in page


@pytest.mark.parametrize(
    ("data", "words"),
    [
        ({"lines": ["Mon 9-12", "Mon 11-13"]}, "overlaps Monday, 09:00–12:00"),
        ({"lines": ["Fri 18:00-02:00", "Sat 01:00-5"]}, "overlaps Friday, 18:00–02:00"),
        ({"lines": ["Mon 01:00-5", "Sun 22-2"]}, "overlaps Monday, 01:00–05:00"),
        ({"lines": ["Wednesday from 9"]}, "an opening time without a closing time"),
        ({"lines": ["Wed early-9"]}, "is not understood"),
        ({"lines": ["9am-5pm"]}, "Which days are meant?"),
        ({"lines": ["every other Sunday 9am-5pm"]}, "every other week from when?"),
        ({"lines": ["once a month 9am-5pm"]}, "which weeks of the month?"),
        ({"lines": ["Mon-Fri 9am-5pm", "x" * 201]}, "more than 200 characters"),
        ({"lines": ["Mon 9am-5pm"] * 31}, "more than 30 lines"),
        ({}, "for one day at least"),
        ({"lines": ["Sunday closed"]}, "for one day at least"),
        ({"lines": ["on request"]}, "only by appointment"),
        ({"lines": ["Mon 9-12"], "bank_holidays": "own_hours"}, "write the hours"),
        ({"lines": ["Mon 9-12", "Bank holidays 10-12"]}, "You wrote hours for bank holidays"),
        ({"lines": ["Mon 9-12"], "season_from": "soon"}, "a day and a month"),
        ({"lines": ["Mon 9-12"], "season_from": "1 April"}, "a first and a last day"),
    ],
)
def test_a_mistake_is_explained_and_nothing_typed_is_lost(client, place, data, words):
    page = save(client, place, data)
    assert page.status_code == 200
    assert words.lower() in html.unescape(page.text).lower()
    for typed in data.get("lines", []):
        assert f'value="{typed}"' in page.text
    assert not kept(place)


def test_adjacent_hours_do_not_overlap(client, place):
    lines = ["Sun 18-24:00", "Mon 0:00-6:00"]
    assert save(client, place, {"lines": lines}).status_code == 302


@pytest.mark.parametrize("closes", ["24:00", "23:59", "24"])
def test_open_day_and_night_runs_midnight_to_midnight(client, place, closes):
    assert save(client, place, {"lines": [f"Mon 00:00-{closes}"]}).status_code == 302
    assert kept(place) == ["Monday 00:00-00:00"]
    page = client.get(reverse("edit_hours", args=[place.pk]))
    assert page.context["form"]["lines"].value() == ["Monday 00:00–24:00"]


def test_adding_a_season_leaves_the_first_alone(client, place):
    winter = {"lines": ["Mon 10-15"], "season_from": "1 October", "season_to": "31 March"}
    save(client, place, winter)
    summer = {"lines": ["Mon 9-18"], "season_from": "1 April", "season_to": "30 September"}
    assert save(client, place, summer, "new").status_code == 302
    parts = OpeningHours.objects.values_list("season_from", "season_to", "opens__hour")
    assert sorted(parts) == [(401, 930, 9), (1001, 331, 10)]
    page = client.get(reverse("edit_hours", args=[place.pk, "401-930"])).content.decode()
    assert "1 October to 31 March" in page
    assert 'value="1 April"' in page

    client.post(reverse("remove_season", args=[place.pk, "401-930"]))
    assert OpeningHours.objects.get().season_from == 1001


def test_overlapping_seasons_are_refused_in_words(client, place):
    save(client, place, {"lines": ["Mon 9-12"]})
    data = {"lines": ["Mon 11-18"], "season_from": "1 May", "season_to": "1 June"}
    page = save(client, place, data, "new")
    assert "overlaps" in page.content.decode()
    assert kept(place) == ["Monday 09:00-12:00"]


times = st.integers(0, 95).map(lambda quarter: datetime.time(quarter // 4, quarter % 4 * 15))


@given(st.lists(st.tuples(st.integers(0, 7), times, times, st.booleans()), max_size=12))
def test_any_week_written_as_lines_reads_back_unchanged(rows):
    rows = {(day, *span, False) for day, *span, __ in rows if span[0] != span[1]} | {
        (day, *span, True) for day, *span, asked in rows if asked and span[0] != span[1]
    }
    # One interval per day and kind: the form would refuse overlaps.
    week = {(row[0], row[3]): row for row in sorted(rows)}.values()
    kept = [
        OpeningHours(weekday=day, opens=opens, closes=closes, by_appointment=asked)
        for day, opens, closes, asked in week
    ]
    found = set()
    for line in lines_of(kept):
        read = read_line(line, lambda opens, closes: readings(opens, closes)[0])
        assert not read.unread, line
        found |= {(*each[:3], each.by_appointment) for each in read.intervals}
    assert found == set(week)


def test_hours_are_confirmed_with_one_press(client, place):
    save(client, place, {"lines": ["Mon 9-12"]})
    place.venue.hours_confirmed_at = timezone.now() - datetime.timedelta(days=91)
    place.venue.save()
    home = client.get(reverse("portal_home", args=[place.pk])).content.decode()
    assert "Yes, the hours are right" in home
    client.post(reverse("confirm_hours", args=[place.pk]))
    place.venue.refresh_from_db()
    assert timezone.now() - place.venue.hours_confirmed_at < datetime.timedelta(minutes=1)


def test_closures_can_be_added_and_removed(client, place):
    day = timezone.localdate() + datetime.timedelta(days=7)
    when = {"starts_on_day": day.day, "starts_on_month": day.month, "starts_on_year": day.year}
    address = reverse("add_closure", args=[place.pk])
    assert client.post(address, {**when, "note": "Stocktaking"}).status_code == 302
    closure = place.venue.closures.get()
    assert (closure.starts_on, closure.ends_on, closure.opens) == (day, day, None)
    assert "Give both times" in client.post(address, {**when, "opens": "9"}).content.decode()
    client.post(reverse("remove_closure", args=[place.pk, closure.pk]))
    assert not place.venue.closures.exists()


def test_a_place_can_close_until_tomorrow_and_reopen_early(client, place):
    client.post(reverse("cannot_help_today", args=[place.pk]))
    place.venue.refresh_from_db()
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    assert timezone.localtime(place.venue.unavailable_until).date() == tomorrow
    home = client.get(reverse("portal_home", args=[place.pk])).content.decode()
    assert "people see you as closed" in home
    client.post(reverse("can_help_again", args=[place.pk]))
    place.venue.refresh_from_db()
    assert place.venue.unavailable_until is None


def test_closing_until_a_past_date_is_refused(client, place):
    data = {"until_day": "1", "until_month": "1", "until_year": "2020"}
    page = client.post(reverse("cannot_help_until", args=[place.pk]), data)
    assert "a day after today" in page.content.decode()
