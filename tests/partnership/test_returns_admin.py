"""Officers' pages: a quarter's returns, one return, held text, issues, lists, absences."""

import datetime

import pytest
from django.utils import timezone

from partnership import actions
from partnership.actions import Figures
from partnership.models import Away, ClosedPeriod, Issue, Progress, ReturnItem, UsageReturn
from tests.factories import OfficerFactory, SignUpFactory
from tests.partnership.factories import IssueFactory, UsageReturnFactory
from tests.partnership.returns import a_member, last_quarter, line
from venues.models import Event, Officer

pytestmark = pytest.mark.django_db
LIST = "/admin/partnership/usagereturn/"


@pytest.fixture
def sign_up():
    return a_member(venue__name="Corner Café")


@pytest.fixture
def scheme(sign_up):
    return sign_up.scheme


def sent(sign_up, *, days=3, **more):
    quarter = last_quarter()
    day = quarter.following.starts + datetime.timedelta(days=days)
    sent_at = timezone.make_aware(datetime.datetime.combine(day, datetime.time(9)))
    return UsageReturnFactory(
        sign_up=sign_up, year=quarter.year, number=quarter.number, sent_at=sent_at, **more
    )


@pytest.fixture
def as_role(client, scheme):
    def log_in(role, scheme=scheme):
        user = OfficerFactory(scheme=scheme, role=role).user
        client.force_login(user)
        return user

    return log_in


def long_ago(**more):
    return SignUpFactory(
        approved=True, approved_at=timezone.now() - datetime.timedelta(days=700), **more
    )


def states(page):
    return {row["sign_up"].venue.name: row["standing"].words for row in page.context["rows"]}


def test_late_missing_and_nil_are_separate_states(client, as_role, sign_up, scheme):
    as_role("viewer")
    sent(sign_up, people=4)
    sent(long_ago(scheme=scheme, venue__name="Nil"))
    sent(long_ago(scheme=scheme, venue__name="Late"), days=80, people=2)
    sent(long_ago(scheme=scheme, venue__name="Late nil"), days=80)
    long_ago(scheme=scheme, venue__name="Missing")
    SignUpFactory(approved=True, scheme=scheme, venue__name="New")
    scheme.return_settings.due_after_days = 1
    scheme.return_settings.save()
    sent_late = UsageReturn.objects.filter(people=4)
    sent_late.update(sent_at=last_quarter().following.starts)
    page = client.get(LIST)
    assert states(page) == {
        "Corner Café": "Received",
        "Nil": "Received: nobody needed it, late",
        "Late": "Received, late",
        "Late nil": "Received: nobody needed it, late",
        "Missing": "Missing",
        "New": "Not asked for",
    }
    assert set(states(client.get(f"{LIST}?state=missing"))) == {"Missing"}
    assert "Corner Café" not in states(client.get(f"{LIST}?state=late"))


def test_the_csv_has_states_but_no_numbers(client, as_role, sign_up):
    as_role("officer")
    sent(sign_up, people=1234)
    assert "1234" in client.get(LIST).content.decode()
    table = client.get(f"{LIST}export/").content.decode()
    assert "Corner Café" in table
    assert "Received" in table
    assert "1234" not in table


def test_the_csv_does_not_say_whose_return_was_nil(client, as_role, sign_up, scheme):
    as_role("officer")
    sent(sign_up, people=4)
    sent(long_ago(scheme=scheme, venue__name="Quiet Nook"))
    for asked in ("", "?state=nil", "?state=received"):
        table = client.get(f"{LIST}export/{asked}").content.decode()
        lines = [line.split(",") for line in table.splitlines()[1:]]
        assert {(line[1], line[3]) for line in lines} == {
            ("Corner Café", "Received"),
            ("Quiet Nook", "Received"),
        }
    assert "nobody needed it" in client.get(LIST).content.decode()


def test_the_list_uses_a_constant_number_of_queries(
    client, as_role, scheme, sign_up, django_assert_num_queries
):
    as_role("officer")
    sent(sign_up, people=1)
    with django_assert_num_queries(11) as few:
        client.get(LIST)
    for __ in range(8):
        Progress.objects.create(usage_return=sent(long_ago(scheme=scheme)), text="Well.")
    with django_assert_num_queries(len(few.captured_queries)):
        client.get(LIST)


