import threading

import pytest
from django.core.cache import cache
from django.db import OperationalError, connection
from django.test import RequestFactory

from common.limits import Rate, address, hashed_address, limit


def asked_from(ip, **more):
    return RequestFactory().get("/", REMOTE_ADDR=ip, **more)


@pytest.mark.django_db
def test_each_address_has_its_own_limit():
    request = asked_from("192.0.2.7")

    assert [limit(request, "ring_me", rate=Rate(3, per=60)) for __ in range(4)] == [True] * 3 + [
        False
    ]
    assert limit(asked_from("192.0.2.8"), "ring_me", rate=Rate(3, per=60))
    assert limit(request, "something_else", rate=Rate(3, per=60))


@pytest.mark.django_db
def test_addresses_are_never_stored_in_plain():
    limit(asked_from("192.0.2.7"), "ring_me", rate=Rate(3, per=60))

    with connection.cursor() as cursor:
        cursor.execute("SELECT cache_key, value FROM cache")
        rows = cursor.fetchall()
    assert rows
    assert not any("192.0.2.7" in str(row) for row in rows)


@pytest.mark.django_db(transaction=True)
def test_twenty_concurrent_requests_get_no_more_than_the_limit():
    cache.clear()
    said = []

    def ask():
        said.append(limit(asked_from("192.0.2.9"), "at_once", rate=Rate(5, per=60)))
        connection.close()

    threads = [threading.Thread(target=ask) for __ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    cache.clear()

    assert len(said) == 20
    assert said.count(True) <= 5


def test_requests_are_allowed_when_the_counter_is_unavailable(monkeypatch):
    def away(keys):
        raise OperationalError("the database is away")

    monkeypatch.setattr(cache, "get_many", away, raising=False)

    assert limit(asked_from("192.0.2.7"), "ring_me", rate=Rate(1, per=60))


def test_one_ipv6_household_counts_as_one_address():
    assert address(asked_from("2001:db8::1")) == address(asked_from("2001:db8::2"))
    assert hashed_address(asked_from("192.0.2.1")) != hashed_address(asked_from("192.0.2.2"))


def test_only_trusted_proxies_are_believed(settings):
    forged = asked_from("10.0.0.1", HTTP_X_FORWARDED_FOR="198.51.100.1, 192.0.2.7")

    assert address(forged) == "10.0.0.1"
    settings.TRUSTED_PROXY_COUNT = 1
    assert address(forged) == "192.0.2.7"
