import re

import pytest
from django.urls import reverse

from partnership.actions.figures import make_figures, publish_figures
from partnership.models import PeriodFigures
from partnership.rules.packs import packs_to_make
from tests.factories import MembershipFactory, OfficerFactory, SchemeFactory
from tests.partnership.use import QUARTER, make_items, make_members, send

pytestmark = pytest.mark.django_db
READ = ["pack", "pack_csv"]
WRITE = ["print_pack", "make_figures", "revise_figures", "publish_figures"]


@pytest.fixture
def scheme():
    return SchemeFactory(name="Safe in Exampleton", slug="exampleton")


@pytest.fixture
def figures(scheme):
    items = make_items(scheme)
    for sign_up in make_members(scheme, 3):
        send(sign_up, 10, items=items, reason=[0, 10, 0, 0])
    return make_figures(scheme, QUARTER, by=OfficerFactory(scheme=scheme, role="chair").user)


def address(name):
    return reverse(name, args=["exampleton", QUARTER])


@pytest.mark.parametrize("role", ["viewer", "officer", "trainer", "chair", "administrator"])
def test_every_role_reads_a_pack_but_only_chairs_and_administrators_make_it(client, scheme, role):
    client.force_login(OfficerFactory(scheme=scheme, role=role).user)
    send(make_members(scheme, 1)[0], 3)
    assert client.get(address("pack")).status_code == 200
    offered = client.get(reverse("packs")).content.decode()
    may = role in ("chair", "administrator")
    assert client.post(address("make_figures")).status_code == (302 if may else 403)
    assert client.post(address("publish_figures")).status_code == (302 if may else 403)
    assert PeriodFigures.objects.exists() == may
    assert len(re.findall(r">\s*Make the pack\s*<", offered)) == may, (
        "for the one quarter with a return"
    )


@pytest.mark.parametrize("who", ["another council", "a venue", "nobody"])
def test_outsiders_cannot_reach_a_pack(client, scheme, figures, who):
    if who == "another council":
        client.force_login(OfficerFactory(role="administrator").user)
    elif who == "a venue":
        client.force_login(MembershipFactory().user)
    for name in READ:
        response = client.get(address(name))
        assert response.status_code == (302 if who == "nobody" else 404)
    for name in WRITE:
        response = client.post(address(name))
        assert response.status_code == (302 if who == "nobody" else 404)
    assert not PeriodFigures.objects.published().exists()


def test_get_changes_nothing(client, scheme, figures):
    client.force_login(OfficerFactory(scheme=scheme, role="chair").user)
    assert {client.get(address(name)).status_code for name in WRITE} == {302}


@pytest.mark.parametrize("quarter", ["2026-Q5", "2026-q3", "26-Q1", "all"])
def test_only_whole_quarters_can_be_requested(client, scheme, figures, quarter):
    client.force_login(OfficerFactory(scheme=scheme, role="chair").user)
    assert client.get(f"/admin/packs/exampleton/{quarter}/").status_code == 404
    assert client.get(f"/statistics/exampleton/{quarter}/").status_code == 404


def test_the_public_sees_figures_only_once_published(client, scheme, figures):
    page = client.get("/statistics/exampleton/").content.decode()
    assert "has not published any figures yet" in page
    assert client.get(address("statistics_period")).status_code == 404
    publish_figures(figures, by=figures.made_by)
    for url in ("/statistics/exampleton/", address("statistics_period")):
        response = client.get(url)
        page = response.content.decode()
        assert "July to September 2026" in page
        assert '<td class="govuk-table__cell govuk-table__cell--numeric">30</td>' in page
        assert "Made on" in page
        assert not response.cookies
    assert "Safe in Exampleton" in client.get("/statistics/").content.decode()


def test_a_hidden_scheme_has_no_public_figures(client, scheme, figures):
    publish_figures(figures, by=figures.made_by)
    scheme.hidden_at, scheme.hidden_by = figures.made_at, figures.made_by
    scheme.save()
    assert client.get("/statistics/exampleton/").status_code == 404
    assert "Exampleton" not in client.get("/statistics/").content.decode()


def test_a_comparison_with_an_unpublished_quarter_is_not_public(client, scheme, figures):
    for sign_up in scheme.sign_ups.all():
        send(sign_up, 20, QUARTER.previous)
    make_figures(scheme, QUARTER.previous, by=figures.made_by)
    publish_figures(figures, by=figures.made_by)
    page = client.get("/statistics/exampleton/").content.decode()
    assert ">60<" not in page
    assert "There are no figures to compare with for April to June 2026" in page


def test_the_public_footer_links_to_the_statistics(client):
    assert 'href="/statistics/"' in client.get("/help/").content.decode()


def test_a_quarter_waits_for_the_chair_until_its_figures_are_made(client, scheme):
    chair = OfficerFactory(scheme=scheme, role="chair").user
    viewer = OfficerFactory(scheme=scheme, role="viewer").user
    day = QUARTER.following.starts
    assert packs_to_make(chair, day) == []
    for sign_up in make_members(scheme, 2):
        send(sign_up, 10)
    OfficerFactory(role="chair", user=chair)
    assert [(each.period, each.returns) for each in packs_to_make(chair, day)] == [(QUARTER, 2)]
    assert packs_to_make(viewer, day) == []
    make_figures(scheme, QUARTER, by=chair)
    assert packs_to_make(chair, day) == []


def test_the_admin_index_links_to_the_packs(client, scheme):
    client.force_login(OfficerFactory(scheme=scheme, role="chair").user)
    page = client.get(reverse("admin:index")).content.decode()
    assert f'href="{reverse("packs")}"' in page
    assert "Meeting packs to make" in page
