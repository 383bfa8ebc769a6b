"""Insurance as a proof: in date until the day an organisation gave, warned of before it ends."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone
from post_office.models import Email

from common.refusals import Refused
from tests.factories import (
    ALWAYS,
    MembershipFactory,
    PrincipleFactory,
    RequirementFactory,
    SchemeFactory,
    SignUpFactory,
    UserFactory,
)
from venues import actions
from venues.evidence import outstanding, proofs, proofs_by_sign_up
from venues.evidence_kinds import Stage, find_kind
from venues.forms import CriteriaForm
from venues.models import Agreement, Answer, Criterion, Event, Lapse, SignUp
from venues.rules import missing_for_submission
from venues.tasks import task_groups

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 11, 28)
PARTS = ("day", "month", "year")
A_DAY = datetime.timedelta(days=1)
WORDS = "Insurance is in date, and the team knows until when."


@pytest.fixture(autouse=True)
def today(monkeypatch):
    """Days count from a fixed one."""
    monkeypatch.setattr(timezone, "localdate", lambda value=None, timezone=None: TODAY)


@pytest.fixture
def scheme():
    return SchemeFactory(grace_days=28)


@pytest.fixture
def question(scheme):
    found = Criterion.objects.create(
        slug="insured-until",
        about="organisation",
        theme="insurance",
        order=1,
        question="Until which day is your insurance in date?",
        answer_kind="date",
    )
    found.schemes.add(scheme)
    return found


@pytest.fixture
def requirement(scheme, question):
    return RequirementFactory(
        principle=PrincipleFactory(scheme=scheme, title="Open and insured"),
        evidence="insurance_until",
        needed_for="submission",
        subject=question.slug,
        asked_since=TODAY - 400 * A_DAY,
    )


@pytest.fixture
def sign_up(scheme, requirement):
    found = SignUpFactory(scheme=scheme, approved=True, listed=True, venue__hours=ALWAYS)
    SignUp.objects.update(approved_at=timezone.now() - 200 * A_DAY, listed_since=TODAY - 90 * A_DAY)
    found.refresh_from_db()
    return found


@pytest.fixture
def manager(sign_up):
    organisation = sign_up.venue.organisation
    return MembershipFactory(organisation=organisation, user__email="sam@example.org").user


def insured(sign_up, question, days, by=None):
    """As if the date had been given when it was still to come."""
    return Answer.objects.update_or_create(
        criterion=question,
        organisation=sign_up.venue.organisation,
        defaults={"day": TODAY + days * A_DAY, "answered_by": by or UserFactory()},
    )[0]


def state_of(sign_up):
    (alone,) = proofs(sign_up, Stage.STANDING, TODAY)
    (listed,) = proofs_by_sign_up([sign_up], Stage.STANDING, TODAY)[sign_up.pk]
    assert alone.state == listed.state
    assert alone.held_until == listed.held_until
    return alone.state


# The proof


@pytest.mark.parametrize(
    ("days", "state"), [(400, "held"), (31, "held"), (30, "lapsing"), (0, "lapsing")]
)
def test_a_date_proves_through_its_own_day_and_warns_in_the_last_month(
    sign_up, question, days, state
):
    insured(sign_up, question, days)
    assert state_of(sign_up) == state


def test_a_lapsed_insurance_has_grace_from_the_day_it_ended(sign_up, question):
    insured(sign_up, question, -1)
    (proof,) = proofs(sign_up, Stage.STANDING, TODAY)
    assert (proof.state, proof.grace_until) == ("in_grace", TODAY - A_DAY + 28 * A_DAY)


def test_only_the_question_named_by_the_requirement_proves(sign_up, question, scheme):
    other = Criterion.objects.create(
        slug="insurer-asked", about="organisation", theme="insurance", order=2, question="When?"
    )
    Criterion.objects.filter(pk=other.pk).update(answer_kind="date")
    insured(sign_up, other, 100)
    assert state_of(sign_up) != "held"


def test_another_organisations_date_proves_nothing_here(sign_up, question):
    insured(SignUpFactory(scheme=sign_up.scheme), question, 100)
    assert state_of(sign_up) != "held"


def test_the_subjects_to_choose_from_are_the_schemes_own_dated_questions(scheme, question):
    assert find_kind("insurance_until").subjects(scheme) == [(question.slug, question.question)]
    assert find_kind("insurance_until").subjects(SchemeFactory()) == []


# Sending the sign-up


def test_a_sign_up_cannot_be_sent_without_a_date(scheme, requirement, question):
    draft = SignUpFactory(scheme=scheme)
    assert WORDS in missing_for_submission(draft)
    insured(draft, question, 100)
    assert WORDS not in missing_for_submission(draft)
    assert outstanding(draft, Stage.SUBMISSION, TODAY) == []


def test_it_may_follow_when_the_place_asked_for_help_with_the_principle(
    scheme, requirement, question
):
    draft = SignUpFactory(scheme=scheme)
    Agreement.objects.create(
        sign_up=draft,
        principle=requirement.principle,
        version=requirement.principle.version,
        answer="need_help",
        agreed_by=UserFactory(),
    )
    assert WORDS not in missing_for_submission(draft)


def policies(sign_up):
    tasks = [task for group in task_groups(sign_up) for task in group.tasks]
    return next(task for task in tasks if task.key == "edit_policies")


def test_the_task_list_says_that_the_date_is_needed(scheme, requirement, question):
    draft = SignUpFactory(scheme=scheme)
    task = policies(draft)
    assert (task.status, task.hint) == ("To do", "Give the day on which your insurance ends.")
    insured(draft, question, 100)
    assert policies(draft).done


def test_an_optional_question_beside_it_may_follow_later(scheme, requirement, question):
    more = Criterion.objects.create(
        slug="policy", about="organisation", theme="policies", order=3, question="A policy?"
    )
    more.schemes.add(scheme)
    draft = SignUpFactory(scheme=scheme)
    insured(draft, question, 100)
    assert policies(draft).status == "Can follow later"


# Giving the date


@pytest.fixture
def give(client, sign_up, question, manager):
    """Type the date on the portal's page."""

    def give(day, month, year):
        client.force_login(manager)
        box = f"q{question.pk}_value"
        data = {f"{box}_day": day, f"{box}_month": month, f"{box}_year": year}
        return client.post(reverse("answer_policies", args=[sign_up.pk]), data, follow=True)

    return give


