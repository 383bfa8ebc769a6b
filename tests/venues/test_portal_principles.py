"""Principles: a page each, with its title once, answers kept, and the way on and back."""

import re

import pytest
from django.urls import reverse

from tests.factories import PrincipleFactory
from tests.venues.portal import managed_sign_up

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft(client):
    sign_up, manager = managed_sign_up()
    PrincipleFactory(scheme=sign_up.scheme, order=3, title="A calm corner")
    client.force_login(manager)
    return sign_up


def page_of(sign_up, principle):
    return reverse("edit_principle", args=[sign_up.pk, principle.pk])


def answer(client, sign_up, principle, **more):
    typed = {f"q{principle.pk}_value": "we_do", **more}
    return client.post(reverse("agree", args=[sign_up.pk, principle.pk]), typed)


def test_the_list_shows_progress_and_links_to_the_next(client, draft):
    first, second, __ = draft.scheme.principles.all()
    answer(client, draft, first)
    page = client.get(reverse("edit_principles", args=[draft.pk])).text
    assert "1 of 3 answered" in page
    assert "We do this" in page
    assert f"Go on: {second.title}" in " ".join(page.split())


def test_a_page_shows_its_title_once(client, draft):
    principle = draft.scheme.principles.last()
    main = client.get(page_of(draft, principle)).text.partition("<main")[2]
    words = re.sub(r"<[^>]+>", " ", main)
    assert words.count("A calm corner") == 1


def test_saving_leads_to_the_next_unanswered_principle_and_finally_to_the_list(client, draft):
    first, second, third = draft.scheme.principles.all()
    assert answer(client, draft, second).url == page_of(draft, third)
    assert answer(client, draft, third).url == page_of(draft, first)
    assert answer(client, draft, first).url == reverse("edit_principles", args=[draft.pk])


def test_an_answer_is_kept_when_the_page_is_opened_again(client, draft):
    first = draft.scheme.principles.first()
    parts = {"day": 1, "month": 6, "year": 2030}
    date = {f"q{first.pk}_will_by_{name}": part for name, part in parts.items()}
    answer(client, draft, first, **{f"q{first.pk}_value": "we_will"}, **date)
    page = client.get(page_of(draft, first)).text
    assert re.search(r'value="we_will"[^>]*checked', page)
    assert 'value="2030"' in page
    assert "By 1 June 2030" in client.get(reverse("edit_principles", args=[draft.pk])).text


def test_a_principle_of_another_scheme_is_not_found(client, draft):
    other = PrincipleFactory()
    assert client.get(page_of(draft, other)).status_code == 404
    assert answer(client, draft, other).status_code == 404
    assert not draft.agreements.exists()
