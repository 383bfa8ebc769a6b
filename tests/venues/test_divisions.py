"""Bank holidays by nation, worked out from a place's location at sign-up, import and move."""

import datetime
import json

import pytest
from django.contrib.gis.geos import MultiPolygon, Point, Polygon
from django.urls import reverse

from coverage.models import OtherPlace
from geography.models import Area
from tests.coverage.factories import OtherPlaceFactory
from tests.factories import OfficerFactory, SchemeFactory, UserFactory, VenueFactory
from venues.actions import change_venue, start_sign_up
from venues.hours.divisions import division_at
from venues.hours.model import LONDON, Division, divisions_on_holiday
from venues.models import OpeningHours, Venue

SQUARE = MultiPolygon(Polygon.from_bbox((320000, 670000, 330000, 680000)), srid=27700)
INSIDE = Point(325000, 675000, srid=27700)


def district(code):
    return Area.objects.create(code=code, name=code, kind="district", vintage=2024, boundary=SQUARE)


@pytest.mark.real_data
def test_bank_holidays_match_the_published_list(real_cases):
    text = (real_cases / "509-bank-holidays-2026-2027.json").read_text(encoding="utf-8")
    for division, years in json.loads(text).items():
        for year, days in years.items():
            first = datetime.date(int(year), 1, 1)
            found = [
                f"{day:%m-%d}"
                for day in (first + datetime.timedelta(days=number) for number in range(365))
                if division in divisions_on_holiday(day)
            ]
            assert " ".join(found) == days, (division, year)


@pytest.mark.parametrize(
    ("day", "is_holiday"),
    [
        (datetime.date(2026, 12, 25), True),
        (
            datetime.date(2026, 12, 26),
            False,
        ),  # Saturday; the list has the Monday instead
        (datetime.date(2026, 12, 28), True),
        (datetime.date(2027, 12, 25), False),
        (datetime.date(2027, 12, 27), True),
    ],
)
def test_a_weekend_holiday_moves_to_its_published_substitute_day(day, is_holiday):
    assert (Division.ENGLAND_AND_WALES in divisions_on_holiday(day)) is is_holiday


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("postcode", "division"),
    [
        ("EH1 1YZ", "scotland"),
        ("BT1 5GS", "northern-ireland"),
        ("CF10 3NQ", "england-and-wales"),
        ("SO23 8UJ", "england-and-wales"),
        ("ZX1 1AA", "england-and-wales"),
    ],
)
def test_a_sign_up_takes_the_bank_holidays_of_its_postcodes_nation(postcode, division):
    scheme = SchemeFactory()
    sign_up = start_sign_up(scheme=scheme, postcode=postcode, by=UserFactory())
    sign_up.venue.refresh_from_db()
    assert sign_up.venue.division == division


@pytest.mark.django_db
def test_a_border_postcode_takes_the_nation_of_its_scheme():
    scheme = SchemeFactory(area=district("S12000036"))
    sign_up = start_sign_up(scheme=scheme, postcode="TD15 1AA", by=UserFactory())
    sign_up.venue.refresh_from_db()
    assert sign_up.venue.division == "scotland"


@pytest.mark.django_db
def test_border_venues_take_the_bank_holidays_of_the_area_their_scheme_is_given(client):
    scheme, other = SchemeFactory(area=None), SchemeFactory(area=None)
    unclear = VenueFactory(lead_scheme=scheme, postcode="TD15 1AA", point=None)
    english = VenueFactory(lead_scheme=scheme, postcode="SO23 8UJ", point=None)
    chosen = VenueFactory(
        lead_scheme=scheme, postcode="TD15 1AB", point=None, division="northern-ireland"
    )
    theirs = VenueFactory(lead_scheme=other, postcode="TD15 1AA", point=None)
    client.force_login(OfficerFactory(scheme=scheme, role="administrator").user)

    def divisions():
        told = dict(Venue.objects.values_list("pk", "division"))
        return [told[each.pk] for each in (unclear, english, chosen, theirs)]

    give_area(client, scheme, district("S12000036"))
    assert divisions() == [
        *("scotland", "england-and-wales", "northern-ireland", "england-and-wales")
    ]
    give_area(client, scheme, district("E06000057"))
    assert divisions() == [
        *("england-and-wales", "england-and-wales", "northern-ireland", "england-and-wales")
    ]
    assert unclear.events.filter(kind="venues.venue_changed").count() == 2


