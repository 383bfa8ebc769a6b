"""The meeting pack: what it contains, who may open it, and what never leaves in it."""

import csv
import datetime
import io
import zipfile

import pytest
from django.urls import reverse
from django.utils import timezone

from partnership.actions.figures import make_figures
from partnership.models import Action, Issue, Partner, PeriodFigures, Progress
from partnership.pack import make_pack
from tests.factories import OfficerFactory, SchemeFactory
from tests.partnership.use import QUARTER, held, make_items, make_members, send
from venues.models import Event, PrintRun, Venue

pytestmark = pytest.mark.django_db
TODAY = datetime.date(2026, 11, 20)


@pytest.fixture
def scheme():
    return SchemeFactory()


@pytest.fixture
def chair(scheme):
    return OfficerFactory(scheme=scheme, role="chair").user


def part(pack, key):
    return next(each for each in pack.parts if each.key == key)


def test_an_empty_pack_explains_each_missing_part(client, scheme, chair):
    client.force_login(chair)
    page = client.get(reverse("pack", args=[scheme.slug, QUARTER]))
    text = page.content.decode()
    for words in (
        "No meeting was held in the year up to then.",
        "No apologies were recorded",
        "The figures of this quarter are not made yet.",
        "No venue was a member in July to September 2026.",
        "The coverage at the end of July to September 2026 was not kept",
        "No issue was raised",
        "No action is open.",
        "No venue has a sentence here",
    ):
        assert words in text


def test_members_who_joined_or_left_come_from_the_quarters_events(scheme, chair):
    new, hidden, earlier = make_members(scheme, 3)
    Venue.objects.filter(pk=hidden.venue_id).update(listing="area_only")
    midnight = datetime.time.min
    starts = timezone.make_aware(datetime.datetime.combine(QUARTER.starts, midnight))
    for sign_up, kind, at in [
        (new, "venues.sign_up_approved", starts),
        (hidden, "venues.sign_up_suspended", starts + datetime.timedelta(days=3)),
        (earlier, "venues.sign_up_approved", starts - datetime.timedelta(seconds=1)),
    ]:
        event = Event.objects.record(kind, sign_up=sign_up, by=chair)
        Event.objects.filter(pk=event.pk).update(at=at)
    (sheet,) = part(make_pack(scheme, QUARTER, TODAY), "members").sheets
    assert sheet.rows == [
        [new.venue.name, "New", "1 July 2026"],
        [f"A place of {hidden.venue.organisation}", "Suspended", "4 July 2026"],
    ]


def test_use_is_shown_beside_the_previous_quarter_and_the_year_before(scheme, chair):
    items = make_items(scheme)
    members = make_members(scheme, 4)
    for quarter, people in [(QUARTER.year_before, 5), (QUARTER.previous, 10), (QUARTER, 20)]:
        for sign_up in members:
            send(sign_up, people, quarter, items, reason=[people, 0, 0, 0])
        make_figures(scheme, quarter, by=chair)
    sheets = {sheet.key: sheet for sheet in part(make_pack(scheme, QUARTER, TODAY), "use").sheets}
    assert sheets["people"].header == [
        "",
        "Jul to Sep 2026",
        "Apr to Jun 2026",
        "Jul to Sep 2025",
    ]
    assert sheets["people"].rows[0] == ["People helped", "80", "40", "20"]
    assert sheets["reason"].rows[0] == ["Did not ask", "80", "40", "20"]
    assert [bar.length for bar in sheets["reason"].chart.bars[:3]] == [290, 145, 72]


def test_returns_are_received_late_or_missing_and_nil_comes_from_the_figures(scheme, chair):
    make_items(scheme)
    members = make_members(scheme, 5)
    for sign_up in members:
        sign_up.approved_at = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
        sign_up.save()
    late = datetime.datetime(2026, 11, 10, tzinfo=datetime.UTC)
    in_time = datetime.datetime(2026, 10, 3, tzinfo=datetime.UTC)
    send(members[0], 30, at=late)
    send(members[1], 40, at=in_time)
    send(members[2], 0, at=in_time)
    returns = part(make_pack(scheme, QUARTER, TODAY), "returns")
    assert returns.sheets[0].rows == [
        ["Received", "3"],
        ["of them late", "1"],
        ["Missing", "2"],
        ["Not due yet", "0"],
    ]
    assert members[3].venue.name in returns.lines[0]
    make_figures(scheme, QUARTER, by=chair)
    rows = part(make_pack(scheme, QUARTER, TODAY), "returns").sheets[0].rows
    assert rows[1] == ["of them nobody came, when the figures were made", "1"]


