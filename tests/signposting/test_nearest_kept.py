"""The kept listings give the same places, in the same order and words, as the rules themselves."""

import datetime
import random
import re
from dataclasses import fields

import pytest
from django.contrib.gis.geos import Point
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from signposting.cards import Card
from signposting.nearest import Wishes, nearest, nearest_by_rule, nearest_kept
from tests.factories import SchemeFactory, SignUpFactory, UserFactory, VenueFactory
from tests.signposting.conftest import HERE
from tests.signposting.test_queries import fill
from venues.hours.model import LONDON, BankHolidays, Division
from venues.kept import rebuild
from venues.models import Closure, KeptDay, KeptListing, OpeningHours, SignUp, Venue

pytestmark = pytest.mark.django_db

DAYS = [
    datetime.date(2026, 3, 29),  # the clocks go forward
    datetime.date(2026, 10, 25),  # the clocks go back
    datetime.date(2026, 12, 25),
    datetime.date(2026, 12, 28),  # a substitute bank holiday
    datetime.date(2027, 1, 1),
    datetime.date(2026, 5, 4),
    datetime.date(2026, 7, 8),
]


def in_words(found):
    """All that a page can say of a place; moments as numbers, which clock changes cannot blur."""
    return {
        name: [
            {
                **{each.name: _plain(getattr(card, each.name)) for each in fields(Card)},
                "status": card.status,
                "aside": card.aside,
                "distance": card.distance,
            }
            for card in getattr(found, name)
        ]
        for name in ("open_now", "closed", "unknown")
    }


def _plain(value):
    return value.timestamp() if isinstance(value, datetime.datetime) else value


def without_end(card):
    """Of a place that never closes, when the fortnight ends does not matter: no page says it."""
    return {**card, "until": None} if card["always"] else card


def same(point, when, scheme=None, wishes=None):
    kept = nearest_kept(point, when, scheme, wishes)
    assert kept is not None
    kept, live = in_words(kept), in_words(nearest_by_rule(point, when, scheme, wishes))
    for name in live:
        for one, other in zip(kept[name], live[name], strict=True):
            assert without_end(one) == without_end(other), (name, when)
    return sum(map(len, live.values()))


def clock(rng):
    return datetime.time(rng.choice([0, 1, 1, 2, 6, 9, 12, 17, 20, 22, 23]), rng.choice([0, 0, 30]))


def odd_venue(rng, scheme, number):
    """A place with one of all the timetables there are, somewhere around HERE."""
    day = rng.choice(DAYS)
    away = rng.choice([300, 3_000, 20_000, 40_000])
    venue = VenueFactory(
        lead_scheme=scheme,
        point=Point(HERE.x + rng.uniform(-away, away), HERE.y + rng.uniform(-away, away)),
        listing=rng.choice(["public", "public", "public", "area_only", "internal"]),
        bank_holidays=rng.choice(BankHolidays.values),
        division=rng.choice(Division.values),
        hours_confirmed_at=rng.choice([None, *[day_at(day, 9) - days(n) for n in (1, 89, 90, 91)]]),
        unavailable_until=(away := rng.choice([None, None, None, day_at(day, 15)])),
        unavailable_by=away and UserFactory(),
        step_free=rng.choice([True, False, None]),
        quiet=rng.choice([True, False, None]),
        listener=rng.choice([True, False, None]),
        languages=rng.choice(["", "Polish", "Polski, Română", "100% polish_"]),
        landmark=rng.choice(["", "Beside the bakery"]),
        phone="01632 960001",
        phone_confirmed_on=rng.choice([None, DAYS[0]]),
        phone_confirmed_by_name="Ada",
    )
    for __ in range(rng.randrange(9)):
        season = rng.choice([(None, None), (None, None), (401, 930), (1101, 328)])
        try:
            with transaction.atomic():
                OpeningHours.objects.create(
                    venue=venue,
                    weekday=rng.randrange(8),
                    opens=clock(rng),
                    closes=clock(rng),
                    season_from=season[0],
                    season_to=season[1],
                    by_appointment=rng.random() < 0.1,
                    valid_from=rng.choice([datetime.date(2020, 1, 1), day]),
                    valid_to=rng.choice([None, None, None, day + days(1)]),
                )
        except IntegrityError:
            pass  # it overlaps another
    if rng.random() < 0.3:
        opens, closes = rng.choice([(None, None), (clock(rng), clock(rng))])
        Closure.objects.create(
            venue=venue, starts_on=day - days(1), ends_on=day + days(1), opens=opens, closes=closes
        )
    if rng.random() < 0.1:  # day and night
        venue.opening_hours.all().delete()
        for weekday in range(7):
            OpeningHours.objects.create(
                venue=venue,
                weekday=weekday,
                opens=datetime.time(0),
                closes=datetime.time(0),
                valid_from=datetime.date(2020, 1, 1),
            )
    SignUpFactory(venue=venue, scheme=scheme, approved=True, hides_badge=rng.random() < 0.2)
    return venue


