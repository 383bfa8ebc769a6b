"""Kept listings are refreshed by whatever changes them, in the same transaction."""

import datetime
import threading
from datetime import timedelta

import pytest
from django.contrib.gis.geos import Point
from django.core.management import call_command
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from tests.factories import (
    ALWAYS,
    SchemeFactory,
    SignUpFactory,
    StickerFactory,
    UserFactory,
    VenueFactory,
)
from venues.actions import cannot_help_today, hide_scheme, suspend_sign_up
from venues.duties import keep_listings
from venues.kept import can_be_used, heal, rebuild, refresh, refresh_left_over
from venues.kept.rows import listed_sql, rows_of
from venues.models import (
    Event,
    KeptDay,
    KeptListing,
    KeptMark,
    KeptRepair,
    KeptVenue,
    OpeningHours,
    Scheme,
    SignUp,
    Sticker,
    Venue,
)

for_real = pytest.mark.django_db(transaction=True)


def make(**more):
    return SignUpFactory(approved=True, listed=True, venue__hours=ALWAYS, **more)


def kept_today():
    return set(
        KeptListing.objects.filter(day=timezone.localdate()).values_list("venue_id", flat=True)
    )


@pytest.mark.django_db
def test_every_table_that_the_rules_read_leaves_marks():
    sign_up = make()
    today = timezone.localdate()
    with CaptureQueriesContext(connection) as asked:
        rows_of([sign_up.venue_id], [today])
    sql = " ".join(each["sql"] for each in asked) + listed_sql(today)[0]
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text FROM pg_trigger WHERE tgname LIKE 'mark_kept_%'"
            " GROUP BY 1 HAVING count(*) = 3"
        )
        marked = {name for (name,) in cursor.fetchall()}
    read = {name for name in connection.introspection.table_names() if f'"{name}"' in sql}
    assert {"venues_signup", "venues_openinghours", "training_enrolment"} <= read
    assert read - marked == set()


@for_real
def test_a_new_listing_is_kept_as_soon_as_it_is_committed():
    rebuild()
    with transaction.atomic():
        sign_up = make()
    assert kept_today() == {sign_up.venue_id}
    assert not KeptMark.objects.exists()


@for_real
def test_a_suspended_place_leaves_the_kept_listings_in_the_same_transaction():
    sign_up = make()
    rebuild()
    suspend_sign_up(sign_up, by=UserFactory(), reason="A report.")
    assert kept_today() == set()
    assert not KeptVenue.objects.exists()
    assert not KeptMark.objects.exists()


@for_real
def test_a_change_that_is_rolled_back_leaves_no_trace():
    sign_up = make()
    rebuild()
    before = KeptVenue.objects.values().get()
    with transaction.atomic():
        until = timezone.now() + datetime.timedelta(hours=2)
        cannot_help_today(sign_up.venue, until=until, by=UserFactory())
        assert KeptMark.objects.exists()
        transaction.set_rollback(True)
    assert KeptVenue.objects.values().get() == before
    assert not KeptMark.objects.exists()


@for_real
def test_nobody_else_sees_a_mark_before_or_after_the_commit():
    sign_up = make()
    rebuild()
    seen = []

    def look():
        seen.append(KeptMark.objects.count())
        connection.close()

    def elsewhere():
        thread = threading.Thread(target=look)
        thread.start()
        thread.join()

    with transaction.atomic():
        sign_up.venue.name = "Another name"
        sign_up.venue.save()
        elsewhere()
    elsewhere()
    assert seen == [0, 0]
    assert KeptVenue.objects.get().facts["name"] == "Another name"


@for_real
def test_two_changes_of_one_place_at_once_both_end_up_in_its_row():
    sign_up = make()
    rebuild()
    one_has_changed, other_may_commit = threading.Event(), threading.Event()

    def one():
        with transaction.atomic():
            Venue.objects.filter(pk=sign_up.venue_id).update(name="Another name")
            one_has_changed.set()
            other_may_commit.wait(10)
        connection.close()

    thread = threading.Thread(target=one)
    thread.start()
    one_has_changed.wait(10)
    with transaction.atomic():
        OpeningHours.objects.all().delete()  # commits while the other one is still open
    other_may_commit.set()
    thread.join(20)
    kept = KeptVenue.objects.get()
    assert kept.facts["name"] == "Another name"
    assert kept.edges == []
    assert refresh([sign_up.venue_id]) == set()


