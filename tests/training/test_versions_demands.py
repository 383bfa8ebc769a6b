"""What completes a module and its pass mark are reviewed, so they change only with a version."""

import pytest
from django.urls import reverse

from common.refusals import Refused
from tests.training.conftest import CONTENT, read_all, right_answers
from tests.training.session_factories import SessionFactory
from tests.training.test_author_module import of_module
from tests.training.test_training_admin import change
from training import actions
from training.content import Content
from training.models import Enrolment, Module

pytestmark = pytest.mark.django_db


@pytest.fixture
def unreviewed(unreviewed, scheme):
    """Owned by the scheme, because a council may only edit its own modules."""
    unreviewed.schemes.set([scheme])
    return unreviewed


@pytest.fixture
def trainer(officer_of, scheme):
    return officer_of("trainer", scheme)


def fields(module, **more):
    """The module's form as a browser posts it, sections and questions unchanged."""
    data = of_module(title=module.title, slug=module.slug, summary="All of it.", minutes=5)
    for name, rows in (("sections", module.sections), ("questions", module.questions)):
        rows = list(rows.of_version(module.version))
        data |= {f"{name}-TOTAL_FORMS": len(rows), f"{name}-INITIAL_FORMS": len(rows)}
        for number, row in enumerate(rows):
            values = {"id": row.pk, "module": module.pk, "order": row.order}
            values |= {
                field: getattr(row, field)
                for field in ("title", "body", "text")
                if hasattr(row, field)
            }
            data |= {f"{name}-{number}-{key}": value for key, value in values.items()}
    return data | more


def review(module, administrator):
    return actions.review_module(module, by=administrator, name="Ada", role="Lead")


def test_before_the_first_review_they_can_be_edited(trainer, unreviewed):
    trainer.post(change(unreviewed), fields(unreviewed, completed_by="either", pass_mark=60))
    unreviewed.refresh_from_db()
    assert (unreviewed.completed_by, unreviewed.pass_mark) == ("either", 60)


def test_they_are_read_only_on_a_reviewed_version_and_the_page_says_why(trainer, module):
    page = trainer.get(change(module)).text
    assert 'name="pass_mark"' not in page
    assert 'name="next_pass_mark"' not in page
    assert "belong to a version" in page
    trainer.post(
        change(module), fields(module, completed_by="attendance", pass_mark=1, next_pass_mark=1)
    )
    module.refresh_from_db()
    assert (module.completed_by, module.pass_mark) == ("self_study", 80)
    assert (module.next_completed_by, module.next_pass_mark) == ("", None)


def test_a_new_versions_values_apply_from_its_review(trainer, module, administrator, officer_of):
    actions.start_new_version(module, by=administrator)
    module.refresh_from_db()
    assert (module.next_completed_by, module.next_pass_mark) == ("self_study", 80)
    trainer.post(
        change(module), fields(module, next_completed_by="either", next_pass_mark=100, pass_mark=1)
    )
    module.refresh_from_db()
    assert (module.completed_by, module.pass_mark) == ("self_study", 80), "in force until then"
    read = trainer.get(reverse("admin:training_module_read", args=[module.pk])).text
    assert "answer 100 per cent" in read
    assert "Either: self-study or coming to a session" in read
    review(module, administrator)
    module.refresh_from_db()
    assert (module.completed_by, module.pass_mark) == ("either", 100)
    assert (module.next_completed_by, module.next_pass_mark) == ("", None)


@pytest.mark.parametrize("mark", [0, 101, "much"])
def test_an_invalid_pass_mark_is_refused(trainer, module, administrator, mark):
    actions.start_new_version(module, by=administrator)
    module.refresh_from_db()
    page = trainer.post(change(module), fields(module, next_pass_mark=mark))
    assert page.status_code == 200
    module.refresh_from_db()
    assert module.next_pass_mark == 80


def test_a_learner_on_an_older_version_passes_by_its_pass_mark(
    client, enrolment, module, administrator
):
    read_all(enrolment)
    actions.start_new_version(module, by=administrator)
    Module.objects.filter(pk=module.pk).update(next_pass_mark=100)
    review(module, administrator)
    Enrolment.objects.filter(pk=enrolment.pk).update(pass_mark=50)
    one_right = right_answers(enrolment)
    one_right.pop(max(one_right))
    done = actions.take_check(Enrolment.objects.get(), one_right)
    assert (done.score, done.mark_to_reach) == (50, 50)
    assert done.completed_at


def test_new_files_for_a_reviewed_module_change_them_only_after_review(module, administrator):
    files = Content(
        slug=CONTENT.slug,
        about={**CONTENT.about, "pass_mark": 90, "completed_by": "either"},
        text=CONTENT.text,
        digest="second",
    )
    loaded, __ = actions.load_module(files)
    assert (loaded.completed_by, loaded.pass_mark, loaded.version) == ("self_study", 80, 2)
    review(loaded, administrator)
    loaded.refresh_from_db()
    assert (loaded.completed_by, loaded.pass_mark) == ("either", 90)


def test_a_module_with_planned_sessions_cannot_become_self_study(module, administrator, scheme):
    Module.objects.filter(pk=module.pk).update(completed_by="either")
    SessionFactory(scheme=scheme, module=module)
    actions.start_new_version(module, by=administrator)
    Module.objects.filter(pk=module.pk).update(next_completed_by="self_study")
    with pytest.raises(Refused, match="1 session of this training is planned"):
        review(module, administrator)
    module.refresh_from_db()
    assert (module.completed_by, module.reviewed_version) == ("either", 1)
