"""The quarterly letter, its reminders and the monthly letter: each sent once, none needlessly."""

import datetime
import re

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone
from post_office.models import Email

from partnership import actions
from partnership.actions import Figures
from partnership.duties.returns import send_month_letters, send_return_letters, set_up_schemes
from partnership.models import ReturnItem, ReturnSettings
from partnership.periods import QUARTER, Period
from partnership.rules.letters import without_month_letter
from tests.factories import (
    ALWAYS,
    MembershipFactory,
    RequirementFactory,
    SchemeFactory,
    SignUpFactory,
    StaffMemberFactory,
    StickerFactory,
)
from tests.partnership.factories import UsageReturnFactory
from tests.training.factories import CompletionFactory
from training.models import Enrolment
from venues.models import SignUp

pytestmark = pytest.mark.django_db
Q = Period(QUARTER, 2026, 3)  # due on 28 October, with reminders on 21 October and 4 November


def at(month, day, year=2026, hour=10):
    return timezone.make_aware(datetime.datetime(year, month, day, hour))


@pytest.fixture
def sign_up():
    sign_up = SignUpFactory(
        approved=True, approved_at=at(1, 5, 2025), venue__hours=ALWAYS, listed=True
    )
    sign_up.stickers.update(displayed_at=timezone.now(), displayed_by=sign_up.started_by)
    actions.set_up_returns(sign_up.scheme)
    return sign_up


def subjects():
    return [letter.subject for letter in Email.objects.order_by("pk")]


def test_hourly_runs_over_a_quarter_send_each_letter_once(sign_up):
    for month, day in ((9, 30), (10, 1), (10, 2), (10, 20), (10, 21), (10, 28), (10, 30)):
        send_return_letters(at(month, day))
    for month, day in ((11, 4), (11, 5), (12, 2), (12, 24)):
        send_return_letters(at(month, day, hour=23))
    assert subjects() == [
        f"One minute for {sign_up.venue}: July to September 2026",
        f"A reminder: July to September 2026 at {sign_up.venue}",
        f"We have not heard from {sign_up.venue}: July to September 2026",
    ]


def test_the_letter_has_one_link_to_the_quarters_page_and_no_figures(sign_up, client):
    send_return_letters(at(10, 1))
    (letter,) = Email.objects.all()
    assert letter.message.count("http") == 1
    link = next(word for word in letter.message.split() if word.startswith("http"))
    page = client.get(link[link.index("/returns/") :]).content.decode()
    assert "0 this quarter" in page
    assert "Yes, the hours are right" in page


@pytest.mark.parametrize("when", [(10, 1), (10, 21), (11, 4)])
def test_a_venue_that_has_answered_is_not_written_to(sign_up, when):
    UsageReturnFactory(sign_up=sign_up, year=Q.year, number=Q.number)
    assert send_return_letters(at(*when)) == 0


@pytest.mark.parametrize("when", [(10, 1), (10, 21), (11, 4)])
def test_no_letters_go_out_about_a_closed_quarter(sign_up, when):
    actions.close_period(sign_up.scheme, Q, by=sign_up.started_by)
    assert send_return_letters(at(*when)) == 0


def test_a_venue_that_joined_during_the_quarter_or_left_is_not_asked(sign_up):
    type(sign_up).objects.filter(pk=sign_up.pk).update(approved_at=at(7, 2))
    assert send_return_letters(at(10, 1)) == 0
    type(sign_up).objects.filter(pk=sign_up.pk).update(approved_at=at(7, 1), state="withdrawn")
    assert send_return_letters(at(10, 1)) == 0


def test_a_reminder_waits_a_day_after_a_late_first_letter(sign_up):
    assert send_return_letters(at(10, 25)) == 1
    assert send_return_letters(at(10, 25, hour=11)) == 0
    assert send_return_letters(at(10, 26)) == 1


def test_the_scheme_sets_the_due_day_and_the_reminders(sign_up):
    ReturnSettings.objects.update(due_after_days=10, remind_before_days=2, remind_after_days=1)
    assert [send_return_letters(at(10, day)) for day in (1, 7, 8, 9, 10, 11)] == [1, 0, 1, 0, 0, 1]


def test_finding_who_is_due_uses_a_bounded_number_of_queries(
    sign_up, django_assert_max_num_queries
):
    UsageReturnFactory.create_batch(
        5, sign_up__scheme=sign_up.scheme, sign_up__approved_at=at(1, 5, 2025)
    )
    UsageReturnFactory(sign_up=sign_up)
    with django_assert_max_num_queries(4):
        assert send_return_letters(at(10, 1)) == 0


# The monthly letter