@for_real
def test_the_later_of_two_commits_waits_and_computes_what_the_earlier_wrote():
    sign_up = make()
    rebuild()
    holds, done = threading.Event(), threading.Event()

    def earlier():
        with transaction.atomic():
            Venue.objects.filter(pk=sign_up.venue_id).update(name="Another name")
            refresh([sign_up.venue_id])  # as just before its commit
            holds.set()
            done.wait(1)  # the later one is waiting for us by now
        connection.close()

    thread = threading.Thread(target=earlier)
    thread.start()
    holds.wait(10)
    with transaction.atomic():
        Sticker.objects.update(expires_on=timezone.localdate())
    done.set()
    thread.join(20)
    assert refresh([sign_up.venue_id]) == set()
    assert KeptVenue.objects.get().facts["name"] == "Another name"


@for_real
def test_changing_a_scheme_refreshes_its_places_in_a_constant_number_of_queries():
    scheme = SchemeFactory()
    queries = []
    rebuild()
    for __ in range(2):
        for __ in range(3):
            make(scheme=scheme, venue__lead_scheme=scheme)
        with CaptureQueriesContext(connection) as asked:
            Scheme.objects.filter(pk=scheme.pk).update(what_to_say=f"Say {len(queries)}.")
            refresh_left_over()  # an update outside a transaction commits by itself
        queries.append(len(asked))
    assert set(KeptListing.objects.values_list("what_to_say", flat=True)) == {"Say 1."}
    assert queries[0] == queries[1]


@for_real
def test_a_failing_refresh_lets_the_change_through_and_leaves_the_mark(monkeypatch, caplog):
    sign_up = make()
    rebuild()

    def fail(*__, **___):
        raise ZeroDivisionError

    with monkeypatch.context() as broken:
        broken.setattr("venues.kept.writing.rows_of", fail)
        suspend_sign_up(sign_up, by=UserFactory(), reason="A report.")
    assert SignUp.objects.get().state == "suspended"
    assert Event.objects.filter(kind="venues.sign_up_suspended").exists()
    assert "could not be refreshed" in caplog.text
    assert KeptMark.objects.exists()
    assert refresh_left_over() == 1
    assert kept_today() == set()
    assert not KeptMark.objects.exists()


@for_real
def test_a_change_of_very_many_places_leaves_the_refresh_to_the_worker(monkeypatch):
    first = make()
    scheme = first.scheme
    make(scheme=scheme, venue__lead_scheme=scheme)
    rebuild()
    monkeypatch.setattr("venues.kept.writing.MOST_BEFORE_COMMIT", 1)
    hide_scheme(scheme, by=UserFactory())
    assert not KeptMark.objects.exists()  # the task, which tests run at once, has taken them
    assert kept_today() == set()


@pytest.mark.django_db
def test_saving_a_row_unchanged_leaves_no_mark():
    sign_up = make()
    KeptMark.objects.all().delete()
    sign_up.venue.save()
    sign_up.scheme.save()
    assert not KeptMark.objects.exists()


@pytest.mark.django_db
def test_tomorrow_is_kept_by_tomorrows_rule():
    """A sticker that runs out tonight, in a scheme without grace."""
    from_tomorrow = StickerFactory(expires_on=timezone.localdate()).sign_up
    refresh([from_tomorrow.venue_id])
    days = [timezone.localdate(), timezone.localdate() + datetime.timedelta(days=1)]
    for day in days:
        listed = Venue.objects.listed(day).exists()
        assert KeptListing.objects.filter(day=day).exists() == listed


