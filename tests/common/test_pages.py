import re

import pytest
from django.template import Context, Template, engines
from django.test import Client, RequestFactory, override_settings

from common.checks import check_installation
from common.colours import DARK_SURFACE, contrast
from common.installation import EXIT_URL

PUBLIC = """{% extends "base.html" %}{% block title %}Near you{% endblock %}
{% block content %}<h1>Near you</h1>{% endblock %}"""


def draw(source=PUBLIC, **context):
    return engines["django"].from_string(source).render(context, RequestFactory().get("/"))


def test_a_public_page_needs_no_session_and_has_999_and_exit_in_its_bar():
    page = draw()

    bar = page[page.index('<header class="bar">') : page.index("</header>")]
    assert 'href="tel:999"' in bar
    assert bar.index("tel:999") < bar.index(EXIT_URL), "the exit is at the end of the bar"
    assert "cannot clear your history" in page


@override_settings(INSTALLATION_NAME="Stowbridge and the Vale")
def test_the_installations_name_heads_pages_and_titles():
    page = draw()

    assert "<title>Near you - Stowbridge and the Vale</title>" in page
    assert '<span class="bar__name">Stowbridge and the Vale</span>' in page
    assert "Safe Spaces" not in page


@override_settings(INSTALLATION_COLOUR="#0a5c2f")
def test_the_councils_colour_works_in_light_and_dark_without_inline_styles():
    page = draw()

    assert 'class="brand-light" width="100%" height="100%" fill="#0a5c2f"' in page
    dark = re.search(r'class="brand-dark" width="100%" height="100%" fill="(#\w{6})"', page)[1]
    assert contrast(dark, DARK_SURFACE) >= 3
    assert "style=" not in page


def test_the_logo_replaces_the_name_and_is_public(tmp_path, client):
    logo = tmp_path / "logo.svg"
    logo.write_text('<svg xmlns="http://www.w3.org/2000/svg"/>')

    with override_settings(INSTALLATION_LOGO=str(logo), INSTALLATION_NAME="Eastmere"):
        page = draw()
        served = client.get("/logo/")

    assert '<img class="bar__logo" src="/logo/" alt="Eastmere">' in page
    assert served.headers["Content-Type"] == "image/svg+xml"
    assert not served.cookies
    assert client.get("/logo/").status_code == 404, "none is set"


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"INSTALLATION_LOGO": "/nowhere/logo.png"}, "there is no file /nowhere/logo.png"),
        ({"INSTALLATION_LOGO": "/nowhere/logo.exe"}, "must be a PNG, SVG or WebP file"),
        ({"INSTALLATION_COLOUR": "plum"}, "Write the colour as #"),
        ({"INSTALLATION_COLOUR": "#8a8a8a"}, "Neither white nor dark text is readable"),
    ],
)
def test_an_invalid_installation_look_stops_the_server_with_a_reason(wrong, said):
    with override_settings(**wrong):
        errors = check_installation(None)

    assert [said in error.msg for error in errors] == [True]


def test_a_public_page_has_no_social_preview_tags():
    assert not re.search(r"og:|twitter:|<meta name=.description", draw())


def test_pages_have_no_inline_script_or_style():
    page = draw()

    assert not re.search(r"<style|\sstyle=|\son\w+=", page)
    assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", page))


def test_every_demo_page_says_so_and_is_not_indexed():
    with override_settings(DEMO=True):
        shown = draw()

    assert "Demonstration: none of these places is real" in shown
    assert '<meta name="robots" content="noindex">' in shown
    assert "Demonstration" not in draw()


def test_external_links_on_a_result_page_open_in_a_new_tab():
    links = re.findall(r'<a [^>]*href="([^"]*)"', draw(hide_links=True))

    assert [to for to in links if not to.startswith(("#", "tel:", "https://www.bbc"))] == []


@pytest.mark.urls("tests.common.urls")
@pytest.mark.django_db
def test_the_style_guide_shows_every_component():
    with override_settings(TESTING=False):
        assert Client().get("/styleguide/").status_code == 404, "for developers only"
    response = Client().get("/styleguide/")

    assert response.status_code == 200
    for part in ("notification-banner", "details", "summary-list", "table", "tag"):
        assert f"govuk-{part}" in response.content.decode()
    for part in ("near", "board", "say", "phone", "days", "facts", "steps", "goto", "tasks", "opt"):
        assert f'class="{part}"' in response.content.decode()


def test_a_button_form_posts_with_its_token():
    source = '{% load safespaces_ui %}{% button_form "/x/" "warning" %}Suspend{% endbutton_form %}'

    page = Template(source).render(Context({"csrf_token": "abc"}))

    assert 'method="post"' in page
    assert 'value="abc"' in page
    assert "govuk-button--warning" in page


def test_text_inside_a_component_is_escaped():
    source = "{% load safespaces_ui %}{% inset %}{{ words }}{% endinset %}"

    assert "<b>" not in Template(source).render(Context({"words": "<b>"}))
