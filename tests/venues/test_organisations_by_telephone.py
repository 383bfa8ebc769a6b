"""An organisation applies by telephone or on paper, and an officer enters it."""

import re

import pytest
from django.test import Client
from django.urls import reverse
from post_office.models import Email

from common.refusals import Refused
from tests.factories import (
    MembershipFactory,
    OfficerFactory,
    OrganisationFactory,
    PrincipleFactory,
    SchemeFactory,
    SignUpFactory,
    UserFactory,
)
from venues import actions
from venues.event_sentences import sentence
from venues.models import Invitation, Letter, Organisation, OrganisationSignUp

pytestmark = pytest.mark.django_db


@pytest.fixture
def scheme():
    return SchemeFactory(
        bare=True, agrees="organisation", name="The Charter", slug="charter", checks={}
    )


@pytest.fixture(autouse=True)
def principle(scheme):
    return PrincipleFactory(scheme=scheme, title="We include everybody", wording="We do.")


@pytest.fixture
def officer(client, scheme):
    user = OfficerFactory(scheme=scheme, role="officer").user
    client.force_login(user)
    return user


def page(name, sign_up):
    return reverse(name, args=[sign_up.organisation_id, sign_up.scheme.slug])


def enter(client, scheme, *, of=None, **typed):
    given = {
        "scheme": scheme.pk if of is None else of,
        "name": "Kettle & Daughters",
        "email": "",
        **typed,
    }
    return client.post(reverse("admin:enter_organisation_sign_up"), given, follow=True)


@pytest.fixture
def entered(scheme, officer, principle):
    """Entered and complete, not sent in yet; nobody looks after it."""
    sign_up = actions.enter_organisation_sign_up(scheme, name="Kettle & Daughters", by=officer)
    actions.change_organisation(sign_up.organisation, {"sector": "commercial"}, by=officer)
    actions.agree_as_organisation(sign_up, {principle: ("we_do", None)}, by=officer)
    return OrganisationSignUp.objects.get(pk=sign_up.pk)


def in_words(call):
    with pytest.raises(Refused) as refused:
        call()
    return " ".join(map(str, refused.value.reasons))


def test_an_officer_enters_an_organisation_which_confirms_by_link_and_is_approved(
    client, scheme, principle, officer
):
    assert "Enter a sign-up for an organisation" in client.get("/admin/").text
    answer = enter(client, scheme, email="ada@example.org")
    sign_up = OrganisationSignUp.objects.get()
    assert answer.redirect_chain[-1][0] == page("organisation_sign_up", sign_up)
    assert f"Entered by {officer}" in answer.text
    assert "Leave the scheme" not in answer.text
    assert Invitation.objects.get().email == "ada@example.org"
    client.post(
        page("edit_organisation_details", sign_up),
        {"name": "Kettle & Daughters", "sector": "commercial", "registered_number": ""},
    )
    client.post(page("edit_organisation_principles", sign_up), {f"q{principle.pk}_value": "we_do"})
    answer = client.post(page("submit_organisation", sign_up), follow=True)
    decision = reverse("admin:venues_organisationsignup_change", args=[sign_up.pk])
    assert answer.redirect_chain[-1][0] == decision
    assert "The organisation has not confirmed its agreement yet." in answer.text

    refused = client.post(
        reverse("admin:approve_organisation", args=[sign_up.pk]), {"letter": "Hello."}, follow=True
    )
    assert "has not confirmed the agreement that an officer entered" in refused.text
    letter = Email.objects.get(subject__contains="confirm")
    assert letter.to == ["ada@example.org"]
    link = re.search(r"/organisation-agreement/\S+/", letter.message)[0]
    theirs = Client()
    assert "What Kettle &amp; Daughters agreed to" in theirs.get(link).text
    assert "Confirmed on" in theirs.post(f"{link}confirm/", follow=True).text
    sign_up.refresh_from_db()
    assert sign_up.agreement_confirmed_how == "link"
    client.post(reverse("admin:approve_organisation", args=[sign_up.pk]), {"letter": "Hello."})
    sign_up.refresh_from_db()
    assert sign_up.state == "approved"
    assert [sentence(each) for each in sign_up.events][1:] == [
        "The organisation confirmed its agreement (by link).",
        "The organisation’s sign-up was sent to the council.",
        "The organisation answered the core principles.",
        "An officer started the sign-up for the organisation.",
    ]


def test_without_an_address_the_letter_is_posted_and_the_signed_paper_recorded(
    client, entered, officer
):
    actions.submit_organisation(entered, by=officer)
    letter = Letter.objects.get()
    assert (letter.kind, letter.email) == ("venues.confirm_organisation_agreement", None)
    waits = "the organisation has not confirmed its agreement"
    assert waits in client.get("/admin/").text
    answer = client.post(
        reverse("admin:confirm_organisation_on_paper", args=[entered.pk]), follow=True
    )
    assert "The signed paper is recorded." in answer.text
    assert waits not in client.get("/admin/").text
    entered.refresh_from_db()
    assert entered.agreement_confirmed_how == "paper"


def test_what_an_officer_entered_is_found_again_before_it_is_sent(client, entered):
    listed = client.get(reverse("admin:venues_organisationsignup_changelist")).text
    assert "Kettle &amp; Daughters" in listed
    seen = client.get(reverse("admin:venues_organisationsignup_change", args=[entered.pk])).text
    assert "Fill in a step for the organisation" in seen
    assert page("organisation_sign_up", entered) in seen
    assert "Not sent in yet." in seen


