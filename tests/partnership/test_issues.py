"""Issues: raised by a venue or an officer, handled, answered; urgent ones alert somebody."""

import datetime

import pytest
from django.core import mail as django_mail
from django.utils import timezone
from post_office.models import Email

from common.refusals import Refused
from partnership import actions
from partnership.actions import NewIssue
from partnership.models import Away, Issue
from tests.factories import OfficerFactory
from tests.partnership.factories import IssueFactory
from tests.partnership.returns import a_member, link, manager_of
from venues.models import Event
from venues.work_queue import work_queue

pytestmark = pytest.mark.django_db
SHORT = NewIssue("training", "meeting", "Could the training be shorter?")
URGENT = NewIssue("staff", "urgent", "Our night staff feel unsafe.")


@pytest.fixture
def sign_up():
    return a_member()


@pytest.fixture
def officer(sign_up):
    return OfficerFactory(scheme=sign_up.scheme)


@pytest.fixture
def deputy(sign_up):
    return OfficerFactory(scheme=sign_up.scheme)


def letters_to(address):
    return [mail for mail in Email.objects.all() if address in mail.to]


def raised(sign_up, new=SHORT, **more):
    return actions.raise_issue(sign_up.scheme, new, sign_up=sign_up, **more)


def test_the_form_says_first_what_it_is_not_for(client, sign_up):
    client.force_login(manager_of(sign_up))
    for address in (link(sign_up, "issue/"), f"/portal/issues/{sign_up.pk}/"):
        page = " ".join(client.get(address).content.decode().split())
        first = page.index("Not for a child or an adult at risk: call")
        assert first < page.index("What should we know or do?")
        assert "01632 960000" in page[first : first + 600]


def test_a_venues_issue_is_held_whether_sent_by_link_or_in_the_portal(client, sign_up):
    form = {"issue_text": "Shorter training?", "issue_theme": "training", "issue_urgency": "soon"}
    client.post(link(sign_up, "issue/send/"), form)
    client.force_login(manager_of(sign_up))
    client.post(f"/portal/issues/{sign_up.pk}/raise/", form)
    by_link, in_portal = Issue.objects.order_by("pk")
    assert (by_link.raised_by, in_portal.raised_by) == (None, manager_of(sign_up))
    assert by_link.is_held
    assert in_portal.is_held
    assert "Shorter training?" in client.get(f"/portal/issues/{sign_up.pk}/").content.decode()


@pytest.mark.parametrize(
    ("form", "words"),
    [
        ({"issue_text": "", "issue_theme": "training"}, "Fill in “What should we know or do?”"),
        ({"issue_text": "x", "issue_theme": "", "issue_urgency": "soon"}, "Choose an answer"),
        ({"issue_text": "x", "issue_theme": "training"}, "Choose an answer to “How soon"),
        ({"issue_text": "Mail sam@example.org", "issue_theme": "other"}, "an e-mail address"),
        ({"issue_text": "x" * 601, "issue_theme": "other"}, "at most 600 characters"),
        ({"issue_text": "x", "issue_theme": "nonsense", "issue_urgency": "soon"}, "valid choice"),
    ],
)
def test_invalid_input_is_flagged_and_kept(client, sign_up, form, words):
    page = client.post(link(sign_up, "issue/send/"), form).content.decode()
    assert words in page
    assert form["issue_text"] in page
    assert not Issue.objects.exists()


def test_an_officers_own_text_is_not_held(sign_up, officer):
    issue = actions.raise_issue(sign_up.scheme, SHORT, by=officer.user, by_officer=True)
    assert (issue.is_held, issue.readable_text, issue.sign_up) == (False, SHORT.text, None)


def test_an_issue_is_handled_and_closed_and_the_letter_leaves_out_the_answer(sign_up, officer):
    issue = raised(sign_up)
    issue = actions.handle_issue(issue, by=officer.user)
    issue = actions.note_what_was_done(issue, "Rang the trainer.", by=officer.user)
    issue = actions.close_issue(issue, answer="From May it is an hour.", by=officer.user)
    assert (issue.state, issue.owner, issue.closed_by) == ("closed", officer.user, officer.user)
    (letter,) = letters_to("sam@example.org")
    assert f"/portal/issues/{sign_up.pk}/" in letter.message
    for words in ("hour", "shorter", "trainer"):
        assert words not in letter.message + letter.subject
    issue = actions.handle_issue(issue, by=officer.user)
    assert (issue.state, issue.closed_at) == ("handled", None)


def test_transitions_not_in_the_table_are_refused(sign_up, officer):
    issue = actions.handle_issue(raised(sign_up), by=officer.user)
    with pytest.raises(Refused, match="being handled"):
        actions.handle_issue(issue, by=officer.user)
    with pytest.raises(Refused, match="Write an answer"):
        actions.close_issue(issue, answer=" ", by=officer.user)
    issue.refresh_from_db()
    assert (issue.state, issue.answer) == ("handled", "")


