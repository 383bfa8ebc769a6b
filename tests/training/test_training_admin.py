"""Officers' pages: scoped to their schemes, editable while in draft, decided by buttons."""

import pytest
from django.urls import reverse

from tests.training.conftest import train
from training.models import Module

pytestmark = pytest.mark.django_db


@pytest.fixture
def unreviewed(unreviewed, scheme):
    """Owned by the scheme, because a council may only edit its own modules."""
    unreviewed.schemes.set([scheme])
    return unreviewed


def change(thing):
    return reverse(f"admin:training_{thing._meta.model_name}_change", args=[thing.pk])


def test_an_administrator_records_a_review(officer_of, unreviewed, scheme):
    officer = officer_of("administrator", scheme)
    page = officer.get(change(unreviewed)).text
    assert "Record the review" in page
    assert "Read *this*." in page
    url = reverse("admin:review_module", args=[unreviewed.pk])
    assert officer.get(url).status_code == 200  # GET only shows the form
    assert not Module.objects.get().reviewed_by_name
    assert "Give their role." in officer.post(url, {"name": "Ada"}, follow=True).text
    page = officer.post(url, {"name": "Ada", "role": "Lead"}, follow=True).text
    assert "review of version 1 was recorded" in page
    assert Module.objects.get().reviewed_by_name == "Ada"


def test_a_trainer_writes_but_cannot_review(officer_of, unreviewed, scheme):
    trainer = officer_of("trainer", scheme)
    assert "Record the review" not in trainer.get(change(unreviewed)).text
    url = reverse("admin:review_module", args=[unreviewed.pk])
    assert trainer.post(url, {"name": "Ada", "role": "Lead"}).status_code == 403


def test_a_trainer_edits_a_draft(officer_of, unreviewed, scheme):
    trainer = officer_of("trainer", scheme)
    first, second = unreviewed.sections.all()
    data = {
        "schemes": [scheme.pk],
        "title": "Introduction",
        "summary": "All of it.",
        "kind": "introductory",
        "level": "everyone",
        "completed_by": "self_study",
        "pass_mark": 80,
        "minutes": 5,
        "pictures-TOTAL_FORMS": 0,
        "pictures-INITIAL_FORMS": 0,
        "sections-TOTAL_FORMS": 3,
        "sections-INITIAL_FORMS": 2,
        "sections-0-id": first.pk,
        "sections-0-order": 2,
        "sections-0-title": "First",
        "sections-0-body": "Changed.",
        "sections-1-id": second.pk,
        "sections-1-order": 1,
        "sections-1-title": "Second",
        "sections-1-body": "And this.",
        "sections-2-order": 3,
        "sections-2-title": "Third",
        "sections-2-body": "New.",
        "questions-TOTAL_FORMS": 0,
        "questions-INITIAL_FORMS": 0,
        **{
            f"{name}-{what}_FORMS": 0
            for name in ("papers", "outline", "facts")
            for what in ("TOTAL", "INITIAL")
        },
    }
    same_place = {**data, "sections-2-order": 1}
    assert "have the same place" in trainer.post(change(unreviewed), same_place).text
    assert trainer.post(change(unreviewed), data).status_code == 302
    titles = [section.title for section in unreviewed.sections.of_version(1)]
    assert titles == ["Second", "First", "Third"]


def test_a_question_needs_a_right_answer(officer_of, unreviewed, scheme):
    trainer = officer_of("trainer", scheme)
    question = unreviewed.questions.first()
    yes, no = question.choices.all()
    data = {
        "order": 1,
        "text": "One right?",
        "choices-TOTAL_FORMS": 2,
        "choices-INITIAL_FORMS": 2,
        **{
            f"choices-{row}-{field}": value
            for row, choice in enumerate([yes, no])
            for field, value in {
                "id": choice.pk,
                "question": question.pk,
                "order": choice.order,
                "text": choice.text,
                "feedback": choice.feedback,
            }.items()
        },
    }
    assert "has to be right" in trainer.post(change(question), data).text
    sent = trainer.post(change(question), {**data, "choices-1-right": "on"})
    assert sent.url == change(unreviewed)
    assert question.choices.get(right=True) == no


def test_reviewed_text_is_read_only_until_a_new_version_is_started(officer_of, module, scheme):
    trainer = officer_of("trainer", scheme)
    page = trainer.get(change(module)).text
    assert "sections-0-body" not in page
    assert "Start a new version" in page
    page = trainer.post(reverse("admin:start_new_version", args=[module.pk]), follow=True).text
    assert "sections-0-body" in page


def test_a_reviewer_reads_the_whole_module_on_one_page(officer_of, unreviewed, scheme):
    page = officer_of("viewer", scheme).get(
        reverse("admin:training_module_read", args=[unreviewed.pk])
    )
    assert "Both, in fact." in page.text
    assert "And this." in page.text


def test_withdrawing_a_completion_shows_its_effect_first(officer_of, sam, module, manager, scheme):
    done = train(sam, module, manager)
    trainer = officer_of("trainer", scheme)
    assert "Cafe has too few trained people from now on." in trainer.get(change(done)).text
    url = reverse("admin:withdraw_completion", args=[done.pk])
    assert "Give a reason" in trainer.post(url, {"reason": ""}, follow=True).text
    page = trainer.post(url, {"reason": "A colleague answered."}, follow=True).text
    assert "was taken back" in page
    done.refresh_from_db()
    assert done.withdrawn_reason == "A colleague answered."


def test_a_viewer_cannot_withdraw_a_completion(officer_of, sam, module, manager, scheme):
    done = train(sam, module, manager)
    viewer = officer_of("viewer", scheme)
    assert "Take it back" not in viewer.get(change(done)).text
    url = reverse("admin:withdraw_completion", args=[done.pk])
    assert viewer.post(url, {"reason": "No"}).status_code == 403


def test_another_council_sees_neither_people_nor_modules(officer_of, sam, module, manager, scheme):
    done = train(sam, module, manager)
    module.schemes.set([scheme])
    other = officer_of("administrator")
    for thing in (module, done):
        assert other.get(change(thing)).status_code == 302
    assert "Sam" not in other.get(reverse("admin:training_enrolment_changelist")).text
    assert other.post(reverse("admin:review_module", args=[module.pk])).status_code == 404
    url = reverse("admin:withdraw_completion", args=[done.pk])
    assert other.post(url, {"reason": "No"}).status_code == 404


def test_the_enrolment_list_uses_a_bounded_number_of_queries(
    officer_of, sign_up, sam, module, manager, scheme, django_assert_max_num_queries
):
    for __ in range(5):
        train(sam, module, manager)
    officer = officer_of("trainer", scheme)
    with django_assert_max_num_queries(16):
        officer.get(reverse("admin:training_enrolment_changelist"))


def test_the_enrolment_csv_is_scoped_to_the_officers_schemes(
    officer_of, sam, module, manager, scheme
):
    train(sam, module, manager)
    export = reverse("admin:training_enrolment_export")
    assert "Sam" in officer_of("trainer", scheme).get(export).text
    assert "Sam" not in officer_of("trainer").get(export).text
