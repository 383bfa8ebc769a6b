"""A quarter's return: nil in one press, or numbers; sent, changed and undone."""

import pytest
from django.utils import timezone

from common.refusals import Refused
from partnership import actions
from partnership.actions import Figures, NewIssue, SentAlready
from partnership.models import Issue, Progress, UsageCount, UsageReturn
from tests.factories import SignUpFactory
from tests.partnership.returns import a_member, last_quarter, line, lines, link, manager_of, typed
from venues.models import Event

pytestmark = pytest.mark.django_db


@pytest.fixture
def sign_up():
    return a_member()


def send(sign_up, figures=None, *, version=0, quarter=None, **more):
    return actions.send_return(
        sign_up,
        quarter or last_quarter(),
        figures or Figures(),
        version=version,
        way="link",
        **more,
    )


def test_nil_takes_one_press_and_counts_as_a_full_answer(client, sign_up):
    page = client.get(link(sign_up))
    assert "0 this quarter" in page.content.decode()
    page = client.post(link(sign_up, "nil/"), {"version": "0"}, follow=True)
    assert "You said on" in page.content.decode()
    sent = UsageReturn.objects.get()
    assert (sent.is_nil, sent.period, sent.way, sent.sent_by) == (
        True,
        last_quarter(),
        "link",
        None,
    )


def test_numbers_are_stored_as_separate_totals(client, sign_up):
    lost, police = line(sign_up, "Lost"), line(sign_up, "Police")
    numbers = {f"item_{lost.pk}": "2", f"item_{police.pk}": "1", "progress": "All know the sign."}
    client.post(link(sign_up, "send/"), typed(people=2, **numbers))
    sent = UsageReturn.objects.get()
    assert sent.people == 2
    assert dict(sent.counts.values_list("item__label", "count")) == {"Lost": 2, "Police": 1}
    assert (sent.progress.text, sent.progress.is_held) == ("All know the sign.", True)


def test_did_not_ask_comes_first_in_every_list(client, sign_up):
    for kind in ("reason", "outcome", "part_of_day", "age_band"):
        assert lines(sign_up, kind)[0].label == "Did not ask"
    page = client.get(link(sign_up, "numbers/")).content.decode()
    assert page.index("Did not ask") < page.index("Lost")


def test_ages_are_asked_for_only_where_the_scheme_does(client, sign_up):
    assert "Under 18" not in client.get(link(sign_up, "numbers/")).content.decode()
    sign_up.scheme.return_settings.asks_age_band = True
    sign_up.scheme.return_settings.save()
    assert "Under 18" in client.get(link(sign_up, "numbers/")).content.decode()


def test_invalid_numbers_are_flagged_and_all_input_is_kept(client, sign_up):
    boxes = [f"item_{each.pk}" for each in lines(sign_up, "reason")]
    wrong = {boxes[0]: "-3", boxes[1]: "several", boxes[2]: "12345", boxes[3]: "2.5"}
    page = client.post(
        link(sign_up, "send/"), typed(people="99999", progress="Going well", **wrong)
    ).content.decode()
    for words in ("”: write 0 or more.", "”: write a whole number", "”: more than 9999"):
        assert words in page
    for value in ("-3", "several", "12345", "2.5", "99999", "Going well"):
        assert value in page
    assert not UsageReturn.objects.exists()


def test_an_error_message_copes_with_percent_signs_in_a_label(client, sign_up):
    odd = lines(sign_up, "reason")[1]
    odd.label = "50% lost, 100 %(sure)s"
    odd.save()
    page = client.post(link(sign_up, "send/"), typed(people="1", **{f"item_{odd.pk}": "-1"}))
    assert "“50% lost, 100 %(sure)s”: write 0 or more." in page.content.decode()


def test_the_number_of_people_is_required(client, sign_up):
    page = client.post(link(sign_up, "send/"), typed()).content.decode()
    assert "Write how many people you helped" in page
    assert not UsageReturn.objects.exists()