def give_area(client, scheme, area):
    address = reverse("admin:venues_scheme_change", args=[scheme.pk])
    form = client.get(address).context["adminform"].form
    data = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    rows = ("contacts", "contact_kinds", "checks_asked", "clearances")
    counts = {f"{row}-{count}_FORMS": 0 for row in rows for count in ("TOTAL", "INITIAL")}
    answer = client.post(address, data | counts | {"area": area.pk, "slug": scheme.slug})
    assert answer.status_code == 302, answer.context["errors"]


@pytest.mark.django_db
def test_the_area_around_the_point_takes_precedence_over_the_postcode():
    district("E06000057")
    assert division_at(INSIDE, "EH1 1YZ") == Division.ENGLAND_AND_WALES
    assert division_at(None, "EH1 1YZ") == Division.SCOTLAND
    assert division_at(None, "") is None


@pytest.mark.django_db
def test_a_venue_moving_across_the_border_changes_bank_holidays():
    venue = VenueFactory(postcode="SO23 8UJ")
    change_venue(venue, {"postcode": "EH1 1YZ"}, by=UserFactory())
    venue.refresh_from_db()
    assert venue.division == "scotland"


@pytest.mark.django_db
def test_a_manually_set_division_lasts_until_the_venue_moves():
    venue = VenueFactory(postcode="SO23 8UJ", division="northern-ireland")
    change_venue(venue, {"town": "Winton"}, by=UserFactory())
    venue.refresh_from_db()
    assert venue.division == "northern-ireland"


@pytest.mark.django_db
def test_a_venue_in_edinburgh_is_closed_on_st_andrews_day_and_open_on_easter_monday():
    scheme = SchemeFactory()
    venue = start_sign_up(scheme=scheme, postcode="EH1 1YZ", by=UserFactory()).venue
    for day in range(7):
        OpeningHours.objects.create(
            venue=venue,
            weekday=day,
            opens=datetime.time(8),
            closes=datetime.time(20),
            valid_from=datetime.date(2026, 1, 1),
        )
    Venue.objects.update(
        bank_holidays="closed", hours_confirmed_at=datetime.datetime(2027, 12, 1, tzinfo=LONDON)
    )

    def state(*day):
        noon = datetime.datetime(*day, 12, tzinfo=LONDON)
        return Venue.objects.with_hours_state(noon).get(pk=venue.pk).hours_state

    assert [state(2026, 11, 30), state(2027, 1, 4), state(2027, 8, 2)] == ["closed"] * 3
    assert [state(2027, 3, 29), state(2027, 8, 30)] == ["open"] * 2


@pytest.mark.django_db
def test_other_places_take_the_bank_holidays_of_their_location(
    django_assert_max_num_queries,
):
    edinburgh = OtherPlaceFactory(postcode="EH1 1YZ")
    belfast = OtherPlaceFactory(postcode="BT1 5GS")
    no_postcode = OtherPlaceFactory(postcode="", point=INSIDE)
    winchester = OtherPlaceFactory(postcode="SO23 8UJ")
    district("S12000036")
    with django_assert_max_num_queries(8):
        OtherPlace.objects.all().tell_divisions()
    told = dict(OtherPlace.objects.values_list("pk", "division"))
    assert told == {
        edinburgh.pk: "scotland",
        belfast.pk: "northern-ireland",
        no_postcode.pk: "scotland",
        winchester.pk: "england-and-wales",
    }
