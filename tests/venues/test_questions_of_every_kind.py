"""Questions: shared ones and a scheme's own, of every kind, and conditional ones."""

import datetime

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.urls import reverse

from common.refusals import Refused
from tests.factories import (
    MembershipFactory,
    OfficerFactory,
    PrincipleFactory,
    SchemeFactory,
    SignUpFactory,
    UserFactory,
)
from venues.actions import answer_criteria
from venues.models import Answer, Criterion, Theme
from venues.tasks import task_groups

pytestmark = pytest.mark.django_db


@pytest.fixture
def scheme():
    scheme = SchemeFactory()
    PrincipleFactory(scheme=scheme)
    return scheme


@pytest.fixture
def ask(scheme):
    """Create a question asked by `scheme`; `own=True` makes it the scheme's own."""

    def ask(slug, own=True, about="venue", theme="space", **fields):
        order = Criterion.objects.count()
        criterion = Criterion(
            slug=slug, about=about, theme=theme, order=order, question=f"What of {slug}?", **fields
        )
        criterion.scheme = scheme if own else None
        criterion.full_clean()
        criterion.save()
        criterion.schemes.add(scheme)
        return criterion

    return ask


@pytest.fixture
def cctv(ask):
    return ask("cctv", answer_kind="choice", choices=["Inside", "Outside", "None"])


@pytest.fixture
def footage(ask, cctv):
    return ask("footage", answer_kind="text", depends_on=cctv, depends_value="Inside")


@pytest.fixture
def portal(client, scheme):
    sign_up = SignUpFactory(scheme=scheme)
    manager = MembershipFactory(organisation=sign_up.venue.organisation).user
    client.force_login(manager)

    def visit(data=None):
        if data is None:
            return client.get(reverse("edit_space", args=[sign_up.pk]))
        return client.post(reverse("answer_criteria", args=[sign_up.pk]), data, follow=True)

    visit.sign_up, visit.manager = sign_up, manager
    return visit


def answers():
    return {each.criterion.slug: each.words for each in Answer.objects.select_related("criterion")}


def messages_of(page):
    return [str(message) for message in page.context["messages"]]


def test_answers_of_every_kind_are_saved_and_shown_again(ask, cctv, portal):
    ask("exits")
    ask("plan", answer_kind="text")
    ask("insured", answer_kind="date")
    keys = {each.slug: f"q{each.pk}_value" for each in Criterion.objects.all()}
    date = {
        f"{keys['insured']}_{part}": n for part, n in (("day", 4), ("month", 3), ("year", 2031))
    }
    given = {keys["exits"]: "we_do", keys["cctv"]: "Outside", keys["plan"]: "Ring the bell."}
    portal(given | date)
    assert answers() == {
        "exits": "We do this",
        "cctv": "Outside",
        "plan": "Ring the bell.",
        "insured": "4 March 2031",
    }
    page = portal().content.decode()
    for words in ("Ring the bell.", 'value="2031"', "Roles, not names"):
        assert words in page


def test_an_answer_that_identifies_somebody_is_refused_at_its_field(ask, portal):
    plan = ask("plan", answer_kind="text")
    for text in ("Ring 01962 840 222", "Write to sam@example.org", "x" * 601):
        page = portal({f"q{plan.pk}_value": text})
        assert page.context["form"].errors[f"q{plan.pk}_value"]
    assert not Answer.objects.exists()


def test_a_conditional_question_appears_once_its_condition_is_met(footage, cctv, portal):
    assert footage.question not in portal().content.decode()
    page = portal({f"q{cctv.pk}_value": "Inside"})
    assert "Your answer leads to one more question below." in messages_of(page)
    assert footage.question in page.content.decode()
    portal({f"q{cctv.pk}_value": "Inside", f"q{footage.pk}_value": "For a month."})
    assert answers() == {"cctv": "Inside", "footage": "For a month."}


