"""Certificates: the sheet of paper, and what anybody may ask of its code."""

import datetime

import segno
from django.conf import settings
from django.urls import reverse

from common.pdf import make_pdf
from training.models import Enrolment
from training.models.enrolments import CERTIFICATE_LENGTH, CODE_LETTERS


def tidy_code(typed: str) -> str:
    """A code as it is stored: spaces and small letters forgiven; empty when it can be none."""
    code = "".join(letter for letter in typed.upper() if letter.isalnum())
    return code if len(code) == CERTIFICATE_LENGTH and set(code) <= set(CODE_LETTERS) else ""


def find_certificate(code: str) -> Enrolment | None:
    """The completion behind a code, withdrawn ones too; None for a code that is none."""
    completed = Enrolment.objects.filter(completed_at__isnull=False)
    return completed.select_related("module").filter(certificate_code=code).first()


def state_of(enrolment: Enrolment, on: datetime.date) -> str:
    """ "valid", "ran_out", or "withdrawn": taken back, or of a module that counts no more."""
    if not Enrolment.objects.gating().filter(pk=enrolment.pk).exists():
        return "withdrawn"
    return "valid" if enrolment.valid_until >= on else "ran_out"


def certificate_address(enrolment: Enrolment) -> str:
    """Where the square leads: the page that says whether the certificate is valid."""
    return settings.SITE_URL + reverse("certificate", args=[enrolment.certificate_code])


def certificate_pdf(enrolment: Enrolment) -> bytes:
    """The certificate on one sheet of A4, in landscape."""
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
    )
