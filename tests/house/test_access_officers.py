"""Every officers' URL, requested by every role of another council and by viewers of the same
one.
"""

import pytest
from django.contrib import admin
from django.contrib.gis.geos import Point
from django.db import transaction
from django.db.models import ForeignKey, ManyToManyField
from post_office.models import Email

from tests.factories import OfficerFactory, SchemeFactory, SignUpFactory
from tests.house.chain import FOR_ALL, MARK, address, is_sent_up, model_of
from tests.house.test_access import ROUTES
from venues.models import Event, Officer

pytestmark = pytest.mark.django_db
NOT_ASKED = ("admin/login/", "admin/logout/", "admin/password_change/", "admin/jsi18n/")
ADMIN = [
    route
    for route, _view in ROUTES
    if route.startswith("admin/") and "(?P<" not in route and route not in NOT_ASKED
]
WITH_A_KEY = [route for route in ADMIN if "<" in route and model_of(route) not in FOR_ALL]
LISTS = [route for route in ADMIN if "<" not in route]
NO_SUCH_THING = "<path:object_id>"
"""Where Django's own pages send whoever asks for a thing that they cannot see: to the start."""
NOT_THERE_YET = {
    "admin/packs/<slug:scheme>/<period:period>/publish-figures/",
    "admin/packs/<slug:scheme>/<period:period>/revise-figures/",
    "admin/training/session/<int:session_pk>/register/<int:booking_pk>/correct/",
    "admin/training/session/<int:session_pk>/register/<int:booking_pk>/correct/now/",
}
"""What asks for figures that are made and a register that is closed."""
A_LIST = ("/export/", "/geojson/")
OWN_CALENDAR = (
    "admin/partnership/series/<int:pk>/calendar/",
    "admin/partnership/series/<int:pk>/calendar/end/",
)
"""Whoever may see the meetings may have them in a calendar of their own."""


@pytest.fixture(params=Officer.Role.values)
def other(request, client):
    """An officer of another council, in each role, signed in; that council has a member too."""
    scheme = SchemeFactory()
    # Far from the chain's place, which is public: near it, it would be proposed as the same one.
    far = {"venue__postcode": "ZZ9 9ZZ", "venue__point": Point(300_000, 300_000, srid=27700)}
    SignUpFactory(scheme=scheme, approved=True, **far)
    user = OfficerFactory(scheme=scheme, role=request.param).user
    client.force_login(user)
    return user


@pytest.fixture
def viewer(client, chain):
    """A viewer of the chain's own council."""
    user = OfficerFactory(scheme=chain["scheme"], role=Officer.Role.VIEWER).user
    client.force_login(user)
    return user


def written():
    """Everything an action writes."""
    return Event.objects.count(), Email.objects.count()


def text_of(answer):
    return (answer.getvalue() if answer.streaming else answer.content).decode(errors="replace")


def test_the_walk_finds_urls():
    assert len(WITH_A_KEY) > 200
    assert len(LISTS) > 100
    asked = {model_of(route) for route in WITH_A_KEY} | FOR_ALL
    assert {model._meta.model_name for model in admin.site._registry} <= asked


def test_every_url_in_the_walk_resolves_to_an_existing_object(client, chain):
    """Otherwise a refusal would prove nothing: the council's own administrator gets through."""
    user = OfficerFactory(scheme=chain["scheme"], role=Officer.Role.ADMINISTRATOR).user
    client.force_login(user)
    lost = set()
    for route in WITH_A_KEY:
        asked = address(route, chain)
        if NO_SUCH_THING in route:
            continue
        before = transaction.savepoint()
        if 404 in (client.get(asked).status_code, client.post(asked).status_code):
            lost.add(route)
        transaction.savepoint_rollback(before)
    assert lost == NOT_THERE_YET


def test_no_other_council_reaches_an_object(client, chain, other):
    before = written()
    for route in WITH_A_KEY:
        asked = address(route, chain)
        refusals = {403, 404, 405} | ({302} if NO_SUCH_THING in route else set())
        for answer in (client.get(asked), client.post(asked)):
            assert answer.status_code in refusals or is_sent_up(answer, asked), asked
            assert MARK not in text_of(answer), asked
    assert written() == before


@pytest.mark.parametrize("other", [Officer.Role.VIEWER, Officer.Role.ADMINISTRATOR], indirect=True)
def test_no_other_council_sees_an_object_in_a_list(client, chain, other):
    """Tested with the least and the most powerful role; the others lie between."""
    has_it_all = other.officer_roles.get().role == Officer.Role.ADMINISTRATOR
    for route in LISTS:
        for query in ("", *(questions(route, chain) if has_it_all else ())):
            answer = client.get(f"/{route}{query}")
            assert answer.status_code < 500, route
            assert MARK not in text_of(answer), (route, query)


