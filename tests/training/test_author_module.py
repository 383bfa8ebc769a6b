"""A trainer writes a module: its details, text and questions; invalid input is refused."""

import pytest
from django.urls import reverse

from geography.models import Area
from tests.factories import SchemeFactory
from tests.training.test_training_admin import change
from training.models import Module, Question
from venues.models import Event, Scheme

pytestmark = pytest.mark.django_db
ADD = "admin:training_module_add"


@pytest.fixture
def unreviewed(unreviewed, scheme):
    """Owned by the scheme, because a council may only edit its own modules."""
    unreviewed.schemes.set([scheme])
    return unreviewed


@pytest.fixture
def trainer(officer_of, scheme):
    return officer_of("trainer", scheme)


def about(**more):
    return {
        "title": "Autism",
        "slug": "autism",
        "summary": "Less light, less talk.",
        "aims": "- Offer quiet",
        "level": "front",
        "kind": "specialist",
        "completed_by": "either",
        "pass_mark": 75,
        "minutes": 60,
        **more,
    }


def rows(*names):
    return {f"{name}-{what}_FORMS": 0 for name in names for what in ("TOTAL", "INITIAL")}


def of_module(**more):
    """Form data for a module that belongs to every scheme in the test."""
    schemes = list(Scheme.objects.values_list("pk", flat=True))
    return {
        **about(schemes=schemes),
        **rows("sections", "questions", "pictures", "papers", "outline", "facts"),
        **more,
    }


def make(slug, *, scheme=None, **more):
    """A module owned by `scheme`, or shared by all schemes without one."""
    module = Module.objects.create(slug=slug, title=slug, kind="specialist", minutes=5, **more)
    module.schemes.set([scheme] if scheme else [])
    return module


def answers(*given, **more):
    """Form data for a question: (text, is right) for each answer."""
    data = {"text": "What helps?", "choices-TOTAL_FORMS": len(given), "choices-INITIAL_FORMS": 0}
    for number, (text, right) in enumerate(given):
        data |= {f"choices-{number}-text": text, f"choices-{number}-feedback": "So."}
        data |= {f"choices-{number}-right": "on"} if right else {}
    return data | more


def test_a_trainer_adds_a_module_and_then_writes_its_content(trainer, scheme):
    sent = trainer.post(
        reverse(ADD), about(schemes=[scheme.pk], for_types=["library", "cafe"]), follow=True
    )
    module = Module.objects.get()
    assert module.for_types == ["library", "cafe"]
    assert module.completed_by == "either"
    assert list(module.schemes.all()) == [scheme]
    assert "Add a question with its answers" in sent.text
    assert Event.objects.filter(about_id=module.pk, kind="training.version_started").exists()


def test_a_trainers_new_module_defaults_to_their_scheme_and_cannot_be_shared(trainer, scheme):
    SchemeFactory()
    page = trainer.get(reverse(ADD))
    assert list(page.context["adminform"].form["schemes"].value()) == [scheme.pk]
    assert "This field is required" in trainer.post(reverse(ADD), about()).text
    assert not Module.objects.exists()


def test_a_question_and_its_answers_are_written_on_one_page(trainer, unreviewed):
    add = f"{reverse('admin:training_question_add')}?module={unreviewed.pk}"
    assert trainer.get(add).status_code == 200
    sent = trainer.post(add, answers(("Quiet", True), ("A chair", True), ("Noise", False)))
    assert sent.url == change(unreviewed)
    question = unreviewed.questions.get(text="What helps?")
    assert (question.order, question.version) == (3, 1)
    assert [choice.right for choice in question.choices.all()] == [True, True, False]


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ([("Quiet", False), ("Noise", False)], "At least one answer has to be right."),
        ([("Quiet", True)], "Give at least two answers"),
        ([("Quiet", True), ("", False)], "This field is required."),
    ],
)
def test_an_unanswerable_question_is_refused_with_an_error_on_the_question(
    trainer, unreviewed, given, words
):
    add = f"{reverse('admin:training_question_add')}?module={unreviewed.pk}"
    page = trainer.post(add, answers(*given))
    assert words in page.text
    assert "Quiet" in page.text, "what was written is still there"
    assert not Question.objects.filter(text="What helps?").exists()


