"""Large batches of stickers are printed by a worker, in parts, with a progress page."""

import re
from dataclasses import replace
from datetime import timedelta
from io import BytesIO

import pytest
from django.urls import reverse
from django.utils import timezone
from django_tasks_db.models import DBTaskResult
from pypdf import PdfReader

from common.pdf import join_pdfs, make_pdf
from common.refusals import Refused
from common.tasks.once import only_one
from tests.factories import OfficerFactory, SchemeFactory, SignUpFactory, StickerFactory
from venues import papers, printing
from venues.actions import ask_for_print_run, stop_print_run
from venues.actions.print_runs import make_print_run
from venues.actions.runs import AnotherIsAtIt
from venues.models import PrintPart, PrintRun
from venues.retention import delete_old_print_runs, delete_unfinished_print_runs

pytestmark = pytest.mark.django_db
State = PrintRun.State


@pytest.fixture(autouse=True)
def small_parts(monkeypatch):
    monkeypatch.setattr(printing, "AT_A_TIME", 2)
    monkeypatch.setattr(printing, "AT_ONCE", 2)
    monkeypatch.setattr("venues.admin.stickers.AT_ONCE", 2)


@pytest.fixture
def officer():
    return OfficerFactory(role="officer")


@pytest.fixture
def stickers(officer):
    return stickers_of(officer.scheme, 5)


def stickers_of(scheme, many):
    return [
        StickerFactory(sign_up=SignUpFactory(scheme=scheme, approved=True)) for _ in range(many)
    ]


@pytest.fixture
def in_the_queue(settings):
    """Tasks wait for a worker, as they do in production."""
    settings.TASKS = {
        "default": {**settings.TASKS["default"], "BACKEND": "django_tasks_db.DatabaseBackend"}
    }


@pytest.fixture
def drawn_by():
    """Replace the drawing of parts with the test's own function."""
    usual = papers.paper_called("stickers")
    yield lambda draw: papers.register(replace(usual, draw=draw))
    papers.register(usual)


@pytest.fixture
def ask(officer, stickers):
    def ask():
        (run,) = printing.ask_for_stickers(stickers, "door", by=officer.user)
        run.refresh_from_db()
        return run

    return ask


@pytest.fixture
def signed_in(client, officer, settings):
    settings.DEMO = True
    client.force_login(officer.user)
    return client


def page_of(client, run):
    return client.get(reverse("admin:venues_printrun_change", args=[run.pk])).text


def codes(run):
    """The codes on the run's pages, in page order."""
    pages = PdfReader(BytesIO(bytes(run.file))).pages
    return [re.search(r"ACDE\d{4}", page.extract_text())[0] for page in pages]


def test_five_stickers_are_made_in_three_parts_and_joined_in_order(ask, stickers):
    run = ask()
    assert (run.state, run.row, run.rows) == (State.DONE, 5, 5)
    assert codes(run) == [each.code for each in stickers]
    assert not PrintPart.objects.exists()


def test_a_resumed_worker_makes_no_part_twice(in_the_queue, ask, stickers, drawn_by):
    run, drawn = ask(), []

    def draw(run, part):
        drawn.append(part)
        if len(drawn) == 2:
            raise MemoryError
        return printing.draw(run, part)

    drawn_by(draw)
    with pytest.raises(MemoryError):
        make_print_run.call(run.pk)
    run.refresh_from_db()
    assert (run.state, run.row) == (State.MAKING, 2)
    make_print_run.call(run.pk)
    run.refresh_from_db()
    keys = [each.pk for each in stickers]
    assert drawn == [keys[:2], keys[2:4], keys[2:4], keys[4:]]
    assert codes(run) == [each.code for each in stickers]


def test_stickers_ended_or_deleted_meanwhile_are_left_out_and_named(in_the_queue, ask, stickers):
    run = ask()
    stickers[0].delete()
    ended = stickers[1]
    ended.ended_at, ended.ended_by, ended.end_reason = timezone.now(), ended.issued_by, "lost"
    ended.save()
    make_print_run.call(run.pk)
    run.refresh_from_db()
    assert codes(run) == [each.code for each in stickers[2:]]
    assert run.said == [
        f"Sticker {ended.number} has ended meanwhile and was left out.",
        "1 sticker does not exist any more and was left out.",
    ]


