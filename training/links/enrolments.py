"""The learner's way in: a signed link that carries the enrolment's code and nothing else."""

from datetime import timedelta
from functools import wraps

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from common import signed_links
from common.refusals import Refused
from training.models import Enrolment
from training.models.enrolments import CODE_LENGTH, CODE_LETTERS, LINK_LASTS
from training.rules import why_not_learn

PURPOSE = "training.learn"
SHARED_PHONE = timedelta(hours=12)
"""How long the URL behind a typed code works: one shift on the venue's own phone."""


def make_link(enrolment: Enrolment) -> str:
    """The absolute URL to hand over. A new code revokes earlier links."""
    return _url(make_token(enrolment, lasts=LINK_LASTS))


def make_mailed_link(enrolment: Enrolment) -> str:
    """The absolute URL for a letter to the learner: it stops when their address is corrected."""
    marks = signed_links.marks_of([enrolment.staff_member.email])
    return _url(signed_links.make(PURPOSE, [enrolment.code, *marks], lasts=LINK_LASTS))


def _url(token):
    return settings.SITE_URL + reverse("learn_module", args=[token])


def make_token(enrolment: Enrolment, *, lasts: timedelta) -> str:
    return signed_links.make(PURPOSE, enrolment.code, lasts=lasts)


def find_by_token(token: str) -> Enrolment:
    """The enrolment behind a link; Refused with a message for the person who opened it."""
    data = signed_links.read(PURPOSE, token)
    code, *marks = data if isinstance(data, list) else [data]
    newer = _("This link has been replaced by a newer one. Ask your manager for it.")
    enrolment = _find(code, missing=newer)
    if marks and marks != signed_links.marks_of([enrolment.staff_member.email]):
        raise Refused(_("This link was sent to another address. Ask your manager for a new one."))
    return enrolment


def find_by_code(typed: str) -> Enrolment:
    """The enrolment with a typed code, ignoring spaces and case; else Refused."""
    code = "".join(letter for letter in typed.upper() if letter.isalnum())
    unknown = _("We do not know this code. Check each letter, or ask your manager for a new one.")
    if len(code) != CODE_LENGTH or not set(code) <= set(CODE_LETTERS):
        raise Refused(unknown)
    return _find(code, missing=unknown)


def _find(code: str, *, missing: str) -> Enrolment:
    enrolment = (
        Enrolment.objects.select_related("module", "scheme", "staff_member__organisation")
        .filter(code=code)
        .first()
    )
    if enrolment is None:
        raise Refused(missing)
    if reasons := why_not_learn(enrolment, at=timezone.now()):
        raise Refused(*reasons)
    return enrolment


def learner_page(view):
    """Open `view` to anybody with a valid link; it receives the enrolment after the token.

    The pages are never cached, because phones are shared. A bad link gets a page that says why and
    what to do.
    """

    @wraps(view)
    @login_not_required
    @never_cache
    def wrapper(request, token, **kwargs):
        try:
            enrolment = find_by_token(token)
        except Refused as refusal:
            return render(request, "training/link_refused.html", {"refusal": refusal}, status=403)
        return view(request, token, enrolment, **kwargs)

    return wrapper