def days(number):
    return datetime.timedelta(days=number)


def day_at(day, hour, minute=0):
    return datetime.datetime.combine(day, datetime.time(hour, minute), LONDON)


@pytest.mark.parametrize("day", DAYS)
def test_the_answer_is_the_same_as_by_the_rules_at_any_point_and_moment(day):
    rng = random.Random(day.toordinal())
    schemes = [
        SchemeFactory(name=f"Scheme {name}", what_to_say=f"Ask for {name}.") for name in "ABC"
    ]
    venues = [odd_venue(rng, rng.choice(schemes[:2]), number) for number in range(90)]
    for venue in rng.sample(venues, 20):
        SignUpFactory(venue=venue, scheme=schemes[2], approved=True)
    rebuild(day_at(day, 0, 5))
    seen = wished = 0
    utc = day_at(day, 0).astimezone(datetime.UTC)
    moments = [utc + datetime.timedelta(minutes=rng.randrange(24 * 60)) for __ in range(6)]
    moments += [day_at(day, 12), day_at(day, 23), day_at(day, 4), day_at(day, 0)]
    moments += [utc + datetime.timedelta(hours=n, minutes=30) for n in (0, 1, 2)]  # clock changes
    moments += [day_at(day + days(1), hour, 1) for hour in (0, 4, 13, 23)]  # nothing was rebuilt
    for when in moments:
        if timezone.localdate(when) not in (day, day + days(1)):
            continue
        away = rng.choice([100, 5_000, 25_000])
        point = Point(HERE.x + rng.uniform(-away, away), HERE.y + rng.uniform(-away, away))
        point.srid = HERE.srid
        seen += same(point, when, rng.choice([None, None, *schemes]))
        wished += same(point, when, rng.choice([None, *schemes]), some_wishes(rng))
    assert seen > 50
    assert wished > 10


def some_wishes(rng):
    return Wishes(
        facilities=frozenset(
            name for name in ("step_free", "quiet", "listener") if rng.random() < 0.3
        ),
        language=rng.choice(["", "", "", "polish", "POLSKI", "%", "_"]),
        late=rng.random() < 0.3,
    )


def test_a_search_is_one_query(here, place):
    place()
    rebuild()
    nearest(here, timezone.now())  # the first also asks PostGIS for its version
    with CaptureQueriesContext(connection) as asked:
        found = nearest(here, timezone.now())
    assert [card.name for card in found.open_now] == ["Exampleton Library"]
    assert len(asked) == 1


def test_more_than_sixty_places_are_in_the_right_order(here):
    scheme = SchemeFactory()
    for number in range(75):
        hours = [(day, datetime.time(0), datetime.time(0)) for day in range(7)]
        SignUpFactory(
            approved=True,
            scheme=scheme,
            venue=VenueFactory(
                lead_scheme=scheme,
                point=Point(HERE.x + 7 * number, HERE.y, srid=27700),
                hours=hours if number > 65 else [],
                hours_confirmed_at=timezone.now() if number % 2 else None,
            ),
        )
    rebuild()
    assert same(here, timezone.now()) == 14  # four open beyond the sixty nearest, and the others


