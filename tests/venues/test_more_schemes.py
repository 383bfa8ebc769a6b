"""The portal offers further schemes and says what each scheme's officers will read."""

import html
import re

import pytest
from django.contrib.gis.geos import MultiPolygon, Polygon
from django.urls import reverse
from django.utils import timezone

from geography.models import Area
from tests.factories import (
    ALWAYS,
    MembershipFactory,
    PrincipleFactory,
    RequirementFactory,
    SchemeFactory,
    SignUpFactory,
    StaffMemberFactory,
)
from tests.training.factories import CompletionFactory, ModuleFactory
from venues.joining import offers
from venues.models import Answer, Criterion, SignUp, Venue

pytestmark = pytest.mark.django_db


@pytest.fixture
def first():
    return SignUpFactory(approved=True, venue__name="The Copper Kettle", venue__hours=ALWAYS)


@pytest.fixture
def manager(client, first):
    user = MembershipFactory(organisation=first.venue.organisation).user
    client.force_login(user)
    return user


def an_area(code, west):
    square = Polygon.from_bbox((west, 114000, west + 2000, 116000))
    return Area.objects.create(
        code=code,
        name=code,
        kind="district",
        vintage=2024,
        boundary=MultiPolygon(square, srid=27700),
    )


def asks(scheme, evidence, **more):
    principle = scheme.principles.first() or PrincipleFactory(scheme=scheme)
    more = {"needed_for": "submission", **more}
    return RequirementFactory(principle=principle, evidence=evidence, **more)


def a_question(scheme, slug, about="venue"):
    criterion = Criterion.objects.create(
        slug=slug, about=about, theme="space", order=1, question=f"{slug}?"
    )
    criterion.schemes.add(scheme)
    return criterion


def answer(criterion, user, **about):
    Answer.objects.create(criterion=criterion, value="we_do", answered_by=user, **about)


def read(response):
    text = re.sub(r"<[^>]+>", " ", html.unescape(response.content.decode()))
    return re.sub(r"\s+", " ", text)


def offers_of(venue):
    return offers(venue, timezone.localdate())


def test_only_open_schemes_covering_the_place_are_offered(first):
    around = SchemeFactory(name="Around", area=an_area("E07000001", 449000))
    everywhere = SchemeFactory(name="Everywhere")
    SchemeFactory(name="Far", area=an_area("E07000002", 460000))
    SchemeFactory(name="Not open", draft=True)
    SchemeFactory(name="Hidden", hidden_at=timezone.now(), hidden_by=first.started_by)
    joined = SchemeFactory(name="Joined")
    SignUpFactory(venue=first.venue, scheme=joined)
    assert [offer.scheme for offer in offers_of(first.venue)] == [around, everywhere]
    SignUp.objects.filter(scheme=joined).update(state="withdrawn")
    assert joined in [offer.scheme for offer in offers_of(first.venue)]


def test_a_place_without_a_point_is_offered_only_schemes_without_an_area(first):
    SchemeFactory(name="Around", area=an_area("E07000001", 449000))
    first.venue.point = None
    assert offers_of(first.venue) == []


def test_an_offer_counts_the_questions_left_and_people_to_train(first, manager):
    scheme, module = SchemeFactory(), ModuleFactory()
    asks(scheme, "trained_people", at_least=2, subject=module.slug, needed_for="sticker")
    asks(scheme, "opening_hours")
    known = a_question(scheme, "known")
    ours = a_question(scheme, "ours", about="organisation")
    for slug in ("one", "two", "three"):
        a_question(scheme, slug)
    answer(known, manager, venue=first.venue)
    answer(ours, manager, organisation=first.venue.organisation)
    (offer,) = offers_of(first.venue)
    assert offer.words == "3 more questions, 2 more people to train"
    assert offer.sentences == []
    for _person in range(2):
        CompletionFactory(venue=first.venue, module=module, scheme=first.scheme)
    (offer,) = offers_of(first.venue)
    assert offer.words == "3 more questions, nobody more to train"
    for criterion in Criterion.objects.filter(answers=None):
        answer(criterion, manager, venue=first.venue)
    (offer,) = offers_of(first.venue)
    assert offer.words == "no more questions, nobody more to train"


def test_other_missing_requirements_are_listed_in_a_sentence(first):
    scheme = SchemeFactory()
    asks(scheme, "online_presence")
    asks(scheme, "current_sticker", needed_for="standing")
    Venue.objects.update(website="")
    first.venue.refresh_from_db()
    (offer,) = offers_of(first.venue)
    assert offer.sentences == ["The place can be found online."]


def test_offers_take_a_constant_number_of_queries(first, django_assert_max_num_queries):
    module = ModuleFactory()
    for number in range(6):
        scheme = SchemeFactory()
        asks(scheme, "trained_people", subject=module.slug, needed_for="sticker")
        a_question(scheme, f"question-{number}")
    with django_assert_max_num_queries(5):
        assert len(offers_of(first.venue)) == 6


