"""Closed by default: every address, asked by everybody who has no business there."""

import pytest
from django.contrib.auth.models import AnonymousUser
from django.urls import URLPattern, URLResolver, get_resolver

from tests.factories import (
    MembershipFactory,
    OfficerFactory,
    SchemeFactory,
    SignUpFactory,
    StaffMemberFactory,
    StickerFactory,
    UserFactory,
)
from venues.models import Closure, Enquiry, Officer, Principle, SchemeContact

pytestmark = pytest.mark.django_db


def addresses(patterns=None, prefix=""):
    """(address with its <converters>, view) for every address of the site."""
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
    "stickers/",
    "show-this/",
    "help/",
    "statistics/",
    "privacy/",
    "accessibility/",
    "cookies/",
    "robots.txt",
    "styleguide/",
    "join/",
    "invitation/<",
    "agreement/<",
    "photos/<",
    "learn/",
    "training/",
    "certificates/",
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


@pytest.fixture
def chain():
    """One sign-up of one council with everything an address may name."""
    scheme = SchemeFactory()
    principle = Principle.objects.create(scheme=scheme, order=1, title="Welcome", wording="We do.")
    sign_up = SignUpFactory(scheme=scheme, approved=True)
    MembershipFactory(organisation=sign_up.venue.organisation)
    person = StaffMemberFactory(organisation=sign_up.venue.organisation, venue=sign_up.venue)
    closure = Closure.objects.create(
        venue=sign_up.venue, starts_on="2030-01-01", ends_on="2030-01-02"
    )
    sticker = StickerFactory(sign_up=sign_up)
    enquiry = Enquiry.objects.create(scheme=scheme, name="R", venue_name="B", phone="1")
    return {
        "sign_up": sign_up,
        "scheme": scheme,
        "principle": principle,
        "venue": sign_up.venue,
        "organisation": sign_up.venue.organisation,
        "post": person.posts.get(),
        "closure": closure,
        "sticker": sticker,
        "enquiry": enquiry,
        "contact": SchemeContact.objects.filter(scheme=scheme).first(),
    }


def outsiders():
    """Everybody signed in who has nothing to do with the chain's council or organisation."""
    yield "somebody", UserFactory()
    yield "another organisation's manager", MembershipFactory().user
    other = SchemeFactory()
    SignUpFactory(scheme=other, approved=True)
    for role in Officer.Role:
        yield f"another council's {role}", OfficerFactory(scheme=other, role=role).user


FILLED = {
    "<int:pk>": "sign_up",
    "<int:sign_up_id>": "sign_up",
    "<int:closure_pk>": "closure",
    "<int:post_pk>": "post",
}
WORDS = {
    "<slug:direction>": "north",
    "<slug:season>": "summer",
    "<slug:module>": "introductory",
    "<quarter:quarter>": "2026-Q3",
    "<int:staff_member_id>": "1",
    "<int:enrolment_id>": "1",
    "<int:session_id>": "1",
    "<int:booking_id>": "1",
    "<int:interest_id>": "1",
    "<int:membership_pk>": "1",
    "<int:attendance_pk>": "1",
    "<int:action_pk>": "1",
}


def portal_address(route, chain):
    for converter, name in FILLED.items():
        route = route.replace(converter, str(chain[name].pk))
    for converter, word in WORDS.items():
        route = route.replace(converter, word)
    assert "<" not in route, f"tell this test what stands for the converter in {route}"
    return "/" + route


ONE_SIGN_UP = [
    route
    for route, _view in ROUTES
    if route.startswith("portal/") and ("<int:pk>" in route or "<int:sign_up_id>" in route)
]


def test_there_are_addresses_to_ask():
    assert len(ONE_SIGN_UP) > 40


def test_strangers_must_sign_in(client, chain):
    for route, view in ROUTES:
        if is_public(view) or not route.startswith(("portal/", "admin/")):
            continue
        if "<" in route and not route.startswith("portal/"):
            continue
        address = portal_address(route, chain) if "<" in route else f"/{route}"
        for method in (client.get, client.post):
            response = method(address)
            assert response.status_code in (302, 404, 405), address
            if response.status_code == 302:
                assert "login" in response.url, address


def test_no_outsider_reaches_an_organisations_pages(client, chain):
    for who, user in outsiders():
        client.force_login(user)
        for route in ONE_SIGN_UP:
            address = portal_address(route, chain)
            answers = {client.get(address).status_code, client.post(address).status_code}
            assert answers <= {404, 405}, (who, address)
            assert 404 in answers, (who, address)


ADMIN_THINGS = {
    "signup": "sign_up",
    "scheme": "scheme",
    "venue": "venue",
    "organisation": "organisation",
    "sticker": "sticker",
    "enquiry": "enquiry",
}


def admin_addresses(chain):
    for route, _view in ROUTES:
        if not route.startswith("admin/venues/") or "<path:object_id>" not in route:
            continue
        model = route.split("/")[2]
        if model in ADMIN_THINGS:
            yield "/" + route.replace("<path:object_id>", str(chain[ADMIN_THINGS[model]].pk))


def test_no_other_council_sees_a_thing_in_the_admin(client, chain):
    for who, user in outsiders():
        client.force_login(user)
        for address in admin_addresses(chain):
            if "<" in address:
                continue
            for method in (client.get, client.post):
                response = method(address)
                assert response.status_code in (302, 403, 404, 405), (who, address)
                assert chain["venue"].name not in response.content.decode(), (who, address)


def test_no_other_council_finds_a_thing_in_a_list(client, chain):
    names = [chain["venue"].name, chain["scheme"].name, chain["sticker"].code]
    lists = [
        f"/{route}"
        for route, _view in ROUTES
        if route.startswith("admin/") and "<" not in route and "logout" not in route
    ]
    assert len(lists) > 5
    for who, user in outsiders():
        client.force_login(user)
        for address in lists:
            text = client.get(address).content.decode(errors="replace")
            assert [name for name in names if name in text] == [], (who, address)


def test_the_admin_is_shut_to_people_without_a_role(client, chain):
    for user in (UserFactory(), MembershipFactory().user):
        client.force_login(user)
        response = client.get("/admin/")
        assert response.status_code in (302, 403, 404)


def test_nobody_signed_in_has_no_permission(chain):
    assert not AnonymousUser().has_perm("venues.view_signup")