def test_a_question_cannot_be_added_to_a_reviewed_version_or_another_councils_module(
    trainer, module, officer_of
):
    add = f"{reverse('admin:training_question_add')}?module="
    assert trainer.get(f"{add}{module.pk}").status_code == 403
    assert trainer.get(f"{add}x").status_code == 404
    theirs = make("theirs", scheme=SchemeFactory())
    assert trainer.get(f"{add}{theirs.pk}").status_code == 404


def test_prerequisites_cannot_form_a_cycle(trainer, scheme):
    a, b, c = (make(slug, scheme=scheme) for slug in "abc")
    b.prerequisites.set([a])
    c.prerequisites.set([b])
    data = of_module(title="a", slug="a", prerequisites=[c.pk])
    page = trainer.post(change(a), data)
    assert "These go round in a circle" in page.text
    assert "“a”, “c”, “b”, “a”" in page.text
    assert not a.prerequisites.exists()
    itself = trainer.post(change(a), of_module(title="a", prerequisites=[a.pk]))
    assert "“a”, “a”" in itself.text
    assert trainer.post(change(c), of_module(title="c", prerequisites=[a.pk])).status_code == 302


def test_only_a_superuser_shares_a_module_or_takes_it_back(trainer, scheme, client, admin_user):
    module = make("ours", scheme=scheme)
    refused = trainer.post(change(module), of_module(schemes=[]))
    assert "This field is required" in refused.text
    assert [*module.schemes.all()] == [scheme]
    client.force_login(admin_user)
    assert client.post(change(module), of_module(schemes=[])).status_code == 302
    assert not module.schemes.exists()
    assert client.post(change(module), of_module(schemes=[scheme.pk])).status_code == 302
    assert [*module.schemes.all()] == [scheme]


def test_only_areas_of_the_scheme_can_be_chosen_for_suggestions(trainer, scheme):
    district = Area.objects.create(
        code="E1", name="Ours", kind="district", boundary=SQUARE, vintage=2024
    )
    Area.objects.create(
        code="E2", name="Our ward", kind="ward", parent_code="E1", boundary=SQUARE, vintage=2024
    )
    Area.objects.create(
        code="E3", name="Far ward", kind="ward", parent_code="E9", boundary=SQUARE, vintage=2024
    )
    scheme.area = district
    scheme.save()
    page = trainer.get(change(make("m", scheme=scheme))).text
    assert "Our ward" in page
    assert "Far ward" not in page


SQUARE = (
    "SRID=27700;MULTIPOLYGON(((440000 110000, 450000 110000, 450000 120000, "
    "440000 120000, 440000 110000)))"
)


def test_the_preview_renders_unsaved_text_safely_and_saves_nothing(trainer, unreviewed):
    typed = {
        "sections-0-order": "2",
        "sections-0-title": "Later",
        "sections-0-body": "One *word* <script>alert(1)</script>",
        "sections-1-order": "1",
        "sections-1-title": "Sooner",
        "sections-1-body": "Another [x](javascript:alert(2))",
        "sections-2-DELETE": "on",
        "sections-2-body": "Gone",
    }
    page = trainer.post(reverse("admin:preview_module", args=[unreviewed.pk]), typed).text
    assert page.index("Sooner") < page.index("Later")
    assert "<em>word</em>" in page
    assert "<script>alert" not in page
    assert 'href="javascript' not in page
    assert "Gone" not in page
    assert unreviewed.sections.filter(title="Sooner").count() == 0
    live = trainer.post(
        reverse("admin:preview_section", args=[unreviewed.pk]), {"body": "**so** <img src=x>"}
    )
    assert live.text == '<p class="govuk-body"><strong>so</strong> &lt;img src=x&gt;</p>\n'


def test_an_attendance_module_with_aims_but_no_questions_can_be_reviewed(officer_of, scheme):
    module = make("session-only", scheme=scheme, completed_by="attendance", aims="- Offer quiet")
    administrator = officer_of("administrator", scheme)
    url = reverse("admin:review_module", args=[module.pk])
    administrator.post(url, {"name": "Ada", "role": "Lead"})
    module.refresh_from_db()
    assert module.reviewed_version == 1


def test_the_module_list_exports_as_csv_and_uses_a_constant_number_of_queries(
    trainer, module, scheme, django_assert_max_num_queries
):
    for number in range(20):
        make(f"m{number}", scheme=scheme)
    with django_assert_max_num_queries(10):
        trainer.get(reverse("admin:training_module_changelist"))
    export = trainer.get(reverse("admin:training_module_export"))
    assert export["Content-Type"].startswith("text/csv")
    assert "Introduction" in export.text
