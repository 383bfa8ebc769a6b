import re

import pytest
from django.template import Context, Template, engines
from django.test import Client, RequestFactory, override_settings

PUBLIC = """{% extends "base.html" %}{% block title %}Near you{% endblock %}
{% block content %}<h1>Near you</h1>{% endblock %}"""


def draw(source=PUBLIC, **context):
    return engines["django"].from_string(source).render(context, RequestFactory().get("/"))


def test_a_public_page_needs_no_session_and_carries_the_emergency_line():
    page = draw()

    assert 'href="tel:999"' in page
    assert "It does not tell the police where you are" in page
    assert "cannot clear your history" in page
    assert "<title>Near you - Safe Spaces</title>" in page


def test_a_public_page_tells_other_sites_nothing_to_preview():
    assert not re.search(r"og:|twitter:|<meta name=.description", draw())


def test_pages_hold_no_inline_script_or_style():
    page = draw()

    assert not re.search(r"<style|\sstyle=|\son\w+=", page)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", page))


def test_every_page_of_the_demonstration_says_so_and_is_not_indexed():
    with override_settings(DEMO=True):
        shown = draw()

    assert "Demonstration: not real safe spaces" in shown
    assert '<meta name="robots" content="noindex">' in shown
    assert "Demonstration" not in draw()


def test_a_result_page_has_no_link_that_leaves_in_the_same_tab():
    links = re.findall(r'<a [^>]*href="([^"]*)"', draw(hide_links=True))

    assert [to for to in links if not to.startswith(("#", "tel:", "https://www.bbc"))] == []


@pytest.mark.urls("tests.common.urls")
@pytest.mark.django_db
def test_the_style_guide_shows_every_part():
    with override_settings(TESTING=False):
        assert Client().get("/styleguide/").status_code == 404, "for developers only"
    response = Client().get("/styleguide/")

    assert response.status_code == 200
    for part in ("notification-banner", "details", "task-list", "summary-list", "table", "tag"):
        assert f"govuk-{part}" in response.content.decode()


def test_a_button_form_posts_with_its_token():
    source = '{% load safespaces_ui %}{% button_form "/x/" "warning" %}Suspend{% endbutton_form %}'

    page = Template(source).render(Context({"csrf_token": "abc"}))

    assert 'method="post"' in page
    assert 'value="abc"' in page
    assert "govuk-button--warning" in page


def test_words_inside_a_component_are_escaped():
    source = "{% load safespaces_ui %}{% inset %}{{ words }}{% endinset %}"

    assert "<b>" not in Template(source).render(Context({"words": "<b>"}))
