"""An organisation agrees to a scheme as a whole: apply, agree, be named on its page, leave."""

import datetime
import re
import threading

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from post_office.models import Email

from common.refusals import Refused
from signposting.all_places import all_places
from tests.factories import (
    MembershipFactory,
    OfficerFactory,
    OrganisationFactory,
    PrincipleFactory,
    RequirementFactory,
    SchemeFactory,
    SignUpFactory,
    UserFactory,
    VenueFactory,
)
from venues import actions
from venues.joining import offers
from venues.models import (
    Criterion,
    Letter,
    Membership,
    Organisation,
    OrganisationAgreement,
    OrganisationSignUp,
    SignUp,
    Start,
    Venue,
)
from venues.packs import export_scheme, load_pack
from venues.retention import forget_organisations_that_left

pytestmark = pytest.mark.django_db


@pytest.fixture
def scheme():
    return SchemeFactory(
        bare=True, agrees="organisation", name="The Charter", slug="charter", checks={}
    )


@pytest.fixture
def principle(scheme):
    return PrincipleFactory(scheme=scheme, title="We include everybody", wording="We do.")


@pytest.fixture
def manager(client):
    user = MembershipFactory(organisation=OrganisationFactory(name="Kettle Ltd")).user
    client.force_login(user)
    return user


@pytest.fixture
def organisation(manager):
    return Organisation.objects.managed_by(manager).get()


@pytest.fixture
def officer(scheme):
    return OfficerFactory(scheme=scheme).user


@pytest.fixture
def draft(organisation, scheme, principle, manager):
    return actions.start_organisation_sign_up(organisation, scheme, by=manager)


def agreed(sign_up, by):
    answers = {each: ("we_do", None) for each in sign_up.scheme.principles.all()}
    return actions.agree_as_organisation(sign_up, answers, by=by)


@pytest.fixture
def sent(draft, manager):
    return actions.submit_organisation(agreed(draft, manager), by=manager)


@pytest.fixture
def approved(sent, officer):
    return actions.approve_organisation(sent, by=officer, letter="Welcome.")


def page(name, sign_up):
    return reverse(name, args=[sign_up.organisation_id, sign_up.scheme.slug])


def decide(client, name, sign_up, **data):
    return client.post(reverse(f"admin:{name}", args=[sign_up.pk]), data, follow=True)


# From the start page to the scheme's page


def test_an_organisation_signs_up_from_the_start_page_and_is_named_on_the_schemes_page(
    client, scheme, principle, officer
):
    answer = client.get("/join/charter/")
    assert "We include everybody" in answer.text
    assert "Postcode" not in answer.text
    client.post("/join/send/", {"email": "ada@example.org", "scheme": scheme.pk})
    link = re.search(r"/join/\S+/", Email.objects.get().message)[0]
    assert "For your organisation as a whole" in client.get(link).text
    answer = client.post(f"{link}start/", follow=True)
    sign_up = OrganisationSignUp.objects.get()
    assert answer.redirect_chain[-1][0] == page("organisation_sign_up", sign_up)
    assert not SignUp.objects.exists()
    assert not Venue.objects.exists()

    answer = client.post(page("submit_organisation", sign_up), follow=True)
    assert "Say which organisation this is" in str(*list(answer.context["messages"])[:1])
    client.post(
        page("edit_organisation_details", sign_up),
        {"name": "Kettle & Daughters", "sector": "commercial", "registered_number": ""},
    )
    client.post(
        page("edit_organisation_principles", sign_up), {f"q{principle.pk}_value": "need_help"}
    )
    client.post(
        page("edit_organisation_shown", sign_up),
        {"is_named": "on", "website": "https://kettle.example/"},
    )
    assert "Send it" in client.get(page("organisation_sign_up", sign_up)).text
    answer = client.post(page("submit_organisation", sign_up), follow=True)
    assert "The team has not decided yet" in answer.text
    assert "Kettle" not in client.get("/schemes/charter/").text

    staff = Client()
    staff.force_login(officer)
    queue = staff.get("/admin/").text
    assert "Organisations that wait for a decision" in queue
    asked = staff.get(reverse("admin:venues_organisationsignup_change", args=[sign_up.pk]))
    assert "We need help" in asked.text
    decide(staff, "approve_organisation", sign_up, letter="Welcome.")
    sign_up.refresh_from_db()
    assert sign_up.state == "approved"
    seen = Client().get("/schemes/charter/").text
    assert "Kettle &amp; Daughters" in seen
    assert "https://kettle.example/" in seen
    assert "1 organisation belongs to it" in seen
    assert "walk in" not in seen