def test_inconsistent_totals_are_questioned_once_but_not_refused(client, sign_up):
    morning = lines(sign_up, "part_of_day")[1]
    numbers = typed(people=5, **{f"item_{morning.pk}": "3"})
    page = client.post(link(sign_up, "send/"), numbers)
    assert "add up to 3, but you helped 5" in page.content.decode()
    assert not UsageReturn.objects.exists()
    again = {**numbers, "asked_about": page.context["form"]["asked_about"].value()}
    client.post(link(sign_up, "send/"), again)
    assert UsageReturn.objects.get().people == 5


def test_one_person_may_have_several_reasons(client, sign_up):
    reasons = {f"item_{each.pk}": "1" for each in lines(sign_up, "reason")[1:4]}
    client.post(link(sign_up, "send/"), typed(people=1, **reasons))
    assert UsageReturn.objects.get().counts.count() == 3


@pytest.mark.parametrize("box", ["progress", "issue_text"])
def test_a_telephone_number_in_free_text_is_refused_and_quoted(client, sign_up, box):
    words = {box: "Ring her on 07700 900123", "issue_theme": "other"}
    page = client.post(link(sign_up, "send/"), typed(people=1, **words)).content.decode()
    assert "a telephone number (07700 900123)" in page
    assert not UsageReturn.objects.exists()
    assert not Issue.objects.exists()


def test_text_that_is_too_long_is_refused(client, sign_up):
    page = client.post(link(sign_up, "send/"), typed(people=1, progress="x" * 201))
    assert "at most 200 characters" in page.content.decode()
    with pytest.raises(Refused, match="At most 200"):
        send(sign_up, Figures(progress="x" * 201))
    assert not UsageReturn.objects.exists()


def test_an_issue_sent_with_the_return_is_raised_once(sign_up):
    issue = NewIssue("training", "meeting", "Shorter training, please.")
    first = send(sign_up, Figures(people=1), issue=issue)
    again = send(sign_up, Figures(people=1), issue=issue)
    assert first == again
    assert Issue.objects.get().usage_return == first


def test_a_change_is_recorded_without_numbers_or_text(sign_up):
    lost = line(sign_up, "Lost")
    send(sign_up, Figures(people=1, counts={lost.pk: 1}))
    changed = send(sign_up, Figures(people=3, counts={lost.pk: 3}, progress="Busy."), version=1)
    assert (changed.version, changed.changed_at is not None) == (2, True)
    event = Event.objects.filter(kind="partnership.return_changed").get()
    assert event.data == {
        "period": last_quarter().code,
        "way": "link",
        "version": 2,
        "lines": 1,
        "words_changed": True,
    }


def test_sending_the_same_again_is_idempotent(sign_up):
    send(sign_up, Figures(people=1))
    send(sign_up, Figures(people=1))
    assert UsageReturn.objects.get().version == 1
    assert Event.objects.filter(kind__startswith="partnership.return").count() == 1


def test_undo_removes_the_return_and_records_an_event(client, sign_up):
    send(sign_up, Figures(people=2, progress="Busy."))
    client.post(link(sign_up, "undo/"), {"version": "1"})
    assert not UsageReturn.objects.exists()
    assert not UsageCount.objects.exists()
    assert not Progress.objects.exists()
    kinds = Event.objects.filter(kind__startswith="partnership").values_list("kind", flat=True)
    assert "partnership.return_taken_back" in kinds


# Two phones


def test_a_second_sender_sees_the_earlier_return_and_chooses(client, sign_up):
    send(sign_up, Figures(people=4))
    page = client.post(link(sign_up, "send/"), typed(people=7, progress="Mine"))
    text = page.content.decode()
    assert "Somebody else sent this on" in text
    assert "Keep what was sent" in text
    assert (UsageReturn.objects.get().people, 'value="7"' in text, "Mine" in text) == (
        4,
        True,
        True,
    )

    version = page.context["form"]["version"].value()
    client.post(link(sign_up, "send/"), typed(version=version, people=7, progress="Mine"))
    assert UsageReturn.objects.get().people == 7


def test_a_late_nil_does_not_overwrite_numbers(client, sign_up):
    send(sign_up, Figures(people=4))
    page = client.post(link(sign_up, "nil/"), {"version": "0"}, follow=True).content.decode()
    assert "Somebody else has sent this return" in page
    assert UsageReturn.objects.get().people == 4