def test_no_monthly_letter_when_nothing_is_due(sign_up):
    hours_confirmed(sign_up, at(11, 1))
    assert [send_month_letters(at(11, day)) for day in (7, 8, 9, 10, 11)] == [0] * 5
    assert subjects() == []


def hours_confirmed(sign_up, moment):
    sign_up.venue.hours_confirmed_at = moment
    sign_up.venue.save()


def test_everything_due_is_in_one_letter_a_month(sign_up):
    hours_confirmed(sign_up, at(6, 1))
    sign_up.stickers.all().delete()
    StickerFactory(sign_up=sign_up, sent=True, expires_on=datetime.date(2027, 5, 1))
    RequirementFactory(
        principle__scheme=sign_up.scheme,
        evidence="usage_return",
        needed_for="standing",
        at_least=1,
        of_last=1,
    )
    assert [send_month_letters(at(11, day)) for day in (7, 8, 9, 10)] == [0, 1, 0, 0]
    (letter,) = Email.objects.all()
    for words in ("opening hours still right", "Put the sticker up", "return on how the space"):
        assert words in letter.message
    assert send_month_letters(at(12, 8)) == 1


def test_monthly_letters_use_a_constant_number_of_queries(sign_up):
    def questions_for(day):
        with CaptureQueriesContext(connection) as asked:
            assert send_month_letters(at(*day)) == SignUp.objects.count()
        return len(asked)

    sign_up.stickers.update(displayed_at=None, displayed_by=None)
    one = questions_for((11, 8))
    for number in range(4):
        more = SignUpFactory(
            approved=True,
            approved_at=at(1, 5, 2025),
            listed=True,
            scheme=sign_up.scheme,
            venue__contact_email="",
        )
        MembershipFactory(organisation=more.venue.organisation, user__email=f"m{number}@a.example")
    assert questions_for((12, 8)) == one
    assert Email.objects.filter(to__icontains="m3@a.example").count() == 1
    assert {len(letter.message.splitlines()) > 3 for letter in Email.objects.all()} == {True}


def another_place(sign_up, **venue):
    """Another member of the same scheme, with something due."""
    given = {f"venue__{name}": value for name, value in venue.items()}
    return SignUpFactory(
        approved=True,
        approved_at=at(1, 5, 2025),
        scheme=sign_up.scheme,
        venue__hours_confirmed_at=at(6, 1),
        **given,
    )


def test_head_office_and_each_branch_manager_get_one_letter_for_their_venues(
    sign_up,
):
    hours_confirmed(sign_up, at(6, 1))
    organisation = sign_up.venue.organisation
    sign_up.venue.contact_email = ""
    sign_up.venue.save()
    organisation.memberships.all().delete()
    high_street = another_place(
        sign_up, organisation=organisation, name="High Street", contact_email="hs@example.org"
    )
    elsewhere = another_place(sign_up, name="Elsewhere", contact_email="else@example.org")
    head_office = MembershipFactory(organisation=organisation).user
    branch = MembershipFactory(organisation=organisation, venues=[high_street.venue]).user

    assert send_month_letters(at(11, 8)) == 3

    by_address = {address: each for each in Email.objects.all() for address in each.to}
    assert set(by_address) == {
        head_office.email,
        branch.email,
        "hs@example.org",
        "else@example.org",
    }
    whole = by_address[head_office.email]
    assert whole.subject == "What is due at 2 of your places"
    assert str(sign_up.venue) in whole.message
    assert "High Street" in whole.message
    assert "Elsewhere" not in whole.message
    assert by_address[branch.email] == by_address["hs@example.org"]
    assert by_address[branch.email].subject == "What is due at High Street"
    assert by_address["else@example.org"].subject == f"What is due at {elsewhere.venue}"
    assert send_month_letters(at(11, 9)) == 0


@pytest.mark.parametrize(
    ("day", "whole", "alone"),
    [
        (at(10, 2), "{0} at 2 of your places", "One minute for High Street: {0}"),
        (at(10, 21), "A reminder: {0} at 2 of your places", "A reminder: {0} at High Street"),
        (
            at(11, 4),
            "We have not heard from 2 of your places: {0}",
            "We have not heard from High Street: {0}",
        ),
    ],
)
def test_head_office_gets_one_quarterly_letter_with_a_link_per_venue(
    sign_up, client, monkeypatch, day, whole, alone
):
    monkeypatch.setattr("partnership.duties.returns.AT_ONCE", 1)
    organisation = sign_up.venue.organisation
    sign_up.venue.contact_email = ""
    sign_up.venue.save()
    organisation.memberships.all().delete()
    other = another_place(
        sign_up, organisation=organisation, name="High Street", contact_email="hs@example.org"
    )
    head_office = MembershipFactory(organisation=organisation).user

    if day == at(10, 21):
        send_return_letters(at(10, 2))
        Email.objects.all().delete()
    assert send_return_letters(day) == 2
    assert send_return_letters(day) == 0

    by_address = {address: each for each in Email.objects.all() for address in each.to}
    letter = by_address[head_office.email]
    assert letter.subject == whole.format(Q.label)
    assert by_address["hs@example.org"].subject == alone.format(Q.label)
    assert str(sign_up.venue) in letter.message
    links = re.findall(r"https?://[^/\s]+(/[^\s,]+)", letter.message)
    pages = [link for link in links if client.get(link).status_code == 200]
    assert len(pages) >= 2  # one page per venue that needs no login
    assert reverse("branch_returns", args=[organisation.pk, Q]) in letter.message
    assert other.letters.exists()