def test_somebody_with_organisations_is_asked_which_one_it_is(client, scheme, organisation):
    answer = client.get("/join/charter/", follow=True)
    assert answer.redirect_chain[-1][0] == "/portal/which-organisation/?scheme=charter"
    assert "Kettle Ltd" in answer.text
    client.post(reverse("start_organisation_sign_up", args=[organisation.pk, "charter"]))
    assert OrganisationSignUp.objects.get().organisation == organisation
    answer = client.post("/portal/which-organisation/new/", {"scheme": "charter"}, follow=True)
    assert answer.status_code == 200
    assert OrganisationSignUp.objects.count() == 2
    assert Organisation.objects.count() == 2


def test_the_general_start_page_leads_places_and_organisations_each_to_their_own(client, scheme):
    SchemeFactory(name="Havens")
    page = client.get("/join/")
    assert 'href="/join/charter/"' in page.text
    assert list(page.context["schemes"]) == list(type(scheme).objects.filter(name="Havens"))
    assert "Postcode" in page.text


def test_a_manager_of_an_organisation_and_a_place_finds_both_after_signing_in(
    client, draft, manager, organisation
):
    assert client.get("/portal/").url == page("organisation_sign_up", draft)
    SignUpFactory(venue=VenueFactory(organisation=organisation, name="Kettle Café"))
    listed = client.get("/portal/").text
    assert "The Charter" in listed
    assert "Kettle Café" in listed


# What is refused, in words


def test_it_is_not_sent_before_every_principle_is_answered(draft, manager, principle):
    with pytest.raises(Refused, match="Answer the core principle “We include everybody”"):
        actions.submit_organisation(draft, by=manager)


def test_a_place_cannot_join_it_and_an_organisation_not_a_scheme_of_places(
    scheme, organisation, manager
):
    venue = VenueFactory(organisation=organisation)
    with pytest.raises(Refused, match="Organisations sign up to The Charter as a whole"):
        actions.join_scheme(venue, scheme, by=manager)
    with pytest.raises(Refused, match="Organisations sign up to The Charter as a whole"):
        actions.start_sign_up(scheme=scheme, postcode="SO14 0AA", by=manager)
    assert scheme not in [each.scheme for each in offers(venue, timezone.localdate())]
    with pytest.raises(Refused, match="Places sign up to Havens"):
        actions.start_organisation_sign_up(organisation, SchemeFactory(name="Havens"), by=manager)


def test_a_branch_manager_cannot_sign_up_or_change_the_whole_organisation(
    client, draft, organisation
):
    branch = MembershipFactory(
        organisation=organisation, venues=[VenueFactory(organisation=organisation)]
    ).user
    client.force_login(branch)
    assert client.get(page("organisation_sign_up", draft)).status_code == 404
    for act in (
        lambda: actions.start_organisation_sign_up(organisation, draft.scheme, by=branch),
        lambda: agreed(draft, branch),
        lambda: actions.submit_organisation(draft, by=branch),
    ):
        with pytest.raises(Refused, match="whole organisation"):
            act()


def test_a_scheme_of_organisations_requires_no_proof_of_a_place_and_has_no_stickers(scheme):
    scheme.offers_stickers = True
    with pytest.raises(ValidationError, match="Only places have this"):
        scheme.full_clean()
    pack = export_scheme(scheme) + (
        '\n[[principles]]\ntitle = "A"\nwording = "B"\n\n[[requirements]]\nprinciple = 1\n'
        'evidence = "opening_hours"\nneeded_for = "submission"\n'
    )
    pack = pack.replace("offers_stickers = true\n", "")
    with pytest.raises(Refused, match="no place proves anything"):
        load_pack(pack, name="Another", slug="another")


@pytest.mark.parametrize("what", ["sign_up", "requirement"])
def test_who_signs_up_cannot_change_once_somebody_has_or_proofs_are_required(client, what):
    scheme = SchemeFactory(bare=True)
    if what == "sign_up":
        SignUpFactory(scheme=scheme)
    else:
        RequirementFactory(principle__scheme=scheme)
    client.force_login(OfficerFactory(scheme=scheme, role="administrator").user)
    url = reverse("admin:venues_scheme_change", args=[scheme.pk])
    form = client.get(url).context["adminform"].form
    data = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    answer = client.post(url, {**data, "agrees": "organisation"})
    assert "agrees" in answer.context["adminform"].form.errors
    scheme.refresh_from_db()
    assert scheme.agrees == "venue"


