"""With two managers, or two tabs, a later save never silently undoes an earlier one."""

import html
import re

import pytest
from django.urls import reverse

from tests.factories import MembershipFactory, OfficerFactory, UserFactory
from tests.venues.portal import managed_sign_up
from venues import actions
from venues.models import Criterion
from venues.views.steps import STEPS

pytestmark = pytest.mark.django_db
INPUT = re.compile(
    r'<input[^>]*?name="(?P<name>[^"]+)"[^>]*>|<textarea[^>]*name="(?P<area>[^"]+)"[^>]*>'
    r"(?P<text>.*?)</textarea>|<select[^>]*name=\"(?P<select>[^\"]+)\".*?</select>",
    re.S,
)


def fields_of(page: str, action: str) -> dict:
    """What a browser would send from the untouched form that posts to `action`."""
    form = re.search(rf'<form[^>]*action="{re.escape(action)}".*?</form>', page, re.S)[0]
    return inputs(form)


def inputs(form: str) -> dict:
    sent: dict = {}
    for found in INPUT.finditer(form):
        if found["area"]:
            sent[found["area"]] = html.unescape(found["text"])
        elif found["select"]:
            chosen = re.search(r'value="([^"]*)" selected', found[0])
            sent[found["select"]] = html.unescape(chosen[1]) if chosen else ""
        else:
            tag = found[0]
            kind = (re.search(r'type="(\w+)"', tag) or ["", "text"])[1]
            value = re.search(r'value="([^"]*)"', tag)
            if kind in ("radio", "checkbox") and " checked" not in tag:
                continue
            if kind not in ("submit", "file"):
                sent.setdefault(found["name"], []).append(html.unescape(value[1] if value else ""))
    return sent


@pytest.fixture
def draft(client):
    sign_up, manager = managed_sign_up()
    client.force_login(manager)
    sign_up.venue.contact_name = "Jo"
    sign_up.venue.contact_phone = "01962 000000"
    sign_up.venue.save()
    return sign_up


def a_question(words, order):
    return Criterion.objects.create(
        slug=f"question-{order}", question=words, about="venue", theme="space", order=order
    )


def opened(client, sign_up, page, save):
    """The form's fields as they are when the page is opened."""
    shown = client.get(address_of(page, sign_up)).content.decode()
    return fields_of(shown, address_of(save, sign_up))


def address_of(name, sign_up):
    """The address of a page of the place; of a principle's page, its first principle's."""
    about_one = name in ("edit_principle", "agree")
    principles = [sign_up.scheme.principles.first().pk] if about_one else []
    return reverse(name, args=[sign_up.pk, *principles])


def test_a_phone_number_added_meanwhile_is_not_lost(client, draft):
    mine = opened(client, draft, "edit_contact", "change_contact")
    other = MembershipFactory(organisation=draft.venue.organisation).user
    actions.change_venue(draft.venue, {"phone": "01962 111111"}, by=other)
    answer = client.post(
        reverse("change_contact", args=[draft.pk]), {**mine, "website": "https://bell.example.org"}
    )
    page = html.unescape(answer.content.decode())
    assert "Telephone for the public: changed to “01962 111111”" in page
    draft.venue.refresh_from_db()
    assert draft.venue.phone == "01962 111111"
    assert "bell" not in draft.venue.website
    again = fields_of(answer.content.decode(), reverse("change_contact", args=[draft.pk]))
    assert client.post(reverse("change_contact", args=[draft.pk]), again).status_code == 302
    draft.venue.refresh_from_db()
    assert draft.venue.phone == "01962 111111"
    assert "bell" in draft.venue.website


def test_hours_changed_in_another_tab_are_not_lost(client, draft):
    mine = opened(client, draft, "edit_hours", "change_hours")
    address = reverse("change_hours", args=[draft.pk])
    other_tab = {**mine, "lines-0": "Sun 10:00-16:00", "bank_holidays": "closed"}
    assert client.post(address, other_tab).status_code == 302
    answer = client.post(address, {**mine, "lines-0": "Mon 9:00-17:00", "bank_holidays": "closed"})
    page = html.unescape(answer.content.decode())
    assert "changed to “Sunday 10:00–16:00” while you had this page open" in page
    assert "You wrote “Mon 9:00-17:00”" in page
    again = fields_of(answer.content.decode(), address)
    assert again["lines-0"] == ["Mon 9:00-17:00"]


