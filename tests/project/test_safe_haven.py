"""Barking and Dagenham's Safe Haven: its pack, its session of ninety minutes and its own words."""

import pytest
from django.urls import reverse

from partnership.models import ReturnItem
from tests.factories import SignUpFactory, UserFactory, ready_to_open
from training.models import Module
from venues import letters
from venues.actions import change_look, open_scheme
from venues.checklist import checklist
from venues.models import Cadence, Requirement
from venues.packs import create_scheme

pytestmark = pytest.mark.django_db


@pytest.fixture
def haven():
    return create_scheme("safe_haven", council="The Borough", contact_email="team@example.org")


@pytest.fixture
def open_haven(haven):
    haven.contact_kinds.update(is_needed=False)
    admin = UserFactory(is_superuser=True, is_staff=True)
    ready_to_open(haven, by=admin)
    return open_scheme(haven, by=admin)


def test_the_pack_makes_seven_principles_and_asks_for_one_trained_person(haven):
    assert haven.principles.count() == 7
    assert (haven.noun, haven.noun_plural) == ("Safe Haven", "Safe Havens")
    asked = {
        (each.principle.order, each.evidence, each.needed_for, each.at_least, each.subject)
        for each in Requirement.objects.filter(principle__scheme=haven)
    }
    assert asked == {
        (1, "trained_people", "sticker", 1, "safe-haven"),
        (6, "current_sticker", "standing", 1, ""),
        (6, "sticker_displayed", "standing", 1, ""),
        (7, "opening_hours", "submission", 1, ""),
    }


def test_it_never_meets_and_counts_the_four_things_first_each_quarter(haven):
    assert not haven.has_meetings
    assert haven.returns_every == Cadence.QUARTER
    outcomes = ReturnItem.objects.filter(scheme=haven, kind="outcome", is_not_asked=False)
    assert list(outcomes.order_by("order").values_list("label", flat=True))[:4] == [
        "Let in",
        "Calm space",
        "Somebody called",
        "Directions given",
    ]


def test_its_training_is_ninety_minutes_together_and_opens_after_a_review(haven):
    module = Module.objects.get(slug="safe-haven")
    assert (module.minutes, module.completed_by) == (90, "attendance")
    assert module.open_version is None
    assert sum(step.minutes for step in module.outline.all()) == 90
    assert {paper.kind for paper in module.papers.all()} == {"easy-read", "handout"}
    assert module.facts.filter(to_confirm=True).exists(), "the council has to confirm some"


def test_the_training_says_why_nobody_has_to_keep_the_other_one_out(haven):
    text = "\n".join(Module.objects.get(slug="safe-haven").sections.values_list("body", flat=True))
    assert "Why nobody asks you to keep the other one out" in text
    assert "move the person, not the pursuer" in text
    asked = haven.principles.get(order=2)
    assert "Nobody asks you to keep out" in asked.help_text


def test_the_partner_waits_for_the_council_to_confirm_it(haven):
    line = next(each for each in checklist(haven) if each.words == "Delivered by")
    assert not line.is_done
    assert line.says == "Studio 3 Arts: to be confirmed by the council, or changed."
    ready_to_open(haven)
    line = next(each for each in checklist(haven) if each.words == "Delivered by")
    assert line.is_done


def test_another_partner_has_the_texts_signed_off_again(haven):
    ready_to_open(haven)
    haven = change_look(haven, delivered_by="Somebody Else", by=UserFactory())
    line = next(each for each in checklist(haven) if each.words == "Texts")
    assert not line.is_done


def test_a_letter_says_who_delivers_the_scheme(haven):
    sign_up = SignUpFactory(scheme=haven)
    signature = letters.signature_of(sign_up.scheme)
    assert signature.lines[1] == "Delivered by Studio 3 Arts"


def test_the_start_page_says_that_the_training_is_ninety_minutes_together(client, open_haven):
    page = client.get(reverse("join_one", args=[open_haven.slug])).content.decode()
    assert "Training: a session of 90 minutes, together with others." in page
    assert "on a phone, once a year" not in page
    assert "delivered by Studio 3 Arts" in page
