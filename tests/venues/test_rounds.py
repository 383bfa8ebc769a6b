"""Rounds: sign-ups are taken only within one; a draft may still be sent for a while after it."""

import datetime

import pytest
from django.contrib.gis.geos import Point
from django.urls import reverse
from django.utils import timezone

from common.refusals import Refused
from geography.models import Postcode
from tests.factories import (
    OfficerFactory,
    SchemeFactory,
    SignUpFactory,
    StickerFactory,
    UserFactory,
    VenueFactory,
)
from tests.venues.portal import managed_sign_up
from tests.venues.rounds import days_from_now, make_area, make_round, scheme_in
from venues import actions
from venues.links import start_token
from venues.models import AskedInRound, Enquiry, Event, Round, SignUp, Start, Waiting
from venues.rounds import closed, progress, round_before
from venues.work_queue import work_queue

pytestmark = pytest.mark.django_db


@pytest.fixture
def area():
    return make_area("Town")


@pytest.fixture
def scheme(area):
    return scheme_in(area)


@pytest.fixture
def officer(scheme):
    return OfficerFactory(scheme=scheme).user


def join_page(client, scheme):
    return client.get(reverse("join_one", args=[scheme.slug])).content.decode()


# What the start page takes


def test_a_scheme_without_rounds_takes_sign_ups_as_before(client, scheme):
    assert "Send me the link" in join_page(client, scheme)


def test_within_a_round_the_start_page_takes_sign_ups(client, scheme):
    make_round(scheme)
    assert "Send me the link" in join_page(client, scheme)


def test_after_a_round_the_start_page_says_so_in_its_words_and_offers_to_tell(client, scheme):
    make_round(scheme, -20, -15, words_when_closed="We visit the new places now.")
    page = join_page(client, scheme)
    assert "Send me the link" not in page
    assert "Sign-ups are closed for now" in page
    assert "We visit the new places now." in page
    assert "The next round has no date yet." in page
    assert "Tell me when it opens" in page
    assert "Ring me" in page, "whoever is not sure can still be rung"


def test_before_a_round_the_start_page_says_from_when(client, scheme):
    made = make_round(scheme, 10, 20)
    assert f"takes new places again from {made.opens_on:%-d %B %Y}" in join_page(client, scheme)


def test_with_one_scheme_the_common_start_page_says_the_same(client, scheme):
    make_round(scheme, -20, -15)
    assert "Sign-ups are closed for now" in client.get(reverse("join")).content.decode()


def test_among_several_schemes_the_closed_one_is_not_a_choice_but_named(client, scheme):
    SchemeFactory(name="Another")
    make_round(scheme, -20, -15)
    answer = client.get(reverse("join"))
    assert [each.name for each in answer.context["schemes"]] == ["Another"]
    assert "Closed for now" in answer.content.decode()
    assert reverse("join_one", args=[scheme.slug]) in answer.content.decode()


def test_a_form_filled_in_while_the_round_closed_keeps_the_address(client, scheme):
    make_round(scheme, -20, -1)
    data = {"scheme": scheme.pk, "email": "kim@example.org", "postcode": "SO14 0AA"}
    answer = client.post(reverse("ask_to_join"), data)
    page = answer.content.decode()
    assert "The round closed while you filled in the form" in page
    assert 'value="kim@example.org"' in page
    assert not Start.objects.exists()


def test_whoever_is_not_sure_can_be_rung_between_rounds(client, scheme):
    make_round(scheme, -20, -1)
    data = {"scheme": scheme.pk, "name": "Kim", "venue_name": "Café", "phone": "01632 960001"}
    client.post(reverse("ask_to_be_rung"), data)
    assert Enquiry.objects.get().name == "Kim"


# What carries the round


def test_a_sign_up_carries_the_round_it_was_begun_in(scheme):
    made = make_round(scheme)
    sign_up = actions.start_sign_up(scheme=scheme, postcode="SO14 0AA", by=UserFactory())
    assert sign_up.round == made


def test_a_link_asked_for_in_the_round_still_works_after_it(client, scheme):
    made = make_round(scheme, -20, -1)
    start = Start.objects.create(
        email="kim@example.org",
        postcode="SO14 0AA",
        scheme=scheme,
        asked_at=timezone.now() - datetime.timedelta(hours=30),
    )
    client.post(reverse("start_sign_up_now", args=[start_token(start)]))
    assert SignUp.objects.get().round == made