def test_a_skipped_question_is_not_asked_but_keeps_its_answer(footage, cctv, portal):
    said = {cctv: ("Inside", None, ""), footage: ("For a month.", None, "")}
    answer_criteria(portal.sign_up.venue, said, by=portal.manager)
    portal({f"q{cctv.pk}_value": "None", f"q{footage.pk}_value": "For a month."})
    assert answers() == {"cctv": "None", "footage": "For a month."}
    assert footage.question not in portal().content.decode()
    portal({f"q{cctv.pk}_value": "Inside"})
    assert "For a month." in portal().content.decode()


def test_a_new_answer_to_a_skipped_question_is_refused_in_words(footage, cctv, portal):
    page = portal({f"q{cctv.pk}_value": "None", f"q{footage.pk}_value": "For a month."})
    error = page.context["form"].errors[f"q{footage.pk}_value"]
    assert error == ["Leave this empty: it is only asked after another answer to “What of cctv?”."]
    assert not Answer.objects.exists()
    with pytest.raises(Refused, match="only asked after another answer"):
        answer_criteria(portal.sign_up.venue, {footage: ("x", None, "")}, by=portal.manager)


def test_a_question_depending_on_a_skipped_one_is_skipped_too(ask, footage, cctv, portal):
    signs = ask("signs")
    late = ask("late", depends_on=signs, depends_value="we_do")
    signs.depends_on, signs.depends_value = cctv, "Outside"
    signs.full_clean()
    signs.save()
    said = {cctv: ("None", None, "")}
    answer_criteria(portal.sign_up.venue, said, by=portal.manager)
    Answer.objects.create(
        criterion=signs, venue=portal.sign_up.venue, value="we_do", answered_by=portal.manager
    )
    with pytest.raises(Refused, match="only asked after"):
        answer_criteria(portal.sign_up.venue, {late: ("we_do", None, "")}, by=portal.manager)


def test_an_unknown_choice_is_refused(cctv, portal):
    with pytest.raises(Refused, match="not one of the choices"):
        answer_criteria(portal.sign_up.venue, {cctv: ("Roof", None, "")}, by=portal.manager)
    page = portal({f"q{cctv.pk}_value": "Roof"})
    assert page.context["form"].errors


def test_the_task_is_done_once_every_applicable_question_is_answered(footage, cctv, portal):
    def done():
        groups = task_groups(portal.sign_up)
        return next(t.done for g in groups for t in g.tasks if t.key == "edit_space")

    assert not done()
    answer_criteria(portal.sign_up.venue, {cctv: ("Inside", None, "")}, by=portal.manager)
    assert not done()
    answer_criteria(portal.sign_up.venue, {cctv: ("None", None, "")}, by=portal.manager)
    assert done()


def test_themes_are_headings_when_there_are_several(ask, portal):
    Theme.objects.create(slug="response", title="What you do when it happens", order=9)
    ask("exits")
    assert "What you do when it happens" not in portal().content.decode()
    ask("alarm", theme="response")
    ask("bell", theme="out-of-hours")
    page = portal().content.decode()
    assert "What you do when it happens" in page
    assert "Out of hours" in page


def test_a_scheme_does_not_ask_another_schemes_own_questions(ask, portal):
    own, shared = ask("own"), ask("shared", own=False)
    other = SchemeFactory()
    other.criteria.set([own, shared])
    assert set(Criterion.objects.asked_by(other)) == {shared}
    assert set(Criterion.objects.asked_by(portal.sign_up.scheme)) == {own, shared}


