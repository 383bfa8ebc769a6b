"""A table import: dry run, confirmation, then an all-or-nothing write by a worker."""

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.db import connections
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from common.progress import at_row
from common.refusals import Refused
from common.tables import Findings, RefusedRows, Table
from common.tasks.once import only_one
from tests.factories import OfficerFactory, SchemeFactory
from venues import importers
from venues.actions import ask_for_import, confirm_import, stop_import
from venues.actions.runs import AnotherIsAtIt, StopAsked, Teller
from venues.actions.table_imports import run_import
from venues.importers import Importer, Outcome
from venues.models import Enquiry, Import
from venues.retention import delete_old_imports, delete_unconfirmed_imports

pytestmark = pytest.mark.django_db
State = Import.State


@pytest.fixture(autouse=True)
def importer(monkeypatch):
    """An importer of enquiries: each line of the file is a venue's name."""
    monkeypatch.setattr(importers, "_importers", {"names": NAMES})


def run(stored, *, dry_run):
    names = bytes(stored.file).decode().split()
    for number, name in enumerate(names, start=1):
        at_row(number, of=len(names))
        if name == "wrong":
            findings = Findings()
            findings.refuse(number, "nobody is called that.", "Name")
            raise RefusedRows(Table("names.txt", ["Name"], [(number, [name])]), findings)
        if name == "crash":
            raise ValueError("out of order")
        if not dry_run:
            Enquiry.objects.create(
                scheme=stored.scheme, name="Kim", venue_name=name, phone="01632 960001"
            )
    return Outcome([f"{len(names)} read."], names)


NAMES = Importer("names", "venues.import_members", "import_members", "Bring them in", run)


@pytest.fixture
def administrator():
    return OfficerFactory(role="administrator")


@pytest.fixture
def ask(administrator):
    def ask(text="one two"):
        file = ContentFile(text.encode(), name="names.txt")
        stored = ask_for_import("names", administrator.scheme, file, {}, by=administrator.user)
        stored.refresh_from_db()
        return stored

    return ask


@pytest.fixture
def in_the_queue(settings):
    """Tasks wait for a worker, as they do in production."""
    settings.TASKS = {
        "default": {**settings.TASKS["default"], "BACKEND": "django_tasks_db.DatabaseBackend"}
    }


def names():
    return sorted(Enquiry.objects.values_list("venue_name", flat=True))


def test_the_dry_run_comes_first_and_changes_nothing(ask):
    stored = ask()
    assert (stored.state, stored.said, stored.lines) == (State.TRIED, ["2 read."], ["one", "two"])
    assert names() == []


def test_a_confirmed_import_is_written_and_its_file_deleted(ask, administrator):
    stored = confirm_import(ask(), by=administrator.user)
    stored.refresh_from_db()
    assert (stored.state, stored.file) == (State.DONE, None)
    assert names() == ["one", "two"]


def test_rerunning_a_finished_import_does_nothing(ask, administrator):
    stored = confirm_import(ask(), by=administrator.user)
    run_import.call(stored.pk)
    assert names() == ["one", "two"]


def test_a_worker_killed_while_writing_leaves_nothing_and_the_next_writes_everything(
    ask, administrator
):
    stored = ask()
    Import.objects.filter(pk=stored.pk).update(state=State.WRITING)
    run_import.call(stored.pk)
    assert names() == ["one", "two"]
    assert Import.objects.get().state == State.DONE


def test_an_error_half_way_saves_nothing_and_the_import_can_be_retried(ask, administrator):
    stored = ask()
    Import.objects.update(file=b"one crash", state=State.TO_WRITE)
    with pytest.raises(ValueError, match="out of order"):
        run_import.call(stored.pk)
    assert names() == []
    assert Import.objects.get().state == State.WRITING


def test_a_refusal_gives_the_reason_and_the_rows(ask):
    stored = ask("one wrong")
    assert stored.state == State.REFUSED
    assert "nobody is called that." in stored.said[0]
    header, rows = stored.to_put_right
    assert header == ["Name", "Row", "What is wrong"]
    assert rows == [["wrong", "2", "Name: nobody is called that."]]
    assert stored.file is None


def test_an_import_deleted_meanwhile_ends_quietly(ask):
    stored = ask()
    pk = stored.pk
    stored.delete()
    assert run_import.call(pk) is None


