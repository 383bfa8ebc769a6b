"""Changing, confirming, closing and handing over a place."""

import datetime

import pytest
from django.contrib.gis.geos import Point
from django.db import IntegrityError, transaction
from django.utils import timezone
from post_office.models import Email

from common.refusals import Refused
from tests.factories import (
    MembershipFactory,
    PrincipleFactory,
    SchemeFactory,
    SignUpFactory,
    StaffMemberFactory,
    UserFactory,
    VenueFactory,
)
from venues.actions import (
    add_closure,
    answer_criteria,
    can_help_again,
    cannot_help_today,
    change_organisation,
    change_venue,
    confirm_hours,
    confirm_phone,
    hand_over_venue,
    remove_closure,
    replace_hours,
)
from venues.models import (
    Answer,
    Closure,
    Criterion,
    Event,
    OpeningHours,
    Organisation,
    SignUp,
    Sticker,
    Venue,
    VenueVersion,
)
from venues.rules import agreements_to_renew

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept_stay_right")]
SUNDAY, MONDAY = 6, 0


@pytest.fixture
def by():
    return UserFactory()


@pytest.fixture
def venue():
    return VenueFactory()


def kinds():
    return list(Event.objects.order_by("id").values_list("kind", flat=True))


def refusal(call):
    before = list(Venue.objects.order_by("pk").values()), kinds()
    with pytest.raises(Refused) as refused:
        call()
    assert before == (list(Venue.objects.order_by("pk").values()), kinds())
    return list(refused.value.reasons)


def interval(weekday, opens, closes, **more):
    return OpeningHours(
        weekday=weekday,
        opens=datetime.time.fromisoformat(opens),
        closes=datetime.time.fromisoformat(closes),
        **more,
    )


def times(venue):
    return [str(hours) for hours in venue.opening_hours.current(timezone.localdate())]


def test_a_change_records_field_names_but_no_values(venue, by):
    change_venue(venue, {"contact_name": "Jo", "toilet": True}, by=by)
    (event,) = Event.objects.all()
    assert event.data == {"fields": "contact name, toilet"}
    venue.refresh_from_db()
    assert (venue.contact_name, venue.toilet) == ("Jo", True)


def test_a_change_that_changes_nothing_records_no_event(venue, by):
    change_venue(venue, {"contact_name": venue.contact_name, "point": venue.point}, by=by)
    assert not Event.objects.exists()


def test_a_point_is_rounded_before_it_is_compared(venue, by):
    change_venue(venue, {"point": Point(450000.04, 114999.96, srid=27700)}, by=by)
    assert not Event.objects.exists()
    change_venue(venue, {"point": Point(450000.06, 115000, srid=27700)}, by=by)
    venue.refresh_from_db()
    assert venue.point.coords == (450000.1, 115000)


def test_a_point_outside_the_grid_is_refused(venue, by):
    assert refusal(lambda: change_venue(venue, {"point": Point(0, 0, srid=27700)}, by=by))


def test_past_locations_and_listings_are_kept_with_dates(venue, by):
    change_venue(venue, {"listing": "area_only"}, by=by)
    change_venue(venue, {"point": Point(450100, 115000, srid=27700)}, by=by)
    version = VenueVersion.objects.get()
    assert (version.listing, version.point.x) == ("area_only", 450100)
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    VenueVersion.objects.update(valid_from=yesterday)
    change_venue(venue, {"listing": "internal"}, by=by)
    assert list(VenueVersion.objects.values_list("listing", "valid_from", "valid_to")) == [
        ("area_only", yesterday, timezone.localdate()),
        ("internal", timezone.localdate(), None),
    ]


def test_the_slug_follows_the_name_of_a_draft_but_is_fixed_for_a_member(by):
    sign_up = SignUpFactory(venue__slug="place-abcd")
    change_venue(sign_up.venue, {"name": "Café Léon"}, by=by)
    assert Venue.objects.get().slug == "cafe-leon-abcd"
    SignUp.objects.update(approved_at=timezone.now(), approved_by=by, state="approved")
    change_venue(sign_up.venue, {"name": "Another"}, by=by)
    assert Venue.objects.get().slug == "cafe-leon-abcd"


def test_an_approved_place_cannot_blank_what_it_was_approved_with(by):
    venue = SignUpFactory(approved=True).venue
    for changes in ({"point": None}, {"name": ""}, {"address_1": ""}, {"postcode": ""}):
        assert refusal(lambda changes=changes: change_venue(venue, changes, by=by))


def test_a_change_that_breaks_a_constraint_is_refused_in_words(venue, by):
    assert refusal(lambda: change_venue(venue, {"website": "not an address"}, by=by))
    assert refusal(lambda: change_venue(venue, {"photo": "x.jpg", "photo_alt": ""}, by=by)) == [
        "Say what the photograph shows."
    ]