def questions(route, chain):
    """Query strings with which another council's officer might reach the chain's objects."""
    pk = {name: thing.pk for name, thing in chain.items()}
    if (model_of(f"{route}//") in pk and route.count("/") == 3) or route.endswith(A_LIST):
        return ["?q=quixotic", f"?scheme__id__exact={pk['scheme']}", "?copy=1"]
    several = {
        "scheme": pk["scheme"],
        "copy": pk["session"],
        "module": pk["module"],
        "sign_up": pk["signup"],
        "id": pk["signup"],
        "other_place": pk["other_place"],
        "venue": pk["venue"],
        "gap": pk["gap"],
        "other_places": pk["source"],
        "candidates": pk["source"],
        "drawn_area": pk["drawnarea"],
        "owner": pk["user"],
    }
    together = "&".join(f"{name}={key}" for name, key in several.items())
    alone = "&".join(f"{name}={key}" for name, key in several.items() if name != "scheme")
    odd = "&".join(f"{name}=²" for name in several)  # A digit, but not a number.
    return [f"?{together}", f"?{alone}", f"?area=drawn:{pk['drawnarea']}", f"?{odd}"]


PUBLIC_OF_A_SHARED_PLACE = ("venue", "organisation", "closure", "user", "emailaddress")
"""What a council may open because the place is its own too."""


@pytest.fixture(params=Officer.Role.values)
def sharing(request, client, chain):
    """A third council whose scheme the chain's place is in as well, with people not shared; one of
    its officers is signed in, in each role. A second council has a place of its own elsewhere. What
    the third may read of the place bears another name than its people, letters and papers in the
    first scheme.
    """
    far = {"venue__postcode": "ZZ9 9ZZ", "venue__point": Point(300_000, 300_000, srid=27700)}
    SignUpFactory(approved=True, **far)
    public = {"organisation": "Copper Trust", "venue": "Copper Hall", "scheme": "The lead scheme"}
    for name, words in public.items():
        type(chain[name]).objects.filter(pk=chain[name].pk).update(name=words)
    venue = type(chain["venue"]).objects.filter(pk=chain["venue"].pk)
    venue.update(address_1="1 Quay Lane", contact_name="Sam")
    chain["closure"].note = ""
    chain["closure"].save()
    scheme = SchemeFactory()
    sign_up = SignUpFactory(scheme=scheme, venue=chain["venue"], approved=True, shares_people=False)
    client.force_login(OfficerFactory(scheme=scheme, role=request.param).user)
    return sign_up


def test_a_council_sharing_the_place_reaches_nothing_else_of_the_first(client, chain, sharing):
    before = written()
    for route in WITH_A_KEY:
        if model_of(route) in PUBLIC_OF_A_SHARED_PLACE:
            continue
        asked = address(route, chain)
        refusals = {403, 404, 405} | ({302} if NO_SUCH_THING in route else set())
        for answer in (client.get(asked), client.post(asked)):
            assert answer.status_code in refusals or is_sent_up(answer, asked), asked
            assert MARK not in text_of(answer), asked
    assert written() == before


def test_a_council_sharing_the_place_reads_only_its_own_records(client, chain, sharing):
    """The pages of the place and of its organisation open, and name nothing of the first scheme."""
    opened = 0
    for route in WITH_A_KEY:
        if model_of(route) in PUBLIC_OF_A_SHARED_PLACE:
            answer = client.get(address(route, chain))
            opened += answer.status_code == 200
            assert MARK not in text_of(answer), route
    assert opened > 3


def test_a_council_sharing_the_place_finds_nothing_else_in_a_list(client, chain, sharing):
    for route in LISTS:
        answer = client.get(f"/{route}")
        assert answer.status_code < 500, route
        assert MARK not in text_of(answer), route


def test_no_other_council_finds_an_object_by_autocomplete(client, chain):
    client.force_login(OfficerFactory(role=Officer.Role.ADMINISTRATOR).user)
    for model in admin.site._registry:
        for field in model._meta.get_fields():
            if isinstance(field, ForeignKey | ManyToManyField):
                query = {
                    "term": "quixotic",
                    "app_label": model._meta.app_label,
                    "model_name": model._meta.model_name,
                    "field_name": field.name,
                }
                answer = client.get("/admin/autocomplete/", query)
                assert MARK not in text_of(answer), field


def test_a_viewer_changes_nothing(client, chain, viewer):
    before = written()
    for route in ADMIN:
        if route in OWN_CALENDAR:
            continue
        answer = client.post(address(route, chain), {"reason": "x", "text": "x", "body": "x"})
        assert answer.status_code < 500, route
        assert written() == before, route
