"""For any mixture of schemes: a place appears once everywhere, schemes are independent, and
officers never see what belongs to another scheme.
"""

import html
import json
import re
from contextlib import contextmanager

import numpy as np
import pytest
from django.contrib.gis.geos import Point
from django.core.cache import cache
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from common.refusals import Refused
from coverage.sums.venues import venues_near
from signposting import geojson
from signposting.all_places import all_places
from signposting.map_views import BRITAIN, LAST_ZOOM, MapView
from signposting.nearest import nearest
from tests.factories import (
    ALWAYS,
    OfficerFactory,
    PrincipleFactory,
    RequirementFactory,
    SchemeFactory,
    SignUpFactory,
    StaffMemberFactory,
    StickerFactory,
    UserFactory,
    VenueFactory,
)
from tests.partnership.factories import UsageReturnFactory
from tests.training.factories import CompletionFactory, ModuleFactory
from venues import actions
from venues.evidence import proofs
from venues.evidence_kinds import Stage
from venues.listing import badges
from venues.models import Criterion, Event, Letter, SignUp, Venue

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("kept_stay_right")]

HERE = Point(450000, 115000, srid=27700)
CLOSEST = MapView(LAST_ZOOM, *BRITAIN)  # so close that every place has a marker of its own
STATES = ["draft", "submitted", "approved", "suspended", "declined", "withdrawn"]
ONE = st.tuples(st.sampled_from(STATES), st.booleans(), st.booleans())
"""A sign-up: its state, whether it shares people, whether it has a sticker."""
MIXTURES = st.lists(
    st.lists(st.none() | ONE, min_size=3, max_size=3).filter(any), min_size=1, max_size=3
)
"""Per venue, its sign-up in each of three schemes, or none."""
SLOW = settings(
    max_examples=5,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


def today():
    return timezone.localdate()


class Mixture:
    """Three schemes with different requirements, and the venues of one generated mixture."""

    def __init__(self, drawn):
        self.module = ModuleFactory()
        self.schemes = [SchemeFactory() for _scheme in range(3)]
        asked = ["current_sticker", "opening_hours", "online_presence"]
        for scheme, evidence in zip(self.schemes, asked, strict=True):
            principle = PrincipleFactory(scheme=scheme)
            RequirementFactory(principle=principle, evidence=evidence, needed_for="standing")
        self.sign_ups = []
        for number, row in enumerate(drawn):
            self._venue(number, row)

    def _venue(self, number, row):
        first = next(scheme for scheme, one in zip(self.schemes, row, strict=True) if one)
        venue = VenueFactory(
            lead_scheme=first, hours=ALWAYS, point=Point(HERE.x + 10 * number, HERE.y, srid=27700)
        )
        StaffMemberFactory(
            organisation=venue.organisation, venue=venue, first_name=f"Person-{venue.pk}-"
        )
        for scheme, one in zip(self.schemes, row, strict=True):
            if one:
                self._sign_up(venue, scheme, *one)

    def _sign_up(self, venue, scheme, state, shares, has_sticker):
        sign_up = SignUpFactory(venue=venue, scheme=scheme, approved=True, shares_people=shares)
        SignUp.objects.filter(pk=sign_up.pk).update(state=state)
        sign_up.refresh_from_db()
        if has_sticker and state in ("approved", "suspended"):
            StickerFactory(sign_up=sign_up)
        self.sign_ups.append(sign_up)


def drawn_once(function):
    """The property test, rolled back between examples."""

    @SLOW
    @given(drawn=MIXTURES)
    def wrapped(self, db, cleared, drawn):
        with cleared():
            function(self, Mixture(drawn))

    return wrapped


@pytest.fixture
def cleared():
    """A savepoint that is rolled back, with the cache cleared."""

    @contextmanager
    def cleared():
        with transaction.atomic():
            cache.clear()
            yield
            transaction.set_rollback(True)

    return cleared


def slugs_near(now):
    found = nearest(HERE, now)
    return [card.slug for card in [*found.open_now, *found.closed, *found.unknown]]


class TestProperties:
    @drawn_once
    def test_a_venue_appears_once_in_finder_list_map_and_coverage(self, mixture):
        now = timezone.now()
        listed = sorted(Venue.objects.listed(today()).values_list("pk", flat=True))
        assert len(listed) == len(set(listed))
        assert sorted(all_places(timezone.now()).keys) == listed
        slugs = Venue.objects.filter(pk__in=listed).values_list("slug", flat=True)
        assert sorted(slugs_near(now)) == sorted(slugs)
        drawn = [each["id"] for each in json.loads(geojson.places(CLOSEST, now))["features"]]
        assert sorted(drawn) == sorted(slugs)
        near = venues_near(np.array([[HERE.x, HERE.y]]), 1000, day=today(), public=True)
        assert sorted(near.keys) == listed
        shown = badges(Venue.objects.all(), today())
        assert sorted(pk for pk, schemes in shown.items() if schemes) == listed

    @drawn_once
    def test_each_scheme_behaves_as_if_it_were_alone(self, mixture):
        def standing(sign_up):
            found = proofs(sign_up, Stage.STANDING, today())
            is_listed = SignUp.objects.listed(today()).filter(pk=sign_up.pk).exists()
            return [(each.words, each.state, each.held_until) for each in found], is_listed

        together = {each.pk: standing(each) for each in mixture.sign_ups}
        for each in mixture.sign_ups:
            others = SignUp.objects.filter(venue=each.venue_id).exclude(pk=each.pk)
            states = dict(others.values_list("pk", "state"))
            others.update(state="withdrawn")
            assert standing(each) == together[each.pk]
            for pk, state in states.items():
                SignUp.objects.filter(pk=pk).update(state=state)

    @drawn_once
    def test_suspending_in_one_scheme_changes_nothing_in_another(self, mixture):
        officer = UserFactory()
        for each in mixture.sign_ups:
            if each.state != "approved":
                continue
            before = set(SignUp.objects.listed(today()).values_list("pk", flat=True))
            states = dict(SignUp.objects.exclude(pk=each.pk).values_list("pk", "state"))
            actions.suspend_sign_up(each, by=officer, reason="A complaint")
            after = set(SignUp.objects.listed(today()).values_list("pk", flat=True))
            assert before - after <= {each.pk}
            assert after <= before
            assert dict(SignUp.objects.exclude(pk=each.pk).values_list("pk", "state")) == states

    @drawn_once
    def test_hiding_for_safety_in_one_scheme_hides_everywhere_and_changes_no_sign_up(self, mixture):
        officer, now = UserFactory(), timezone.now()
        for each in mixture.sign_ups:
            before = list(SignUp.objects.order_by("pk").values())
            listed = set(SignUp.objects.listed(today()).values_list("pk", flat=True))
            if each.state not in SignUp.ON_BOARD:
                with pytest.raises(Refused):
                    actions.hide_for_safety(each, by=officer)
                continue
            actions.hide_for_safety(each, by=officer)
            assert list(SignUp.objects.order_by("pk").values()) == before
            of_place = set(each.venue.sign_ups.values_list("pk", flat=True))
            after = set(SignUp.objects.listed(today()).values_list("pk", flat=True))
            assert after == listed - of_place
            assert each.venue_id not in all_places(timezone.now()).keys
            assert each.venue.slug not in slugs_near(now)
            assert each.venue.slug not in geojson.places(CLOSEST, now)
            near = venues_near(np.array([[HERE.x, HERE.y]]), 1000, day=today(), public=True)
            assert each.venue_id not in near.keys
            assert badges([each.venue], today()) == {each.venue_id: []}
            actions.end_safety_suspension(each, by=officer)
            assert set(SignUp.objects.listed(today()).values_list("pk", flat=True)) == listed


LISTS = [
    "venues_venue",
    "venues_organisation",
    "venues_signup",
    "venues_sticker",
    "venues_letter",
    "venues_event",
    "training_enrolment",
    "partnership_usagereturn",
]


class TestWhatOfficersSee:
    """Each sign-up has its own note, letter, return, sticker and training, all marked with its key;
    each venue has a person marked with the venue's.
    """

    @pytest.fixture(
        params=[
            [[("approved", True, True), ("approved", False, True), None]],
            [
                [("approved", True, True), ("withdrawn", True, False), ("draft", False, False)],
                [("suspended", False, True), ("declined", True, False), ("approved", False, True)],
            ],
        ]
    )
    def mixture(self, request):
        mixture = Mixture(request.param)
        for sign_up in mixture.sign_ups:
            self.mark(sign_up, mixture.module)
        return mixture

    def mark(self, sign_up, module):
        key = f"-{sign_up.pk}-"
        Event.objects.record(
            "venues.sign_up_suspended", sign_up=sign_up, by=UserFactory(), reason=f"Note{key}"
        )
        Letter.objects.create(
            kind="venues.decline",
            scheme=sign_up.scheme,
            venue=sign_up.venue,
            organisation=sign_up.venue.organisation,
            sign_up=sign_up,
            subject=f"Letter{key}",
            text=f"Letter{key}",
        )
        UsageReturnFactory(sign_up=sign_up, people=4, sent_at=timezone.now())
        sign_up.stickers.update(code=f"CODE{sign_up.pk:06}")
        learner = StaffMemberFactory(
            organisation=sign_up.venue.organisation, first_name=f"Learner{key}"
        )
        CompletionFactory(
            staff_member=learner, module=module, scheme=sign_up.scheme, venue=sign_up.venue
        )

    def pages(self, mixture):
        yield reverse("admin:index")
        for name in LISTS:
            yield reverse(f"admin:{name}_changelist")
        for name in ("venues_signup", "venues_letter", "venues_event", "training_enrolment"):
            yield reverse(f"admin:{name}_export")
        for sign_up in mixture.sign_ups:
            yield reverse("admin:venues_signup_change", args=[sign_up.pk])
        for venue in Venue.objects.all():
            yield reverse("admin:venues_venue_change", args=[venue.pk])
            yield reverse("admin:venues_organisation_change", args=[venue.organisation_id])

    def test_an_officer_never_sees_another_schemes_records(self, client, mixture):
        for scheme in mixture.schemes:
            own = {each.pk for each in mixture.sign_ups if each.scheme == scheme}
            shared = {
                each.venue_id
                for each in mixture.sign_ups
                if each.scheme == scheme and each.may_show_people
            }
            client.force_login(OfficerFactory(scheme=scheme, role="administrator").user)
            seen, people = set(), set()
            for address in self.pages(mixture):
                text = html.unescape(self.read(client, address))
                seen |= set(re.findall(r"(?:Note|Letter|Learner)-(\d+)-|CODE(\d{6})", text))
                people |= {int(pk) for pk in re.findall(r"Person-(\d+)-", text)}
            keys = {int(pk or code) for pk, code in seen}
            assert keys <= own
            assert keys == own, "its own it does see"
            assert people == shared

    def read(self, client, address):
        answer = client.get(address, follow=True)
        return b"".join(answer).decode() if answer.streaming else answer.content.decode()


class TestAfterLeaving:
    @pytest.fixture
    def left(self):
        """A place in one scheme that has left another."""
        stays = SignUpFactory(approved=True, venue__contact_email="now@example.org")
        return SignUpFactory(venue=stays.venue, state="withdrawn")

    def read(self, client, name, *args):
        return client.get(reverse(f"admin:{name}", args=args), follow=True).content.decode()

    def test_officers_of_a_left_scheme_keep_their_records_but_lose_the_contact(self, client, left):
        actions.change_venue(left.venue, {"website": "https://new.example/"}, by=UserFactory())
        officer = OfficerFactory(scheme=left.scheme).user
        client.force_login(officer)
        page = self.read(client, "venues_signup_change", left.pk)
        assert left.reference in page
        assert "It has left this scheme and is in another" in page
        assert "now@example.org" not in page
        assert "now@example.org" not in self.read(client, "venues_venue_change", left.venue_id)
        assert not Event.objects.for_officer(officer).filter(kind="venues.venue_changed").exists()

    def test_officers_keep_access_if_no_other_scheme_has_the_place(self, client, left):
        left.venue.sign_ups.update(state="withdrawn")
        client.force_login(OfficerFactory(scheme=left.scheme).user)
        assert "now@example.org" in self.read(client, "venues_signup_change", left.pk)
        assert "now@example.org" in self.read(client, "venues_venue_change", left.venue_id)


class TestSharedFacts:
    @pytest.fixture
    def both(self):
        one = SignUpFactory(approved=True, venue__hours=ALWAYS)
        return one, SignUpFactory(venue=one.venue, approved=True, shares_people=False)

    def kinds(self, sign_up):
        officer = OfficerFactory(scheme=sign_up.scheme).user
        return set(Event.objects.for_officer(officer).values_list("kind", flat=True))

    def test_a_change_to_a_shared_fact_is_in_every_schemes_history(self, both):
        manager, venue = UserFactory(), both[0].venue
        actions.confirm_hours(venue, by=manager)
        actions.change_venue(venue, {"website": "https://new.example/"}, by=manager)
        actions.change_organisation(venue.organisation, {"name": "New name"}, by=manager)
        for sign_up in both:
            assert {
                "venues.hours_confirmed",
                "venues.venue_changed",
                "venues.organisation_changed",
            } <= self.kinds(sign_up)

    def test_an_event_about_people_appears_only_where_they_are_shared(self, both):
        sharing, not_sharing = both
        venue = sharing.venue
        actions.add_staff_member(venue.organisation, first_name="Jo", venue=venue, by=UserFactory())
        assert "venues.staff_member_added" in self.kinds(sharing)
        assert "venues.staff_member_added" not in self.kinds(not_sharing)

    def test_only_schemes_that_ask_a_question_can_read_its_answer(self, client, both):
        user, (one, other) = UserFactory(), both
        asked = Criterion.objects.create(
            slug="ours", about="venue", theme="space", order=1, question="A question of ours?"
        )
        asked.schemes.add(one.scheme)
        actions.answer_criteria(one.venue, {asked: ("we_do", None, "")}, by=user)
        for sign_up, is_shown in ((one, True), (other, False)):
            client.force_login(OfficerFactory(scheme=sign_up.scheme).user)
            page = client.get(reverse("admin:venues_signup_change", args=[sign_up.pk]))
            assert ("A question of ours?" in page.content.decode()) is is_shown

    def test_a_venue_page_takes_the_same_number_of_queries_in_one_scheme_or_four(
        self, client, both
    ):
        officer = OfficerFactory(scheme=both[0].scheme).user
        client.force_login(officer)
        address = reverse("admin:venues_venue_change", args=[both[0].venue_id])
        client.get(address)

        def queries():
            with CaptureQueriesContext(connection) as caught:
                client.get(address)
            return len(caught)

        before = queries()
        for _scheme in range(3):
            SignUpFactory(venue=both[0].venue, approved=True)
        assert queries() <= before