def test_an_existing_place_joins_only_within_a_round(scheme):
    make_round(scheme, -20, -1)
    sign_up, manager = managed_sign_up()
    with pytest.raises(Refused, match="took new places until"):
        actions.join_scheme(sign_up.venue, scheme, by=manager)
    make_round(scheme, 0, 5, name="Two")
    assert actions.join_scheme(sign_up.venue, scheme, by=manager).round.name == "Two"


def test_an_officer_enters_a_place_at_any_time(scheme, officer):
    make_round(scheme, -20, -1)
    sign_up = actions.start_sign_up(
        scheme=scheme, postcode="SO14 0AA", by=officer, entered_by_officer=True
    )
    assert sign_up.round is None


def ready_draft(scheme, **more):
    sign_up, manager = managed_sign_up(
        scheme=scheme,
        agreed=True,
        venue__organisation__name="Trust",
        venue__organisation__sector="community",
        **more,
    )
    return sign_up, manager


def test_a_draft_of_a_closed_round_may_be_sent_for_some_days(scheme, monkeypatch):
    monkeypatch.setattr("venues.actions.sign_ups.missing_for_submission", lambda sign_up: [])
    made = make_round(scheme, -20, -3, days_to_send=3)
    sign_up, manager = ready_draft(scheme, round=made)
    assert actions.submit_sign_up(sign_up, by=manager).round == made


def test_a_draft_that_comes_too_late_is_told_so_and_kept(scheme, monkeypatch):
    monkeypatch.setattr("venues.actions.sign_ups.missing_for_submission", lambda sign_up: [])
    made = make_round(scheme, -20, -4, days_to_send=3)
    sign_up, manager = ready_draft(scheme, round=made)
    with pytest.raises(Refused, match="What you wrote is kept: send it in the next round"):
        actions.submit_sign_up(sign_up, by=manager)
    sign_up.refresh_from_db()
    assert (sign_up.state, sign_up.round) == ("draft", made)


def test_a_late_draft_is_sent_in_the_next_round_and_counts_there(scheme, monkeypatch):
    monkeypatch.setattr("venues.actions.sign_ups.missing_for_submission", lambda sign_up: [])
    made = make_round(scheme, -40, -30, days_to_send=3)
    sign_up, manager = ready_draft(scheme, round=made)
    second = make_round(scheme, -1, 10, name="Two")
    assert actions.submit_sign_up(sign_up, by=manager).round == second


# What officers see and may do


def test_a_round_without_an_area_is_refused(scheme):
    with pytest.raises(Refused, match="Choose at least one area"):
        make_round(scheme, areas=[])
    assert not Round.objects.exists()


def test_two_rounds_at_once_are_refused(scheme):
    make_round(scheme, -5, 5)
    with pytest.raises(Refused, match=r"“Round one” runs from .* one round at a time"):
        make_round(scheme, 5, 10, name="Two")
    assert Round.objects.count() == 1
    make_round(scheme, 6, 10, name="Two")


def test_a_round_that_ends_before_it_begins_is_refused(scheme):
    with pytest.raises(Refused, match="The last day is before the first"):
        make_round(scheme, 5, 4)


def test_the_form_says_each_mistake_and_keeps_what_was_typed(client, scheme, officer, area):
    client.force_login(officer)
    make_round(scheme)
    today = timezone.localdate()
    data = {"scheme": scheme.pk, "name": "Summer round", "days_to_send": 14}
    for name in ("opens_on", "closes_on"):
        data |= {f"{name}_day": today.day, f"{name}_month": today.month, f"{name}_year": today.year}
    page = client.post(reverse("admin:make_round"), data).content.decode()
    assert "Choose at least one area" in page
    assert "one round at a time" in page
    assert "Summer round" in page
    assert Round.objects.count() == 1


def test_an_officer_makes_and_changes_a_round_in_the_admin(client, scheme, officer, area):
    client.force_login(officer)
    first, last = days_from_now(1), days_from_now(30)
    data = {"scheme": scheme.pk, "name": "Summer", "days_to_send": 14, "areas": [area.pk]}
    data |= {"opens_on_day": first.day, "opens_on_month": first.month, "opens_on_year": first.year}
    data |= {"closes_on_day": last.day, "closes_on_month": last.month, "closes_on_year": last.year}
    answer = client.post(reverse("admin:make_round"), data)
    made = Round.objects.get()
    assert answer.url == reverse("admin:venues_round_change", args=[made.pk])
    del data["scheme"]
    client.post(reverse("admin:change_round", args=[made.pk]), data | {"target_venues": 40})
    made.refresh_from_db()
    assert made.target_venues == 40
    kinds = ["venues.round_made", "venues.round_changed"]
    assert list(Event.objects.filter(kind__in=kinds).order_by("pk").values_list("kind", flat=True))


