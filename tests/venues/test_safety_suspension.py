"""Where harm is feared, an officer hides a place everywhere at once; only their scheme can end
it.
"""

import datetime
import json

import pytest
from django.core.cache import cache
from django.urls import reverse
from django.utils import timezone
from post_office.models import Email

from common.refusals import Refused
from tests.factories import (
    ALWAYS,
    MembershipFactory,
    OfficerFactory,
    SchemeFactory,
    SignUpFactory,
    VenueFactory,
)
from tests.training.session_factories import SessionFactory
from venues import actions
from venues.actions.safety import end_safety_suspension, hide_for_safety
from venues.models import Event, Letter, SafetySuspension, SignUp, Venue
from venues.next_steps import one_sentence, standing

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept_stay_right")]


def today():
    return timezone.localdate()


@pytest.fixture
def schemes():
    return [
        SchemeFactory(name="Haven", contact_phone="01962 111111", contact_email="hav@example.org"),
        SchemeFactory(name="Refuge", contact_phone="01962 222222", contact_email="ref@example.org"),
    ]


@pytest.fixture
def venue(schemes):
    venue = VenueFactory(
        lead_scheme=schemes[0], name="Copper Kettle", hours=ALWAYS, slug="copper-kettle"
    )
    for scheme in schemes:
        SignUpFactory(scheme=scheme, venue=venue, approved=True, listed=True, agreed=True)
    return venue


@pytest.fixture
def officer(schemes):
    return OfficerFactory(scheme=schemes[0], user__name="Olu Officer").user


@pytest.fixture
def other(schemes):
    return OfficerFactory(scheme=schemes[1], user__email="other@example.org").user


def sign_up_to(scheme):
    return SignUp.objects.get(scheme=scheme)


class TestThePublic:
    def test_the_place_disappears_from_every_page_at_once_even_cached_ones(
        self, client, venue, schemes, officer
    ):
        sticker = sign_up_to(schemes[1]).stickers.get()
        pages = ["/venues/copper-kettle/", "/map/", reverse("map_data")]
        cache.clear()
        for page in pages:
            assert b"Copper Kettle" in client.get(page).content, page
        assert b"Copper Kettle" in client.get(f"/stickers/{sticker.code}/").content
        hide_for_safety(sign_up_to(schemes[0]), by=officer)
        assert client.get(pages[0]).status_code == 404
        assert b"Copper Kettle" not in client.get(pages[1]).content
        assert json.loads(client.get(pages[2]).content)["features"] == []
        assert b"Copper Kettle" not in client.get(f"/stickers/{sticker.code}/").content

    def test_no_sign_up_or_sticker_changes(self, venue, schemes, officer):
        sticker = sign_up_to(schemes[0]).stickers.get()
        before = list(SignUp.objects.order_by("pk").values())
        hide_for_safety(sign_up_to(schemes[0]), by=officer)
        end_safety_suspension(sign_up_to(schemes[0]), by=officer)
        assert list(SignUp.objects.order_by("pk").values()) == before
        sticker.refresh_from_db()
        assert sticker.ended_at is None
        assert Venue.objects.listed(today()).filter(pk=venue.pk).exists()

    def test_a_place_hidden_by_two_schemes_reappears_when_both_have_ended_it(
        self, venue, schemes, officer, other
    ):
        for scheme, by in zip(schemes, (officer, other), strict=True):
            hide_for_safety(sign_up_to(scheme), by=by)
        end_safety_suspension(sign_up_to(schemes[0]), by=officer)
        assert not Venue.objects.listed(today()).exists()
        end_safety_suspension(sign_up_to(schemes[1]), by=other)
        assert Venue.objects.listed(today()).exists()


class TestWhoIsTold:
    def test_the_other_schemes_officers_are_told_whom_to_ring(self, venue, schemes, officer, other):
        hide_for_safety(sign_up_to(schemes[0]), by=officer)
        told = Email.objects.get(subject__startswith="Hidden for safety")
        assert set(told.to) == {"ref@example.org", "other@example.org"}
        assert "Ring Olu Officer, Haven, 01962 111111" in told.message

    def test_the_place_is_told_what_happens_and_whom_to_ring_but_not_who_did_it(
        self, venue, schemes, officer
    ):
        hide_for_safety(sign_up_to(schemes[0]), by=officer)
        letter = Letter.objects.get(kind="venues.hidden_for_safety")
        assert "hidden from the public" in letter.text
        assert "01962 111111" in letter.text
        assert "Olu Officer" not in letter.text

    def test_the_portal_says_so_in_every_scheme(self, client, venue, schemes, officer):
        hide_for_safety(sign_up_to(schemes[0]), by=officer)
        sign_up = sign_up_to(schemes[1])
        said = one_sentence(sign_up, standing(sign_up, today()), timezone.now())
        assert said == (
            "Your place is hidden from the public for now. Please ring Haven, 01962 111111."
        )
        client.force_login(MembershipFactory(organisation=venue.organisation).user)
        page = client.get(reverse("portal_home", args=[sign_up.pk])).content.decode()
        assert said in page

    def test_it_is_on_both_schemes_dashboards(self, client, venue, schemes, officer, other):
        hide_for_safety(sign_up_to(schemes[0]), by=officer)
        client.force_login(other)
        page = client.get(reverse("admin:index")).content.decode()
        assert "Ring Olu Officer, Haven, 01962 111111" in page
        client.force_login(officer)
        page = client.get(reverse("admin:index")).content.decode()
        assert "Your scheme hides it everywhere for safety" in page

    def test_it_is_in_every_schemes_history(self, client, venue, schemes, officer, other):
        hide_for_safety(sign_up_to(schemes[0]), by=officer)
        end_safety_suspension(sign_up_to(schemes[0]), by=officer)
        for scheme, user in zip(schemes, (officer, other), strict=True):
            client.force_login(user)
            page = client.get(
                reverse("admin:venues_signup_change", args=[sign_up_to(scheme).pk])
            ).content.decode()
            assert "hidden from the public in every scheme, for safety, by Haven" in page
            assert "Haven no longer hides the place for safety" in page

    def test_no_reason_is_stored_anywhere(self, venue, schemes, officer):
        hide_for_safety(sign_up_to(schemes[0]), by=officer)
        event = Event.objects.get(kind="venues.hidden_for_safety")
        assert event.data == {"which": "Haven"}
        fields = {field.name for field in SafetySuspension._meta.get_fields()}
        assert not {name for name in fields if "reason" in name or "note" in name}