# The officers' decisions


def test_it_is_returned_with_a_change_request_that_disappears_on_resubmission(
    client, sent, officer, manager
):
    client.force_login(officer)
    decide(client, "ask_organisation_for_changes", sent, to_change="Name a role.", letter="Please.")
    sent.refresh_from_db()
    assert sent.state == "changes_asked_for"
    client.force_login(manager)
    assert "Name a role." in client.get(page("organisation_sign_up", sent)).text
    actions.submit_organisation(sent, by=manager)
    sent.refresh_from_db()
    assert (sent.state, sent.to_change) == ("submitted", "")


def test_declining_can_be_undone_within_ten_minutes_and_its_letter_never_leaves(
    client, sent, officer
):
    client.force_login(officer)
    decide(client, "decline_organisation", sent, reason="Not here.", letter="Sorry.")
    sent.refresh_from_db()
    assert sent.state == "declined"
    decide(client, "take_back_about_organisation", sent)
    sent.refresh_from_db()
    assert sent.state == "submitted"
    assert Letter.objects.get(kind="venues.organisation_decline").withdrawn_at


def test_a_decision_cannot_be_undone_once_the_organisation_has_started_again(
    sent, officer, manager
):
    actions.decline_organisation(sent, by=officer, reason="No.", letter="Sorry.")
    actions.start_organisation_sign_up(sent.organisation, sent.scheme, by=manager)
    with pytest.raises(Refused, match="has begun again since"):
        actions.take_back_about_organisation(sent, by=officer)


def test_a_suspended_organisation_is_off_the_page_at_once_and_its_reason_stays_with_officers(
    client, approved, officer, manager
):
    client.force_login(officer)
    decide(client, "suspend_organisation", approved, reason="A complaint.")
    assert "Kettle" not in client.get("/schemes/charter/").text
    decide(client, "write_about_suspended_organisation", approved, letter="We will ring.")
    assert Letter.objects.get(kind="venues.organisation_suspend").text
    client.force_login(manager)
    seen = client.get(page("organisation_sign_up", approved)).text
    assert "Suspended from The Charter" in seen
    assert "A complaint" not in seen
    actions.reinstate_organisation(approved, by=officer, letter="Back.")
    assert "Kettle" in client.get("/schemes/charter/").text


def test_it_leaves_in_the_portal_and_can_undo_that(client, approved, manager):
    client.post(page("withdraw_organisation", approved), {"reason": ""})
    assert "Kettle" not in client.get("/schemes/charter/").text
    assert "Sign up again" in client.get(page("organisation_sign_up", approved)).text
    client.post(page("take_back_organisation", approved))
    approved.refresh_from_db()
    assert approved.state == "approved"


def test_an_organisation_may_belong_without_being_named(approved, client, manager):
    data = {"website": "", "is_named": ""}
    client.post(page("edit_organisation_shown", approved), data)
    assert "Kettle" not in client.get("/schemes/charter/").text
    assert "Its page does not name you" in client.get(page("organisation_sign_up", approved)).text


@pytest.mark.parametrize("hide", [actions.hide_scheme, actions.close_scheme])
def test_a_hidden_or_closed_scheme_names_nobody(client, approved, hide):
    admin = OfficerFactory(scheme=approved.scheme, role="administrator").user
    hide(approved.scheme, by=admin)
    assert "Kettle" not in client.get("/schemes/charter/").text


def test_a_principle_changed_in_substance_is_asked_again_by_letter(
    client, approved, principle, officer
):
    actions.change_wording(
        principle, title="All", wording="New words.", in_substance=True, by=officer
    )
    assert Letter.objects.filter(kind="venues.agree_again", about_id=approved.pk).exists()
    seen = client.get(page("organisation_sign_up", approved)).text
    assert "A core principle has changed: answer it again." in seen
    assert "New words." in client.get(page("edit_organisation_principles", approved)).text


def test_a_principle_that_an_organisation_agreed_to_cannot_be_removed(approved, principle, officer):
    with pytest.raises(Refused, match="1 sign-up has an agreement to it"):
        actions.remove_principle(principle, by=officer)


# Who sees what


def test_officers_read_it_once_it_is_sent_and_only_in_their_own_scheme(client, draft, manager):
    own, other = (OfficerFactory(scheme=each).user for each in (draft.scheme, SchemeFactory()))
    url = reverse("admin:venues_organisationsignup_change", args=[draft.pk])
    organisation = reverse("admin:venues_organisation_change", args=[draft.organisation_id])

    def seen(user):
        client.force_login(user)
        return [client.get(each).status_code for each in (url, organisation)]

    assert seen(own) == [302, 302], "nobody else's while it is filled in"
    actions.submit_organisation(agreed(draft, manager), by=manager)
    assert seen(own) == [200, 200]
    assert seen(other) == [302, 302]


