"""A duty officer without an account can hide a place out of hours: by link, once, within a
period.
"""

import datetime
import re

import pytest
from django.urls import reverse
from django.utils import timezone
from post_office.models import Email

from common import signed_links
from common.refusals import Refused
from common.signed_links import LinkRefused
from tests.factories import OfficerFactory, SchemeFactory, SignUpFactory, VenueFactory
from venues import actions
from venues.links import DUTY, duty_token, read_duty_link
from venues.models import DutyLink, Event, SafetySuspension, SignUp
from venues.retention import forget_old_duty_officers

pytestmark = pytest.mark.django_db
DAY = datetime.timedelta(days=1)


@pytest.fixture
def scheme():
    return SchemeFactory(name="Haven", contact_phone="01962 111111", contact_email="h@example.org")


@pytest.fixture
def administrator(scheme):
    return OfficerFactory(scheme=scheme, role="administrator").user


@pytest.fixture
def sign_up(scheme):
    venue = VenueFactory(lead_scheme=scheme, name="Copper Kettle", postcode="SO23 9LJ")
    return SignUpFactory(scheme=scheme, venue=venue, approved=True)


@pytest.fixture
def link(scheme, administrator):
    today = timezone.localdate()
    return actions.make_duty_link(
        scheme,
        name="Robin Duty",
        phone="07700 900123",
        email="duty@example.org",
        starts_on=today,
        ends_on=today + 7 * DAY,
        by=administrator,
    )


def hide(client, link, sign_up):
    return client.post(
        reverse("use_duty_link", args=[duty_token(link)]),
        {"place": sign_up.venue_id},
        follow=True,
    )


class TestTheJourney:
    def test_the_emailed_link_finds_the_place_and_one_press_hides_it(self, client, link, sign_up):
        letter = Email.objects.get(to="duty@example.org")
        address = re.search(r"https?://\S+?(/duty/\S+/)", letter.message).group(1)
        assert "Hide a place now" in client.get(address).content.decode()
        found = client.get(address, {"q": "kettle"}).content.decode()
        assert f"?place={sign_up.venue_id}" in found
        asked = client.get(address, {"place": sign_up.venue_id}).content.decode()
        assert "Hide Copper Kettle everywhere?" in asked
        assert not SafetySuspension.objects.exists()
        said = client.post(f"{address}hide/", {"place": sign_up.venue_id}, follow=True)
        assert "Copper Kettle is hidden everywhere" in said.content.decode()
        assert SafetySuspension.objects.get().duty_link == link

    def test_a_postcode_search_accepts_any_spelling(self, client, link, sign_up):
        page = reverse("duty_link", args=[duty_token(link)])
        for typed in ("so239lj", "SO23 9LJ", "SO23"):
            assert b"Copper Kettle" in client.get(page, {"q": typed}).content, typed
        assert b"No place in this scheme" in client.get(page, {"q": "Nowhere"}).content

    def test_all_the_schemes_teams_are_told_to_ring_the_duty_officer(self, client, link, sign_up):
        other = SchemeFactory(name="Refuge", contact_email="ref@example.org")
        SignUpFactory(scheme=other, venue=sign_up.venue, approved=True)
        hide(client, link, sign_up)
        told = Email.objects.filter(subject__startswith="Hidden for safety")
        assert {address for each in told for address in each.to} >= {
            "h@example.org",
            "ref@example.org",
        }
        for each in told:
            assert "Ring Robin Duty, 07700 900123, Haven, 01962 111111" in each.message

    def test_the_scheme_can_end_what_its_duty_officer_hid(
        self, client, link, sign_up, administrator
    ):
        hide(client, link, sign_up)
        actions.end_safety_suspension(sign_up, by=administrator)
        assert not SafetySuspension.objects.open().exists()