@pytest.mark.django_db
def test_an_area_only_place_keeps_no_exact_address():
    sign_up = make(
        venue__listing="area_only",
        venue__address_1="7 Secret Lane",
        venue__landmark="Red door",
        venue__point=Point(450321.4, 115789.6, srid=27700),
    )
    refresh([sign_up.venue_id])
    kept = KeptVenue.objects.get()
    assert "Secret" not in str(kept.facts)
    assert "Red door" not in str(kept.facts)
    assert kept.facts["postcode"] == "ZZ1"
    sign_up.venue.refresh_from_db()
    assert KeptListing.objects.first().point.coords == sign_up.venue.public_point.coords
    assert sign_up.venue.public_point.coords != sign_up.venue.point.coords


@pytest.mark.django_db
def test_internal_places_are_not_kept():
    sign_up = SignUpFactory(
        approved=True, venue=VenueFactory(listing="internal", hours=ALWAYS), listed=True
    )
    refresh([sign_up.venue_id])
    assert not KeptListing.objects.exists()
    assert not KeptVenue.objects.exists()


# Each hour


def change_unnoticed(venue):
    """Change a venue as if the triggers did not exist."""
    Venue.objects.filter(pk=venue.pk).update(name="Another name")
    SignUp.objects.filter(venue=venue).update(state="suspended")
    KeptMark.objects.all().delete()


@pytest.mark.django_db
def test_a_listing_that_changed_unnoticed_is_found_healed_and_reported(caplog):
    left_out, other = make().venue, make().venue
    rebuild()
    change_unnoticed(left_out)
    assert kept_today() == {left_out.pk, other.pk}
    assert keep_listings() == 1
    assert kept_today() == {other.pk}
    assert f"The kept listing of venue {left_out.pk} was out of date" in caplog.text
    repair = KeptRepair.objects.get()
    assert (repair.venue_id, "listed" in repair.what) == (left_out.pk, True)
    caplog.clear()
    assert keep_listings() == 0
    assert caplog.text == ""


@pytest.mark.django_db
def test_within_a_day_every_fact_is_compared(caplog):
    venue = make().venue
    rebuild()
    KeptVenue.objects.update(edges=[], facts={})
    now = timezone.now()
    hours = [now + datetime.timedelta(hours=n) for n in range(24)]
    healed = [len(heal(hour)) for hour in hours if timezone.localdate(hour) == now.date()]
    healed += [len(heal(now - datetime.timedelta(hours=n))) for n in range(24)]
    assert sum(map(bool, healed)) >= 1
    assert KeptVenue.objects.get().facts["name"] == venue.name


@pytest.mark.django_db
def test_nothing_happens_at_midnight_and_just_after_it_tomorrow_is_added():
    make()
    now = timezone.now()
    rebuild(now)
    midnight = timezone.localtime(now).replace(hour=0, minute=0, second=1) + timedelta(days=1)
    assert can_be_used(midnight)
    assert keep_listings(midnight) > 0
    days = [timezone.localdate(midnight), timezone.localdate(midnight) + timedelta(days=1)]
    assert list(KeptDay.objects.values_list("day", flat=True)) == days
    assert set(KeptListing.objects.values_list("day", flat=True)) == set(days)


@pytest.mark.django_db
def test_after_a_release_the_next_duty_or_the_command_rebuilds(capsys):
    make()
    rebuild()
    KeptDay.objects.update(version="another")
    KeptVenue.objects.update(facts={})
    assert not can_be_used(timezone.now())
    call_command("rebuild_kept_listings", "--if-needed")
    assert can_be_used(timezone.now())
    assert "1 venues changed" in capsys.readouterr().out
    call_command("rebuild_kept_listings", "--if-needed")
    assert capsys.readouterr().out == ""


@for_real
def test_a_refresh_by_the_former_release_does_not_overwrite_the_new_ones_rows():
    sign_up = make()
    rebuild()
    KeptDay.objects.update(version="the new release")
    suspend_sign_up(sign_up, by=UserFactory(), reason="A report.")
    assert KeptMark.objects.exists()  # so the new one asks the rules