def test_a_run_with_nothing_left_to_print_is_refused_in_words(in_the_queue, ask, stickers):
    run = ask()
    for each in stickers:
        each.delete()
    make_print_run.call(run.pk)
    run.refresh_from_db()
    assert run.state == State.REFUSED
    assert run.said[0] == "Nothing is left to print."
    assert run.file is None


def test_a_run_deleted_before_or_during_the_work_ends_quietly(in_the_queue, ask, drawn_by):
    run = ask()
    pk = run.pk
    run.delete()
    assert make_print_run.call(pk) is None

    run = ask()
    pk = run.pk

    def draw(run, part):
        PrintRun.objects.filter(pk=run.pk).delete()
        return printing.draw(run, part)

    drawn_by(draw)
    assert make_print_run.call(pk) is None
    assert not PrintPart.objects.exists()


def test_a_second_worker_on_the_same_run_waits(in_the_queue, ask):
    run = ask()
    with only_one(f"printrun {run.pk}"), pytest.raises(AnotherIsAtIt):
        make_print_run.call(run.pk)


def test_stopping_ends_a_waiting_run_at_once(in_the_queue, ask, officer):
    run = stop_print_run(ask(), by=officer.user)
    make_print_run.call(run.pk)
    run.refresh_from_db()
    assert (run.state, run.file) == (State.STOPPED, None)


def test_stopping_a_running_run_ends_it_after_the_current_part(
    in_the_queue, ask, officer, drawn_by
):
    run, drawn = ask(), []

    def draw(run, part):
        drawn.append(part)
        if len(drawn) == 2:
            stop_print_run(run, by=officer.user)
        return printing.draw(run, part)

    drawn_by(draw)
    make_print_run.call(run.pk)
    run.refresh_from_db()
    assert (run.state, run.file, len(drawn)) == (State.STOPPED, None, 2)
    assert not PrintPart.objects.exists()


def test_stopping_ends_a_run_whose_worker_has_died(in_the_queue, ask, officer):
    run = ask()
    PrintRun.objects.update(state=State.MAKING)
    PrintPart.objects.create(run=run, number=0, file=b"%PDF")
    assert stop_print_run(run, by=officer.user).state == State.STOPPED
    assert not PrintPart.objects.exists()


def test_a_double_press_makes_one_run(in_the_queue, ask):
    assert ask() == ask()
    assert DBTaskResult.objects.count() == 1


def test_asking_to_print_requires_the_permission(stickers):
    viewer = OfficerFactory(scheme=stickers[0].sign_up.scheme, role="viewer").user
    with pytest.raises(Refused, match="may not print"):
        printing.ask_for_stickers(stickers, "door", by=viewer)
    assert not PrintRun.objects.exists()


def test_a_run_is_kept_for_a_week_or_a_month_if_it_never_ended(in_the_queue, ask):
    run, now = ask(), timezone.now()
    assert delete_unfinished_print_runs(now + timedelta(days=27)) == 0
    assert delete_unfinished_print_runs(now + timedelta(days=33)) == 1
    run = ask()
    make_print_run.call(run.pk)
    assert delete_old_print_runs(now + timedelta(days=6)) == 0
    assert delete_unfinished_print_runs(now + timedelta(days=99)) == 0
    assert delete_old_print_runs(now + timedelta(days=9)) == 1
    assert not PrintRun.objects.exists()


def test_joined_files_keep_their_page_order():
    page = {"sheets": [], "size": "door"}
    one = make_pdf("venues/sticker_print.html", page, style="css/sticker.css", identifier=b"x")
    assert len(PdfReader(BytesIO(join_pdfs([one, one, one]))).pages) == 3
    assert join_pdfs([one]) == one


# The pages