def test_one_persons_venues_share_a_letter_even_in_batches_of_one(sign_up, monkeypatch):
    monkeypatch.setattr("partnership.duties.returns.AT_ONCE", 1)
    hours_confirmed(sign_up, at(6, 1))
    sign_up.venue.contact_email = "Both@Example.org"
    sign_up.venue.save()
    sign_up.venue.organisation.memberships.all().delete()
    another_place(sign_up, contact_email="between@example.org")
    another_place(sign_up, contact_email="both@example.org")
    assert send_month_letters(at(11, 8)) == 2
    assert sorted(subjects()) == [
        "What is due at 2 of your places",
        f"What is due at {SignUp.objects.get(venue__contact_email='between@example.org').venue}",
    ]


def test_a_letter_recorded_by_another_process_is_not_sent_again(sign_up):
    hours_confirmed(sign_up, at(6, 1))
    both = list(without_month_letter(at(11, 8).date()))
    assert actions.send_month_letters(both, at=at(11, 8)) == 1
    with pytest.raises(IntegrityError), transaction.atomic():
        actions.send_month_letters(both, at=at(11, 8))
    assert Email.objects.count() == 1


def test_one_failing_letter_does_not_hold_up_others_and_is_retried(sign_up, monkeypatch, caplog):
    hours_confirmed(sign_up, at(6, 1))
    monkeypatch.setattr("partnership.duties.returns.AT_ONCE", 1)
    after = SignUpFactory(
        approved=True,
        approved_at=at(1, 5, 2025),
        listed=True,
        scheme=sign_up.scheme,
        venue__contact_email="lee@example.org",
    )
    send = actions.send_month_letters

    def fail(lot, at):
        if lot == [sign_up]:
            raise ValueError("A letter that cannot be written.")
        return send(lot, at=at)

    with monkeypatch.context() as patched:
        patched.setattr(actions, "send_month_letters", fail)
        assert send_month_letters(at(11, 8)) == 1
    assert "cannot be written" in caplog.text
    assert subjects() == [f"What is due at {after.venue}"]
    assert send_month_letters(at(11, 8, hour=11)) == 1
    assert len(subjects()) == 2


def test_each_open_scheme_gets_its_lists_once_and_may_edit_them():
    scheme, draft = SchemeFactory(), SchemeFactory(draft=True)
    assert set_up_schemes() == 1
    ReturnItem.objects.filter(scheme=scheme, label="Lost").update(label="Lost their way")
    assert set_up_schemes() == 0
    actions.set_up_returns(scheme)
    labels = set(ReturnItem.objects.filter(scheme=scheme).values_list("label", flat=True))
    assert {"Lost their way", "Ambulance", "Did not ask"} <= labels
    assert "Lost" not in labels
    assert not ReturnItem.objects.filter(scheme=draft).exists()
    assert Figures().counted == {}


def test_the_monthly_letter_says_how_many_passed_and_names_nobody(sign_up):
    hours_confirmed(sign_up, at(11, 1))
    sign_up.stickers.all().delete()
    organisation, venue = sign_up.venue.organisation, sign_up.venue
    long_ago, lately = at(9, 1), at(10, 20)
    for name, when in (("Jocasta", lately), ("Pip", lately), ("Old", long_ago)):
        person = StaffMemberFactory(organisation=organisation, venue=venue, first_name=name)
        done = CompletionFactory(
            staff_member=person, scheme=sign_up.scheme, source=Enrolment.Source.ATTENDANCE
        )
        Enrolment.objects.filter(pk=done.pk).update(completed_at=when)
    type(sign_up.scheme).objects.update(offers_training=True)
    assert send_month_letters(at(11, 8)) == 1
    letter = Email.objects.get()
    assert "2 people passed a training in the last month" in letter.message
    assert "Jocasta" not in letter.message + letter.html_message
