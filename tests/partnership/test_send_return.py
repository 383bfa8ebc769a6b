"""A quarter's return: nil in one press, or numbers; sent, changed and taken back."""

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


def test_nil_is_one_press_and_a_full_answer(client, sign_up):
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


def test_numbers_are_kept_as_totals_apart(client, sign_up):
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


def test_ages_are_asked_for_only_when_the_scheme_does(client, sign_up):
    assert "Under 18" not in client.get(link(sign_up, "numbers/")).content.decode()
    sign_up.scheme.return_settings.asks_age_band = True
    sign_up.scheme.return_settings.save()
    assert "Under 18" in client.get(link(sign_up, "numbers/")).content.decode()


def test_what_was_wrong_is_said_at_the_box_and_nothing_typed_is_lost(client, sign_up):
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


def test_a_line_of_any_words_can_be_complained_of(client, sign_up):
    odd = lines(sign_up, "reason")[1]
    odd.label = "50% lost, 100 %(sure)s"
    odd.save()
    page = client.post(link(sign_up, "send/"), typed(people="1", **{f"item_{odd.pk}": "-1"}))
    assert "“50% lost, 100 %(sure)s”: write 0 or more." in page.content.decode()


def test_a_number_of_people_is_wanted(client, sign_up):
    page = client.post(link(sign_up, "send/"), typed()).content.decode()
    assert "Write how many people you helped" in page
    assert not UsageReturn.objects.exists()


def test_totals_that_do_not_add_up_are_asked_about_once_and_not_refused(client, sign_up):
    morning = lines(sign_up, "part_of_day")[1]
    numbers = typed(people=5, **{f"item_{morning.pk}": "3"})
    page = client.post(link(sign_up, "send/"), numbers)
    assert "add up to 3, but you helped 5" in page.content.decode()
    assert not UsageReturn.objects.exists()
    again = {**numbers, "asked_about": page.context["form"]["asked_about"].value()}
    client.post(link(sign_up, "send/"), again)
    assert UsageReturn.objects.get().people == 5


def test_several_reasons_of_one_person_are_no_question(client, sign_up):
    reasons = {f"item_{each.pk}": "1" for each in lines(sign_up, "reason")[1:4]}
    client.post(link(sign_up, "send/"), typed(people=1, **reasons))
    assert UsageReturn.objects.get().counts.count() == 3


@pytest.mark.parametrize("box", ["progress", "issue_text"])
def test_a_telephone_number_in_the_words_is_refused_and_named(client, sign_up, box):
    words = {box: "Ring her on 07700 900123", "issue_theme": "other"}
    page = client.post(link(sign_up, "send/"), typed(people=1, **words)).content.decode()
    assert "a telephone number (07700 900123)" in page
    assert not UsageReturn.objects.exists()
    assert not Issue.objects.exists()


def test_words_that_are_too_long_are_refused(client, sign_up):
    page = client.post(link(sign_up, "send/"), typed(people=1, progress="x" * 201))
    assert "at most 200 characters" in page.content.decode()
    with pytest.raises(Refused, match="At most 200"):
        send(sign_up, Figures(progress="x" * 201))
    assert not UsageReturn.objects.exists()


def test_an_issue_comes_with_the_return_once_also_when_sent_twice(sign_up):
    issue = NewIssue("training", "meeting", "Shorter training, please.")
    first = send(sign_up, Figures(people=1), issue=issue)
    again = send(sign_up, Figures(people=1), issue=issue)
    assert first == again
    assert Issue.objects.get().usage_return == first


def test_a_change_is_an_event_without_numbers_or_words(sign_up):
    lost = line(sign_up, "Lost")
    send(sign_up, Figures(people=1, counts={lost.pk: 1}))
    changed = send(sign_up, Figures(people=3, counts={lost.pk: 3}, progress="Busy."), version=1)
    assert (changed.version, changed.changed_at is not None) == (2, True)
    event = Event.objects.filter(kind="partnership.return_changed").get()
    assert event.data == {
        "quarter": last_quarter().code,
        "way": "link",
        "version": 2,
        "lines": 1,
        "words_changed": True,
    }


def test_sending_the_same_again_changes_nothing(sign_up):
    send(sign_up, Figures(people=1))
    send(sign_up, Figures(people=1))
    assert UsageReturn.objects.get().version == 1
    assert Event.objects.filter(kind__startswith="partnership.return").count() == 1