def test_adding_a_line_keeps_the_version_the_page_was_loaded_with(client, draft):
    mine = opened(client, draft, "edit_hours", "change_hours")
    address = reverse("change_hours", args=[draft.pk])
    client.post(address, {**mine, "lines-0": "Sun 10:00-16:00", "bank_holidays": "closed"})
    more = client.post(address, {**mine, "lines-0": "Mon 9:00-17:00", "add": "line"})
    answer = client.post(
        address, {**fields_of(more.content.decode(), address), "bank_holidays": "closed"}
    )
    assert "changed to “Sunday 10:00–16:00”" in html.unescape(answer.content.decode())


def test_conflicting_answers_about_the_space_are_reported_per_question(client, draft):
    seen = a_question("Line of sight?", 1)
    quiet = a_question("A quiet room?", 2)
    for each in (seen, quiet):
        each.schemes.add(draft.scheme)
    mine = opened(client, draft, "edit_space", "answer_criteria")
    actions.answer_criteria(draft.venue, {seen: ("we_do", None, "")}, by=UserFactory())
    address = reverse("answer_criteria", args=[draft.pk])
    answer = client.post(address, {**mine, f"q{quiet.pk}_value": "need_help"})
    page = html.unescape(answer.content.decode())
    assert "Line of sight?: changed to" in page
    assert "A quiet room?: changed to" not in page


def test_a_moved_pin_is_not_moved_back(client, draft):
    mine = opened(client, draft, "edit_point", "change_point")
    client.post(reverse("move_point", args=[draft.pk, "north"]))
    draft.venue.refresh_from_db()
    moved = draft.venue.point.coords
    answer = client.post(reverse("change_point", args=[draft.pk]), mine)
    assert "Where the door is: changed to" in html.unescape(answer.content.decode())
    draft.venue.refresh_from_db()
    assert draft.venue.point.coords == moved


SHARED_FACTS = [
    *((f"edit_{key}", f"change_{key}") for key in STEPS),
    ("edit_hours", "change_hours"),
    ("edit_point", "change_point"),
    ("edit_photo", "change_photo"),
    ("edit_principle", "agree"),
    ("edit_space", "answer_criteria"),
]


@pytest.mark.parametrize(("page", "save"), SHARED_FACTS)
def test_without_a_conflict_the_page_mentions_none(client, draft, page, save):
    mine = opened(client, draft, page, save)
    answer = client.post(address_of(save, draft), mine)
    assert "while you had this page open" not in html.unescape(answer.content.decode())


def test_a_pin_moved_by_a_button_is_saved_with_the_form_below(client, draft):
    client.post(reverse("move_point", args=[draft.pk, "north"]))
    mine = opened(client, draft, "edit_point", "change_point")
    answer = client.post(reverse("change_point", args=[draft.pk]), mine)
    assert answer.url == reverse("sign_up", args=[draft.pk])


def test_two_officers_editing_the_same_venue_are_told_too(client, draft):
    officer = OfficerFactory(scheme=draft.scheme, role="administrator").user
    client.force_login(officer)
    address = reverse("admin:venues_venue_change", args=[draft.venue.pk])
    shown = client.get(address).content.decode()
    form = re.search(r'<form[^>]*id="venue_form".*?</form>', shown, re.S)[0]
    actions.change_venue(draft.venue, {"phone": "01962 111111"}, by=UserFactory())
    answer = client.post(address, {**inputs(form), "town": "Othertown"})
    assert answer.status_code == 200
    assert "changed to “01962 111111”" in html.unescape(answer.content.decode())
    draft.venue.refresh_from_db()
    assert draft.venue.phone == "01962 111111"
