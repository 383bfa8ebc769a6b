"""Closed by default: every URL, requested by everybody who should not have access."""

import re

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import URLPattern, URLResolver, get_resolver

from tests.factories import MembershipFactory, OfficerFactory, SignUpFactory, UserFactory
from tests.house.chain import address as address_of
from tests.house.chain import is_sent_up
from venues.models import Event, Officer

pytestmark = pytest.mark.django_db


def addresses(patterns=None, prefix=""):
    """(path with its <converters>, view) for every URL of the site."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = prefix + str(pattern.pattern)
        if isinstance(pattern, URLResolver):
            yield from addresses(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield route, pattern.callback


def is_public(view):
    return not getattr(view, "login_required", True)


ROUTES = list(addresses())
PUBLIC_PREFIXES = (
    "venues/<",
    "coverage/",
    "map/",
    "schemes/",
    "look/<",
    "materials/<",
    "logo/",
    "stickers/",
    "show-this/",
    "card/",
    "help/",
    "statistics/",
    "privacy/",
    "accessibility/",
    "cookies/",
    "robots.txt",
    "sitemap.xml",
    "styleguide/",
    "logo/",
    "look/<",
    "schemes/",
    "join/",
    "tell-me/",
    "invitation/<",
    "agreement/<",
    "organisation-agreement/<",
    "duty/<",
    "photos/<",
    "learn/",
    "training/",
    "certificates/",
    "returns/<",
    "quarter/<",
    "tally/<",
    "meetings/<",
    "calendars/<",
    "health/",
    "demo/",
    "accounts/",
)
"""What may be read without an account: the public's pages, signed links, and logging in."""


def test_only_the_public_pages_are_open():
    opened = {route for route, view in ROUTES if is_public(view)}
    allowed = {route for route in opened if not route or route.startswith(PUBLIC_PREFIXES)}
    assert sorted(opened - allowed) in ([], ["admin/login/"], ["admin/jsi18n/", "admin/login/"])


def manager_of(sign_up):
    return MembershipFactory(organisation=sign_up.venue.organisation).user


ONE_SIGN_UP = [
    route
    for route, _view in ROUTES
    if route.startswith("portal/") and ("<int:pk>" in route or "<int:sign_up_id>" in route)
]


ONE_ORGANISATION = [route for route, _view in ROUTES if "portal/organisations/<int" in route]

THING_BELOW = re.compile(r"<int:(?!pk>|sign_up_id>)")
"""A second thing that an address names, beside the sign-up."""
OF_THE_SCHEME = re.compile(r"<int:(session_id|principle_pk|material)>")
"""Things of the scheme, the same for all its places."""


def test_the_walk_finds_urls():
    assert len(ONE_SIGN_UP) > 60
    others = [route for route, _view in ROUTES if route.startswith("portal/") and "<" in route]
    rest = set(others) - set(ONE_SIGN_UP) - set(ONE_ORGANISATION)
    assert rest == {"portal/training/sessions/<int:session_id>/"}


def test_anonymous_users_must_sign_in(client, chain):
    for route, view in ROUTES:
        if is_public(view) or not route.startswith(("portal/", "admin/")):
            continue
        if "(?P<" in route:
            continue
        address = address_of(route, chain)
        for method in (client.get, client.post):
            response = method(address)
            assert response.status_code in (302, 404, 405), address
            if response.status_code == 302:
                assert "login" in response.url, address


def outsiders(chain):
    """Signed-in users with no connection to the chain's organisation."""
    yield "somebody", UserFactory()
    yield "a neighbour in the scheme", manager_of(SignUpFactory(scheme=chain["scheme"]))
    for role in Officer.Role:
        yield f"another council's {role}", OfficerFactory(role=role).user


def test_no_outsider_reaches_an_organisations_pages(client, chain):
    before = Event.objects.count()
    for who, user in outsiders(chain):
        client.force_login(user)
        for route in ONE_SIGN_UP + ONE_ORGANISATION:
            address = address_of(route, chain)
            opened = client.get(address, follow=True).status_code
            answers = {opened, client.post(address).status_code}
            assert answers <= {404, 405}, (who, address)
            assert 404 in answers, (who, address)
    assert Event.objects.count() == before


def test_own_urls_give_no_access_to_another_organisations_objects(client, chain):
    """A booking, a person, an invitation, each requested under one's own sign-up."""
    routes = [route for route in ONE_SIGN_UP if THING_BELOW.search(route)]
    assert len(routes) > 15
    before = Event.objects.count()
    neighbour = SignUpFactory(scheme=chain["scheme"], approved=True)
    elsewhere = SignUpFactory(approved=True)
    for own in (neighbour, elsewhere):
        client.force_login(manager_of(own))
        for route in routes:
            if own == neighbour and OF_THE_SCHEME.search(route):
                continue
            address = address_of(route, chain, pk=own.pk, sign_up_id=own.pk)
            opened = client.get(address)
            assert opened.status_code == 404 or is_sent_up(opened, address), address
            assert client.post(address).status_code in (404, 405), address
    assert Event.objects.count() == before


def test_browsers_do_not_cache_pages_behind_a_log_in(client, chain):
    """A venue's computer is shared: after signing out, Back must show nothing."""
    client.force_login(chain["user"])
    for route in ONE_SIGN_UP + ONE_ORGANISATION:
        answer = client.get(address_of(route, chain))
        if answer.status_code == 200:
            assert "no-store" in answer["Cache-Control"], route


def test_the_admin_is_closed_to_users_without_a_role(client, chain):
    for user in (UserFactory(), MembershipFactory().user):
        client.force_login(user)
        response = client.get("/admin/")
        assert response.status_code in (302, 403, 404)


def test_being_signed_in_grants_no_permission(chain):
    assert not AnonymousUser().has_perm("venues.view_signup")
