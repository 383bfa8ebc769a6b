"""Which parts a scheme has, computed from its cadences and its requirements."""

import pytest

from tests.factories import (
    PrincipleFactory,
    RequirementFactory,
    SchemeFactory,
)
from venues.evidence_kinds import Part
from venues.models import Scheme

pytestmark = pytest.mark.django_db


def parts_of(scheme):
    """The parts according to the object, checked against the queryset."""
    scheme = Scheme.objects.get(pk=scheme.pk)
    asked = {part for part in Part if getattr(scheme, f"has_{part}")}
    listed = {part for part in Part if Scheme.objects.having(part).filter(pk=scheme.pk).exists()}
    assert asked == listed
    return asked


def test_a_bare_scheme_has_no_parts():
    assert parts_of(SchemeFactory(bare=True)) == set()


@pytest.mark.parametrize(
    ("fields", "part"),
    [
        ({"meetings_every": "year"}, Part.MEETINGS),
        ({"returns_every": "quarter"}, Part.RETURNS),
        ({"offers_stickers": True}, Part.STICKERS),
        ({"offers_training": True}, Part.TRAINING),
    ],
)
def test_a_schemes_cadences_give_it_its_parts(fields, part):
    assert parts_of(SchemeFactory(bare=True, **fields)) == {part}


@pytest.mark.parametrize(
    ("evidence", "needed_for", "parts"),
    [
        ("current_sticker", "standing", {Part.STICKERS}),
        ("sticker_displayed", "standing", {Part.STICKERS}),
        ("opening_hours", "sticker", {Part.STICKERS}),
        ("trained_people", "standing", {Part.TRAINING}),
        ("trained_people", "sticker", {Part.STICKERS, Part.TRAINING}),
        ("opening_hours", "submission", set()),
        ("meeting_attendance", "standing", set()),
    ],
)
def test_a_principles_requirement_gives_the_scheme_its_part(evidence, needed_for, parts):
    scheme = SchemeFactory(bare=True)
    principle = PrincipleFactory(scheme=scheme)
    RequirementFactory(principle=principle, evidence=evidence, needed_for=needed_for)
    assert parts_of(scheme) == parts
    assert parts_of(SchemeFactory(bare=True)) == set()


def test_checking_all_four_parts_takes_one_query(django_assert_max_num_queries):
    scheme = Scheme.objects.get(pk=SchemeFactory(bare=True).pk)
    with django_assert_max_num_queries(1):
        assert [getattr(scheme, f"has_{part}") for part in Part] == [False] * 4