class TestWhatItDoesNot:
    def test_a_link_works_only_once(self, client, link, sign_up):
        hide(client, link, sign_up)
        another = SignUpFactory(scheme=link.scheme, approved=True)
        page = hide(client, link, another)
        assert page.status_code == 410
        assert "This link has been used" in page.content.decode()
        assert SafetySuspension.objects.count() == 1

    def test_a_revoked_link_does_not_work(self, client, link, sign_up, administrator):
        actions.revoke_duty_link(link, by=administrator)
        page = hide(client, link, sign_up)
        assert page.status_code == 410
        assert "This link was taken back. Contact the team: 01962 111111." in page.content.decode()
        assert not SafetySuspension.objects.exists()
        with pytest.raises(Refused):
            actions.revoke_duty_link(link, by=administrator)

    def test_a_link_works_only_within_its_period(self, client, link, sign_up):
        today, token = timezone.localdate(), duty_token(link)
        for starts, ends in ((1, 3), (-3, -1)):
            DutyLink.objects.update(starts_on=today + starts * DAY, ends_on=today + ends * DAY)
            client.post(reverse("use_duty_link", args=[token]), {"place": sign_up.venue_id})
            assert client.get(reverse("duty_link", args=[token])).status_code == 410
        assert not SafetySuspension.objects.exists()
        DutyLink.objects.update(starts_on=today, ends_on=today)
        assert client.get(reverse("duty_link", args=[token])).status_code == 200

    def test_the_token_expires_with_the_period(self, link):
        token = duty_token(link)
        assert read_duty_link(token) == link
        with pytest.raises(LinkRefused, match="run out"):
            signed_links.read(DUTY, token, at=timezone.now() + 10 * DAY)

    def test_another_schemes_place_cannot_be_found(self, client, link):
        stranger = SignUpFactory(approved=True, venue__name="Strange Place")
        page = reverse("duty_link", args=[duty_token(link)])
        assert b"?place=" not in client.get(page, {"q": "Strange"}).content
        assert client.get(page, {"place": stranger.venue_id}).status_code == 404
        assert client.get(page, {"place": "x"}).status_code == 404
        assert hide(client, link, stranger).status_code == 404
        link.refresh_from_db()
        assert link.used_at is None

    def test_a_refusal_does_not_use_up_the_link(self, client, link, sign_up, administrator):
        actions.hide_for_safety(sign_up, by=administrator)
        page = hide(client, link, sign_up)
        assert "Copper Kettle is hidden already" in page.content.decode()
        link.refresh_from_db()
        assert link.used_at is None

    def test_too_many_attempts_are_refused(self, client, link, sign_up):
        asked = reverse("use_duty_link", args=[duty_token(link)])
        answers = [client.post(asked, {"place": "0"}).status_code for _press in range(61)]
        assert answers[0] == 404
        assert answers[-1] == 429


class TestMakingIt:
    def form(self, scheme, **more):
        today = timezone.localdate()
        days = {"starts_on": today, "ends_on": today + 3 * DAY}
        for name in days:
            days[name] = more.pop(name, days[name])
        parts = {
            f"{name}_{part}": getattr(day, part)
            for name, day in days.items()
            for part in ("day", "month", "year")
        }
        given = {"scheme": scheme.pk, "name": "Robin", "phone": "1", "email": "r@example.org"}
        return {**given, **parts, **more}

    def test_an_administrator_creates_and_revokes_a_link_in_the_browser(
        self, client, scheme, administrator
    ):
        client.force_login(administrator)
        page = client.get(reverse("admin:make_duty_link"))
        assert b"Make a duty link" in page.content
        sent = client.post(reverse("admin:make_duty_link"), self.form(scheme))
        assert sent.status_code == 302, sent.context["form"].errors
        link = DutyLink.objects.get()
        assert link.ends_on == timezone.localdate() + 3 * DAY
        shown = client.get(reverse("admin:venues_dutylink_change", args=[link.pk]))
        assert "Take the link back" in shown.content.decode()
        assert duty_token(link) not in shown.content.decode()
        version = client.get(reverse("admin:revoke_duty_link", args=[link.pk])).context["version"]
        client.post(reverse("admin:revoke_duty_link", args=[link.pk]), {"version": version})
        link.refresh_from_db()
        assert link.revoked_by == administrator
        kinds = set(Event.objects.filter(scheme=scheme).values_list("kind", flat=True))
        assert {"venues.duty_link_made", "venues.duty_link_revoked"} <= kinds

    def test_an_officer_who_is_not_an_administrator_cannot_create_a_link(
        self, client, scheme, link
    ):
        client.force_login(OfficerFactory(scheme=scheme).user)
        assert client.get(reverse("admin:make_duty_link")).status_code == 403
        asked = reverse("admin:revoke_duty_link", args=[link.pk])
        assert client.post(asked).status_code == 403
        client.force_login(OfficerFactory().user)
        assert client.post(asked).status_code == 404
        link.refresh_from_db()
        assert link.revoked_at is None

    @pytest.mark.parametrize(
        ("starts", "ends", "words"),
        [(3, 1, "before the first"), (-5, -1, "over already"), (0, 200, "92 days at most")],
    )
    def test_an_impossible_period_is_refused_in_words(
        self, scheme, administrator, starts, ends, words
    ):
        today = timezone.localdate()
        with pytest.raises(Refused, match=words):
            actions.make_duty_link(
                scheme,
                name="Robin",
                phone="1",
                email="r@example.org",
                starts_on=today + starts * DAY,
                ends_on=today + ends * DAY,
                by=administrator,
            )
        assert not Email.objects.exists()


def test_a_duty_officers_details_are_deleted_but_not_while_the_place_is_hidden(
    client, link, sign_up, administrator
):
    hide(client, link, sign_up)
    later = timezone.now() + 300 * DAY
    assert forget_old_duty_officers(later) == 0
    actions.end_safety_suspension(SignUp.objects.get(), by=administrator)
    assert forget_old_duty_officers(later) == 1
    link.refresh_from_db()
    assert (link.name, link.phone, link.email) == ("", "", "")
