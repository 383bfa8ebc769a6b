"""The public certificate check: which training, and until when it is valid."""

from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from common.errors import too_many_requests
from common.limits import count_failure, may_try
from training.certificates import certificate_pdf, find_certificate, state_of, tidy_code
from training.forms import CertificateForm


@login_not_required
@never_cache
@require_safe
def check_certificate(request):
    """A form for codes that cannot be scanned."""
    if "code" not in request.GET:
        return render(request, "training/check_certificate.html", {"form": CertificateForm()})
    form = CertificateForm(request.GET)
    if form.is_valid():
        return redirect("certificate", form.cleaned_data["code"])
    return render(request, "training/check_certificate.html", {"form": form})


@login_not_required
@never_cache
@require_safe
def certificate(request, code):
    """Whether it is valid, for which training and until when. Neither person nor venue."""
    if not may_try(request, "certificate"):
        return too_many_requests(request)
    enrolment = find_certificate(tidy_code(code))
    if enrolment is None:
        count_failure(request, "certificate")
        return render(request, "training/certificate_unknown.html", status=404)
    page = {
        "module": enrolment.module,
        "valid_until": enrolment.valid_until,
        "state": state_of(enrolment, timezone.localdate()),
        "code": enrolment.certificate_code_in_fours,
    }
    return render(request, "training/certificate.html", page)


def as_file(enrolment):
    """The certificate as a download, with nobody's name in the file name."""
    response = HttpResponse(certificate_pdf(enrolment), content_type="application/pdf")
    name = _("certificate-%(module)s.pdf") % {"module": enrolment.module.slug}
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response
