"""The running tally: totals only; a press leaves no time and no event."""

import datetime
import threading

import pytest
from django.core.cache import cache
from django.db import connection
from django.utils import timezone

from common.refusals import Refused
from partnership import actions
from partnership.links.returns import make_tally_token
from partnership.models import Tally, TallyCount, UsageReturn
from partnership.periods import QUARTER, Period
from tests.partnership.returns import a_member, last_quarter, line, link, manager_of
from venues.models import Event

NOW = Period.containing(QUARTER, timezone.localdate())
START = timezone.now()


@pytest.fixture
def tally(db, settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()
    sign_up = a_member()
    return actions.start_tally(sign_up, by=manager_of(sign_up))


def counter(tally, page=""):
    return f"/tally/{make_tally_token(tally)}/{page}"


def total(tally, item=None):
    return TallyCount.objects.get(tally=tally, item=item).count


def test_each_press_adds_one_and_minus_takes_one_off(client, tally):
    lost = line(tally.sign_up, "Lost")
    for step in ("more", "more", "fewer"):
        client.post(counter(tally, "count/"), {"line": lost.pk, "step": step})
    client.post(counter(tally, "count/"), {"line": "people", "step": "more"})
    assert (total(tally, lost), total(tally)) == (1, 1)
    for __ in range(3):
        client.post(counter(tally, "count/"), {"line": lost.pk, "step": "fewer"})
    assert total(tally, lost) == 0


def test_a_press_leaves_no_timestamp_and_no_event(client, tally):
    before = Event.objects.count()
    client.post(counter(tally, "count/"), {"line": "people", "step": "more"})
    assert Event.objects.count() == before
    kinds = {field.get_internal_type() for field in TallyCount._meta.get_fields()}
    assert not kinds & {"DateTimeField", "DateField", "TimeField"}


def test_the_tally_fills_the_return_and_one_press_sends_it(client, tally):
    sign_up = tally.sign_up
    lost = line(sign_up, "Lost")
    for item in (None, None, lost):
        actions.count_one(tally, item, period=last_quarter())
    page = client.get(link(sign_up)).content.decode()
    assert "you helped 2 people" in page
    assert "0 this quarter" not in page
    form = client.get(link(sign_up, "numbers/")).context["form"]
    assert (form["people"].value(), form[f"item_{lost.pk}"].value()) == (2, 1)
    client.post(link(sign_up, "tally/"), {"version": "0"})
    sent = UsageReturn.objects.get()
    assert (sent.people, sent.counts.get().item) == (2, lost)


def test_the_counter_is_opt_in_and_its_link_can_be_revoked(client, tally):
    sign_up = tally.sign_up
    client.force_login(manager_of(sign_up))
    page = client.get(f"/portal/returns/{sign_up.pk}/tally/")
    old = page.context["link"].partition("/tally/")[2]
    assert page.content.decode().count(old) == 2
    old = f"/tally/{old}"
    assert client.get(old).status_code == 200
    client.post(f"/portal/returns/{sign_up.pk}/tally/renew/")
    assert client.get(old).status_code == 403
    tally.refresh_from_db()
    new = counter(tally)
    assert client.get(new).status_code == 200
    client.post(f"/portal/returns/{sign_up.pk}/tally/end/")
    page = client.get(new)
    assert page.status_code == 403
    assert sign_up.venue.name not in page.content.decode()


def test_a_restarted_tally_keeps_its_totals(tally):
    by = manager_of(tally.sign_up)
    actions.count_one(tally, None, period=NOW)
    actions.end_tally(tally, by=by)
    with pytest.raises(Refused, match="No tally"):
        actions.end_tally(tally, by=by)
    again = actions.start_tally(tally.sign_up, by=by)
    assert (total(again), Tally.objects.count()) == (1, 1)
    with pytest.raises(Refused, match="already"):
        actions.start_tally(tally.sign_up, by=by)


@pytest.mark.parametrize("wrong", ["", "nonsense", "999999999", "-1"])
def test_an_unknown_item_is_refused(client, tally, wrong):
    page = client.post(counter(tally, "count/"), {"line": wrong}, follow=True).content.decode()
    assert "changed its lists" in page
    assert not TallyCount.objects.exists()


def test_rapid_presses_are_rate_limited(client, tally):
    address = counter(tally, "count/")
    for __ in range(61):
        client.post(address, {"line": "people"})
    page = client.post(address, {"line": "people"}, follow=True)
    assert "That was very fast" in page.content.decode()
    assert total(tally) == 60


def test_a_busy_counter_has_a_higher_rate_limit_than_other_links(client, tally, monkeypatch):
    address = counter(tally, "count/")
    for number in range(70):
        now = START + datetime.timedelta(seconds=4 * number)
        monkeypatch.setattr("time.time", now.timestamp)
        client.post(address, {"line": "people"})
    assert total(tally) == 70


def test_a_venue_that_left_cannot_count(client, tally):
    type(tally.sign_up).objects.filter(pk=tally.sign_up_id).update(state="withdrawn")
    page = client.post(counter(tally, "count/"), {"line": "people"}, follow=True).content.decode()
    assert "No tally is kept here any more." in page


@pytest.mark.django_db(transaction=True)
def test_concurrent_counters_lose_no_press(settings):
    sign_up = a_member()
    tally = actions.start_tally(sign_up, by=manager_of(sign_up))

    def press():
        for __ in range(10):
            actions.count_one(tally, None, period=NOW)
        connection.close()

    threads = [threading.Thread(target=press) for __ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert total(tally) == 40
