"""A scheme's own host name serves its public pages, and nothing that signs in."""

import pytest
from django.urls import NoReverseMatch, reverse

from tests.factories import OfficerFactory, SchemeFactory

pytestmark = pytest.mark.django_db

HOST = "places.example.org"


@pytest.fixture(autouse=True)
def hosts(settings):
    settings.SITE_URL = "https://spaces.example.org"
    settings.SCHEME_HOSTS = [HOST]
    settings.ALLOWED_HOSTS = ["spaces.example.org", HOST, "testserver"]


@pytest.fixture
def scheme():
    return SchemeFactory(host=HOST)


@pytest.mark.parametrize("page", ["/map/", "/help/", "/privacy/", "/look/6b2a5b.css"])
def test_public_pages_are_served_there_without_a_cookie(client, scheme, page):
    answer = client.get(page, headers={"host": HOST})
    assert answer.status_code == 200
    assert not answer.cookies


@pytest.mark.parametrize(
    "page",
    [
        "/portal/",
        "/admin/",
        "/accounts/login/",
        "/join/",
        "/invitation/abc/",
        "/admin/venues/scheme/",
    ],
)
def test_sign_in_and_sign_up_redirect_to_the_main_host(client, scheme, page):
    client.force_login(OfficerFactory(scheme=scheme).user)
    answer = client.get(f"{page}?next=1", headers={"host": f"{HOST}:8000"})
    assert answer.status_code == 302
    assert answer["Location"] == f"https://spaces.example.org{page}?next=1"
    assert not answer.cookies


def test_a_form_posted_there_is_refused(client, scheme):
    assert (
        client.post("/accounts/login/", {"login": "a"}, headers={"host": HOST}).status_code == 404
    )
    assert client.post("/portal/which-place/new/", headers={"host": HOST}).status_code == 404


def test_the_finder_answers_there(client, scheme):
    answer = client.post("/", {"location": "nowhere"}, headers={"host": HOST})
    assert answer.status_code == 200


def test_its_own_page_comes_first_and_the_main_host_keeps_the_finder(client, scheme):
    answer = client.get("/", headers={"host": HOST})
    try:
        page = reverse("scheme_page", args=[scheme.slug])
    except NoReverseMatch:  # Without scheme pages, the finder is the first page everywhere.
        assert answer.status_code == 200
    else:
        assert answer["Location"] == page
    assert client.get("/", headers={"host": "spaces.example.org"}).status_code == 200


def test_the_main_host_needs_no_extra_query(client, django_assert_num_queries, scheme):
    with django_assert_num_queries(0):
        client.get("/cookies/", headers={"host": "spaces.example.org"})
