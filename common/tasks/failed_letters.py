"""Letters that failed permanently: the reason in words, and requeueing them."""

import re

from django.db.models import Prefetch, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from post_office.models import PRIORITY, STATUS, Email, Log

LONGEST = 200
"""Characters shown of a server's own message."""
REPLY = re.compile(r"\((\d{3}), b?(['\"])(.*?)\2\)", re.DOTALL)
"""A reply as smtplib's exceptions quote it: (550, b'No such user')."""
REASONS = {
    "SMTPRecipientsRefused": gettext_lazy("The mail server refused the address: %(said)s"),
    "SMTPSenderRefused": gettext_lazy("The mail server takes no letters from us: %(said)s"),
    "SMTPDataError": gettext_lazy("The mail server refused the letter: %(said)s"),
    "SMTPAuthenticationError": gettext_lazy(
        "The mail server did not accept the user name and password of this installation: %(said)s"
    ),
    "FileNotFoundError": gettext_lazy("A file that goes with the letter is missing: %(said)s"),
}
NOT_REACHED = {
    "ConnectionRefusedError",
    "ConnectionResetError",
    "OSError",
    "SMTPConnectError",
    "SMTPHeloError",
    "SMTPServerDisconnected",
    "SSLCertVerificationError",
    "SSLError",
    "TimeoutError",
    "gaierror",
}


def given_up() -> QuerySet[Email]:
    """Letters that will not be retried automatically and would still be useful, newest first."""
    failed = Log.objects.filter(status=STATUS.failed).order_by("date", "pk")
    return (
        Email.objects.filter(
            Q(expires_at=None) | Q(expires_at__gt=timezone.now()), status=STATUS.failed
        )
        .prefetch_related(Prefetch("logs", queryset=failed, to_attr="failures"))
        .order_by("-last_updated", "-pk")
    )


def words_of_letter(letter: Email) -> str:
    """The subject, except for a sign-in code, whose subject may contain the code."""
    if letter.priority == PRIORITY.high:
        return _("A letter to sign in")
    return letter.subject or _("A letter without a subject")


def reason_of_letter(letter: Email) -> str:
    """Why it last failed, as a sentence. Reads `failures` of `given_up`."""
    if not letter.failures:
        return _("It is not known why.")
    last = letter.failures[-1]
    replies = [f"{code} {said}" for code, _quote, said in REPLY.findall(last.message)]
    said = ("; ".join(replies) or last.message)[:LONGEST]
    if last.exception_type in REASONS:
        return REASONS[last.exception_type] % {"said": said}
    if last.exception_type in NOT_REACHED:
        return _("The mail server could not be reached: %(said)s") % {"said": said}
    return _("An error in the program: %(name)s: %(said)s") % {
        "name": last.exception_type,
        "said": said,
    }


def put_in_again(letter: Email) -> bool:
    """Give a failed letter all its tries again; False if somebody else already did."""
    return bool(
        Email.objects.filter(pk=letter.pk, status=STATUS.failed).update(
            status=STATUS.queued,
            number_of_retries=0,
            scheduled_time=None,
            last_updated=timezone.now(),
        )
    )