class TestBadQuestions:
    def test_a_cycle_of_conditions_is_refused(self, ask, cctv):
        second = ask("second", depends_on=cctv, depends_value="Inside")
        third = ask("third", depends_on=second, depends_value="we_do")
        cctv.depends_on, cctv.depends_value = third, "we_do"
        with pytest.raises(ValidationError, match="in a circle"):
            cctv.full_clean()
        second.depends_on, second.depends_value = second, "we_do"
        with pytest.raises(ValidationError, match="in a circle"):
            second.full_clean()

    @pytest.mark.parametrize("choices", [[], ["Only one"]])
    def test_a_choice_question_without_choices_is_refused_by_form_and_database(self, ask, choices):
        with pytest.raises(ValidationError, match="at least two choices"):
            ask("bad", answer_kind="choice", choices=choices)
        with pytest.raises(IntegrityError), transaction.atomic():
            Criterion.objects.create(
                slug="bad", about="venue", theme="space", order=1, answer_kind="choice",
                choices=choices,
            )  # fmt: skip

    def test_a_condition_must_be_a_possible_answer_to_the_other_question(self, ask, cctv, footage):
        with pytest.raises(ValidationError, match="Inside, Outside, None"):
            ask("a", depends_on=cctv, depends_value="Roof")
        with pytest.raises(ValidationError, match="fixed answers"):
            ask("b", depends_on=footage, depends_value="x")
        with pytest.raises(ValidationError, match="both the other question and its answer"):
            ask("c", depends_value="Inside")
        with pytest.raises(ValidationError, match="about an organisation"):
            ask("d", about="organisation", depends_on=cctv, depends_value="Inside")

    def test_an_answered_question_cannot_lose_its_kind_or_chosen_option(
        self, cctv, footage, portal
    ):
        answer_criteria(portal.sign_up.venue, {cctv: ("Outside", None, "")}, by=portal.manager)
        cctv.choices = ["Inside", "None"]
        with pytest.raises(ValidationError, match="Somebody chose"):
            cctv.full_clean()
        cctv.choices = ["Outside", "None"]
        with pytest.raises(ValidationError, match="only after one of the choices"):
            cctv.full_clean()
        cctv.answer_kind, cctv.choices = "text", []
        with pytest.raises(ValidationError, match="answered already"):
            cctv.full_clean()


FORM = {
    "slug": "exits", "about": "venue", "theme": "space", "order": 1, "question": "A second exit?",
    "hint": "", "answer_kind": "yes", "choices": "", "depends_on": "", "depends_value": "",
}  # fmt: skip


def test_an_administrator_adds_and_words_their_schemes_own_questions(client, scheme):
    client.force_login(OfficerFactory(scheme=scheme, role="administrator").user)
    page = client.post(reverse("admin:venues_criterion_add"), FORM)
    assert "This field is required" in page.content.decode(), "no shared question of theirs"
    other = SchemeFactory()
    page = client.post(reverse("admin:venues_criterion_add"), FORM | {"scheme": other.pk})
    assert "Select a valid choice" in page.content.decode()
    client.post(reverse("admin:venues_criterion_add"), FORM | {"scheme": scheme.pk})
    criterion = Criterion.objects.get()
    assert criterion.scheme == scheme
    assert list(criterion.schemes.all()) == [scheme]
    address = reverse("admin:venues_criterion_change", args=[criterion.pk])
    client.post(address, FORM | {"question": "Is there a second exit?"})
    criterion.refresh_from_db()
    assert criterion.question == "Is there a second exit?"


def test_shared_and_other_schemes_questions_are_read_only(client, scheme, ask):
    shared = ask("shared", own=False)
    theirs = Criterion.objects.create(
        slug="theirs", about="venue", theme="space", order=1, question="?", scheme=SchemeFactory()
    )
    client.force_login(OfficerFactory(scheme=scheme, role="administrator").user)
    address = reverse("admin:venues_criterion_change", args=[shared.pk])
    assert client.get(address).status_code == 200
    assert client.post(address, FORM).status_code == 403
    hidden = client.get(reverse("admin:venues_criterion_change", args=[theirs.pk]))
    assert hidden.status_code == 302
    client.force_login(UserFactory(is_superuser=True, is_staff=True))
    assert client.get(address).status_code == 200


def test_a_date_question_is_answered_with_a_date(ask, portal):
    insured = ask("insured", answer_kind="date")
    said = {insured: (datetime.date(2031, 3, 4), None, "")}
    answer_criteria(portal.sign_up.venue, said, by=portal.manager)
    assert Answer.objects.get().day == datetime.date(2031, 3, 4)
