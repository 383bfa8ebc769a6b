"""Every admin button, for every role, in the officer's own scheme and in another."""

import pytest
from django.urls import reverse
from django.utils import timezone

from tests.factories import (
    OfficerFactory,
    PrincipleFactory,
    SchemeFactory,
    SignUpFactory,
    StickerFactory,
    ready_to_open,
)
from venues.models import Enquiry, Event, Officer, SignUp, Sticker
from venues.roles import ADMINISTRATORS, DECIDERS

pytestmark = pytest.mark.django_db

SIGNED = {"name": "Ada", "role": "Lead", "signed_on": "2026-02-01"}
SUBMITTED, APPROVED, SUSPENDED = {"submitted": True}, {"approved": True}, {"suspended": True}


def sign_up_in(scheme, state):
    PrincipleFactory(scheme=scheme)
    return SignUpFactory(scheme=scheme, agreed=True, checked=True, **state)


def a_sign_up(state, **entered):
    return lambda scheme: sign_up_in(scheme, {**state, **entered})


def a_sticker(scheme):
    return StickerFactory(sign_up=sign_up_in(scheme, APPROVED))


def an_entered_sign_up(scheme):
    sign_up = sign_up_in(scheme, SUBMITTED)
    sign_up.entered_by = sign_up.started_by
    sign_up.save(update_fields=["entered_by"])
    return sign_up


def a_venue_with_a_phone(scheme):
    venue = sign_up_in(scheme, APPROVED).venue
    venue.phone = "01632 960001"
    venue.save(update_fields=["phone"])
    return venue


def an_enquiry(scheme):
    return Enquiry.objects.create(scheme=scheme, name="Jo", venue_name="Shop", phone="01632 960002")


def a_role(scheme):
    OfficerFactory(scheme=scheme, role="administrator")
    return OfficerFactory(scheme=scheme, role="viewer")


def a_scheme(scheme):
    PrincipleFactory(scheme=scheme)
    return scheme


def a_closed_scheme(scheme):
    scheme.opened_at = scheme.opened_by = None
    scheme.save(update_fields=["opened_at", "opened_by"])
    a_scheme(scheme)
    ready_to_open(scheme)
    return scheme


def a_hidden_scheme(scheme):
    scheme.hidden_at, scheme.hidden_by = timezone.now(), scheme.opened_by
    scheme.hidden_types = ["pub"]
    scheme.save(update_fields=["hidden_at", "hidden_by", "hidden_types"])
    return a_scheme(scheme)


LETTER = {"letter": "Dear venue"}
POSTS = [
    ("approve_sign_up", a_sign_up(SUBMITTED), LETTER, DECIDERS, "sign_up_approved"),
    (
        "ask_for_changes",
        a_sign_up(SUBMITTED),
        {**LETTER, "whole": "Your hours"},
        DECIDERS,
        "changes_asked_for",
    ),
    (
        "decline_sign_up",
        a_sign_up(SUBMITTED),
        {**LETTER, "reason": "No staff"},
        DECIDERS,
        "sign_up_declined",
    ),
    ("suspend_sign_up", a_sign_up(APPROVED), {"reason": "Why"}, DECIDERS, "sign_up_suspended"),
    ("reinstate_sign_up", a_sign_up(SUSPENDED), LETTER, DECIDERS, "sign_up_reinstated"),
    ("send_suspension_letter", a_sign_up(SUSPENDED), LETTER, DECIDERS, "suspension_letter_sent"),
    ("withdraw_sign_up", a_sign_up(APPROVED), {}, DECIDERS, "sign_up_withdrawn"),
    (
        "record_check",
        a_sign_up(SUBMITTED),
        {"kind": "visited", "passed": "no"},
        DECIDERS,
        "check_recorded",
    ),
    ("confirm_agreement_on_paper", an_entered_sign_up, {}, DECIDERS, "agreement_confirmed"),
    ("issue_sticker", a_sign_up(APPROVED), {}, DECIDERS, "sticker_issued"),
    ("mark_sticker_sent", a_sticker, {}, DECIDERS, "sticker_sent"),
    ("mark_sticker_displayed", a_sticker, {}, DECIDERS, "sticker_displayed"),
    ("end_sticker", a_sticker, {"reason": "lost"}, DECIDERS, "sticker_ended"),
    ("confirm_phone", a_venue_with_a_phone, {"name": "Sam"}, DECIDERS, "phone_confirmed"),
    (
        "hand_over_venue",
        a_venue_with_a_phone,
        {"organisation_name": "New", "manager_email": "new@example.org"},
        DECIDERS,
        "venue_handed_over",
    ),
    ("answer_enquiry", an_enquiry, {}, DECIDERS, "enquiry_answered"),
    ("open_scheme", a_closed_scheme, {}, ADMINISTRATORS, "scheme_opened"),
    (
        "sign_off_texts",
        a_scheme,
        SIGNED,
        ADMINISTRATORS,
        "texts_signed_off",
    ),
    ("close_scheme", a_scheme, {"confirmed": "yes"}, ADMINISTRATORS, "scheme_closed"),
    (
        "hand_on_scheme",
        a_scheme,
        {
            "council": "New Council",
            "contact_email": "new@example.org",
            "administrator": "new@example.org",
        },
        ADMINISTRATORS,
        "scheme_handed_on",
    ),
    ("hide_scheme", a_scheme, {}, ADMINISTRATORS, "scheme_hidden"),
    ("show_scheme", a_hidden_scheme, {}, ADMINISTRATORS, "scheme_shown"),
    ("hide_type", a_scheme, {}, ADMINISTRATORS, "type_hidden"),
    ("show_type", a_hidden_scheme, {}, ADMINISTRATORS, "type_shown"),
    ("take_role", a_role, {}, ADMINISTRATORS, "role_taken"),
]
NAMES = [each[0] for each in POSTS]


