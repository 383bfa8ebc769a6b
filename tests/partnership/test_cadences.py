"""Schemes that ask for returns monthly, half-yearly or yearly, or change their cadence."""

import datetime
from itertools import pairwise

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from common.refusals import Refused
from partnership import actions
from partnership.actions import Figures
from partnership.actions.figures import make_figures
from partnership.duties.returns import send_return_letters
from partnership.models import ReturnSettings, UsageReturn
from partnership.models.of_period import period_columns
from partnership.pack import make_pack
from partnership.pack.use import compared, use_part
from partnership.periods import HALF_YEAR, MONTH, QUARTER, YEAR, Period
from partnership.rules.figures import before_without_overlap, why_not_make
from partnership.rules.periods import ended_periods, is_asked, last_ended
from partnership.rules.returns import past_periods
from tests.factories import (
    RequirementFactory,
    SchemeFactory,
    SignUpFactory,
    UserFactory,
)
from tests.partnership.returns import a_member, manager_of
from tests.partnership.use import make_items, make_members, send
from venues.evidence import proofs
from venues.evidence_kinds import Stage
from venues.models.parts import cadence_on, earlier_after_change
from venues.rules import returns_after_change, returns_in_words

pytestmark = pytest.mark.django_db
NOON = datetime.time(12)
CADENCES = ["month", "quarter", "half_year", "year"]


def day(text):
    return datetime.date.fromisoformat(text)


def moment(text):
    return timezone.make_aware(datetime.datetime.combine(day(text), NOON))


@pytest.fixture(autouse=True)
def clock(monkeypatch):
    """Freeze time at 20 November 2026, until a test calls `clock("2026-11-21")`."""

    def turn(text):
        monkeypatch.setattr("django.utils.timezone.now", lambda: moment(text))

    turn("2026-11-20")
    return turn


def codes(periods):
    return [each.code for each in periods]


@pytest.mark.parametrize(
    ("every", "last", "number"),
    [
        ("month", "2026-10", 24),
        ("quarter", "2026-Q3", 8),
        ("half_year", "2026-H1", 4),
        ("year", "2025", 2),
    ],
)
def test_a_scheme_asks_about_the_periods_of_its_cadence(every, last, number):
    scheme = SchemeFactory(returns_every=every)
    found = list(ended_periods(scheme, day("2026-11-20")))
    assert found[0].code == last
    assert len(found) == number
    assert all(is_asked(scheme, each) for each in found)


def test_a_scheme_without_returns_asks_about_nothing():
    scheme = SchemeFactory(returns_every="none")
    assert last_ended(scheme, day("2026-11-20")) is None
    assert not is_asked(scheme, Period(QUARTER, 2026, 3))


# A change of cadence


@pytest.mark.parametrize(
    ("old", "new", "starts"),
    [
        ("quarter", "month", "2027-01-01"),
        ("month", "quarter", "2027-01-01"),
        ("month", "half_year", "2027-01-01"),
        ("year", "month", "2027-01-01"),
        ("none", "month", "2026-12-01"),
        ("month", "none", "2026-12-01"),
    ],
)
def test_a_new_cadence_starts_on_a_day_that_begins_a_period_of_both(old, new, starts):
    earlier, since = earlier_after_change(new, day("2026-11-20"), now=old, earlier=[])
    assert since == day(starts)
    before = since - datetime.timedelta(days=1)
    assert [cadence_on(each, new, earlier) for each in (before, since)] == [old, new]


def test_a_change_undone_before_its_day_leaves_no_trace():
    earlier, _ = earlier_after_change("year", day("2026-11-20"), now="quarter", earlier=[])
    earlier, since = earlier_after_change("quarter", day("2026-11-21"), now="year", earlier=earlier)
    assert (earlier, since) == ([], day("2026-11-21"))


