"""Certificates: the printed page, and what its code reveals to anybody."""

import datetime

import segno
from django.conf import settings
from django.urls import reverse

from common.pdf import make_pdf
from training.models import Enrolment
from training.models.enrolments import CERTIFICATE_LENGTH, CODE_LETTERS


def tidy_code(typed: str) -> str:
    """A typed code as stored, without spaces and in capitals; "" if it cannot be a code."""
    code = "".join(letter for letter in typed.upper() if letter.isalnum())
    return code if len(code) == CERTIFICATE_LENGTH and set(code) <= set(CODE_LETTERS) else ""


def find_certificate(code: str) -> Enrolment | None:
    """The completion behind a code, even if withdrawn; None for an unknown code."""
    completed = Enrolment.objects.filter(completed_at__isnull=False)
    return completed.select_related("module").filter(certificate_code=code).first()


def state_of(enrolment: Enrolment, on: datetime.date) -> str:
    """One of "valid", "ran_out" and "withdrawn" (also if the module's review is gone)."""
    if not Enrolment.objects.gating().filter(pk=enrolment.pk).exists():
        return "withdrawn"
    return "valid" if enrolment.valid_until >= on else "ran_out"


def certificate_address(enrolment: Enrolment) -> str:
    """The URL in the QR code: the page that says whether the certificate is valid."""
    return settings.SITE_URL + reverse("certificate", args=[enrolment.certificate_code])


def certificate_pdf(enrolment: Enrolment) -> bytes:
    """The certificate as a PDF: one A4 page, landscape."""
    address = certificate_address(enrolment)
    page = {
        "enrolment": enrolment,
        "module": enrolment.module,
        "address": address,
        "square": segno.make(address, error="m", micro=False).svg_data_uri(border=2),
    }
    return make_pdf(
        "training/certificate_print.html",
        page,
        style="css/certificate.css",
        identifier=b"certificate",
        is_tagged=True,
    )