class TestOfficers:
    def page(self, name, scheme):
        return reverse(f"admin:{name}", args=[sign_up_to(scheme).pk])

    def press(self, client, name, scheme):
        page = client.get(self.page(name, scheme))
        version = page.context["version"]
        return client.post(self.page(name, scheme), {"version": version}, follow=True)

    def test_the_effect_is_shown_and_one_press_hides_the_place(
        self, client, venue, schemes, officer
    ):
        client.force_login(officer)
        shown = client.get(self.page("hide_for_safety", schemes[0])).content.decode()
        assert "The officers of Refuge are told to ring you. No reason is kept." in shown
        assert not SafetySuspension.objects.exists()
        said = self.press(client, "hide_for_safety", schemes[0]).content.decode()
        assert "Hidden everywhere." in said
        assert not Venue.objects.listed(today()).exists()

    def test_ending_it_first_shows_who_will_list_the_place_again(
        self, client, venue, schemes, officer
    ):
        hide_for_safety(sign_up_to(schemes[0]), by=officer)
        client.force_login(officer)
        shown = client.get(self.page("end_safety_suspension", schemes[0])).content.decode()
        assert "The public finds it again at once, through Haven and Refuge." in shown
        assert not Venue.objects.listed(today()).exists()
        self.press(client, "end_safety_suspension", schemes[0])
        assert Venue.objects.listed(today()).exists()

    def test_another_scheme_cannot_end_it(self, client, venue, schemes, officer, other):
        hide_for_safety(sign_up_to(schemes[0]), by=officer)
        client.force_login(other)
        own = self.page("end_safety_suspension", schemes[1])
        page = client.get(reverse("admin:venues_signup_change", args=[sign_up_to(schemes[1]).pk]))
        assert own not in page.content.decode()
        client.post(own)
        assert client.post(self.page("end_safety_suspension", schemes[0])).status_code == 404
        with pytest.raises(Refused, match="Refuge does not hide this place"):
            end_safety_suspension(sign_up_to(schemes[1]), by=other)
        assert SafetySuspension.objects.open().count() == 1

    def test_an_officer_without_the_permission_cannot_hide_a_place(self, client, venue, schemes):
        client.force_login(OfficerFactory(scheme=schemes[0], role="trainer").user)
        assert client.post(self.page("hide_for_safety", schemes[0])).status_code == 403
        assert not SafetySuspension.objects.exists()

    def test_hiding_twice_is_refused_and_announced_once(self, venue, schemes, officer):
        hide_for_safety(sign_up_to(schemes[0]), by=officer)
        with pytest.raises(Refused, match="Copper Kettle is hidden already"):
            hide_for_safety(sign_up_to(schemes[0]), by=officer)
        assert Letter.objects.filter(kind="venues.hidden_for_safety").count() == 1

    def test_the_scheme_can_end_it_even_after_the_place_has_left(self, venue, schemes, officer):
        hide_for_safety(sign_up_to(schemes[0]), by=officer)
        actions.withdraw_sign_up(sign_up_to(schemes[0]), by=officer)
        assert not Venue.objects.listed(today()).exists()
        end_safety_suspension(sign_up_to(schemes[0]), by=officer)
        assert Venue.objects.listed(today()).exists()


def test_a_training_session_still_runs_but_its_page_does_not_name_the_place(
    client, venue, schemes, officer
):
    SessionFactory(
        scheme=schemes[0],
        venue=venue,
        address="",
        starts_at=timezone.now() + datetime.timedelta(days=5),
    )
    assert b"Copper Kettle" in client.get(reverse("sessions")).content
    hide_for_safety(sign_up_to(schemes[0]), by=officer)
    page = client.get(reverse("sessions"))
    assert len(page.context["sessions"]) == 1
    assert b"Copper Kettle" not in page.content