@pytest.mark.parametrize("old", CADENCES)
@pytest.mark.parametrize("new", CADENCES)
@pytest.mark.parametrize("third", [*CADENCES, "none"])
def test_periods_never_overlap_whatever_changes_of_cadence_are_made(old, new, third):
    scheme = SchemeFactory(returns_every=old)
    SignUpFactory(scheme=scheme, approved=True)
    for every, on in ((new, "2026-02-10"), (third, "2026-05-03"), ("month", "2026-09-30")):
        scheme.returns_earlier = returns_after_change(scheme, every, at=day(on))
        scheme.returns_every = every
    found = list(ended_periods(scheme, day("2028-03-01")))
    for later, earlier in pairwise(found):
        assert earlier.ends < later.starts
    assert found[0].code == "2028-02"


def test_an_officer_is_told_when_a_change_of_cadence_takes_effect(client):
    scheme = SchemeFactory()
    SignUpFactory(scheme=scheme, approved=True)
    client.force_login(UserFactory(is_superuser=True, is_staff=True))
    url = reverse("admin:venues_scheme_change", args=[scheme.pk])
    form = client.get(url).context["adminform"].form
    data = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    data = {name: value for name, value in data.items() if value not in (None, False)}
    data["criteria"] = []
    for inline in client.get(url).context["inline_admin_formsets"]:
        data |= {
            f"{inline.formset.prefix}-TOTAL_FORMS": "0",
            f"{inline.formset.prefix}-INITIAL_FORMS": "0",
        }
    page = client.post(url, {**data, "returns_every": "year", "_continue": "1"}, follow=True)
    words = "From 1 January 2027: Every year. Until then: Every quarter."
    assert words in page.content.decode()
    scheme.refresh_from_db()
    assert scheme.returns_every_on(day("2026-12-31")) == "quarter"
    assert scheme.returns_every_on(day("2027-01-01")) == "year"
    assert returns_in_words(scheme) == words


def test_a_scheme_without_members_changes_its_cadence_at_once():
    scheme = SchemeFactory()
    assert returns_after_change(scheme, "year") == []


def test_after_a_change_only_the_old_cadences_past_periods_can_still_be_sent():
    scheme = SchemeFactory(returns_every="month", returns_earlier=[["quarter", "2026-06-30"]])
    sign_up = a_member(scheme=scheme)
    rows = past_periods(sign_up, day("2026-11-20"))
    assert codes(row.period for row in rows)[:6] == [
        *("2026-10", "2026-09", "2026-08", "2026-07"),
        *("2026-Q2", "2026-Q1"),
    ]
    sent = actions.send_return(
        sign_up, Period(QUARTER, 2026, 2), Figures(people=3), version=0, way="portal"
    )
    assert sent.period.code == "2026-Q2"
    for code in ("2026-06", "2026-Q3", "2026-H1", "2026"):
        with pytest.raises(Refused, match=r"does not ask|not over"):
            actions.send_return(sign_up, Period.parse(code), Figures(), version=0, way="portal")


# The portal, the letters, the tally


@pytest.mark.parametrize(
    ("every", "code", "label", "button"),
    [
        ("month", "2026-10", "October 2026", "0 this month"),
        ("half_year", "2026-H1", "January to June 2026", "0 this half-year"),
        ("year", "2025", "2025", "0 this year"),
    ],
)
def test_a_venue_sends_its_periods_return_in_the_portal(client, every, code, label, button):
    sign_up = a_member(scheme=SchemeFactory(returns_every=every))
    client.force_login(manager_of(sign_up))
    home = client.get(f"/portal/returns/{sign_up.pk}/").content.decode()
    assert f"/portal/returns/{sign_up.pk}/{code}/" in home
    page = client.get(f"/portal/returns/{sign_up.pk}/{code}/").content.decode()
    assert label in page
    assert button in page
    assert "quarter" not in page.split("<main")[1].split("</main")[0].replace("quarter-", "")
    client.post(f"/portal/returns/{sign_up.pk}/{code}/nil/", {"version": "0"})
    assert UsageReturn.objects.get(sign_up=sign_up).period.code == code


def test_a_venue_asked_monthly_cannot_answer_for_a_quarter(client):
    sign_up = a_member(scheme=SchemeFactory(returns_every="month"))
    client.force_login(manager_of(sign_up))
    client.post(f"/portal/returns/{sign_up.pk}/2026-Q3/nil/", {"version": "0"})
    assert not UsageReturn.objects.exists()
    page = client.get(f"/portal/returns/{sign_up.pk}/2026-Q3/").content.decode()
    assert "does not ask about July to September 2026 by itself" in page