@pytest.mark.parametrize("code", ["nonsense", "2026-Q9", ""])
def test_an_invalid_quarter_falls_back_to_the_last_one(client, as_role, sign_up, code):
    as_role("officer")
    page = client.get(f"{LIST}?period={code}&page=none&state=none")
    assert page.context["period"] == last_quarter()


def test_the_chair_closes_and_reopens_a_quarter(client, as_role, scheme):
    address = f"{LIST}{last_quarter().code}/close/{scheme.pk}/"
    as_role("officer")
    assert client.post(address).status_code == 403
    as_role("chair")
    assert client.get(address).status_code == 200  # GET only shows the confirmation
    assert not ClosedPeriod.objects.exists()
    client.post(address)
    assert ClosedPeriod.objects.get().period == last_quarter()
    assert "Closed on" in client.get(LIST).content.decode()
    assert "closed already" in client.post(address, follow=True).content.decode()
    client.post(f"{LIST}{last_quarter().code}/reopen/{scheme.pk}/")
    assert not ClosedPeriod.objects.exists()
    running = last_quarter().following
    page = client.post(f"{LIST}{running.code}/close/{scheme.pk}/", follow=True)
    assert "not over yet" in page.content.decode()
    kinds = Event.objects.filter(scheme=scheme).values_list("kind", flat=True)
    assert {"partnership.period_closed", "partnership.period_reopened"} <= set(kinds)


def test_a_return_can_be_read_and_thanked_for_once(client, as_role, sign_up):
    as_role("officer")
    usage_return = sent(sign_up, people=3, counts={line(sign_up, "Lost"): 2})
    address = f"{LIST}{usage_return.pk}/"
    assert "Why people came. Lost: 2" in client.get(f"{address}change/").content.decode()
    client.post(f"{address}thank/")
    assert "thanked already" in client.post(f"{address}thank/", follow=True).content.decode()
    usage_return.refresh_from_db()
    assert usage_return.thanked_at


def test_held_text_is_shown_only_to_those_who_may_release_it(client, as_role, sign_up):
    figures = Figures(people=1, progress="A secret so far.")
    actions.send_return(sign_up, last_quarter(), figures, version=0, way="link")
    progress = Progress.objects.get()
    address = f"/admin/partnership/progress/{progress.pk}/"
    as_role("viewer")
    assert "A secret so far." not in client.get(f"{address}change/").content.decode()
    assert client.post(f"{address}release/").status_code == 403
    as_role("officer")
    assert "A secret so far." in client.get(f"{address}change/").content.decode()
    assert "A secret" not in client.get("/admin/partnership/progress/").content.decode()
    client.post(f"{address}redact/", {"text": "(taken out)"})
    progress.refresh_from_db()
    assert (progress.text, progress.text_state) == ("(taken out)", "redacted")
    page = client.post(f"{address}redact/", {"text": ""}, follow=True).content.decode()
    assert "This field is required" in page


def test_an_issue_moves_through_its_states_by_buttons(client, as_role, sign_up):
    other = OfficerFactory(scheme=sign_up.scheme)
    user = as_role("officer")
    issue = IssueFactory(sign_up=sign_up)
    address = f"/admin/partnership/issue/{issue.pk}/"
    client.post(f"{address}release/")
    client.post(f"{address}handle/")
    client.post(f"{address}give/", {"officer": other.pk})
    client.post(f"{address}note/", {"text": "Rang them."})
    assert "Rang them." in client.get(f"{address}change/").content.decode()
    page = client.post(f"{address}close/", {"answer": ""}, follow=True).content.decode()
    assert "Answer to the venue: This field is required." in page
    client.post(f"{address}close/", {"answer": "Yes, from May."})
    issue.refresh_from_db()
    assert (issue.state, issue.owner, issue.closed_by) == ("closed", other.user, user)
    assert "Yes, from May." in client.get(f"{address}change/").content.decode()


def test_an_officer_raises_an_issue_for_a_venue_of_their_own_scheme(
    client, as_role, sign_up, scheme
):
    as_role("chair")
    add = "/admin/partnership/issue/add/"
    form = {"scheme": scheme.pk, "theme": "space", "urgency": "meeting", "text": "A lending box."}
    page = client.post(add, {**form, "sign_up": SignUpFactory(approved=True).pk})
    assert "Select a valid choice" in page.content.decode()
    assert (
        "telephone"
        in client.post(add, {**form, "text": "07700 900123"}, follow=True).content.decode()
    )
    client.post(add, {**form, "sign_up": sign_up.pk})
    assert Issue.objects.get().sign_up == sign_up