def test_a_place_merged_into_another_is_not_found(here, place):
    kept, gone = place(), place("Other entry", metres=300)
    Venue.objects.filter(pk=gone.pk).update(merged_into=kept)
    rebuild()
    assert same(here, timezone.now()) == 1


# Where kept listings cannot be used


def test_without_any_kept_rows_the_rules_answer(here, place):
    place()
    assert nearest_kept(here, timezone.now()) is None
    assert [card.name for card in nearest(here, timezone.now()).open_now] == ["Exampleton Library"]


def test_an_emptied_table_is_rebuilt_before_it_is_used_again(here, place):
    place()
    rebuild()
    KeptDay.objects.all().delete()
    KeptListing.objects.all().delete()
    assert len(nearest(here, timezone.now()).open_now) == 1
    rebuild()
    assert same(here, timezone.now()) == 1


def test_when_no_worker_has_run_for_two_days_the_rules_answer(here, place):
    place()
    now = timezone.now()
    rebuild(now - days(1))
    assert nearest_kept(here, now) is not None
    assert nearest_kept(here, now + days(1)) is None
    assert len(nearest(here, now + days(1)).open_now) == 1


def test_rows_of_another_release_are_not_used(here, place):
    place()
    rebuild()
    KeptDay.objects.update(version="an older one")
    assert nearest_kept(here, timezone.now()) is None
    assert len(nearest(here, timezone.now()).open_now) == 1


def test_a_change_that_was_not_refreshed_is_never_shown(here, place):
    venue = place()
    rebuild()
    SignUp.objects.update(state="suspended")  # in the dead of night, by hand
    found = nearest(here, timezone.now())
    assert found.open_now == []
    assert KeptListing.objects.filter(venue=venue).exists()


# The plan

VARIABLES = {
    "here": "geometry",
    "moment": "timestamptz",
    "only_scheme": "bigint",
    "how_far": "float",
    "looked_at": "integer",
    "most_open": "integer",
    "most_others": "integer",
    "wanted": "jsonb",
    "speaks": "text",
    "also_open_at": "timestamptz",
    "that_day": "date",
    "a_fortnight_on": "timestamptz",
    "around": "geometry",
    "has_wishes": "boolean",
}


def test_the_search_walks_the_index_and_starts_no_parallel_workers(here):
    fill(1000, is_open=False)
    rebuild()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        cursor.execute(
            "SELECT prosrc, proconfig FROM pg_proc WHERE proname = 'venues_nearest_kept'"
        )
        source, config = cursor.fetchone()
        body = re.search(r"RETURN QUERY\s+(WITH .*);\s*END", source, re.DOTALL)[1]
        for number, name in enumerate(VARIABLES, start=1):
            body = re.sub(rf"(?<![.\w]){name}(?![.\w])", f"${number}", body)
        for setting in config:
            name, __, value = setting.partition("=")
            cursor.execute(f"SET LOCAL {name} = {value}")
        cursor.execute(f"PREPARE nearest_kept_plan ({', '.join(VARIABLES.values())}) AS {body}")
        cursor.execute(
            "EXPLAIN EXECUTE nearest_kept_plan ("
            "ST_Point(450000, 115000, 27700), now(), NULL, 30000, 60, 10, 5, '{}', '', NULL,"
            " now()::date, now() + interval '14 days',"
            " ST_Expand(ST_Point(450000, 115000, 27700), 30000), false)"
        )
        plan = "\n".join(line for (line,) in cursor.fetchall())
        cursor.execute("DEALLOCATE nearest_kept_plan")
    assert plan.count("using kept_listing_nearest") == 2
    assert plan.count("Order By: (point <-> $1)") == 2
    for slow in ("Gather", "Seq Scan", "Bitmap", "Hash Join", "Merge Join"):
        assert slow not in plan
