"""The database gives up in time, or is away: what a visitor then sees, and what they do not."""

import threading
import time
from contextlib import contextmanager

import pytest
from django.core.cache import cache
from django.db import OperationalError, connection, connections
from django.test import Client
from django.utils import timezone

from common.page_time import DatabaseTime
from signposting.known_help import forget_help, remember_help
from signposting.models import Service
from tests.factories import StickerFactory
from venues.models import Scheme

for_real = pytest.mark.django_db(transaction=True)
READ = ["venues_venue", "venues_scheme", "venues_signup", "venues_sticker", "signposting_service"]
READ += ["geography_area", "geography_postcode"]
PAGES = ["/map/", "/map/places.geojson", "/map/areas.geojson", "/venues/{venue}/", "/schemes/"]
PAGES += ["/schemes/{scheme}/", "/schemes/{scheme}/map/", "/stickers/{code}/", "/sitemap.xml"]


@pytest.fixture(autouse=True)
def visitor(client, settings):
    settings.PUBLIC_READ_SECONDS = 0.3
    client.raise_request_exception = False
    cache.clear()
    forget_help()
    yield client
    forget_help()


@contextmanager
def tables_locked():
    """Somebody rewrites the tables, so that every query waits for them."""
    locked, done = threading.Event(), threading.Event()

    def lock():
        with connection.cursor() as cursor:
            cursor.execute("BEGIN")
            cursor.execute(f"LOCK TABLE {', '.join(READ)} IN ACCESS EXCLUSIVE MODE")
            locked.set()
            done.wait(20)
            cursor.execute("ROLLBACK")
        connection.close()

    thread = threading.Thread(target=lock)
    thread.start()
    assert locked.wait(10)
    try:
        yield
    finally:
        done.set()
        thread.join()


@pytest.fixture
def no_database(monkeypatch):
    """The server has gone, and takes no new connection."""

    def go():
        connection.close()

        def refuse(*_arguments):
            raise OperationalError("no server")

        monkeypatch.setattr(connections["default"], "get_new_connection", refuse)

    yield go
    monkeypatch.undo()


def helpline(**more):
    return Service.objects.create(
        name="Listeners",
        what_for="To talk.",
        number="01632 960900",
        answers="always",
        confirmed_by_name="Ann",
        confirmed_on=timezone.localdate(),
        **more,
    )


@for_real
def test_every_page_that_takes_too_long_says_so_with_999_and_numbers(visitor, settings, place):
    code = StickerFactory(sign_up__venue__hours=[]).code
    words = {"venue": place().slug, "scheme": Scheme.objects.first().slug, "code": code}
    helpline()
    remember_help()
    with tables_locked():
        for path in [*PAGES, "/"]:
            began = time.monotonic()
            if path == "/":
                response = visitor.post("/", {"location": "ZZ1 1AA"})
            else:
                response = visitor.get(path.format(**words))
            assert time.monotonic() - began < 3
            page = response.content.decode()
            assert response.status_code == 503, path
            assert response["Retry-After"] == "10"
            assert "no-store" in response["Cache-Control"]
            assert "taking too long" in page
            assert 'href="tel:999"' in page
            assert "01632 960900" in page
            assert page.count("<h1") == 1
            assert page.rstrip().endswith("</html>")
            assert "Exampleton" not in page
    settings.PUBLIC_READ_SECONDS = 5
    assert visitor.get("/map/").status_code == 200  # at once, and nothing of the limit stays


@for_real
def test_a_page_of_many_slow_queries_ends_within_the_time_of_one(settings):
    limited = DatabaseTime()
    limited.seconds = 0.5
    began = time.monotonic()
    with connection.execute_wrapper(limited), connection.cursor() as cursor:
        for _attempt in range(2):
            cursor.execute("SELECT pg_sleep(0.2)")
        with pytest.raises(OperationalError):
            cursor.execute("SELECT pg_sleep(0.2)")
        with pytest.raises(OperationalError):
            cursor.execute("SELECT 1")
    assert time.monotonic() - began < 1
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("0",)


@for_real
def test_the_limit_costs_no_round_trip_and_leaves_nothing_on_the_connection(
    visitor, django_assert_num_queries, place
):
    place()
    visitor.get("/help/")
    with django_assert_num_queries(5) as asked:
        visitor.get("/help/")
    assert all("SET LOCAL statement_timeout" in each["sql"] for each in asked)
    with connection.cursor() as cursor:
        cursor.execute("SHOW statement_timeout")
        assert cursor.fetchone() == ("0",)


@for_real
def test_pages_of_signed_in_people_are_not_limited(visitor, settings):
    settings.PUBLIC_READ_SECONDS = 0
    assert visitor.get("/schemes/").status_code == 503
    assert visitor.get("/portal/").status_code == 302
    assert visitor.post("/accounts/login/", {"login": "a@example.org"}).status_code != 503


@for_real
def test_help_knows_its_numbers_without_a_database_and_says_so(visitor, no_database):
    helpline()
    remember_help()
    no_database()
    for path in ("/help/", "/show-this/", "/"):
        assert visitor.get(path).status_code == 200, path
    page = visitor.get("/help/").content.decode()
    assert "01632 960900" in page
    assert "as we knew them on" in page


@for_real
def test_help_without_remembered_numbers_is_an_error_page_with_999(visitor, no_database):
    helpline()
    no_database()
    response = visitor.get("/help/")
    assert response.status_code == 503
    assert b"tel:999" in response.content


@for_real
def test_help_does_not_mention_the_database_while_it_answers(visitor):
    helpline()
    page = visitor.get("/help/").content.decode()
    assert "01632 960900" in page
    assert "as we knew them" not in page
    Service.objects.all().delete()
    assert "01632 960900" not in visitor.get("/help/").content.decode()


@for_real
def test_the_last_answer_is_not_repeated_while_the_database_is_away(visitor, place, no_database):
    """Not the search's, nor the page of a place, nor the list: none of them may still be true."""
    venue, paths = place(), ["/map/", "/map/places.geojson"]
    paths.append(f"/venues/{venue.slug}/")
    search = {"longitude": "-1.29", "latitude": "50.93"}
    assert "Exampleton Library" in visitor.post("/", search).content.decode()
    for path in paths:
        assert "Exampleton Library" in visitor.get(path).content.decode()
    no_database()
    answers = [visitor.post("/", search), *map(visitor.get, paths)]
    for response in answers:
        assert response.status_code == 503
        assert response["Retry-After"] == "30"
        assert b"Exampleton Library" not in response.content
        assert b"tel:999" in response.content


@for_real
def test_fifty_searches_from_one_address_each_get_an_answer_or_the_page_and_none_is_refused(
    visitor, settings, here, place
):
    place()

    def statuses():
        found = []

        def ask():
            for _each in range(10):
                own = Client(raise_request_exception=False)
                found.append(own.post("/", {"location": "ZZ1 1AA"}).status_code)
            connection.close()

        threads = [threading.Thread(target=ask) for _each in range(5)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        return found

    with tables_locked():
        assert statuses() == [503] * 50
    settings.PUBLIC_READ_SECONDS = 5
    assert statuses() == [200] * 50
