"""A manager's pages: who is trained, enrolling people, handing over links; 404 for outsiders."""

import pytest
from django.urls import reverse

from tests.factories import UserFactory
from tests.training.conftest import add_person, make_venue, train
from tests.training.factories import ModuleFactory
from training import actions
from training.models import Enrolment
from venues.models import StaffMember

pytestmark = pytest.mark.django_db


@pytest.fixture
def portal(client, manager):
    client.force_login(manager)
    return client


def test_a_new_person_is_enrolled_by_first_name(portal, sign_up, module):
    url = reverse("enrol_person", args=[sign_up.pk, module.slug])
    handed = portal.post(url, {"first_name": "Kim"}, follow=True)
    enrolment = Enrolment.objects.get(staff_member__first_name="Kim")
    assert enrolment.code_in_two in handed.text
    assert "data:image/svg" in handed.text
    assert "/learn/" in handed.text
    assert "no-store" in handed["Cache-Control"]


def test_enrolling_without_a_first_name_adds_nobody(portal, sign_up, module):
    url = reverse("enrol_person", args=[sign_up.pk, module.slug])
    assert "Write a first name" in portal.post(url, {"first_name": ""}).text
    assert not StaffMember.objects.exists()


def test_existing_staff_are_enrolled(portal, sign_up, sam, module):
    url = reverse("enrol_staff_member", args=[sign_up.pk, module.slug, sam.pk])
    portal.post(url)
    portal.post(url)
    assert Enrolment.objects.get().staff_member == sam


def test_the_page_shows_each_persons_progress_and_what_their_leaving_would_change(
    portal, sign_up, sam, module, manager
):
    train(sam, module, manager)
    add_person(sign_up, "Jo")
    page = portal.get(reverse("training_home", args=[sign_up.pk])).text
    assert "Done: at least one trained person works here until" in page
    assert "Trained until" in page
    assert "If Sam leaves: too few trained people" in " ".join(page.split())
    assert "No training yet." in page
    for word in ("evidence", "enrolment", "outstanding", "standing"):
        assert word not in page.lower()


def test_an_unreviewed_module_is_shown_as_not_open(portal, sign_up, unreviewed):
    assert "not open yet" in portal.get(reverse("training_home", args=[sign_up.pk])).text


def test_a_link_can_be_renewed_and_sending_it_needs_an_email_address(
    portal, sign_up, enrolment, sam
):
    old = enrolment.code
    portal.post(reverse("renew_training_link", args=[sign_up.pk, enrolment.pk]))
    enrolment.refresh_from_db()
    assert enrolment.code != old
    page = portal.post(reverse("send_training_link", args=[sign_up.pk, enrolment.pk]), follow=True)
    assert "no e-mail address" in page.text


def test_the_training_page_redirects_to_the_only_venue_or_lists_them(
    portal, sign_up, scheme, manager
):
    assert portal.get(reverse("training_venues")).url == reverse("training_home", args=[sign_up.pk])
    make_venue(scheme, "Shop", manager)
    assert "Shop" in portal.get(reverse("training_venues")).text


def test_outsiders_get_404(client, sign_up, sam, enrolment, module):
    pages = [
        ("get", reverse("training_home", args=[sign_up.pk])),
        ("get", reverse("hand_over_training", args=[sign_up.pk, enrolment.pk])),
        ("post", reverse("enrol_person", args=[sign_up.pk, module.slug])),
        ("post", reverse("enrol_staff_member", args=[sign_up.pk, module.slug, sam.pk])),
        ("post", reverse("send_training_link", args=[sign_up.pk, enrolment.pk])),
        ("post", reverse("renew_training_link", args=[sign_up.pk, enrolment.pk])),
    ]
    for method, url in pages:
        assert getattr(client, method)(url).status_code == 302
    client.force_login(UserFactory())
    for method, url in pages:
        assert getattr(client, method)(url).status_code == 404


def test_a_manager_cannot_enrol_another_venues_staff(portal, sign_up, scheme, module):
    stranger = UserFactory()
    other = make_venue(scheme, "Shop", stranger)
    jo = add_person(other, "Jo")
    url = reverse("enrol_staff_member", args=[sign_up.pk, module.slug, jo.pk])
    assert portal.post(url).status_code == 404


def test_the_page_has_one_form_however_many_modules_are_in_progress(portal, sign_up, sam, module):
    later = ModuleFactory(slug="later", title="Later", kind="specialist")
    actions.enrol(sam, later, by=sign_up.started_by)
    page = portal.get(reverse("training_home", args=[sign_up.pk])).text
    assert page.count('id="id_first_name"') == 1
    assert "About this training, and add somebody" in page
    own = portal.get(reverse("training_module", args=[sign_up.pk, "later"])).text
    assert own.count('id="id_first_name"') == 1
    for each in (page, own):
        assert reverse("people", args=[sign_up.pk]) in each