def test_issues_are_only_counted_and_quotes_need_reading_and_consent(scheme, chair):
    members = make_members(scheme, 3)
    at = datetime.datetime(2026, 8, 1, tzinfo=datetime.UTC)
    for theme, urgency in [("staff", "urgent"), ("staff", "meeting"), ("training", "soon")]:
        Issue.objects.create(
            scheme=scheme, theme=theme, urgency=urgency, text="Secret words", raised_at=at
        )
    read = {"text_state": "released", "text_read_at": at, "text_read_by": chair}
    for sign_up, words, more in [
        (members[0], "We made a quiet corner.", {**read, "may_share": True}),
        (members[1], "Held words.", {"may_share": True}),
        (members[2], "Words kept between us.", read),
    ]:
        Progress.objects.create(usage_return=send(sign_up, 1), text=words, **more)
    pack = make_pack(scheme, QUARTER, TODAY)
    assert part(pack, "issues").sheets[0].rows == [
        ["The safety or welfare of our staff", "2", "1", "2", "2"],
        ["Training", "1", "0", "1", "1"],
    ]
    assert part(pack, "progress").quotes == [("We made a quiet corner.", members[0].venue.name)]


def test_open_actions_name_organisations_not_officers(scheme, chair):
    chair.name = "Cho Chambers"
    chair.save()
    for what, due in [("Buy a kettle", datetime.date(2026, 12, 1)), ("Ring", TODAY.replace(day=1))]:
        Action.objects.create(scheme=scheme, what=what, officer=chair, due_on=due, agreed_by=chair)
    assert part(make_pack(scheme, QUARTER, TODAY), "actions").sheets[0].rows == [
        ["Ring", "Example Council", "1 November 2026, overdue"],
        ["Buy a kettle", "Example Council", "1 December 2026"],
    ]


def test_the_chair_makes_publishes_prints_and_exports_the_pack(client, scheme, chair):
    items = make_items(scheme)
    for sign_up in make_members(scheme, 3):
        send(sign_up, 10, items=items, reason=[0, 10, 0, 0])
    client.force_login(chair)
    here = reverse("pack", args=[scheme.slug, QUARTER])
    assert "Make the pack" in client.get(reverse("packs")).content.decode()
    page = client.post(reverse("make_figures", args=[scheme.slug, QUARTER]), follow=True)
    assert page.redirect_chain == [(here, 302)]
    assert "The pack is ready" in page.content.decode()
    client.post(reverse("publish_figures", args=[scheme.slug, QUARTER]))
    assert PeriodFigures.objects.get().published_by == chair
    shown = client.post(reverse("print_pack", args=[scheme.slug, QUARTER]), follow=True)
    run = PrintRun.objects.get()
    pdf = reverse("admin:print_run_file", args=[run.pk])
    assert pdf in shown.text
    assert client.get(pdf).content.startswith(b"%PDF")
    run_page = reverse("admin:venues_printrun_change", args=[run.pk])
    assert run_page in client.get(reverse("pack", args=[scheme.slug, QUARTER])).text
    archive = client.get(reverse("pack_csv", args=[scheme.slug, QUARTER]))
    with zipfile.ZipFile(io.BytesIO(archive.content)) as files:
        names = files.namelist()
        reason = next(name for name in names if "reason" in name)
        rows = list(csv.reader(io.StringIO(files.read(reason).decode("utf-8-sig"))))
    assert rows[2] == ["Lost", "30"]
    assert "read-me.txt" in names


def test_the_csv_archive_escapes_formulas(client, scheme, chair):
    Action.objects.create(
        scheme=scheme, what="=HYPERLINK(1)", officer=chair, due_on=TODAY, agreed_by=chair
    )
    client.force_login(chair)
    archive = client.get(reverse("pack_csv", args=[scheme.slug, QUARTER]))
    with zipfile.ZipFile(io.BytesIO(archive.content)) as files:
        name = next(name for name in files.namelist() if "actions" in name)
        assert "'=HYPERLINK(1)" in files.read(name).decode("utf-8-sig")


def test_the_pack_contains_no_email_addresses(client, scheme, chair):
    partner = Partner.objects.create(scheme=scheme, role="Sergeant", email="s@police.example")
    for owner in ({"officer": chair}, {"partner": partner}):
        Action.objects.create(scheme=scheme, what="Ring", due_on=TODAY, agreed_by=chair, **owner)
    pack = make_pack(scheme, QUARTER, TODAY)
    assert "@" not in repr([(each.lines, each.sheets, each.quotes) for each in pack.parts])


@pytest.mark.parametrize("size", [3, 30])
def test_a_pack_uses_a_constant_number_of_queries(
    client, scheme, chair, size, django_assert_num_queries
):
    items = make_items(scheme)
    members = make_members(scheme, size)
    for quarter in [QUARTER.year_before, QUARTER.previous, QUARTER]:
        for sign_up in members:
            send(sign_up, 10, quarter, items, reason=[0, 10, 0, 0])
        make_figures(scheme, quarter, by=chair)
    came = [(sign_up.venue.organisation, "present") for sign_up in members]
    held(scheme, chair, datetime.date(2026, 7, 8), came)
    with django_assert_num_queries(11):
        make_pack(scheme, QUARTER, TODAY)