def test_a_round_in_which_something_happened_stays(scheme, officer):
    made = make_round(scheme)
    SignUpFactory(scheme=scheme, round=made)
    with pytest.raises(Refused, match="stays"):
        actions.remove_round(made, by=officer)
    other = make_round(scheme, 20, 30, name="Two")
    actions.remove_round(other, by=officer)
    assert list(Round.objects.all()) == [made]


def placed(scheme, made, east, **more):
    venue = VenueFactory(lead_scheme=scheme, point=Point(east, 105000, srid=27700))
    return SignUpFactory(scheme=scheme, round=made, venue=venue, **more)


def test_the_figures_go_from_asked_to_sticker_by_area_beside_the_round_before(scheme, area):
    east = make_area("East", west=410000)
    before = make_round(scheme, -60, -50, name="Before")
    placed(scheme, before, 405000, submitted=True)
    made = make_round(scheme, areas=[area, east])
    Postcode.objects.create(
        postcode="SO14 0AA", quality=10, point=Point(415000, 105000, srid=27700)
    )
    for email in ("a@example.org", "b@example.org", "a@example.org"):
        actions.send_start(email=email, scheme=scheme, postcode="SO14 0AA")
    actions.send_start(email="c@example.org", scheme=scheme, postcode="ZZ9 9ZZ")
    placed(scheme, made, 405000)
    placed(scheme, made, 405000, submitted=True)
    up = placed(scheme, made, 415000, approved=True)
    StickerFactory(sign_up=up, displayed_at=timezone.now(), displayed_by=UserFactory())
    placed(scheme, made, 500000, approved=True)
    assert round_before(made) == before
    now, earlier = progress([made, before], timezone.localdate())
    figures = {line.name: line.counts for line in now.lines}
    # asked, started, sent, approved, trained, sticker up
    assert figures == {
        "East": [2, 1, 1, 1, 0, 1],
        "Town": [0, 2, 1, 0, 0, 0],
        "Elsewhere, or not known": [1, 1, 1, 1, 0, 0],
    }
    assert now.total == [3, 4, 3, 2, 0, 1]
    assert earlier.total == [0, 1, 1, 0, 0, 0]


def test_the_figures_take_a_constant_number_of_queries(scheme, area, django_assert_max_num_queries):
    made = make_round(scheme)
    for _each in range(3):
        placed(scheme, made, 405000, approved=True)
    with django_assert_max_num_queries(3):
        progress([made], timezone.localdate())
    for _each in range(9):
        placed(scheme, made, 405000, approved=True)
    with django_assert_max_num_queries(3):
        progress([made], timezone.localdate())


def test_who_asked_is_forgotten_but_counted(scheme):
    make_round(scheme)
    actions.send_start(email="kim@example.org", scheme=scheme, postcode="SO14 0AA")
    Start.objects.all().delete()
    assert AskedInRound.objects.get().count == 1


def test_the_dashboard_says_that_a_round_opens_or_closes_soon(scheme, officer):
    made = make_round(scheme, -5, 5)
    make_round(scheme, 60, 70, name="Far away")
    Waiting.objects.create(scheme=scheme, email="k@example.org", confirmed_at=timezone.now())
    queue = next(each for each in work_queue(officer) if each.key == "rounds")
    [row] = queue.rows
    assert row.title == str(made)
    assert "Closes at the end of" in row.rule
    assert "have not been told" in row.rule


def test_the_round_closes_at_midnight_in_london(scheme):
    made = make_round(scheme)
    Round.objects.filter(pk=made.pk).update(
        opens_on=datetime.date(2027, 6, 1), closes_on=datetime.date(2027, 6, 30)
    )
    last_minute = datetime.datetime(2027, 6, 30, 22, 59, tzinfo=datetime.UTC)
    assert closed(scheme, last_minute) is None
    assert closed(scheme, last_minute + datetime.timedelta(minutes=1)) is not None