def test_events_and_letters_never_quote_the_issue(sign_up, officer):
    issue = raised(sign_up, URGENT)
    actions.redact_text(issue, "Staff feel (taken out).", by=officer.user)
    issue.refresh_from_db()
    assert issue.text == "Staff feel (taken out)."
    assert "unsafe" not in str(list(Event.objects.values_list("data", flat=True)))
    for letter in Email.objects.all():
        assert "unsafe" not in letter.message + letter.subject


# Urgent


def test_an_urgent_issue_without_an_owner_goes_to_the_team(sign_up):
    raised(sign_up, URGENT)
    assert len(letters_to("team@example.org")) == 1


def test_an_urgent_issue_goes_to_the_named_officer_or_their_deputy(sign_up, officer, deputy):
    settings = sign_up.scheme.return_settings
    settings.issues_owner = officer
    settings.save()
    raised(sign_up, URGENT)
    assert len(letters_to(officer.user.email)) == 1

    today = timezone.localdate()
    actions.go_away(officer, deputy=deputy, until=today, by=officer.user)
    raised(sign_up, NewIssue("staff", "urgent", "And again."))
    assert len(letters_to(deputy.user.email)) == 1
    assert len(letters_to(officer.user.email)) == 1

    actions.come_back(officer, by=officer.user)
    raised(sign_up, NewIssue("staff", "urgent", "And once more."))
    assert len(letters_to(officer.user.email)) == 2


def test_two_officers_deputising_for_each_other_do_not_loop(sign_up, officer, deputy):
    for one, other in ((officer, deputy), (deputy, officer)):
        tomorrow = timezone.localdate() + datetime.timedelta(days=1)
        actions.go_away(one, deputy=other, until=tomorrow, by=one.user)
    issue = raised(sign_up)
    actions.give_issue(issue, officer, by=deputy.user)
    raised(sign_up, URGENT)
    assert Email.objects.exists()


def test_an_absence_needs_a_deputy_in_the_scheme_and_a_future_end(officer, deputy):
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    for other, until in (
        (officer, timezone.localdate()),
        (OfficerFactory(), timezone.localdate()),
        (deputy, yesterday),
    ):
        with pytest.raises(Refused):
            actions.go_away(officer, deputy=other, until=until, by=officer.user)
    assert not Away.objects.exists()


def test_giving_an_urgent_issue_tells_the_new_owner(sign_up, officer):
    issue = raised(sign_up, URGENT)
    actions.give_issue(issue, officer, by=officer.user)
    assert len(letters_to(officer.user.email)) == 1
    with pytest.raises(Refused, match="theirs already"):
        actions.give_issue(issue, officer, by=officer.user)
    with pytest.raises(Refused, match="of this scheme"):
        actions.give_issue(issue, OfficerFactory(), by=officer.user)


# Please call us


def test_please_call_us_needs_no_details_and_heads_the_queue(client, sign_up, officer):
    page = client.post(link(sign_up, "call-us/"), {}, follow=True).content.decode()
    assert "Somebody from the team will ring you." in page
    client.post(link(sign_up, "call-us/"))
    issue = Issue.objects.get()
    assert (issue.theme, issue.text, issue.is_urgent) == ("call_us", "", True)
    queues = work_queue(officer.user)
    assert queues[0].key == "urgent_issues"
    assert "Nobody has taken it on yet." in queues[0].rows[0].rule


def test_the_officer_who_rings_back_is_shown_a_way_to_reach_the_venue(client, sign_up, officer):
    issue = actions.ask_for_call(sign_up)
    client.force_login(officer.user)
    address = f"/admin/partnership/issue/{issue.pk}/change/"
    ways = [
        ({"contact_phone": "01632 960123"}, 'href="tel:01632960123"'),
        ({"contact_phone": "", "phone": "01632 960124"}, 'href="tel:01632960124"'),
        ({"phone": "", "contact_email": "jo@example.org"}, "mailto:jo@example.org"),
    ]
    for numbers, shown in ways:
        type(sign_up.venue).objects.filter(pk=sign_up.venue_id).update(**numbers)
        page = client.get(address).content.decode()
        assert shown in page
        assert "Held until" not in page


def test_officers_are_reminded_to_check_on_staff_afterwards(sign_up, officer):
    issue = actions.ask_for_call(sign_up)
    actions.handle_issue(issue, by=officer.user)
    actions.close_issue(issue, answer="We spoke.", by=officer.user)
    assert [row.title for row in rows(officer, "staff_to_check")] == [sign_up.venue.name]
    actions.mark_staff_checked(issue, by=officer.user)
    assert rows(officer, "staff_to_check") == []


def rows(officer, key):
    return next(queue.rows for queue in work_queue(officer.user) if queue.key == key)


def test_a_former_member_or_a_venue_with_too_many_issues_is_told_whom_to_contact(sign_up):
    IssueFactory.create_batch(20, sign_up=sign_up)
    with pytest.raises(Refused, match=r"team@example\.org"):
        raised(sign_up)
    type(sign_up).objects.filter(pk=sign_up.pk).update(state="withdrawn")
    with pytest.raises(Refused, match="not a member"):
        raised(sign_up)
    assert Issue.objects.count() == 20
    assert django_mail.outbox == []
