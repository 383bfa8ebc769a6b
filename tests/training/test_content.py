"""Modules are loaded from files, rendered safely, reviewed, and rewritten as new versions."""

from dataclasses import replace

import pytest
from django.core.management import call_command

from common.prose import as_html
from common.refusals import Refused
from tests.training.conftest import CONTENT, train
from training import actions
from training.content import read
from training.models import Module
from venues.models import Event

pytestmark = pytest.mark.django_db


def test_the_introductory_module_is_complete(introductory):
    assert 7 <= introductory.sections.count() <= 9
    assert introductory.questions.count() >= 12
    assert introductory.pass_mark == 80
    assert 45 <= introductory.minutes <= 60
    for question in introductory.questions.prefetch_related("choices"):
        assert any(choice.right for choice in question.choices.all())
        assert all(choice.feedback for choice in question.choices.all())
        several = sum(choice.right for choice in question.choices.all()) > 1
        assert question.text.endswith("Choose all that are right.") == several


def test_each_specialist_module_ships_with_aims_audience_and_length(introductory, administrator):
    specialist = Module.objects.filter(kind="specialist")
    assert {
        "lgbtq-awareness",
        "neurodivergence",
        "migration-and-asylum",
        "anti-racism",
        "gender-violence",
        "trauma-informed-night",
        "vawg",
        "first-aid",
        "crisis-management",
        "first-shift",
        "safe-places",
    } <= set(specialist.values_list("slug", flat=True))
    for module in specialist:
        module.clean_fields(exclude=["reviewed_by_name", "reviewed_by_role"])
        assert module.aims.count("- ") >= 5
        assert module.audience
        assert 15 <= module.minutes <= 180
        assert module.open_version is None, "nobody has reviewed it yet"
        module.facts.update(to_confirm=False)  # As the reviewer would after checking them.
        reviewed = actions.review_module(module, by=administrator, name="Ada", role="Lead")
        assert reviewed.open_version == 1
    first = Module.objects.get(slug="gender-violence").prerequisites.get()
    assert first == introductory


def test_loading_the_same_files_again_is_idempotent(introductory):
    call_command("load_training")
    introductory.refresh_from_db()
    assert introductory.version == 1
    loaded = Event.objects.filter(kind="training.module_loaded")
    assert loaded.count() == Module.objects.count()


def test_changed_files_make_a_new_version_and_learners_keep_the_one_they_began(enrolment, module):
    newer = replace(
        CONTENT, text=replace(CONTENT.text, sections=[("Only", "This.")]), digest="second"
    )
    module, loaded = actions.load_module(newer)
    assert loaded
    assert module.version == 2
    assert module.open_version == 1
    assert [section.title for section in enrolment.sections] == ["First", "Second"]


def test_files_whose_question_has_no_right_answer_are_refused(tmp_path):
    (tmp_path / "module.toml").write_text('title = "A"')
    (tmp_path / "1.md").write_text("No title")
    (tmp_path / "questions.toml").write_text(
        '[[questions]]\ntext = "A?"\n[[questions.choices]]\ntext = "B"\nfeedback = "C"'
    )
    with pytest.raises(Refused) as refusal:
        read(tmp_path)
    assert len(refusal.value.reasons) == 2


def test_script_in_markdown_is_stripped():
    html = as_html(
        "# Title\n\n<script>alert(1)</script>\n\n[x](javascript:alert(1)) "
        "![p](https://example.org/p.png)\n\n[ring](tel:999)"
    )
    assert "<script" not in html
    assert "javascript:" not in html.replace("[x](javascript:alert(1))", "")
    assert "<img" not in html
    assert 'href="tel:999"' in html
    assert "<h2" in html
    assert "<h1" not in html


def test_a_review_needs_a_name_a_role_and_content(administrator):
    empty = Module.objects.create(slug="empty", title="Empty", kind="specialist", minutes=5)
    with pytest.raises(Refused) as refusal:
        actions.review_module(empty, by=administrator, name=" ", role="")
    assert len(refusal.value.reasons) == 3
    assert not Module.objects.open().exists()


def test_a_review_opens_the_module_and_is_recorded(module):
    assert list(Module.objects.open()) == [module]
    assert Event.objects.filter(kind="training.module_reviewed", about_id=module.pk).exists()


def test_a_module_with_an_unanswerable_question_cannot_be_reviewed(unreviewed, administrator):
    unreviewed.questions.first().choices.update(right=False)
    with pytest.raises(Refused, match="Question 1 has no right answer"):
        actions.review_module(unreviewed, by=administrator, name="Ada", role="Lead")


def test_a_new_version_copies_the_content_and_awaits_review(module, administrator, sam, manager):
    newer = actions.start_new_version(module, by=administrator)
    assert newer.version == 2
    assert newer.sections.of_version(2).count() == 2
    assert newer.questions.of_version(2).first().choices.count() == 2
    assert train(sam, newer, manager).module_version == 1
    with pytest.raises(Refused):
        actions.start_new_version(newer, by=administrator)