def test_a_months_letter_and_both_reminders_are_sent_after_it_ends(clock):
    sign_up = a_member(scheme=SchemeFactory(returns_every="month"))
    subjects = []
    for on in ("2026-10-31", "2026-11-01", "2026-11-22", "2026-12-05", "2026-12-06"):
        mail.outbox.clear()
        clock(on)
        send_return_letters()
        found = sign_up.partnership_letters.filter(year=2026, number=10, length="month")
        subjects.append(sorted(found.values_list("kind", flat=True)))
    assert subjects == [
        [],
        ["asked"],
        ["asked", "before"],
        ["after", "asked", "before"],
        ["after", "asked", "before"],
    ]


def test_tally_counts_are_kept_by_month_for_a_monthly_scheme():
    sign_up = a_member(scheme=SchemeFactory(returns_every="month"))
    tally = actions.start_tally(sign_up, by=manager_of(sign_up))
    for code in ("2026-11", "2026-11", "2026-12"):
        actions.count_one(tally, None, period=Period.parse(code))
    counts = {each.period.code: each.count for each in tally.counts.all()}
    assert counts == {"2026-11": 2, "2026-12": 1}


def test_venues_asked_about_different_periods_are_on_separate_pages(client):
    one = a_member(scheme=SchemeFactory(returns_every="month"))
    other = a_member(scheme=SchemeFactory(returns_every="year"))
    other.venue.organisation = one.venue.organisation
    other.venue.save()
    client.force_login(manager_of(one))
    home = f"/portal/organisations/{one.venue.organisation_id}/returns/"
    assert client.get(home).url == f"{home}2026-10/"
    page = client.get(f"{home}2026-10/")
    assert [row.sign_up for row, _box in page.context["lines"]] == [one]
    page = client.get(f"{home}2025/")
    assert [row.sign_up for row, _box in page.context["lines"]] == [other]
    client.post(f"{home}2025/send/", {f"people_{other.pk}": "4"})
    assert UsageReturn.objects.get().period == Period(YEAR, 2025, 1)
    assert client.get(f"{home}2026-Q3/").status_code == 404
    assert client.get(f"/portal/organisations/{one.venue.organisation_id}/").status_code == 200


# The evidence


@pytest.mark.parametrize(
    ("every", "last_day_not_due", "first"),
    [
        # The first whole period after 10 February 2025 is due 28 days after its end.
        ("month", "2025-04-28", "2025-03"),
        ("quarter", "2025-07-28", "2025-Q2"),
        ("half_year", "2026-01-28", "2025-H2"),
        ("year", "2027-01-28", "2026"),
    ],
)
def test_a_return_counts_as_evidence_for_its_own_cadence(every, last_day_not_due, first):
    scheme = SchemeFactory(returns_every=every)
    RequirementFactory(
        principle__scheme=scheme,
        evidence="usage_return",
        needed_for="standing",
        at_least=1,
        of_last=1,
    )
    sign_up = SignUpFactory(scheme=scheme, approved=True, approved_at=moment("2025-02-10"))
    at = day(last_day_not_due)
    states = [
        proofs(sign_up, Stage.STANDING, each)[0].state
        for each in (at, at + datetime.timedelta(days=1))
    ]
    assert states == ["not_yet_due", "asked_for"]
    period = Period.parse(first)
    UsageReturn.objects.create(
        sign_up=sign_up,
        people=0,
        way="link",
        sent_at=timezone.now(),
        **period_columns(period),
    )
    found = proofs(sign_up, Stage.STANDING, at + datetime.timedelta(days=1))[0]
    assert found.state != "asked_for"
    assert found.held_until == period.following.ends + datetime.timedelta(days=28)