def test_it_is_changed_by_nobody_else_and_no_longer_once_it_is_sent(client, scheme, entered):
    """Other roles, another scheme's officer, another organisation's manager; then the officer."""
    steps = [page("organisation_sign_up", entered), page("edit_organisation_details", entered)]
    others = [
        *(OfficerFactory(scheme=scheme, role=role).user for role in ("viewer", "trainer", "chair")),
        OfficerFactory().user,
        MembershipFactory().user,
    ]
    for user in others:
        stranger = Client()
        stranger.force_login(user)
        assert {stranger.get(step).status_code for step in steps} == {404}
        assert stranger.post(page("submit_organisation", entered)).status_code == 404
        assert "who looks after all of it" in in_words(
            lambda user=user: actions.submit_organisation(entered, by=user)
        )
    assert {client.get(step).status_code for step in steps} == {200}
    client.post(page("submit_organisation", entered))
    assert {client.get(step).status_code for step in steps} == {404}


def test_an_officer_cannot_fill_in_what_an_organisation_is_filling_in_itself(client, scheme):
    manager = MembershipFactory()
    own = actions.start_organisation_sign_up(manager.organisation, scheme, by=manager.user)
    client.force_login(OfficerFactory(scheme=scheme, role="officer").user)
    assert client.get(page("organisation_sign_up", own)).status_code == 404
    listed = client.get(reverse("admin:venues_organisationsignup_changelist"))
    assert own.reference not in listed.text


def test_changes_asked_for_are_answered_by_whoever_entered_it_or_who_looks_after_it(
    client, entered, officer
):
    actions.submit_organisation(entered, by=officer)
    actions.ask_organisation_for_changes(
        entered, by=officer, to_change="The number", letter="Please."
    )
    assert "The number" in client.get(page("organisation_sign_up", entered)).text
    manager = MembershipFactory(organisation=entered.organisation)
    theirs = Client()
    theirs.force_login(manager.user)
    seen = theirs.get(page("organisation_sign_up", entered)).text
    assert "Leave the scheme" in seen
    actions.submit_organisation(entered, by=manager.user)
    entered.refresh_from_db()
    assert entered.state == "submitted"


def test_a_name_that_is_here_already_is_asked_about_before_it_stands_twice(client, scheme, officer):
    known = SignUpFactory(scheme=scheme, venue__organisation__name="Kettle & Daughters").venue
    answer = enter(client, scheme, name="kettle &  daughters")
    assert "is here already" in answer.text
    assert not OrganisationSignUp.objects.exists()
    enter(client, scheme, name="Kettle & Daughters", is_another="on")
    assert OrganisationSignUp.objects.get().organisation != known.organisation


def test_the_name_of_an_organisation_the_officer_may_not_see_tells_them_nothing(
    client, scheme, officer
):
    OrganisationFactory(name="Secret Ltd")
    assert "is here already" not in enter(client, scheme, name="Secret Ltd").text


@pytest.mark.parametrize("typed", [{"name": "  "}, {"email": "ada at example"}, {"of": 0}])
def test_bad_input_is_said_at_the_field_and_starts_nothing(client, scheme, officer, typed):
    assert "errorlist" in enter(client, scheme, **typed).text
    assert not Organisation.objects.exists()


def test_places_and_schemes_that_are_not_open_are_refused_in_words(scheme, officer):
    for_places = SchemeFactory(name="Havens")
    enter_one = actions.enter_organisation_sign_up
    assert "each by itself" in in_words(lambda: enter_one(for_places, name="A", by=officer))
    scheme.opened_at = scheme.opened_by = None
    scheme.save()
    assert "does not take sign-ups yet" in in_words(lambda: enter_one(scheme, name="A", by=officer))
    assert not Organisation.objects.filter(name="A").exists()


def test_an_agreement_is_confirmed_once_and_only_what_an_officer_entered(scheme, entered, officer):
    confirm = actions.confirm_organisation_agreement
    actions.submit_organisation(entered, by=officer)
    confirm(entered, how="paper", by=officer)
    assert "confirmed already" in in_words(lambda: confirm(entered, how="link"))
    manager = MembershipFactory()
    own = actions.start_organisation_sign_up(manager.organisation, scheme, by=manager.user)
    assert "made this agreement itself" in in_words(lambda: confirm(own, how="link"))
    again = actions.enter_organisation_sign_up(scheme, name="Empty", by=officer)
    assert "Not every core principle" in in_words(lambda: confirm(again, how="link"))
    actions.withdraw_organisation(again, by=officer)
    assert "has ended" in in_words(lambda: confirm(again, how="link"))


def test_the_link_stops_when_another_looks_after_the_organisation(client, scheme, officer):
    enter(client, scheme, email="ada@example.org")
    sign_up = OrganisationSignUp.objects.get()
    actions.change_organisation(sign_up.organisation, {"sector": "commercial"}, by=officer)
    actions.agree_as_organisation(
        sign_up, {each: ("we_do", None) for each in scheme.principles.all()}, by=officer
    )
    actions.submit_organisation(sign_up, by=officer)
    letter = Email.objects.get(subject__contains="confirm")
    link = re.search(r"/organisation-agreement/\S+/", letter.message)
    assert Client().get(link[0]).status_code == 200
    MembershipFactory(organisation=sign_up.organisation, user=UserFactory(email="eve@example.org"))
    assert Client().get(link[0]).status_code == 410
    assert Client().get("/organisation-agreement/nonsense/").status_code == 410
