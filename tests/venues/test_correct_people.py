"""People's details in the portal: corrected, pasted in, at a second place, back again."""

import datetime
import html
import re

import pytest
from django.urls import reverse
from django.utils import timezone
from post_office.models import Email

from tests.factories import (
    MembershipFactory,
    OfficerFactory,
    SignUpFactory,
    StaffMemberFactory,
    VenueFactory,
)
from tests.venues.portal import managed_sign_up
from tests.venues.test_portal_two_people import fields_of
from venues import actions
from venues.models import Event, FormerName, Letter, Post, StaffMember

pytestmark = pytest.mark.django_db


@pytest.fixture
def member(client):
    sign_up, manager = managed_sign_up(approved=True, agreed=True)
    client.force_login(manager)
    return sign_up


@pytest.fixture
def jo(member):
    return somebody(member.venue, "Jo", "jo@example.org")


def somebody(venue, name, email=""):
    return StaffMemberFactory(
        organisation=venue.organisation, venue=venue, first_name=name, email=email
    )


def at(name, sign_up, *args):
    return reverse(name, args=[sign_up.pk, *args])


def text_of(answer):
    return html.unescape(answer.content.decode())


# Corrected


def correct(client, member, person, **typed):
    post = person.posts.get()
    return client.post(at("correct_person", member, post.pk), typed)


def test_a_name_is_corrected_from_the_list_of_people(client, member, jo):
    post = jo.posts.get()
    assert at("edit_person", member, post.pk) in text_of(client.get(at("people", member)))
    answer = correct(client, member, jo, first_name="Joe", email="jo@example.org")
    assert answer.url == at("people", member)
    jo.refresh_from_db()
    assert jo.first_name == "Joe"
    assert not Email.objects.exists(), "the address did not change: nobody is written to"
    assert Event.objects.get(kind="venues.staff_member_corrected").data == {}


def test_both_addresses_are_told_of_a_change_and_neither_letter_names_the_other(client, member, jo):
    correct(client, member, jo, first_name="Jo", email="jo.new@example.org")
    old, new = Email.objects.order_by("pk")
    assert (old.to, new.to) == (["jo@example.org"], ["jo.new@example.org"])
    for email in (old, new):
        whole = email.subject + email.message + email.html_message
        assert member.venue.name in whole
        assert "jo.new@example.org" not in whole
        assert "jo@example.org" not in whole
        assert "Jo" not in whole, "the old address may be a stranger's"
    assert Letter.objects.filter(staff_member=jo).count() == 2


def test_an_address_in_capitals_counts_as_the_same(client, member, jo):
    correct(client, member, jo, first_name="Jo", email="JO@example.org")
    assert not Email.objects.exists()


def test_an_address_can_be_removed(client, member, jo):
    correct(client, member, jo, first_name="Jo", email="")
    assert Email.objects.get().to == ["jo@example.org"]
    jo.refresh_from_db()
    assert jo.email == ""


def test_a_save_without_a_change_leaves_no_trace(client, member, jo):
    correct(client, member, jo, first_name="Jo", email="jo@example.org")
    assert not Event.objects.filter(kind="venues.staff_member_corrected").exists()
    assert not FormerName.objects.exists()


@pytest.mark.parametrize(
    ("typed", "says"),
    [
        ({"first_name": "", "email": ""}, "Write the first name."),
        ({"first_name": "Jo", "email": "jo@"}, "Write an e-mail address"),
        ({"first_name": "J" * 61, "email": ""}, "at most 60"),
    ],
)
def test_invalid_details_are_reported_at_the_field(client, member, jo, typed, says):
    answer = correct(client, member, jo, **typed)
    assert says in text_of(answer)
    jo.refresh_from_db()
    assert jo.first_name == "Jo"


def test_a_correction_by_another_manager_meanwhile_is_not_lost(client, member, jo):
    page = client.get(at("edit_person", member, jo.posts.get().pk)).text
    mine = fields_of(page, at("correct_person", member, jo.posts.get().pk))
    other = MembershipFactory(organisation=member.venue.organisation).user
    actions.correct_staff_member(
        jo, first_name="Joanna", email=jo.email, venue=member.venue, by=other
    )
    answer = correct(client, member, jo, **{**mine, "email": "new@example.org"})
    assert "changed to “Joanna” while you had this page open" in text_of(answer)
    jo.refresh_from_db()
    assert (jo.first_name, jo.email) == ("Joanna", "jo@example.org")