def test_a_manager_gives_the_new_date_from_the_home_page(client, give, sign_up, question, manager):
    insured(sign_up, question, 1)
    client.force_login(manager)
    home = client.get(reverse("portal_home", args=[sign_up.pk])).content.decode()
    assert "That ends tomorrow, 29 November 2026." in home
    assert "ends tomorrow, 29 November 2026" in home
    assert reverse("edit_policies", args=[sign_up.pk]) in home
    page = give("1", "December", "2027")
    assert "Saved." in page.content.decode()
    assert Answer.objects.get().day == datetime.date(2027, 12, 1)
    home = client.get(reverse("portal_home", args=[sign_up.pk])).content.decode()
    assert "until 1 December 2027" in home


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        (("27", "11", "2026"), "27 November 2026 has passed. Give the day on which"),
        (("30", "2", "2027"), "Write a real date, such as 27 3 2026."),
        (("1", "3", "2037"), "1 March 2037 is more than 5 years away. Is the year right?"),
        (("1", "", "2027"), "Write a day, a month and a year."),
    ],
)
def test_a_wrong_date_is_refused_at_its_box_and_nothing_is_saved(give, typed, words):
    page = give(*typed).content.decode()
    assert words in page
    assert f'value="{typed[2]}"' in page
    assert not Answer.objects.exists()


def test_today_is_the_last_day_that_counts(give):
    assert "Saved." in give("28", "11", "2026").content.decode()


def test_a_date_that_has_run_out_does_not_hold_up_the_other_answers(sign_up, question):
    known = insured(sign_up, question, -10)
    form = CriteriaForm(
        {f"q{question.pk}_value_{part}": str(getattr(known.day, part)) for part in PARTS},
        asked=[question],
        known={question.pk: known},
    )
    assert form.is_valid(), form.errors
    actions.answer_criteria(sign_up.venue.organisation, form.answers(), by=UserFactory())