def test_undo_takes_it_back_and_the_history_says_so(client, sign_up):
    send(sign_up, Figures(people=2, progress="Busy."))
    client.post(link(sign_up, "undo/"), {"version": "1"})
    assert not UsageReturn.objects.exists()
    assert not UsageCount.objects.exists()
    assert not Progress.objects.exists()
    kinds = Event.objects.filter(kind__startswith="partnership").values_list("kind", flat=True)
    assert "partnership.return_taken_back" in kinds


# Two phones


def test_the_later_of_two_phones_is_shown_the_earlier_and_chooses(client, sign_up):
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


def test_a_nil_pressed_late_does_not_wipe_numbers(client, sign_up):
    send(sign_up, Figures(people=4))
    page = client.post(link(sign_up, "nil/"), {"version": "0"}, follow=True).content.decode()
    assert "Somebody else has sent this return" in page
    assert UsageReturn.objects.get().people == 4


def test_the_action_refuses_a_version_it_has_not_seen(sign_up):
    send(sign_up, Figures(people=4))
    with pytest.raises(SentAlready) as refused:
        send(sign_up, Figures(people=5))
    assert refused.value.usage_return.people == 4
    assert Event.objects.filter(kind="partnership.return_changed").count() == 0


# Links that are not for this, and quarters that are over


@pytest.mark.parametrize("state", ["withdrawn", "declined"])
def test_a_venue_that_left_is_told_and_whom_to_ask(client, sign_up, state):
    address = link(sign_up)
    type(sign_up).objects.filter(pk=sign_up.pk).update(state=state)
    page = client.get(address).content.decode()
    assert "not a member of the scheme any more" in page
    assert "team@example.org" in page
    assert "0 this quarter" not in page
    client.post(address + "nil/", {"version": "0"})
    assert not UsageReturn.objects.exists()


def test_a_quarter_that_is_not_over_or_before_joining_says_so(client, sign_up):
    page = client.get(link(sign_up, quarter=last_quarter().following)).content.decode()
    assert "is not over yet" in page
    page = client.get(link(sign_up, quarter=last_quarter().shift(-20))).content.decode()
    assert "joined after" in page


def test_a_closed_quarter_keeps_what_was_typed_and_says_where_to_turn(client, sign_up):
    officer = SignUpFactory().started_by
    actions.close_quarter(sign_up.scheme, last_quarter(), by=officer)
    page = client.post(link(sign_up, "send/"), typed(people=6, progress="Kept")).content.decode()
    assert "is closed: its figures are final" in page
    assert "team@example.org" in page
    assert 'value="6"' in page
    assert "Kept" in page
    actions.reopen_quarter(sign_up.scheme, last_quarter(), by=officer)
    client.post(link(sign_up, "send/"), typed(people=6))
    assert UsageReturn.objects.get().people == 6


def test_a_broken_link_names_nobody(client, sign_up):
    page = client.get(link(sign_up)[:-12] + "/")
    assert page.status_code == 403
    assert sign_up.venue.name not in page.content.decode()


def test_whoever_holds_a_forwarded_link_reads_no_words_and_no_people(client, sign_up):
    send(sign_up, Figures(people=1, progress="Our Jo was great."), by=None)
    for page in ("", "numbers/"):
        text = client.get(link(sign_up, page)).content.decode()
        assert "Our Jo was great." not in text
        assert manager_of(sign_up).email not in text
    # An empty box leaves the sentence as it is.
    client.post(link(sign_up, "send/"), typed(version=1, people=2))
    assert Progress.objects.get().text == "Our Jo was great."


def test_another_schemes_line_is_refused_with_nothing_written(sign_up):
    other = line(a_member(), "Lost")
    with pytest.raises(Refused, match="changed its lists"):
        send(sign_up, Figures(people=1, counts={other.pk: 1}))
    for number in (-1, 10000):
        with pytest.raises(Refused, match="from 0 to 9999"):
            send(sign_up, Figures(people=number))
    assert not UsageReturn.objects.exists()


# The same in the portal, and the rest of the page


def test_the_portal_sends_with_a_name_and_lists_the_quarters(client, sign_up):
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
