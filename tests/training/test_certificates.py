"""Certificates: in full for the learner; everyone else sees only the training and its expiry."""

from io import BytesIO

import pytest
from django.urls import reverse
from pypdf import PdfReader

from tests.factories import UserFactory
from tests.training.conftest import TODAY, add_person, days, make_venue, train
from training import actions
from training.links.enrolments import make_link

pytestmark = pytest.mark.django_db


@pytest.fixture
def done(sam, module, manager):
    return train(sam, module, manager)


def look(client, code):
    return client.get(reverse("certificate", args=[code]))


def token_of(enrolment):
    return make_link(enrolment).rstrip("/").rpartition("/")[2]


def text_of(response):
    assert response["Content-Type"] == "application/pdf"
    pages = PdfReader(BytesIO(response.content)).pages
    assert len(pages) == 1
    return " ".join(pages[0].extract_text().split())


def test_the_public_check_shows_the_training_and_expiry_but_no_person_or_venue(
    client, done, scheme
):
    page = look(client, done.certificate_code)
    assert page.status_code == 200
    assert "Yes: this certificate is valid" in page.text
    assert "Introduction" in page.text
    assert f"{done.valid_until:%Y}" in page.text
    for word in ("Sam", "Cafe", scheme.name, scheme.council, done.code):
        assert word not in page.text
    assert "Set-Cookie" not in page.headers
    assert "no-store" in page["Cache-Control"]


def test_the_certificate_code_is_not_the_learners_code(done):
    assert len(done.certificate_code) == 16
    assert done.code not in done.certificate_code


@pytest.mark.parametrize("code", ["BCDFGHJKBCDFGHJK", "AAAAAAAAAAAAAAAA", "x", "<script>", "BCDF"])
def test_an_unknown_code_gets_a_clear_404(client, done, code):
    page = look(client, code)
    assert page.status_code == 404
    assert "We do not know this code" in page.text
    assert look(client, done.code).status_code == 404


def test_an_expired_or_withdrawn_certificate_says_so(client, done, manager):
    done.valid_until = TODAY() - days(1)
    done.save()
    assert "no longer valid" in look(client, done.certificate_code).text
    actions.withdraw_completion(done, by=manager, reason="A colleague answered.")
    page = look(client, done.certificate_code).text
    assert "was withdrawn" in page
    assert "colleague" not in page
    assert "Valid until" not in page


def test_unfinished_training_has_no_certificate(client, sam, module, manager):
    enrolment = actions.enrol(sam, module, by=manager)
    assert look(client, enrolment.certificate_code).status_code == 404
    page = client.get(reverse("download_certificate", args=[token_of(enrolment)]))
    assert page.status_code == 302


def test_a_certificate_is_not_valid_once_the_modules_review_is_gone(client, done, module):
    type(module).objects.update(
        reviewed_version=None,
        reviewed_by_name="",
        reviewed_by_role="",
        reviewed_on=None,
        review_recorded_by=None,
    )
    assert "was withdrawn" in look(client, done.certificate_code).text


def test_a_code_can_be_typed_as_printed(client, done):
    page = client.get(reverse("check_certificate"))
    assert "Check a certificate" in page.text
    assert "Set-Cookie" not in page.headers
    typed = {"code": f" {done.certificate_code_in_fours.lower()} "}
    assert "is valid" in client.get(reverse("check_certificate"), typed, follow=True).text
    for wrong in ("", "BCDF", "0000 0000 0000 0000"):
        sent = client.get(reverse("check_certificate"), {"code": wrong})
        assert "govuk-error-summary" in sent.text


def test_guessing_codes_is_rate_limited(client, done):
    answers = [look(client, "BCDFGHJKBCDFGHJK").status_code for __ in range(31)]
    assert answers[-1] == 429
    assert answers[0] == 404


def test_the_learner_downloads_the_certificate_as_a_pdf(client, done, scheme):
    certificate = client.get(reverse("learn_certificate", args=[token_of(done)])).text
    link = reverse("download_certificate", args=[token_of(done)])
    assert link in certificate
    file = client.get(link)
    assert "no-store" in file["Cache-Control"]
    assert "Sam" not in file["Content-Disposition"]
    text = text_of(file)
    for word in ("Sam", "Introduction", scheme.name, done.certificate_code_in_fours):
        assert word in text


def test_a_manager_prints_certificates_of_their_own_staff_only(
    client, sign_up, done, manager, scheme, module
):
    client.force_login(manager)
    link = reverse("staff_certificate", args=[sign_up.pk, done.pk])
    assert link in client.get(reverse("training_home", args=[sign_up.pk])).text
    assert "Sam" in text_of(client.get(link))
    other = make_venue(scheme, "Shop", UserFactory())
    theirs = train(add_person(other, "Jo"), module, manager)
    address = reverse("staff_certificate", args=[sign_up.pk, theirs.pk])
    assert client.get(address).status_code == 404
    actions.withdraw_completion(done, by=manager, reason="Mistake")
    assert client.get(link).status_code == 404


def test_markup_in_a_name_is_printed_as_text(client, sign_up, module, manager):
    odd = train(add_person(sign_up, "<b>Sam</b> & \u202eson"), module, manager)
    assert "<b>Sam</b>" in text_of(
        client.get(reverse("download_certificate", args=[token_of(odd)]))
    )