def test_a_second_worker_on_the_same_import_waits(ask):
    stored = ask()
    with only_one(f"import {stored.pk}"), pytest.raises(AnotherIsAtIt):
        run_import.call(stored.pk)


def test_somebody_who_lost_the_role_meanwhile_is_refused(ask, administrator):
    stored = ask()
    administrator.delete()
    user = type(administrator.user).objects.get(pk=administrator.user.pk)
    with pytest.raises(Refused):
        confirm_import(stored, by=user)


# Stopping


def test_a_waiting_import_stops_at_once(in_the_queue, ask, administrator):
    stored = stop_import(ask(), by=administrator.user)
    assert (stored.state, stored.file) == (State.STOPPED, None)
    run_import.call(stored.pk)
    assert Import.objects.get().state == State.STOPPED


@pytest.mark.django_db(transaction=True)
def test_an_import_being_written_stops_at_the_next_row_and_saves_nothing(ask, administrator):
    stored = ask("one two three")
    Import.objects.update(state=State.WRITING)
    with only_one(f"import {stored.pk}"):
        stop_import(stored, by=administrator.user)
    stored.refresh_from_db()
    assert stored.state == State.WRITING
    run_import.call(stored.pk)
    stored.refresh_from_db()
    assert stored.state == State.STOPPED
    assert names() == []


def test_stopping_ends_an_import_whose_worker_has_died(in_the_queue, ask, administrator):
    stored = ask()
    Import.objects.update(state=State.WRITING)
    stop_import(stored, by=administrator.user)
    stored.refresh_from_db()
    assert (stored.state, stored.file) == (State.STOPPED, None)


@pytest.mark.django_db(transaction=True)
def test_progress_is_visible_outside_the_import_transaction(ask):
    stored = ask()
    teller = Teller(Import, stored.pk)
    teller(212, 303)
    stored.refresh_from_db()
    assert (stored.row, stored.rows) == (212, 303)
    Import.objects.update(stop_asked_at=timezone.now())
    teller(213, 303)  # too soon after the last query
    teller.told_at = 0
    with pytest.raises(StopAsked):
        teller(213, 303)
    connections.close_all()


# The pages


@pytest.fixture
def page(client, administrator, settings):
    settings.DEMO = True
    client.force_login(administrator.user)

    def page(stored):
        return client.get(reverse("admin:venues_import_change", args=[stored.pk])).text

    return page


def test_the_page_shows_progress_and_how_to_stop(in_the_queue, ask, page):
    stored = ask()
    text = page(stored)
    assert "Waiting to be tried." in text
    assert "Look again" in text
    assert "Stop it" in text
    Import.objects.update(state=State.WRITING, row=212, rows=303)
    assert "at row 212 of 303" in page(stored)


def test_the_page_says_why_it_failed_and_offers_a_retry(
    in_the_queue, ask, page, client, administrator
):
    stored = ask()
    task = DBTaskResult.objects.get()
    task.set_failed(ValueError("out of order"))
    text = page(stored)
    assert "It failed: An error in the program: ValueError: out of order" in text
    assert "It is not tried again by itself." in text
    client.post(reverse("admin:try_import_again", args=[stored.pk]))
    task.refresh_from_db()
    assert task.status == "READY"
    assert "Waiting to be tried." in page(stored)


def test_a_colleague_without_the_permission_can_view_but_not_confirm(ask, page, client):
    stored = ask()
    client.force_login(OfficerFactory(scheme=stored.scheme, role="viewer").user)
    text = page(stored)
    assert "2 read." in text
    assert "Bring them in" not in text
    url = reverse("admin:confirm_import", args=[stored.pk])
    assert client.post(url).status_code == 403


def test_unconfirmed_imports_are_deleted_after_a_day_and_finished_ones_after_a_month(
    ask, administrator
):
    ask()
    done = confirm_import(ask(), by=administrator.user)
    now = timezone.now()
    assert delete_unconfirmed_imports(now) == delete_old_imports(now) == 0
    assert delete_unconfirmed_imports(now + timedelta(days=2)) == 1
    assert list(Import.objects.all()) == [done]
    assert delete_old_imports(now + timedelta(days=32)) == 1


def test_an_officer_sees_only_imports_of_their_own_schemes(ask):
    stored = ask()
    other = OfficerFactory(scheme=SchemeFactory())
    assert list(Import.objects.for_officer(other.user)) == []
    assert list(Import.objects.for_officer(stored.by)) == [stored]