def test_a_phone_number_is_public_once_a_named_person_confirms_it(venue, by):
    assert refusal(lambda: confirm_phone(venue, name="Sam", by=by))
    change_venue(venue, {"phone": "01632 960001"}, by=by)
    assert Venue.objects.get().public_phone == ""
    assert refusal(lambda: confirm_phone(venue, name=" ", by=by))
    confirm_phone(venue, name="Sam", by=by)
    assert Venue.objects.get().public_phone == "01632 960001"
    change_venue(venue, {"phone": "01632 960002"}, by=by)
    assert Venue.objects.get().public_phone == ""


def test_changing_an_organisation_records_an_event(by):
    organisation = change_organisation(Organisation.objects.create(), {"name": "Acme"}, by=by)
    assert organisation.name == "Acme"
    with pytest.raises(Refused):
        change_organisation(organisation, {"sector": "pirates"}, by=by)
    assert kinds() == ["venues.organisation_changed"]


class TestReplaceHours:
    def test_new_hours_apply_from_today_and_old_ones_are_kept_as_history(self, by):
        venue = VenueFactory(
            hours=[(MONDAY, datetime.time(9), datetime.time(17))], hours_confirmed_at=None
        )
        replace_hours(venue, [interval(MONDAY, "10:00", "16:00")], by=by, bank_holidays="closed")
        venue.refresh_from_db()
        assert times(venue) == ["Monday 10:00-16:00"]
        assert venue.opening_hours.count() == 2
        assert venue.bank_holidays == "closed"
        assert venue.hours_confirmed_at
        assert kinds() == ["venues.hours_replaced"]

    def test_replacing_hours_twice_in_a_day_keeps_only_the_last(self, venue, by):
        replace_hours(venue, [interval(MONDAY, "09:00", "17:00")], by=by)
        replace_hours(venue, [interval(MONDAY, "09:00", "18:00")], by=by)
        assert times(venue) == ["Monday 09:00-18:00"]
        assert venue.opening_hours.count() == 1

    @pytest.mark.parametrize(
        ("new", "day"),
        [
            ([(MONDAY, "09:00", "13:00"), (MONDAY, "12:59", "17:00")], "Monday"),
            ([(SUNDAY, "20:00", "02:00"), (MONDAY, "01:30", "17:00")], "Monday"),
            ([(MONDAY, "00:00", "05:00"), (SUNDAY, "22:00", "00:30")], "Sunday"),
            ([(MONDAY, "06:00", "06:00"), (1, "05:00", "09:00")], "Tuesday"),
            ([(7, "09:00", "13:00"), (7, "12:00", "17:00")], "Bank holidays"),
        ],
    )
    def test_overlapping_hours_are_refused_by_day_and_the_old_hours_stay(self, new, day, by):
        venue = VenueFactory(hours=[(3, datetime.time(9), datetime.time(17))])
        (reason,) = refusal(lambda: replace_hours(venue, [interval(*row) for row in new], by=by))
        assert reason.startswith(f"{day}:")
        assert times(venue) == ["Thursday 09:00-17:00"]

    def test_adjacent_hours_and_bank_holidays_on_sundays_do_not_overlap(self, venue, by):
        rows = [
            (MONDAY, "09:00", "12:00"),
            (MONDAY, "12:00", "17:00"),
            (SUNDAY, "20:00", "09:00"),
            (7, "00:00", "00:00"),
        ]
        replace_hours(venue, [interval(*row) for row in rows], by=by)
        assert len(times(venue)) == 4

    def test_only_seasons_that_share_a_day_overlap(self, venue, by):
        summer = {"season_from": 401, "season_to": 930}
        winter = {"season_from": 1001, "season_to": 331}
        late = {"season_from": 331, "season_to": 401}
        rows = [interval(MONDAY, "09:00", "17:00", **season) for season in (summer, winter)]
        replace_hours(venue, rows, by=by)
        assert len(times(venue)) == 2
        assert refusal(
            lambda: replace_hours(venue, [*rows, interval(MONDAY, "09:00", "17:00", **late)], by=by)
        )

    @pytest.mark.parametrize("season", [(230, 401), (401, None), (431, 501), (1, 401), (1301, 401)])
    def test_an_impossible_season_date_is_refused(self, season, venue, by):
        hours = interval(MONDAY, "09:00", "17:00", season_from=season[0], season_to=season[1])
        assert refusal(lambda: replace_hours(venue, [hours], by=by))

    def test_a_database_constraint_refuses_overlapping_hours(self):
        venue = VenueFactory(hours=[(SUNDAY, datetime.time(20), datetime.time(2))])
        early = interval(MONDAY, "01:00", "03:00", venue=venue, valid_from=timezone.localdate())
        with pytest.raises(IntegrityError, match="hours_do_not_overlap"), transaction.atomic():
            early.save()


def test_hours_can_only_be_confirmed_if_there_are_any(by):
    venue = VenueFactory(hours_confirmed_at=None)
    assert refusal(lambda: confirm_hours(venue, by=by))
    replace_hours(venue, [interval(MONDAY, "09:00", "17:00")], by=by)
    confirm_hours(venue, by=by)
    assert kinds()[-1] == "venues.hours_confirmed"