def test_an_anonymised_persons_name_cannot_be_restored(client, member, jo):
    actions.correct_staff_member(
        jo, first_name="Joe", email=jo.email, venue=member.venue, by=member.started_by
    )
    jo.posts.update(until=timezone.localdate() - datetime.timedelta(days=1))
    actions.anonymise_staff_member(jo)
    assert not FormerName.objects.exists(), "an earlier name is a name"
    assert correct(client, member, jo, first_name="Jo", email="").status_code == 404


def test_a_person_of_another_organisation_is_not_found(client, member):
    other = somebody(SignUpFactory().venue, "Kim")
    answer = correct(client, member, other, first_name="Mine", email="")
    assert answer.status_code == 404


def test_officers_of_a_scheme_without_shared_people_cannot_read_about_corrections(member, jo):
    officer = OfficerFactory(scheme=member.scheme).user
    actions.correct_staff_member(
        jo, first_name="Joe", email=jo.email, venue=member.venue, by=member.started_by
    )
    seen = Event.objects.for_officer(officer).filter(kind="venues.staff_member_corrected")
    assert seen.exists()
    type(member).objects.filter(pk=member.pk).update(shares_people=False)
    assert not seen.exists()


# A pasted list

THIRTY = "\n".join(
    f"{n}. Person {chr(65 + n % 26)}{'abc'[n // 26]} <p{n}@example.org>" for n in range(30)
)


def ticks(page):
    return re.findall(r'name="add"[^>]*?value="([^"]+)"([^>]*)>', page, re.S)


def ticked(page):
    return [value for value, rest in ticks(page) if "checked" in rest]


def read(client, member, text):
    return client.post(at("read_pasted_people", member), {"people": text, "kind": "own"})


def add(client, member, text, chosen, kind="own"):
    sent = {"people": text, "kind": kind, "add": chosen}
    return client.post(at("add_people", member), sent)


def test_thirty_people_are_read_back_and_then_added(client, member):
    assert at("paste_people", member) in text_of(client.get(at("people", member)))
    page = text_of(read(client, member, THIRTY))
    assert "We read 30 people. Nothing is saved yet." in page
    assert "p29@example.org" in page
    assert not StaffMember.objects.exists()
    answer = client.post(
        at("add_people", member),
        {"people": THIRTY, "kind": "agency", "add": ticked(page)},
        follow=True,
    )
    assert "30 people added." in text_of(answer)
    assert Post.objects.filter(venue=member.venue, kind="agency").count() == 30


def test_each_bad_line_is_named_and_nothing_is_saved(client, member):
    text = "Jo <jo@example.org>\n\nSam, sam@\nlee@example.org"
    page = text_of(read(client, member, text))
    assert "Line 3: “sam@” is not a whole e-mail address." in page
    assert "Line 4: Write a name beside “lee@example.org”." in page
    assert text in page, "what was pasted is still there"
    assert ticks(page) == []
    assert add(client, member, text, ["1-anything"]).status_code == 200
    assert not StaffMember.objects.exists()


def test_duplicates_start_unticked_and_can_be_ticked(client, member, jo):
    text = "Jo, jo@example.org\nSam\nSam\nKim"
    page = text_of(read(client, member, text))
    assert "Perhaps here already, as “Jo”." in page
    assert "Perhaps twice in this list: see line 2." in page
    assert [value.split("-")[0] for value in ticked(page)] == ["2", "4"]
    add(client, member, text, [value for value, __ in ticks(page)][1:])
    names = member.venue.posts.values_list("staff_member__first_name", flat=True)
    assert sorted(names) == ["Jo", "Kim", "Sam", "Sam"]


def test_somebody_added_meanwhile_is_not_added_twice(client, member):
    page = text_of(read(client, member, "Jo\nSam"))
    somebody(member.venue, "Jo")
    answer = add(client, member, "Jo\nSam", ticked(page))
    assert "Nothing was saved: look again." in text_of(answer)
    assert Post.objects.filter(venue=member.venue).count() == 1