def test_the_file_can_be_downloaded_from_the_list_without_waiting(signed_in, stickers):
    chosen = {"action": "mark_stickers_sent", "_selected_action": [each.pk for each in stickers]}
    offered = signed_in.post(reverse("admin:venues_sticker_changelist"), chosen).text
    assert f'method="post" action="{reverse("admin:print_many_stickers")}"' in offered
    shown = signed_in.post(
        reverse("admin:print_many_stickers"),
        {"id": [each.pk for each in stickers], "size": "window"},
        follow=True,
    )
    assert "5 stickers: Window, A5" in shown.text
    assert "Done. The file is kept until" in shown.text
    run = PrintRun.objects.get()
    url = reverse("admin:print_run_file", args=[run.pk])
    assert url in shown.text
    file = signed_in.get(url)
    assert file.content.startswith(b"%PDF")
    assert "no-store" in file["Cache-Control"]
    assert "5 stickers" in signed_in.get(reverse("admin:venues_printrun_changelist")).text


def test_a_few_stickers_print_at_once_and_many_become_a_run(signed_in, stickers):
    url = reverse("admin:print_stickers")
    few = signed_in.get(url, {"id": [each.pk for each in stickers[:2]]})
    assert few["Content-Type"] == "application/pdf"
    many = signed_in.get(url, {"id": [each.pk for each in stickers]}, follow=True)
    assert "Choose these stickers in the list" in many.text
    assert not PrintRun.objects.exists()


@pytest.mark.parametrize("given", [{}, {"id": "x"}, {"id": "0"}, {"size": "wall"}])
def test_nothing_printable_is_explained_in_words(signed_in, stickers, given):
    given = {"id": stickers[0].pk, **given} if "size" in given else given
    answer = signed_in.post(reverse("admin:print_many_stickers"), given, follow=True)
    assert "Choose stickers that have not ended." in answer.text
    assert not PrintRun.objects.exists()


def test_stickers_of_two_schemes_become_two_runs(signed_in, officer, stickers):
    other = SchemeFactory()
    OfficerFactory(scheme=other, user=officer.user, role="officer")
    both = [*stickers, *stickers_of(other, 3)]
    signed_in.post(reverse("admin:print_many_stickers"), {"id": [each.pk for each in both]})
    made = {run.scheme: len(codes(run)) for run in PrintRun.objects.all()}
    assert made == {officer.scheme: 5, other: 3}


def test_the_page_shows_progress_and_offers_to_stop(in_the_queue, signed_in, ask):
    run = ask()
    assert "Waiting to be made." in page_of(signed_in, run)
    PrintRun.objects.update(state=State.MAKING, row=2)
    said = page_of(signed_in, run)
    assert "Being made: 2 of 5 are done." in said
    assert "Look again" in said
    assert "Stop it" in said
    stopped = signed_in.post(reverse("admin:stop_print_run", args=[run.pk]), follow=True)
    assert "Stopped. No file is kept." in stopped.text
    assert signed_in.get(reverse("admin:print_run_file", args=[run.pk])).status_code == 404


def test_a_failed_run_gives_the_reason_and_can_be_retried(in_the_queue, signed_in, ask):
    run = ask()
    row = DBTaskResult.objects.get()
    for worker in "abcd":
        row.claim(worker)
    try:
        raise ValueError("out of order")
    except ValueError as error:
        row.set_failed(error)
    said = page_of(signed_in, run)
    assert "It failed: An error in the program: ValueError: out of order" in said
    assert "It is not tried again by itself." in said
    signed_in.post(reverse("admin:try_print_run_again", args=[run.pk]))
    row.refresh_from_db()
    assert row.status == "READY"


def test_only_officers_of_the_scheme_who_can_print_get_the_file(client, ask, officer):
    url = reverse("admin:print_run_file", args=[ask().pk])
    client.force_login(OfficerFactory(role="administrator").user)
    assert client.get(url).status_code == 404
    client.force_login(OfficerFactory(scheme=officer.scheme, role="viewer").user)
    assert client.get(url).status_code == 403


def test_each_kind_of_paper_requires_its_own_permission(officer):
    nobody = OfficerFactory().user
    with pytest.raises(Refused):
        ask_for_print_run(
            "pack", officer.scheme, {"period": "2026-Q3"}, title="x", file_name="x", by=nobody
        )