class TestPages:
    @pytest.fixture
    def second(self):
        scheme = SchemeFactory(
            name="Safe Havens", slug="safe-havens", controller="Haven Borough Council"
        )
        PrincipleFactory(scheme=scheme)
        return scheme

    def page(self, client, name, *args):
        return client.get(reverse(name, args=args))

    def test_home_and_the_list_of_places_link_to_the_offers(self, client, first, manager, second):
        address = reverse("more_schemes", args=[first.pk])
        for name in ("portal_home", "sign_up"):
            assert address in self.page(client, name, first.pk).content.decode()
        SignUpFactory(venue__organisation=first.venue.organisation)
        assert address in self.page(client, "portal_home").content.decode()
        said = read(self.page(client, "more_schemes", first.pk))
        assert "Safe Havens" in said
        assert "No more questions." in said
        assert "1 principle to agree to." in said

    def test_the_notice_lists_what_officers_will_read_and_names_the_controller(
        self, client, first, manager, second
    ):
        for name in ("Ayesha", "Ben"):
            StaffMemberFactory(
                organisation=first.venue.organisation, venue=first.venue, first_name=name
            )
        said = read(self.page(client, "review_joining", first.pk, "safe-havens"))
        for words in ("Ayesha and Ben", "sam@example.org", "1 High Street"):
            assert words in said
        assert "Haven Borough Council is the controller" in said
        assert "as its processor" in said
        assert SignUp.objects.count() == 1, "looking shows nobody anything"

    @pytest.mark.parametrize(
        ("given", "complaint"),
        [
            ({"shares_people": "yes"}, "Tick that you have read this and agree."),
            ({"agree": "on"}, "Choose whether your people are shared."),
            ({"agree": "on", "shares_people": "perhaps"}, "Select a valid choice."),
        ],
    )
    def test_joining_requires_agreeing_and_choosing(
        self, client, first, manager, second, given, complaint
    ):
        answer = client.post(reverse("join_scheme", args=[first.pk, "safe-havens"]), given)
        assert complaint in read(answer)
        assert SignUp.objects.count() == 1

    @pytest.mark.parametrize(("chosen", "shares"), [("yes", True), ("no", False)])
    def test_joining_leads_on_to_what_is_left(self, client, first, manager, second, chosen, shares):
        given = {"agree": "on", "shares_people": chosen}
        answer = client.post(reverse("join_scheme", args=[first.pk, "safe-havens"]), given)
        joined = SignUp.objects.get(scheme=second)
        assert answer.url == reverse("sign_up", args=[joined.pk])
        assert (joined.venue, joined.shares_people) == (first.venue, shares)
        again = self.page(client, "review_joining", first.pk, "safe-havens")
        assert again.url == reverse("portal_home", args=[joined.pk])

    def test_staff_and_closed_schemes_get_404(self, client, first, manager, second):
        SchemeFactory(slug="not-open", draft=True)
        assert self.page(client, "review_joining", first.pk, "not-open").status_code == 404
        staff = MembershipFactory(organisation=first.venue.organisation, role="staff").user
        client.force_login(staff)
        assert self.page(client, "more_schemes", first.pk).status_code == 404
        assert "What else this place can be" not in read(self.page(client, "portal_home", first.pk))

    def test_the_sharing_choice_can_be_changed_later(self, client, first, manager):
        said = read(self.page(client, "people", first.pk))
        assert f"The officers of {first.scheme} see who works here." in said
        assert self.page(client, "edit_sharing", first.pk).status_code == 200
        client.post(reverse("share_people", args=[first.pk]), {"shares_people": "no"})
        assert not SignUp.objects.get().shares_people
        assert "see nobody’s name" in read(self.page(client, "people", first.pk))


class TestJoiningByTheSchemesAddress:
    @pytest.fixture
    def second(self):
        return SchemeFactory(name="Safe Havens", slug="safe-havens")

    def test_a_stranger_reads_about_the_scheme_without_choosing_a_place(
        self, client, first, second
    ):
        answer = client.get("/join/safe-havens/")
        said = answer.content.decode()
        assert "Safe Havens" in said
        assert str(first.scheme) not in said
        assert f'type="hidden" name="scheme" value="{second.pk}"' in said

    def test_an_unknown_scheme_in_the_url_is_a_broken_link(self, client):
        assert client.get("/join/no-such-scheme/").status_code == 410

    def test_somebody_with_places_is_asked_which_one(self, client, first, manager, second):
        Venue.objects.filter(pk=first.venue_id).update(name="The Copper Kettle")
        organisation = first.venue.organisation
        type(organisation).objects.update(name="Copper Kettle Ltd")
        said = client.get("/join/safe-havens/", follow=True).content.decode()
        assert "Is it one of these?" in said
        assert reverse("review_joining", args=[first.pk, "safe-havens"]) in said
        assert "Another branch of Copper Kettle Ltd" in said
        assert "Something else" in said

    def test_a_place_already_in_the_scheme_links_to_its_own_page(
        self, client, first, manager, second
    ):
        joined = SignUpFactory(venue=first.venue, scheme=second)
        said = client.get("/join/safe-havens/", follow=True).content.decode()
        assert reverse("portal_home", args=[joined.pk]) in said
        assert "/more/" not in said

    def test_another_branch_joins_the_same_organisation_and_needs_a_postcode(
        self, client, first, manager, second
    ):
        given = {"scheme": "safe-havens", "organisation": first.venue.organisation_id}
        address = reverse("start_another_venue")
        assert "Write the postcode of the place." in read(client.post(address, given))
        client.post(address, {**given, "postcode": "zz11ab"})
        new = SignUp.objects.get(scheme=second)
        assert new.venue.postcode == "ZZ1 1AB"
        assert new.venue.organisation == first.venue.organisation

    def test_an_unrelated_place_gets_a_new_organisation(self, client, first, manager, second):
        given = {"scheme": "safe-havens", "organisation": "", "postcode": "ZZ1 1AB"}
        client.post(reverse("start_another_venue"), given)
        new = SignUp.objects.get(scheme=second)
        assert new.venue.organisation != first.venue.organisation