def test_a_closure_can_be_added_and_removed(venue, by):
    day = timezone.localdate() + datetime.timedelta(days=3)
    closure = add_closure(venue, starts_on=day, ends_on=day, note="Stocktaking", by=by)
    remove_closure(closure, by=by)
    assert not Closure.objects.exists()
    assert kinds() == ["venues.closure_added", "venues.closure_removed"]


def test_a_closure_is_refused_when_past_backwards_or_incomplete(venue, by):
    today = timezone.localdate()
    day = datetime.timedelta(days=1)
    for days in ((today - day, today - day), (today + day, today)):
        assert refusal(
            lambda days=days: add_closure(venue, starts_on=days[0], ends_on=days[1], by=by)
        )
    assert refusal(
        lambda: add_closure(venue, starts_on=today, ends_on=today, opens=datetime.time(9), by=by)
    )
    assert not Closure.objects.exists()


def test_cannot_help_today_closes_at_once_and_can_be_undone(by):
    always = [(day, datetime.time(0), datetime.time(0)) for day in range(7)]
    venue, now = VenueFactory(hours=always, bank_holidays="as_usual"), timezone.now()
    assert Venue.objects.open_at(now).exists()
    assert refusal(lambda: can_help_again(venue, by=by))
    assert refusal(lambda: cannot_help_today(venue, until=now, by=by))
    far = now + datetime.timedelta(days=100)
    assert refusal(lambda: cannot_help_today(venue, until=far, by=by))
    cannot_help_today(venue, until=now + datetime.timedelta(hours=3), by=by)
    assert not Venue.objects.open_at(now).exists()
    can_help_again(venue, by=by)
    assert Venue.objects.open_at(now).exists()
    assert kinds() == ["venues.cannot_help", "venues.can_help_again"]


def test_answering_a_question_again_replaces_the_answer(venue, by):
    sight = Criterion.objects.create(
        slug="sight", about="venue", theme="space", order=1, question="Line of sight?"
    )
    policy = Criterion.objects.create(
        slug="policy", about="organisation", theme="policies", order=1, question="A policy?"
    )
    assert refusal(lambda: answer_criteria(venue, {policy: ("we_do", None, "")}, by=by))
    assert refusal(lambda: answer_criteria(venue, {sight: ("we_will", None, "")}, by=by))
    answer_criteria(venue, {sight: ("need_help", None, "")}, by=by)
    answer_criteria(venue, {sight: ("not_applicable", None, "One room")}, by=by)
    answer_criteria(venue.organisation, {policy: ("we_do", None, "")}, by=by)
    assert Answer.objects.get(venue=venue).because == "One room"
    assert Answer.objects.count() == 2


class TestHandOver:
    def give(self, venue, by, email="new@example.org", name="New Owners"):
        return hand_over_venue(venue, by=by, organisation_name=name, manager_email=email)

    @pytest.fixture
    def sign_up(self):
        scheme = SchemeFactory()
        PrincipleFactory(scheme=scheme)
        return SignUpFactory(scheme=scheme, approved=True, agreed=True, checked=True, listed=True)

    def test_a_hand_over_carries_over_no_agreements_stickers_or_training(self, sign_up, by):
        venue, old = sign_up.venue, sign_up.venue.organisation
        person = StaffMemberFactory(organisation=old, venue=venue)
        former = MembershipFactory(organisation=old).user
        new = UserFactory(email="new@example.org")
        Venue.objects.update(
            phone="1", phone_confirmed_by_name="Sam", phone_confirmed_on="2026-01-01"
        )
        self.give(venue, by, email="NEW@example.org")

        sign_up.refresh_from_db()
        assert sign_up.state == "withdrawn"
        assert Sticker.objects.get().end_reason == "handed_over"
        assert person.posts.get().until == timezone.localdate()
        assert not SignUp.objects.managed_by(former).exists()
        fresh = SignUp.objects.managed_by(new).get()
        assert fresh.state == "draft"
        assert agreements_to_renew(fresh)
        assert not fresh.checks.exists()
        venue = Venue.objects.get()
        assert venue.organisation.name == "New Owners"
        assert venue.public_phone == ""
        assert venue.hours_confirmed_at is None
        assert not Venue.objects.listed(timezone.localdate()).exists()
        assert "venues.venue_handed_over" in kinds()

    def test_a_new_manager_without_an_account_is_invited(self, sign_up, by):
        self.give(sign_up.venue, by)
        invitation = Venue.objects.get().organisation.invitations.get()
        assert (invitation.email, invitation.role) == ("new@example.org", "manager")
        assert Email.objects.get().to == ["new@example.org"]

    def test_a_hand_over_needs_a_name_and_an_email_address(self, sign_up, by):
        assert refusal(lambda: self.give(sign_up.venue, by, name=" "))
        assert refusal(lambda: self.give(sign_up.venue, by, email=" "))
        assert Organisation.objects.count() == 1