def test_it_is_in_no_finder_list_map_or_coverage(client, approved):
    assert not all_places(timezone.now(), approved.scheme).keys
    assert "Kettle" not in client.get("/map/").text
    assert "Kettle" not in client.get("/map/places.geojson").text


def test_the_list_of_organisations_is_exported_as_csv(client, approved, officer):
    client.force_login(officer)
    url = reverse("admin:venues_organisationsignup_changelist")
    assert "Kettle Ltd" in client.get(url).text
    assert "Kettle Ltd" in client.get(f"{url}export/").content.decode("utf-8-sig")


def test_questions_of_the_scheme_are_answered_for_the_organisation(client, draft, scheme):
    asked = Criterion.objects.create(
        slug="lead", about="organisation", theme="us", order=1, question="Who leads on it?"
    )
    asked.schemes.add(scheme)
    url = page("edit_organisation_questions", draft)
    assert "Who leads on it?" in client.get(url).text
    client.post(url, {f"q{asked.pk}_value": "yes"})
    form = client.get(url).context["form"]
    client.post(url, {f"q{asked.pk}_value": "we_do", "as_read": form["as_read"].value()})
    assert draft.organisation.answers.get().value == "we_do"


# Two at once, merging, keeping and forgetting


@pytest.mark.django_db(transaction=True)
def test_pressing_twice_at_once_starts_one_sign_up(scheme, principle, organisation, manager):
    outcomes = []

    def press():
        try:
            actions.start_organisation_sign_up(organisation, scheme, by=manager)
            outcomes.append("started")
        except Refused as refused:
            outcomes.append(str(refused))
        finally:
            connection.close()

    threads = [threading.Thread(target=press) for __ in range(2)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sorted(outcomes) == ["The organisation is in this scheme already.", "started"]
    assert OrganisationSignUp.objects.count() == 1


def test_merging_two_organisations_moves_the_sign_up(approved, officer):
    kept = OrganisationFactory(name="Kettle")
    root = UserFactory(is_superuser=True)
    actions.merge_organisations(kept, approved.organisation, by=root)
    approved.refresh_from_db()
    assert approved.organisation == kept


def test_two_organisations_in_one_scheme_cannot_be_merged(approved, manager):
    other = OrganisationFactory(name="Kettle Limited")
    user = MembershipFactory(organisation=other).user
    actions.start_organisation_sign_up(other, approved.scheme, by=user)
    with pytest.raises(Refused, match="Both have signed up to The Charter"):
        actions.merge_organisations(approved.organisation, other, by=UserFactory(is_superuser=True))


def test_what_it_agreed_to_is_deleted_two_years_after_it_left(approved, manager):
    actions.withdraw_organisation(approved, by=manager)
    now = timezone.now()
    almost = now + datetime.timedelta(days=725)
    assert forget_organisations_that_left(almost) == 0
    assert OrganisationAgreement.objects.exists()
    later = now + datetime.timedelta(days=735)
    assert forget_organisations_that_left(later) == 1
    assert not OrganisationAgreement.objects.exists()
    assert forget_organisations_that_left(later) == 0


def test_a_member_keeps_what_it_agreed_to_however_long_ago(approved):
    assert forget_organisations_that_left(timezone.now() + datetime.timedelta(days=2000)) == 0
    assert OrganisationAgreement.objects.exists()


def test_a_scheme_of_organisations_survives_the_round_trip_through_a_pack(scheme, principle):
    once = export_scheme(scheme)
    assert 'agrees = "organisation"' in once
    again = load_pack(once, name="Another", slug="another")
    assert again.is_for_organisations
    assert (
        export_scheme(again).replace("Another", "The Charter").replace("another", "charter") == once
    )


def test_an_old_link_of_a_start_leads_on_and_makes_no_second_draft(client, scheme, principle):
    client.post("/join/send/", {"email": "ada@example.org", "scheme": scheme.pk})
    link = re.search(r"/join/\S+/", Email.objects.get().message)[0]
    client.post(f"{link}start/")
    answer = client.post(f"{link}start/", follow=True)
    assert "used already" in answer.text
    assert OrganisationSignUp.objects.count() == 1
    assert Start.objects.count() == 1
    assert Membership.objects.count() == 1
