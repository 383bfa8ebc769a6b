"""A corrected name, a second place and a return: what was learnt stays with the person."""

import datetime
import html

import pytest
from django.template.loader import render_to_string
from django.urls import reverse

from common.refusals import Refused
from tests.factories import RequirementFactory, SchemeFactory, SignUpFactory, VenueFactory
from tests.training.conftest import TODAY, days, train
from training.actions import reissue_certificate
from training.models import Enrolment
from venues.actions import (
    anonymise_staff_member,
    correct_staff_member,
    end_post,
    share_people,
    work_here,
)
from venues.models import Event, SignUp

pytestmark = pytest.mark.django_db


def correct(person, name, sign_up, manager):
    return correct_staff_member(
        person, first_name=name, email=person.email, venue=sign_up.venue, by=manager
    )


def printed(enrolment):
    enrolment = Enrolment.objects.get(pk=enrolment.pk)
    page = {"enrolment": enrolment, "module": enrolment.module, "address": "", "square": ""}
    return render_to_string("training/certificate_print.html", page)


def test_a_certificate_keeps_the_name_it_was_issued_with_until_it_is_issued_again(
    client, sign_up, sam, module, manager
):
    done = train(sam, module, manager)
    code = done.certificate_code
    correct(sam, "Samira", sign_up, manager)
    correct(sam, "Samira Ito", sign_up, manager)
    assert ">Sam<" in printed(done)
    client.force_login(manager)
    page = html.unescape(client.get(reverse("training_home", args=[sign_up.pk])).text)
    assert "It bears the name Sam." in page
    assert "Issue it again for Samira Ito" in page
    client.post(reverse("reissue_certificate", args=[sign_up.pk, done.pk]))
    assert ">Samira Ito<" in printed(done)
    done.refresh_from_db()
    assert done.certificate_code == code
    assert Event.objects.filter(kind="training.certificate_reissued").count() == 1
    with pytest.raises(Refused, match="right name already"):
        reissue_certificate(done, by=manager)


def test_training_passed_after_the_correction_bears_the_corrected_name(
    sign_up, sam, module, manager
):
    correct(sam, "Samira", sign_up, manager)
    assert ">Samira<" in printed(train(sam, module, manager))


def test_a_removed_name_is_on_no_certificate(sign_up, sam, module, manager):
    done = train(sam, module, manager)
    correct(sam, "Samira", sign_up, manager)
    end_post(sam.posts.get(), last_day=TODAY(), by=manager)
    anonymise_staff_member(sam)
    assert "Sam" not in printed(done)


def test_a_certificate_of_another_place_is_not_issued_again(client, sign_up, sam, module, manager):
    done = train(sam, module, manager)
    other = SignUpFactory(scheme=sign_up.scheme)
    client.force_login(manager)
    assert client.post(reverse("reissue_certificate", args=[other.pk, done.pk])).status_code == 404


def branch(sign_up, **more):
    venue = VenueFactory(organisation=sign_up.venue.organisation, lead_scheme=sign_up.scheme)
    return SignUpFactory(**{"scheme": sign_up.scheme, "venue": venue, **more})


def is_trained(sign_up):
    return SignUp.objects.with_standing(TODAY()).get(pk=sign_up.pk).ready_for_sticker


def test_training_counts_at_a_second_place_of_the_organisation(sign_up, sam, module, manager):
    train(sam, module, manager)
    second = branch(sign_up)
    assert not is_trained(second)
    work_here(sam, second.venue, by=manager)
    assert is_trained(second)
    assert is_trained(sign_up), "and still at the first"
    assert Enrolment.objects.count() == 1


def test_at_a_second_place_in_another_scheme_it_counts_where_people_are_shared(
    sign_up, sam, module, manager
):
    train(sam, module, manager)
    other = SchemeFactory()
    RequirementFactory(
        principle__scheme=other,
        evidence="trained_people",
        needed_for="sticker",
        subject=module.slug,
    )
    second = branch(sign_up, scheme=other, shares_people=False)
    work_here(sam, second.venue, by=manager)
    assert not is_trained(second)
    share_people(second, by=manager, shares=True)
    assert is_trained(second)


def test_leaving_one_of_two_places_changes_nothing_at_the_other(sign_up, sam, module, manager):
    train(sam, module, manager)
    second = branch(sign_up)
    work_here(sam, second.venue, by=manager)
    first = sam.posts.get(venue=sign_up.venue)
    end_post(first, last_day=TODAY() - days(1), by=manager)
    assert is_trained(second)
    assert not is_trained(sign_up)


def test_somebody_who_comes_back_need_not_train_again(sign_up, sam, module, manager):
    train(sam, module, manager)
    sam.posts.update(until=TODAY() - datetime.timedelta(days=1))
    assert not is_trained(sign_up)
    work_here(sam, sign_up.venue, by=manager)
    assert is_trained(sign_up)