def test_sending_the_same_list_twice_adds_nobody_twice(client, member):
    page = text_of(read(client, member, THIRTY))
    add(client, member, THIRTY, ticked(page))
    add(client, member, THIRTY, ticked(page))
    assert Post.objects.filter(venue=member.venue).count() == 30


def test_an_empty_or_too_long_list_is_refused_in_words(client, member):
    assert "at least one name" in text_of(read(client, member, "\n\n1.\n - \n"))
    many = "\n".join("abcdefghij"[n % 10] * 3 + "klmnopqrstuv"[n % 12] for n in range(201))
    assert "at most 200" in text_of(read(client, member, many))
    page = text_of(read(client, member, "Jo"))
    assert "Tick at least one person." in text_of(add(client, member, "Jo", []))
    assert len(ticks(page)) == 1


def test_somebody_of_another_branch_in_the_list_gets_a_second_place(client, member):
    branch = VenueFactory(organisation=member.venue.organisation, name="Mill Lane")
    kim = somebody(branch, "Kim", "kim@example.org")
    page = text_of(read(client, member, "Kimberley <KIM@example.org>"))
    assert "With you at Mill Lane already, as “Kim”" in page
    add(client, member, "Kimberley <KIM@example.org>", ticked(page))
    assert StaffMember.objects.get() == kim
    assert {post.venue for post in kim.posts.all()} == {branch, member.venue}


# A second place


def test_somebody_of_another_place_works_here_too(client, member):
    branch = VenueFactory(organisation=member.venue.organisation, name="Mill Lane")
    kim = somebody(branch, "Kim")
    assert at("choose_person", member) in text_of(client.get(at("people", member)))
    assert "Kim: Mill Lane" in text_of(client.get(at("choose_person", member)))
    client.post(at("add_second_place", member), {"person": kim.pk, "kind": "part_time"})
    assert kim.posts.get(venue=member.venue).kind == "part_time"
    again = client.post(at("add_second_place", member), {"person": kim.pk, "kind": "own"})
    assert again.status_code == 200, "no longer on offer"
    assert kim.posts.filter(venue=member.venue).count() == 1
    assert StaffMember.objects.count() == 1


def test_people_outside_the_managers_scope_are_not_offered(client, member):
    organisation = member.venue.organisation
    branch = VenueFactory(organisation=organisation, name="Mill Lane")
    kim = somebody(branch, "Kim")
    lee = somebody(SignUpFactory().venue, "Lee")
    client.force_login(MembershipFactory(organisation=organisation, venues=[member.venue]).user)
    assert "Mill Lane" not in text_of(client.get(at("choose_person", member)))
    for person in (kim, lee):
        client.post(at("add_second_place", member), {"person": person.pk, "kind": "own"})
    page = text_of(read(client, member, "Kim <kim@example.org>"))
    assert "Mill Lane" not in page
    assert not Post.objects.filter(venue=member.venue).exists()


# Back again


def test_somebody_who_left_works_here_again_after_the_ten_minutes(client, member, jo):
    post = jo.posts.get()
    Post.objects.filter(pk=post.pk).update(until=timezone.localdate() - datetime.timedelta(days=40))
    assert "Works here again" in text_of(client.get(at("people", member)))
    client.post(at("work_here_again", member, post.pk))
    assert jo.posts.current(timezone.localdate()).get().from_date == timezone.localdate()
    assert StaffMember.objects.get() == jo, "the same person, with what they have done"
    client.post(at("work_here_again", member, post.pk))
    assert jo.posts.count() == 2, "pressed twice, back once"


def test_a_future_last_day_can_be_removed(client, member, jo):
    post = jo.posts.get()
    actions.end_post(
        post,
        last_day=timezone.localdate() + datetime.timedelta(days=9),
        by=member.started_by,
    )
    assert "Stays after all" in text_of(client.get(at("people", member)))
    client.post(at("work_here_again", member, post.pk))
    post.refresh_from_db()
    assert post.until is None
    assert jo.posts.count() == 1
