"""Scheme packs, and opening a scheme made from one."""

from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from common.refusals import Refused
from tests.factories import (
    NUMBERS,
    PrincipleFactory,
    SchemeFactory,
    UserFactory,
    name_numbers,
    ready_to_open,
)
from venues.actions import open_scheme
from venues.checks import stored_evidence_is_known
from venues.models import Criterion, Event, Requirement, Scheme
from venues.packs import available, create_scheme

pytestmark = pytest.mark.django_db


def make(**options):
    options = {"council": "Example Council", "email": "team@example.org"} | options
    call_command("create_scheme", "spaces_of_sanctuary", **options, stdout=StringIO())
    return Scheme.objects.latest("pk")


def test_spaces_of_sanctuary_has_seven_principles_and_their_requirements():
    scheme = make()
    assert not scheme.opened_at
    assert [p.order for p in scheme.principles.all()] == [1, 2, 3, 4, 5, 6, 7]
    found = {
        (r.principle.order, r.evidence, r.needed_for)
        for r in Requirement.objects.select_related("principle")
    }
    assert {
        (2, "opening_hours", "submission"),
        (3, "trained_people", "sticker"),
        (5, "sticker_displayed", "standing"),
        (7, "online_presence", "submission"),
    } <= found
    assert stored_evidence_is_known(None, databases=["default"]) == []


@pytest.mark.parametrize("pack", available())
def test_every_pack_loads_and_has_wording_for_each_principle(pack):
    scheme = create_scheme(pack, council="Example Council", contact_email="team@example.org")
    assert scheme.principles.exists()
    for principle in scheme.principles.all():
        assert principle.title
        assert principle.wording


def test_two_schemes_share_their_questions():
    first, second = make(), make(name="Another Name")
    assert first.slug != second.slug
    assert set(first.criteria.all()) == set(second.criteria.all())
    assert Criterion.objects.count() == first.criteria.count()


def test_a_second_scheme_of_the_same_name_is_refused():
    make()
    with pytest.raises(CommandError, match="here already"):
        make()
    assert Scheme.objects.count() == 1


def test_the_administrator_must_have_an_account():
    with pytest.raises(CommandError, match="Nobody here"):
        make(administrator="nobody@example.org")
    assert not Scheme.objects.exists()
    user = UserFactory()
    scheme = make(administrator=user.email.upper())
    assert scheme.officers.get().role == "administrator"


def test_a_scheme_does_not_open_without_its_numbers_and_principles():
    scheme = SchemeFactory(draft=True)
    with pytest.raises(Refused) as refused:
        open_scheme(scheme, by=UserFactory())
    assert len(refused.value.reasons) == len(NUMBERS) + 2  # principles, signed-off texts
    scheme.refresh_from_db()
    assert not scheme.opened_at
    assert not Event.objects.exists()


def test_a_scheme_opens_once_with_all_of_them():
    scheme, officer = SchemeFactory(draft=True), UserFactory()
    PrincipleFactory(scheme=scheme)
    name_numbers(scheme)
    ready_to_open(scheme)
    Event.objects.all().delete()
    open_scheme(scheme, by=officer)
    scheme.refresh_from_db()
    assert scheme.opened_by == officer
    assert Event.objects.get().kind == "venues.scheme_opened"
    with pytest.raises(Refused, match="open already"):
        open_scheme(scheme, by=officer)