def url_of(name, thing):
    more = ["pub"] if name in ("hide_type", "show_type") else []
    return reverse(f"admin:{name}", args=[thing.pk, *more])


def happened(event):
    return Event.objects.filter(kind=f"venues.{event}").exists()


@pytest.mark.parametrize(("name", "make", "data", "allowed", "event"), POSTS, ids=NAMES)
def test_each_button_works_for_exactly_its_roles(client, name, make, data, allowed, event):
    for role in Officer.Role:
        scheme = SchemeFactory()
        thing = make(scheme)
        client.force_login(OfficerFactory(scheme=scheme, role=role).user)
        Event.objects.all().delete()
        answer = client.post(url_of(name, thing), data)
        assert answer.status_code == (302 if role in allowed else 403), role
        assert happened(event) == (role in allowed), role


@pytest.mark.parametrize(("name", "make", "data", "allowed", "event"), POSTS, ids=NAMES)
def test_no_button_works_on_another_councils_objects(client, name, make, data, allowed, event):
    thing = make(SchemeFactory())
    client.force_login(OfficerFactory(role="administrator").user)
    Event.objects.all().delete()
    assert client.post(url_of(name, thing), data).status_code == 404
    assert not happened(event)


@pytest.mark.parametrize(("name", "make", "data", "allowed", "event"), POSTS, ids=NAMES)
def test_a_get_request_never_triggers_an_action(client, name, make, data, allowed, event):
    scheme = SchemeFactory()
    thing = make(scheme)
    client.force_login(OfficerFactory(scheme=scheme, role="administrator").user)
    Event.objects.all().delete()
    assert client.get(url_of(name, thing), data).status_code == 200
    assert not happened(event)


@pytest.mark.parametrize(("name", "make", "data", "allowed", "event"), POSTS, ids=NAMES)
def test_anonymous_users_are_redirected_to_log_in(client, name, make, data, allowed, event):
    thing = make(SchemeFactory())
    answer = client.post(url_of(name, thing), data)
    assert answer.status_code == 302
    assert "login" in answer["Location"]


def test_a_trainer_in_one_scheme_who_is_an_officer_in_another_decides_only_in_the_latter(client):
    trains, decides = SchemeFactory(), SchemeFactory()
    user = OfficerFactory(scheme=trains, role="trainer").user
    OfficerFactory(scheme=decides, role="officer", user=user)
    client.force_login(user)
    first, second = sign_up_in(trains, APPROVED), sign_up_in(decides, APPROVED)
    reason = {"reason": "Why"}
    assert client.post(url_of("suspend_sign_up", first), reason).status_code == 403
    assert client.post(url_of("suspend_sign_up", second), reason).status_code == 302
    assert list(SignUp.objects.filter(state="suspended")) == [second]


def test_an_officer_of_a_second_scheme_can_view_a_shared_venue_but_not_change_it(client):
    venue = sign_up_in(SchemeFactory(), APPROVED).venue
    guest = SchemeFactory()
    SignUpFactory(scheme=guest, venue=venue, approved=True)
    client.force_login(OfficerFactory(scheme=guest, role="officer").user)
    assert client.get(reverse("admin:venues_venue_change", args=[venue.pk])).status_code == 200
    assert client.post(reverse("admin:hand_over_venue", args=[venue.pk])).status_code == 403
    page = reverse("admin:venues_venue_change", args=[venue.pk])
    assert client.post(page, {"name": "Ours"}).status_code == 403


def test_a_venue_manager_cannot_open_the_admin(client, django_user_model):
    client.force_login(django_user_model.objects.create_user("manager@example.org"))
    assert client.get(reverse("admin:index"), follow=True).status_code == 403


def test_bulk_marking_is_refused_if_any_sticker_is_out_of_scope(client):
    trains, decides = SchemeFactory(), SchemeFactory()
    user = OfficerFactory(scheme=trains, role="trainer").user
    OfficerFactory(scheme=decides, role="officer", user=user)
    client.force_login(user)
    stickers = [a_sticker(trains), a_sticker(decides)]
    data = {"id": [each.pk for each in stickers]}
    assert client.post(reverse("admin:mark_stickers_sent"), data).status_code == 403
    assert not Sticker.objects.filter(sent_at__isnull=False).exists()
