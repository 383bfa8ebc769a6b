"""Before a rule changes, the admin lists the venues that would be unlisted and asks to confirm."""

import datetime

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import OfficerFactory, RequirementFactory, SchemeFactory, SignUpFactory
from venues.models import Lapse, Requirement, Scheme, SignUp

from .test_evidence_agrees import reviewed_module

pytestmark = pytest.mark.django_db


@pytest.fixture
def scheme():
    return SchemeFactory(grace_days=28)


@pytest.fixture
def administrator(client, scheme):
    user = OfficerFactory(scheme=scheme, role="administrator").user
    client.force_login(user)
    return user


@pytest.fixture
def requirement(scheme):
    return RequirementFactory(
        principle__scheme=scheme, evidence="current_sticker", needed_for="standing"
    )


@pytest.fixture
def sign_ups(scheme, requirement):
    """One sign-up without a website and one with."""
    return [
        SignUpFactory(
            scheme=scheme,
            venue__name=name,
            venue__website=website,
            approved=True,
            approved_at=timezone.now() - datetime.timedelta(days=300),
            listed=True,
        )
        for name, website in [("Blue Café", ""), ("Red Library", "https://example.org/")]
    ]


def listed():
    return SignUp.objects.listed(timezone.localdate()).count()


def form_of(requirement, *more):
    """The principle's change form as a browser posts it; `more` adds rows of requirements."""
    principle = requirement.principle
    data = {
        "title": principle.title,
        "wording": principle.wording,
        "order": principle.order,
        "help_text": "",
        "requirements-TOTAL_FORMS": 1 + len(more),
        "requirements-INITIAL_FORMS": 1,
    }
    first = {
        "id": requirement.pk,
        "evidence": requirement.evidence,
        "needed_for": requirement.needed_for,
        "at_least": 1,
    }
    for number, row in enumerate([first, *more]):
        row = {"principle": principle.pk, "at_least": 1, "needed_for": "standing", **row}
        data |= {f"requirements-{number}-{name}": value for name, value in row.items()}
    return data


def url_of(requirement):
    return reverse("admin:venues_principle_change", args=[requirement.principle_id])


def confirmed(answer, data):
    name, digest = answer.context["seen"]
    return {**data, name: digest}


def test_a_new_requirement_lists_who_would_be_unlisted_and_when_before_saving(
    client, administrator, requirement, sign_ups
):
    data = form_of(requirement, {"evidence": "online_presence"})
    answer = client.post(url_of(requirement), data)
    said = " ".join(answer.content.decode().split())
    day = timezone.localdate() + datetime.timedelta(days=29)
    assert f"1 venue would leave the finder on {day.day} {day:%B %Y}" in said
    assert "Blue Café" in said
    assert "Red Library" not in said
    assert Requirement.objects.count() == 1
    assert not Lapse.objects.exists()
    assert "changed successfully" not in client.get(url_of(requirement)).content.decode()

    client.post(url_of(requirement), confirmed(answer, data))
    assert Requirement.objects.count() == 2
    assert listed() == 2
    assert Lapse.objects.get().since == timezone.localdate()


def test_the_confirmation_page_keeps_everything_typed(client, administrator, requirement, sign_ups):
    data = form_of(requirement, {"evidence": "online_presence"})
    answer = client.post(url_of(requirement), data)
    assert dict(answer.context["typed"]) == {name: str(value) for name, value in data.items()}


def test_confirmation_is_asked_again_when_the_effect_has_changed(
    client, administrator, requirement, sign_ups, scheme
):
    data = form_of(requirement, {"evidence": "online_presence"})
    answer = client.post(url_of(requirement), data)
    SignUpFactory(scheme=scheme, venue__website="", approved=True, listed=True)
    again = client.post(url_of(requirement), confirmed(answer, data))
    assert sum(len(each.venues) for each in again.context["leaving"]) == 2
    assert Requirement.objects.count() == 1


def test_a_change_that_unlists_nobody_saves_without_confirmation(
    client, administrator, requirement, sign_ups
):
    data = form_of(requirement, {"evidence": "opening_hours", "unlists": "False"})
    assert client.post(url_of(requirement), data).status_code == 302
    assert Requirement.objects.count() == 2


def test_shortening_the_grace_lists_who_would_be_unlisted_earlier(
    client, administrator, requirement, sign_ups, scheme
):
    SignUp.objects.update(listed_since=timezone.localdate())
    RequirementFactory(
        principle=requirement.principle, evidence="online_presence", needed_for="standing"
    )
    url = reverse("admin:venues_scheme_change", args=[scheme.pk])
    page = client.get(url).context
    form = page["adminform"].form
    data = {name: value for name, value in form.initial.items() if value not in (None, False)}
    for rows in page["inline_admin_formsets"]:
        prefix = rows.formset.prefix
        data |= {f"{prefix}-TOTAL_FORMS": 0, f"{prefix}-INITIAL_FORMS": 0}
    data["grace_days"] = 14
    data |= {name: form[name].value() or "" for name in form.fields if name not in data}
    data = {name: value for name, value in data.items() if value not in (None, [], "")}
    answer = client.post(url, data)
    assert [each.venues for each in answer.context["leaving"]] == [["Blue Café"]]
    assert Scheme.objects.get(pk=scheme.pk).grace_days == 28
    client.post(url, confirmed(answer, data))
    assert Scheme.objects.get(pk=scheme.pk).grace_days == 14
    assert listed() == 2


def test_the_training_subject_is_a_choice_not_free_text(
    client, administrator, requirement, sign_ups
):
    reviewed_module()
    row = {"evidence": "trained_people", "needed_for": "sticker"}
    for subject, said in [
        ("introductry", "Select a valid choice"),
        ("", "Choose what it is about."),
    ]:
        answer = client.post(url_of(requirement), form_of(requirement, {**row, "subject": subject}))
        assert said in answer.content.decode()
    assert Requirement.objects.count() == 1
    data = form_of(requirement, {**row, "subject": "introductory"})
    answer = client.post(url_of(requirement), data)
    client.post(url_of(requirement), confirmed(answer, data))
    assert Requirement.objects.get(evidence="trained_people").subject == "introductory"


def test_a_requirement_for_a_sticker_cannot_be_having_a_sticker(client, administrator, requirement):
    data = form_of(requirement)
    data["requirements-0-needed_for"] = "sticker"
    said = client.post(url_of(requirement), data).content.decode()
    assert "There is no sticker before that" in said