def test_an_absence_is_recorded_and_ended(client, as_role, scheme):
    user = as_role("officer")
    own = Officer.objects.get(user=user)
    deputy = OfficerFactory(scheme=scheme)
    add = "/admin/partnership/away/add/"
    tomorrow = timezone.localdate() + datetime.timedelta(days=1)
    page = client.post(add, {"officer": own.pk, "deputy": own.pk, "until": tomorrow})
    assert "Choose another officer" in page.content.decode()
    client.post(add, {"officer": own.pk, "deputy": deputy.pk, "until": tomorrow})
    away = Away.objects.get()
    assert away.deputy == deputy
    client.post(f"/admin/partnership/away/{away.pk}/back/")
    assert not Away.objects.exists()


def test_lists_can_be_edited_but_did_not_ask_stays_first(client, as_role, sign_up, scheme):
    lost = line(sign_up, "Lost")
    address = f"/admin/partnership/returnitem/{lost.pk}/change/"
    as_role("officer")
    assert client.post(address, {"label": "x", "order": 1}).status_code == 403
    as_role("chair")
    client.post(address, {"label": "Lost their way", "order": 15})
    lost.refresh_from_db()
    assert (lost.label, lost.is_active) == ("Lost their way", False)
    first = ReturnItem.objects.filter(scheme=scheme, kind="reason").first()
    page = f"/admin/partnership/returnitem/{first.pk}/change/"
    client.post(page, {"label": "We did not ask", "order": 99, "is_active": ""})
    first.refresh_from_db()
    assert (first.label, first.is_active, first.order) == ("We did not ask", True, 0)
    assert client.post(f"/admin/partnership/returnitem/{lost.pk}/delete/").status_code == 403
    assert Event.objects.filter(kind="partnership.return_item_changed").count() == 2


def test_settings_are_changed_within_limits(client, as_role, scheme):
    as_role("chair")
    settings = scheme.return_settings
    address = f"/admin/partnership/returnsettings/{settings.pk}/change/"
    form = {"due_after_days": 14, "remind_before_days": 3, "remind_after_days": 5}
    client.post(address, {**form, "asks_age_band": "on"})
    settings.refresh_from_db()
    assert (settings.due_after_days, settings.asks_age_band) == (14, True)
    page = client.post(address, {**form, "due_after_days": 61}).content.decode()
    assert "less than or equal to 60" in page


def test_another_council_can_neither_see_nor_change_any_of_it(client, as_role, sign_up):
    elsewhere = a_member().scheme
    usage_return = sent(sign_up, people=77)
    progress = Progress.objects.create(usage_return=usage_return, text="Ours alone.")
    issue = IssueFactory(sign_up=sign_up, text="Ours alone.")
    away = actions.go_away(
        OfficerFactory(scheme=sign_up.scheme),
        deputy=OfficerFactory(scheme=sign_up.scheme),
        until=timezone.localdate(),
        by=sign_up.started_by,
    )
    item, settings = line(sign_up, "Lost"), sign_up.scheme.return_settings
    as_role("administrator", scheme=elsewhere)
    things = {
        "usagereturn": (usage_return, ["thank"]),
        "progress": (progress, ["release", "redact", "shared"]),
        "issue": (issue, ["handle", "give", "note", "close", "staff-checked", "release", "redact"]),
        "away": (away, ["back"]),
        "returnitem": (item, []),
        "returnsettings": (settings, []),
    }
    for model, (thing, presses) in things.items():
        page = client.get(f"/admin/partnership/{model}/{thing.pk}/change/")
        assert page.status_code == 302, model
        for name in ("", "export/"):
            text = client.get(f"/admin/partnership/{model}/{name}").content.decode()
            assert "Corner Café" not in text, model
            assert "Ours alone" not in text, model
        for press in presses:
            address = f"/admin/partnership/{model}/{thing.pk}/{press}/"
            assert client.post(address).status_code == 404, address
    quarter = f"{LIST}{last_quarter().code}"
    assert client.post(f"{quarter}/close/{sign_up.scheme_id}/").status_code == 404
    assert not ClosedPeriod.objects.exists()
