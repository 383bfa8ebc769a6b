"""A principle that people agreed to stays, and the refusal says so in a sentence."""

import pytest
from django.urls import reverse

from common.refusals import Refused
from tests.factories import OfficerFactory, PrincipleFactory, SchemeFactory, SignUpFactory
from venues import actions
from venues.models import Agreement, Event, Principle, Requirement, Scheme
from venues.packs import export_scheme, load_pack

pytestmark = pytest.mark.django_db


@pytest.fixture
def administrator(client, scheme):
    user = OfficerFactory(scheme=scheme, role="administrator").user
    client.force_login(user)
    return user


@pytest.fixture
def scheme():
    return SchemeFactory(draft=True, name="Spaces of Sanctuary", slug="spaces")


@pytest.fixture
def principle(scheme):
    return PrincipleFactory(scheme=scheme, title="An open door")


def agreed(principle):
    sign_up = SignUpFactory(scheme=principle.scheme)
    return Agreement.objects.create(
        sign_up=sign_up,
        principle=principle,
        version=1,
        wording=principle.wording,
        answer="we_do",
        agreed_by=sign_up.started_by,
    )


def delete_url(principle):
    return reverse("admin:venues_principle_delete", args=[principle.pk])


def test_a_principle_nobody_agreed_to_is_removed_before_the_scheme_opens(
    client, administrator, principle
):
    assert client.get(delete_url(principle)).status_code == 200
    client.post(delete_url(principle), {"post": "yes"})
    assert not Principle.objects.exists()
    (event,) = Event.objects.all()
    assert (event.kind, event.data) == ("venues.principle_removed", {"what": "An open door"})


@pytest.mark.parametrize("method", ["get", "post"])
def test_a_principle_that_people_agreed_to_stays_and_the_page_says_why(
    client, administrator, principle, method
):
    agreed(principle)
    answer = getattr(client, method)(delete_url(principle), {"post": "yes"}, follow=True)
    assert answer.redirect_chain[-1][0].endswith(f"/principle/{principle.pk}/change/")
    (message,) = answer.context["messages"]
    assert "“An open door” stays: 1 sign-up has an agreement to it." in str(message)
    assert Principle.objects.filter(pk=principle.pk).exists()
    assert Agreement.objects.count() == 1
    assert not Event.objects.filter(kind="venues.principle_removed").exists()


def test_an_agreement_to_earlier_wording_keeps_the_principle(administrator, principle):
    agreed(principle)
    agreed(principle)
    actions.change_wording(
        principle, title="Open", wording="New.", in_substance=True, by=administrator
    )
    with pytest.raises(Refused, match="2 sign-ups have agreed to it"):
        actions.remove_principle(principle, by=administrator)


def test_an_open_scheme_keeps_its_principles_and_the_page_says_why(client, scheme, principle):
    opened = SchemeFactory()
    kept = PrincipleFactory(scheme=opened, title="Quiet")
    client.force_login(OfficerFactory(scheme=opened, role="administrator").user)
    answer = client.post(delete_url(kept), {"post": "yes"}, follow=True)
    assert "“Quiet” stays: the scheme is open" in str(*answer.context["messages"])
    assert Principle.objects.filter(pk=kept.pk).exists()


def test_an_officer_who_may_not_change_principles_gets_no_reason(client, scheme, principle):
    agreed(principle)
    client.force_login(OfficerFactory(scheme=scheme, role="officer").user)
    assert client.post(delete_url(principle), {"post": "yes"}).status_code == 403


def test_loading_a_changed_pack_again_leaves_the_scheme_and_what_was_agreed(
    administrator, scheme, principle
):
    PrincipleFactory(scheme=scheme, order=principle.order + 1, title="A quiet room")
    agreed(principle)
    pack = export_scheme(scheme)
    without = pack.replace("An open door", "Another promise")
    before = list(Principle.objects.values()), list(Requirement.objects.values())
    with pytest.raises(Refused, match="A scheme with this name is here already"):
        load_pack(without, by=administrator)
    assert (list(Principle.objects.values()), list(Requirement.objects.values())) == before
    assert Scheme.objects.count() == 1
    assert Agreement.objects.get().wording == principle.wording