def test_a_new_cadence_is_a_fresh_start_for_the_evidence():
    scheme = SchemeFactory(returns_every="month", returns_earlier=[["quarter", "2026-06-30"]])
    RequirementFactory(
        principle__scheme=scheme,
        evidence="usage_return",
        needed_for="standing",
        at_least=1,
        of_last=1,
    )
    sign_up = SignUpFactory(scheme=scheme, approved=True, approved_at=moment("2025-02-10"))
    states = {
        on: proofs(sign_up, Stage.STANDING, day(on))[0].state
        for on in ("2026-06-30", "2026-07-01", "2026-08-28", "2026-08-29")
    }
    assert list(states.values()) == ["asked_for", "not_yet_due", "not_yet_due", "asked_for"]


# The figures


def four_members(scheme):
    return make_members(scheme, 4)


def test_a_months_figures_are_made_and_shown_in_the_pack():
    scheme, chair = SchemeFactory(returns_every="month"), UserFactory()
    items = make_items(scheme)
    for sign_up in four_members(scheme):
        send(sign_up, 20, Period(MONTH, 2026, 10), items, reason=[5, 5, 5, 5])
    made = make_figures(scheme, Period(MONTH, 2026, 10), by=chair)
    assert made.period.code == "2026-10"
    assert made.tables["people"] == 80
    pack = make_pack(scheme, made.period, day("2026-11-20"))
    assert "people" in [sheet.key for sheet in pack.sheets]


def test_figures_of_overlapping_periods_cannot_both_be_made():
    scheme, chair = SchemeFactory(returns_every="month"), UserFactory()
    members = four_members(scheme)
    for period in (Period(MONTH, 2026, 9), Period(QUARTER, 2026, 3)):
        for sign_up in members:
            send(sign_up, 20, period)
    make_figures(scheme, Period(MONTH, 2026, 9), by=chair)
    with pytest.raises(Refused, match="some of the same days"):
        make_figures(scheme, Period(QUARTER, 2026, 3), by=chair)
    assert why_not_make(scheme, Period(HALF_YEAR, 2026, 1), day("2026-11-20")) == [
        "No return for January to June 2026 has come in yet."
    ]


def test_a_table_of_a_year_sums_periods_of_one_cadence():
    scheme, chair = SchemeFactory(returns_every="half_year"), UserFactory()
    items = make_items(scheme)
    members = four_members(scheme)
    for period in Period(HALF_YEAR, 2026, 1).last(2):
        for sign_up in members:
            send(sign_up, 5, period, items, reason=[2, 1, 1, 1])
        made = make_figures(scheme, period, by=chair)
    assert made.tables["several"]["from"] == "2025-H2"
    part = use_part(compared(scheme, made.period))
    captions = [sheet.caption for sheet in part.sheets]
    assert any("two half-years together" in caption for caption in captions), captions


def test_a_yearly_scheme_has_no_combined_table_and_one_comparison():
    scheme, chair = SchemeFactory(returns_every="year"), UserFactory()
    for period in Period(YEAR, 2025, 1).last(2):
        for sign_up in four_members(scheme):
            send(sign_up, 20, period)
        made = make_figures(scheme, period, by=chair)
    assert made.tables["several"] is None
    assert before_without_overlap(scheme, made.period) == []
    found = compared(scheme, made.period)
    assert [each.period.code for each in found.shown] == ["2025", "2024"]


def test_an_officer_sees_monthly_returns_and_a_closed_month_takes_no_more(client):
    sign_up = a_member(scheme=SchemeFactory(returns_every="month"))
    client.force_login(UserFactory(is_superuser=True, is_staff=True))
    list_url = reverse("admin:partnership_usagereturn_changelist")
    page = client.get(list_url)
    assert page.context["period"].code == "2026-10"
    assert [row["sign_up"] for row in page.context["rows"]] == [sign_up]
    assert list(client.get(f"{list_url}?period=2026-Q3").context["rows"]) == []
    page = client.get(reverse("packs"))
    assert "October 2026" in page.content.decode()
    actions.close_period(sign_up.scheme, Period(MONTH, 2026, 10), by=manager_of(sign_up))
    with pytest.raises(Refused, match="closed"):
        actions.send_return(sign_up, Period(MONTH, 2026, 10), Figures(), version=0, way="portal")
    assert ReturnSettings.objects.get(scheme=sign_up.scheme).due_on(Period(MONTH, 2026, 10)) == day(
        "2026-11-28"
    )
