"""What waits for an outside owner or for the council: who said so, and when."""

import datetime

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from django.utils import timezone

from common.refusals import Refused
from tests.factories import (
    OfficerFactory,
    PrincipleFactory,
    SchemeFactory,
    UserFactory,
    ready_to_open,
)
from venues import actions
from venues.checklist import checklist
from venues.models import Clearance, Event
from venues.packs import export_scheme, load_pack
from venues.rules import is_cleared, missing_to_open

pytestmark = pytest.mark.django_db
TODAY = timezone.localdate
WORDS = "Member of the National Safe Places Network"


@pytest.fixture
def scheme():
    return SchemeFactory(name="Safe Places")


@pytest.fixture
def administrator(scheme):
    return OfficerFactory(scheme=scheme, role="administrator").user


@pytest.fixture
def network(scheme):
    return Clearance.objects.create(
        scheme=scheme,
        slug="national-network",
        owner="National Safe Places Network",
        what="Its name and logo may be used here.",
        shown=WORDS,
        website="https://network.example.org/",
    )


@pytest.fixture
def principles(scheme):
    return Clearance.objects.create(
        scheme=scheme, slug="principles", kind="council", what="The principles are the council’s."
    )


def record(scheme, clearance, by, **more):
    given = {"given_by": "Ruth, for the network", "given_on": TODAY(), **more}
    return actions.record_clearance(scheme, clearance=clearance, by=by, **given)


def scheme_page(client, scheme):
    return client.get(reverse("scheme_page", args=[scheme.slug])).content.decode()


def test_an_owners_name_stays_off_the_public_page_until_permission_is_recorded(
    client, scheme, network, administrator
):
    assert "National Safe Places Network" not in scheme_page(client, scheme)
    assert not is_cleared(scheme, "national-network")
    record(scheme, network, administrator)
    assert f'<a href="https://network.example.org/" rel="noopener noreferrer">{WORDS}</a>' in (
        scheme_page(client, scheme)
    )
    assert is_cleared(scheme, "national-network")
    actions.withdraw_clearance(scheme, clearance=network, by=administrator)
    assert "National Safe Places Network" not in scheme_page(client, scheme)
    assert [event.kind for event in Event.objects.filter(scheme=scheme).order_by("pk")][-2:] == [
        "venues.clearance_recorded",
        "venues.clearance_withdrawn",
    ]


def test_nothing_is_cleared_that_has_no_row(scheme):
    assert not is_cleared(scheme, "city-of-sanctuary")


def test_a_points_confirmation_by_the_council_is_no_words_for_the_public(
    client, scheme, principles, administrator
):
    record(scheme, principles, administrator)
    assert "The principles are the council’s." not in scheme_page(client, scheme)


def test_a_scheme_opens_without_permissions_but_not_unconfirmed(
    scheme, network, principles, administrator
):
    scheme.opened_at = scheme.opened_by = None
    scheme.save()
    PrincipleFactory(scheme=scheme)
    ready_to_open(scheme)
    said = "The council has to confirm: The principles are the council’s."
    assert missing_to_open(scheme) == [said]
    with pytest.raises(Refused, match="The council has to confirm"):
        actions.open_scheme(scheme, by=administrator)
    record(scheme, principles, administrator)
    actions.open_scheme(scheme, by=administrator)


def test_the_checklist_has_a_line_for_each_with_its_page(
    client, scheme, network, principles, administrator
):
    lines = {line.words: line for line in checklist(scheme)}
    line = lines["Permission: National Safe Places Network"]
    assert (line.is_done, "Stays off until permission is recorded." in line.says) == (False, True)
    assert not lines["To be confirmed by the council"].is_done
    client.force_login(administrator)
    data = {
        "clearance": network.pk,
        "given_by": "Ruth Adeyemi",
        "given_on": "2026-11-03",
    }
    assert client.get(line.url).status_code == 200
    answer = client.post(line.url, data)
    assert answer.url == reverse("admin:scheme_checklist", args=[scheme.pk])
    lines = {line.words: line for line in checklist(scheme)}
    line = lines["Permission: National Safe Places Network"]
    assert line.is_done
    assert "Recorded: Ruth Adeyemi, 3 November 2026." in line.says


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"given_by": "  "}, "Say who gave it."),
        ({"given_on": TODAY() + datetime.timedelta(days=1)}, "This day has not come yet."),
    ],
)
def test_it_is_refused_without_a_name_or_with_a_day_to_come(
    scheme, network, administrator, more, words
):
    with pytest.raises(Refused, match=words):
        record(scheme, network, administrator, **more)
    network.refresh_from_db()
    assert not network.is_given


def test_another_schemes_permission_cannot_be_recorded(network, administrator):
    with pytest.raises(Refused, match="another scheme"):
        record(SchemeFactory(), network, administrator)


def test_what_nobody_gave_cannot_be_taken_back(scheme, network, administrator):
    with pytest.raises(Refused, match="Nobody has given this"):
        actions.withdraw_clearance(scheme, clearance=network, by=administrator)


def test_an_officer_who_is_no_administrator_cannot_record_it(client, scheme, network):
    client.force_login(OfficerFactory(scheme=scheme, role="officer").user)
    url = reverse("admin:record_clearance", args=[scheme.pk])
    data = {"clearance": network.pk, "given_by": "Ruth", "given_on": "2026-11-03"}
    assert client.post(url, data).status_code in (403, 404)
    network.refresh_from_db()
    assert not network.is_given


def test_the_database_keeps_who_and_when_together(network):
    with pytest.raises(IntegrityError), transaction.atomic():
        Clearance.objects.filter(pk=network.pk).update(given_by="Ruth")


def test_a_pack_carries_what_waits_but_not_who_gave_it(scheme, network, principles):
    record(scheme, network, UserFactory())
    text = export_scheme(scheme)
    assert "Ruth" not in text
    again = load_pack(text, name="Another", slug="another")
    found = again.clearances.order_by("kind")
    assert [(each.slug, each.is_given) for each in found] == [
        ("principles", False),
        ("national-network", False),
    ]
    assert export_scheme(again).count("[[clearances]]") == 2


def test_a_pack_whose_permission_names_no_owner_is_refused_in_words():
    text = """
[scheme]
name = "Safe Places"
council = "Example"
contact_email = "team@example.org"

[[clearances]]
slug = "network"
what = "Its name."
"""
    with pytest.raises(Refused, match=r"Line 7, \[\[clearances\]\] 1: Say whose permission it is."):
        load_pack(text)