def test_the_action_refuses_a_stale_version(sign_up):
    send(sign_up, Figures(people=4))
    with pytest.raises(SentAlready) as refused:
        send(sign_up, Figures(people=5))
    assert refused.value.usage_return.people == 4
    assert Event.objects.filter(kind="partnership.return_changed").count() == 0


# Links without a current member, and quarters that cannot be answered


@pytest.mark.parametrize("state", ["withdrawn", "declined"])
def test_a_venue_that_left_is_told_whom_to_ask(client, sign_up, state):
    address = link(sign_up)
    type(sign_up).objects.filter(pk=sign_up.pk).update(state=state)
    page = client.get(address).content.decode()
    assert "not a member of the scheme any more" in page
    assert "team@example.org" in page
    assert "0 this quarter" not in page
    client.post(address + "nil/", {"version": "0"})
    assert not UsageReturn.objects.exists()


def test_a_quarter_in_progress_or_before_joining_is_refused(client, sign_up):
    page = client.get(link(sign_up, quarter=last_quarter().following)).content.decode()
    assert "is not over yet" in page
    page = client.get(link(sign_up, quarter=last_quarter().shift(-20))).content.decode()
    assert "joined after" in page


def test_a_closed_quarter_keeps_the_input_and_says_whom_to_contact(client, sign_up):
    officer = SignUpFactory().started_by
    actions.close_period(sign_up.scheme, last_quarter(), by=officer)
    page = client.post(link(sign_up, "send/"), typed(people=6, progress="Kept")).content.decode()
    assert "is closed: its figures are final" in page
    assert "team@example.org" in page
    assert 'value="6"' in page
    assert "Kept" in page
    actions.reopen_period(sign_up.scheme, last_quarter(), by=officer)
    client.post(link(sign_up, "send/"), typed(people=6))
    assert UsageReturn.objects.get().people == 6


def test_a_broken_link_names_nobody(client, sign_up):
    page = client.get(link(sign_up)[:-12] + "/")
    assert page.status_code == 403
    assert sign_up.venue.name not in page.content.decode()


def test_a_forwarded_link_shows_no_free_text_and_no_people(client, sign_up):
    send(sign_up, Figures(people=1, progress="Our Jo was great."), by=None)
    for page in ("", "numbers/"):
        text = client.get(link(sign_up, page)).content.decode()
        assert "Our Jo was great." not in text
        assert manager_of(sign_up).email not in text
    # An empty box keeps the earlier sentence: by link it is never shown while held.
    client.post(link(sign_up, "send/"), typed(version=1, people=2))
    assert Progress.objects.get().text == "Our Jo was great."


def test_another_schemes_item_or_an_invalid_number_is_refused_and_nothing_is_saved(sign_up):
    other = line(a_member(), "Lost")
    with pytest.raises(Refused, match="changed its lists"):
        send(sign_up, Figures(people=1, counts={other.pk: 1}))
    for number in (-1, 10000):
        with pytest.raises(Refused, match="from 0 to 9999"):
            send(sign_up, Figures(people=number))
    assert not UsageReturn.objects.exists()


# In the portal, and the rest of the page


def test_a_return_sent_in_the_portal_records_the_sender_and_lists_the_quarters(client, sign_up):
    client.force_login(manager_of(sign_up))
    home = client.get(f"/portal/{sign_up.pk}/").content.decode()
    assert f"/portal/returns/{sign_up.pk}/" in home
    address = f"/portal/returns/{sign_up.pk}/{last_quarter().code}/"
    client.post(address + "nil/", {"version": "0"})
    sent = UsageReturn.objects.get()
    assert (sent.way, sent.sent_by) == ("portal", manager_of(sign_up))
    page = client.get(f"/portal/returns/{sign_up.pk}/").content.decode()
    assert "Received: nobody needed it" in page
    assert "Missing" in page


def test_the_hours_are_confirmed_on_the_same_page(client, sign_up):
    type(sign_up.venue).objects.update(hours_confirmed_at=None)
    client.post(link(sign_up, "hours/"), {"version": "0"})
    sign_up.venue.refresh_from_db()
    assert timezone.localdate(sign_up.venue.hours_confirmed_at) == timezone.localdate()