def test_the_action_refuses_a_date_in_the_past_by_itself(sign_up, question):
    answers = {question: (TODAY - A_DAY, None, "")}
    with pytest.raises(Refused, match="27 November 2026 has passed"):
        actions.answer_criteria(sign_up.venue.organisation, answers, by=UserFactory())
    assert not Answer.objects.exists()


def test_a_date_that_proves_nothing_may_lie_in_the_past(scheme, sign_up):
    asked = Criterion.objects.create(
        slug="insurer-asked",
        about="organisation",
        theme="insurance",
        order=2,
        question="When did you ask your insurer?",
        answer_kind="date",
    )
    asked.schemes.add(scheme)
    answers = {asked: (TODAY - 30 * A_DAY, None, "")}
    actions.answer_criteria(sign_up.venue.organisation, answers, by=UserFactory())
    assert Answer.objects.get().day == TODAY - 30 * A_DAY


# What is lost, and regained


def test_a_new_date_ends_the_lapse_at_once(sign_up, question):
    insured(sign_up, question, -1)
    actions.keep_grace(SignUp.objects.all())
    assert Lapse.objects.get().closed_on is None
    answers = {question: (TODAY + 365 * A_DAY, None, "")}
    actions.answer_criteria(sign_up.venue.organisation, answers, by=UserFactory())
    assert Lapse.objects.get().closed_on == TODAY


def test_every_place_of_the_organisation_relies_on_the_same_date(sign_up, question, scheme):
    other = SignUpFactory(
        scheme=scheme, approved=True, venue__organisation=sign_up.venue.organisation
    )
    insured(sign_up, question, 100)
    assert state_of(sign_up) == state_of(other) == "held"


# Letters before it ends


def subjects():
    return [email.subject for email in Email.objects.order_by("pk")]


@pytest.mark.parametrize(
    ("days", "ends"),
    [
        (30, "on 28 December 2026"),
        (7, "on 5 December 2026"),
        (1, "tomorrow, 29 November 2026"),
        (0, "today, 28 November 2026"),
    ],
)
def test_managers_get_a_letter_before_it_ends(sign_up, question, manager, days, ends):
    insured(sign_up, question, days)
    assert actions.remind_of_insurance(TODAY) == 1
    assert subjects() == [f"Your insurance ends {ends}"]
    email = Email.objects.get()
    assert email.to == ["sam@example.org"]
    assert "Give the new date" in email.message
    assert reverse("edit_policies", args=[sign_up.pk]) in email.message


def test_each_reminder_goes_once_and_a_new_date_starts_afresh(sign_up, question, manager):
    insured(sign_up, question, 30)
    sent = [actions.remind_of_insurance(TODAY + day * A_DAY) for day in (0, 0, 1, 22, 23, 24, 29)]
    assert sent == [1, 0, 0, 0, 1, 0, 1]
    insured(sign_up, question, 20)
    assert actions.remind_of_insurance(TODAY) == 1


def test_nobody_is_written_to_in_good_time_or_after_the_end(sign_up, question, manager):
    for days in (31, -1):
        insured(sign_up, question, days)
        assert actions.remind_of_insurance(TODAY) == 0


def test_only_members_of_a_scheme_that_asks_for_it_get_the_letter(scheme, requirement, question):
    draft = SignUpFactory(scheme=scheme)
    insured(draft, question, 7)
    elsewhere = SignUpFactory(approved=True)
    insured(elsewhere, question, 7)
    assert actions.remind_of_insurance(TODAY) == 0


def test_one_letter_is_enough_for_an_organisation_with_many_places(sign_up, question, manager):
    for __ in range(2):
        SignUpFactory(
            scheme=sign_up.scheme, approved=True, venue__organisation=sign_up.venue.organisation
        )
    insured(sign_up, question, 7)
    assert actions.remind_of_insurance(TODAY) == 1
    assert Event.objects.filter(kind="venues.insurance_reminded").count() == 1
