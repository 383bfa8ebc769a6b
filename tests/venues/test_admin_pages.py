"""What officers see in the admin and what each page does."""

import pytest
from django.contrib.gis.geos import Point
from django.urls import reverse
from django.utils import timezone
from post_office.models import Email

from tests.factories import (
    ALWAYS,
    OfficerFactory,
    PrincipleFactory,
    RequirementFactory,
    SchemeFactory,
    SignUpFactory,
    StaffMemberFactory,
    VenueFactory,
    name_numbers,
    ready_to_open,
)
from venues.models import (
    Agreement,
    Answer,
    Check,
    Criterion,
    Enquiry,
    Event,
    SignUp,
    Venue,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def scheme():
    return SchemeFactory(name="Our Scheme")


@pytest.fixture
def officer(client, scheme):
    user = OfficerFactory(scheme=scheme, role="officer").user
    client.force_login(user)
    return user


@pytest.fixture
def administrator(client, scheme):
    user = OfficerFactory(scheme=scheme, role="administrator").user
    client.force_login(user)
    return user


def page(client, name, *args, query="", **more):
    return client.get(reverse(name, args=args) + query, **more)


def text_of(answer):
    return answer.content.decode()


def test_an_administrator_cannot_give_roles_in_another_scheme(client, administrator):
    other = SchemeFactory()
    url = reverse("admin:venues_officer_add")
    answer = client.post(
        url, {"scheme": other.pk, "email": "new@example.org", "role": "administrator"}
    )
    assert answer.status_code == 200
    assert not other.officers.exists()


def test_an_administrator_can_give_a_role_to_a_new_person(client, administrator, scheme):
    url = reverse("admin:venues_officer_add")
    client.post(url, {"scheme": scheme.pk, "email": "New@example.org", "role": "viewer"})
    role = scheme.officers.get(user__email="new@example.org")
    assert role.role == "viewer"
    assert Event.objects.filter(kind="venues.role_given", scheme=scheme).exists()


def test_the_last_administrator_cannot_be_removed(client, administrator, scheme):
    role = scheme.officers.get()
    answer = client.post(reverse("admin:take_role", args=[role.pk]), follow=True)
    assert "A scheme needs an administrator" in text_of(answer)
    assert scheme.officers.exists()
    change = reverse("admin:venues_officer_change", args=[role.pk])
    client.post(change, {"role": "viewer"})
    role.refresh_from_db()
    assert role.role == "administrator"


@pytest.mark.parametrize("role", ["viewer", "officer", "trainer", "chair"])
def test_only_administrators_can_open_the_role_form(client, scheme, role):
    client.force_login(OfficerFactory(scheme=scheme, role=role).user)
    assert page(client, "admin:venues_officer_add").status_code == 403
    assert page(client, "admin:venues_scheme_change", scheme.pk).status_code == 200
    principle = PrincipleFactory(scheme=scheme)
    assert page(client, "admin:venues_principle_change", principle.pk).status_code == 200
    change = reverse("admin:venues_principle_change", args=[principle.pk])
    assert client.post(change, {"title": "Mine"}).status_code == 403


def test_the_decision_screen_shows_everything_needed_to_decide(client, officer, scheme):
    principle = PrincipleFactory(scheme=scheme, title="Open door", wording="Anybody may walk in.")
    RequirementFactory(principle=principle, evidence="online_presence", needed_for="sticker")
    venue = VenueFactory(
        lead_scheme=scheme, name="Corner Café", website="", toilet=True, hours=ALWAYS
    )
    near = VenueFactory(
        lead_scheme=scheme, name="Near Library", point=Point(450300, 115400, srid=27700)
    )
    SignUpFactory(scheme=scheme, venue=near, approved=True)
    far = VenueFactory(
        lead_scheme=scheme, name="Far Library", point=Point(460000, 115400, srid=27700)
    )
    SignUpFactory(scheme=scheme, venue=far, approved=True)
    sign_up = SignUpFactory(scheme=scheme, venue=venue, submitted=True, agreed=True)
    sign_up.change_requests.create(principle=principle, text="Say when", asked_by=officer)
    question = Criterion.objects.create(
        slug="sight", about="venue", theme="space", order=1, question="Can staff see the door?"
    )
    Answer.objects.create(criterion=question, venue=venue, value="we_do", answered_by=officer)
    StaffMemberFactory(organisation=venue.organisation, venue=venue, first_name="Robin")
    Event.objects.record("venues.sign_up_submitted", sign_up=sign_up, by=officer)
    said = text_of(page(client, "admin:venues_signup_change", sign_up.pk))
    for words in (
        "Open door",
        "Anybody may walk in.",
        "We do this",
        "Say when",
        "Can staff see the door?",
        "Toilet",
        "all day and night",
        "Robin",
        "The place can be found online.",
        "Check not passed yet: The venue was visited.",
        "not done",
        "Near Library",
        "500 m",
        "The sign-up was sent to the council.",
        "neighbours-places",
    ):
        assert words in said, words
    assert "Far Library" not in said


def test_approve_is_disabled_with_the_reasons(client, officer, scheme):
    PrincipleFactory(scheme=scheme)
    sign_up = SignUpFactory(scheme=scheme, submitted=True, agreed=True)
    said = text_of(page(client, "admin:venues_signup_change", sign_up.pk))
    assert "disabled>Approve" in said
    answer = client.post(reverse("admin:approve_sign_up", args=[sign_up.pk]), {"letter": "Yes"})
    assert "Check not passed yet: The venue was visited." in said
    assert "Check not passed yet: The venue was visited." in text_of(answer)
    sign_up.refresh_from_db()
    assert sign_up.state == "submitted"
    assert not Email.objects.exists()


def test_the_sticker_button_is_disabled_with_the_reasons(client, officer, scheme):
    RequirementFactory(principle__scheme=scheme, evidence="online_presence", needed_for="sticker")
    venue = VenueFactory(lead_scheme=scheme, website="")
    sign_up = SignUpFactory(scheme=scheme, venue=venue, approved=True, agreed=True)
    words = "Not done yet: The place can be found online."
    assert words in text_of(page(client, "admin:venues_signup_change", sign_up.pk))
    answer = client.post(reverse("admin:issue_sticker", args=[sign_up.pk]), follow=True)
    assert [str(message) for message in answer.context["messages"]] == [words]
    assert not sign_up.stickers.exists()


@pytest.mark.parametrize(
    ("action", "state"),
    [
        ("approve_sign_up", "submitted"),
        ("ask_for_changes", "submitted"),
        ("decline_sign_up", "submitted"),
        ("reinstate_sign_up", "suspended"),
        ("send_suspension_letter", "suspended"),
    ],
)
def test_a_letter_is_previewed_and_then_sent_once(client, officer, scheme, action, state):
    PrincipleFactory(scheme=scheme)
    sign_up = SignUpFactory(scheme=scheme, agreed=True, checked=True, **{state: True})
    answer = page(client, f"admin:{action}", sign_up.pk)
    draft = answer.context["form"].initial["letter"]
    assert draft.splitlines()[0] in answer.context["form"]["letter"].value()
    assert "sam@example.org" in text_of(answer)
    assert not Email.objects.exists()
    sign_up.refresh_from_db()
    assert sign_up.state == state
    data = {"letter": "Our own words.", "reason": "For us", "whole": "Your hours"}
    client.post(reverse(f"admin:{action}", args=[sign_up.pk]), data)
    letter = Email.objects.get().message
    assert letter.startswith(f"Our own words.\n\nAbout: {sign_up.venue}\nExample Council")
    assert "For us" not in letter


def test_suspending_takes_effect_at_once_and_sends_no_letter(client, officer, scheme):
    sign_up = SignUpFactory(scheme=scheme, approved=True, listed=True)
    assert Venue.objects.listed(timezone.localdate()).exists()
    address = reverse("admin:suspend_sign_up", args=[sign_up.pk])
    client.post(address, {"reason": ""})
    assert Venue.objects.listed(timezone.localdate()).exists()
    client.post(address, {"reason": "A complaint"})
    assert not Venue.objects.listed(timezone.localdate()).exists()
    assert not Email.objects.exists()
    said = text_of(page(client, "admin:venues_signup_change", sign_up.pk))
    assert "A complaint" in said
    assert "Write the letter about the suspension" in said


def test_a_check_records_who_made_it_and_when(client, officer, scheme):
    sign_up = SignUpFactory(scheme=scheme, submitted=True)
    url = reverse("admin:record_check", args=[sign_up.pk])
    client.post(url, {"kind": "visited", "passed": "no"})
    client.post(url, {"kind": "visited", "passed": "yes"})
    check = Check.objects.get()
    assert (check.passed, check.checked_by, check.checked_on) == (
        True,
        officer,
        timezone.localdate(),
    )


def test_changes_are_requested_per_principle(client, officer, scheme):
    first, second = PrincipleFactory(scheme=scheme), PrincipleFactory(scheme=scheme)
    sign_up = SignUpFactory(scheme=scheme, submitted=True)
    url = reverse("admin:ask_for_changes", args=[sign_up.pk])
    answer = client.post(url, {"letter": "Please."})
    assert "Say what the venue should change." in text_of(answer)
    client.post(
        url, {"letter": "Please.", f"principle_{second.pk}": "Say when.", "whole": "Photo?"}
    )
    asked = {each.principle: each.text for each in sign_up.change_requests.all()}
    assert asked == {second: "Say when.", None: "Photo?"}
    assert first not in asked


def test_an_officer_enters_a_sign_up_for_a_venue(client, officer, scheme):
    answer = client.post(
        reverse("admin:enter_sign_up"), {"scheme": scheme.pk, "postcode": "so14 0aa"}
    )
    sign_up = SignUp.objects.get()
    assert answer["Location"] == reverse("sign_up", args=[sign_up.pk])
    assert (sign_up.entered_by, sign_up.venue.postcode) == (officer, "SO14 0AA")
    assert not sign_up.venue.organisation.memberships.exists()


def test_venue_details_are_changed_through_the_action(client, officer, scheme):
    sign_up = SignUpFactory(scheme=scheme, approved=True)
    url = reverse("admin:venues_venue_change", args=[sign_up.venue_id])
    form = client.get(url).context["adminform"].form
    data = {name: value for name, value in form.initial.items() if value not in (None, False)}
    client.post(url, {**data, "name": "New name", "toilet": "true"})
    sign_up.venue.refresh_from_db()
    assert (sign_up.venue.name, sign_up.venue.toilet) == ("New name", True)
    assert Event.objects.filter(kind="venues.venue_changed", by=officer).exists()


def test_only_a_substantive_change_of_wording_asks_venues_to_agree_again(
    client, administrator, scheme
):
    principle = PrincipleFactory(scheme=scheme, title="Open", wording="Old words.")
    SignUpFactory(scheme=scheme, approved=True, agreed=True)
    url = reverse("admin:venues_principle_change", args=[principle.pk])
    data = {
        "title": "Open",
        "order": principle.order,
        "help_text": "",
        "requirements-TOTAL_FORMS": 0,
        "requirements-INITIAL_FORMS": 0,
    }
    answer = client.post(url, {**data, "wording": "Newer."})
    assert "Say whether this changes the substance." in text_of(answer)
    client.post(url, {**data, "wording": "Newer.", "in_substance": "no"})
    principle.refresh_from_db()
    assert (principle.wording, principle.version) == ("Newer.", 1)
    assert not Email.objects.exists()
    client.post(url, {**data, "wording": "Newest.", "in_substance": "yes"})
    principle.refresh_from_db()
    assert (principle.wording, principle.version) == ("Newest.", 2)
    assert Email.objects.count() == 1
    assert Agreement.objects.get().wording == "Old words."


def test_a_scheme_opens_only_when_complete(client, scheme, administrator):
    draft = SchemeFactory(draft=True)
    OfficerFactory(scheme=draft, role="administrator", user=administrator)
    said = text_of(page(client, "admin:venues_scheme_change", draft.pk))
    assert "Write at least one core principle." in said
    url = reverse("admin:open_scheme", args=[draft.pk])
    assert "Write at least one core principle." in text_of(client.post(url, follow=True))
    PrincipleFactory(scheme=draft)
    name_numbers(draft)
    ready_to_open(draft)
    client.post(url)
    draft.refresh_from_db()
    assert draft.opened_by == administrator


def test_hiding_a_venue_type_removes_it_from_the_finder(client, administrator, scheme):
    SignUpFactory(scheme=scheme, approved=True, listed=True)
    client.post(reverse("admin:hide_type", args=[scheme.pk, "cafe"]))
    assert not Venue.objects.listed(timezone.localdate()).exists()
    client.post(reverse("admin:show_type", args=[scheme.pk, "cafe"]))
    assert Venue.objects.listed(timezone.localdate()).exists()
    client.post(reverse("admin:hide_scheme", args=[scheme.pk]))
    assert not Venue.objects.listed(timezone.localdate()).exists()


def test_a_schemes_history_shows_what_an_administrator_changed(client, administrator, scheme):
    url = reverse("admin:venues_scheme_change", args=[scheme.pk])
    context = client.get(url).context
    data = {key: value for key, value in context["adminform"].form.initial.items() if value}
    for formset in (each.formset for each in context["inline_admin_formsets"]):
        data |= {f"{formset.prefix}-TOTAL_FORMS": 0, f"{formset.prefix}-INITIAL_FORMS": 0}
    client.post(url, {**data, "grace_days": 14})
    scheme.refresh_from_db()
    assert scheme.grace_days == 14
    assert "Details of the scheme changed: Days of grace" in text_of(client.get(url))


def test_an_answered_enquiry_leaves_the_queue(client, officer, scheme):
    asked = Enquiry.objects.create(scheme=scheme, name="Jo", venue_name="Shop", phone="1")
    assert "Shop" in text_of(page(client, "admin:index"))
    client.post(reverse("admin:answer_enquiry", args=[asked.pk]))
    assert "Shop" not in text_of(page(client, "admin:index"))
