"""Queue letters in the caller's transaction, and withdraw them again."""

import base64
import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.core.validators import validate_email
from django.db import transaction
from django.utils import timezone
from post_office.models import PRIORITY, STATUS, Attachment, Email
from post_office.utils import create_attachments

from .composing import Letter, Logo, Signature, compose

MARGIN = datetime.timedelta(seconds=15)
"""How long after the deadline for withdrawal a letter leaves: the sender may pick it up before a
last-moment withdrawal is committed.
"""


@dataclass(frozen=True)
class LetterFile:
    """A file attached to a letter."""

    name: str
    content: bytes
    mimetype: str


def send(
    to: Iterable[str],
    template: str,
    context: dict,
    *,
    signature: Signature | None = None,
    text: str | None = None,
    files: Sequence[LetterFile] = (),
    wait: datetime.timedelta | None = None,
) -> Email | None:
    """Compose a letter and queue it; see `compose` and `queue`."""
    letter = compose(template, context, signature=signature, text=text)
    return queue(to, letter, files=files, wait=wait)


def queue(
    to: Iterable[str],
    letter: Letter,
    *,
    files: Sequence[LetterFile] = (),
    wait: datetime.timedelta | None = None,
) -> Email | None:
    """Queue one email to all of `to` together; None when none of them is a valid address.

    `wait` holds it in the outbox for that long, during which `withdraw` can cancel it.
    """
    (email,) = queue_each([(to, letter)], files=files, wait=wait)
    return email


def queue_each(
    letters: Iterable[tuple[Iterable[str], Letter]],
    *,
    files: Sequence[LetterFile] = (),
    wait: datetime.timedelta | None = None,
) -> list[Email | None]:
    """`queue` for many (addresses, letter) pairs, in a constant number of queries.

    Returns emails in the same order. The files go with every letter and are stored once, as is a
    logo.
    """
    leaves_at = timezone.now() + wait + MARGIN if wait else None
    letters = list(letters)
    emails = [_email(to, letter, leaves_at) for to, letter in letters]
    queued = [email for email in emails if email]
    Email.objects.bulk_create(queued)
    if queued and files:
        _attach(files, queued)
    _attach_logos(zip(emails, (letter.signature.logo for __, letter in letters), strict=True))
    return emails


def _attach_logos(pairs):
    """Each email's logo as an inline part, to which its HTML refers by Content-ID."""
    emails_of: dict[Logo, list[Email]] = {}
    for email, logo in pairs:
        if email and logo:
            emails_of.setdefault(logo, []).append(email)
    through = Attachment.emails.through
    for logo, emails in emails_of.items():
        picture = _stored(logo)
        through.objects.bulk_create(through(attachment=picture, email=email) for email in emails)


def _stored(logo: Logo) -> Attachment:
    """The picture as stored for an earlier letter, otherwise stored now."""
    name = f"{logo.cid}.png"
    known = Attachment.objects.filter(name=name, emails__isnull=False)
    if found := known.order_by("-pk").first():
        return found
    part = {
        # post_office sends a part with headers as it is stored, so it is stored encoded.
        "file": ContentFile(base64.encodebytes(logo.png)),
        "mimetype": "image/png",
        "headers": {
            "Content-Transfer-Encoding": "base64",
            "Content-ID": f"<{logo.cid}>",
            "Content-Disposition": f'inline; filename="{name}"',
        },
    }
    (stored,) = create_attachments({name: part})
    return stored


def _attach(files, emails):
    stored = create_attachments(
        {
            file.name: {"file": ContentFile(file.content), "mimetype": file.mimetype}
            for file in files
        }
    )
    through = Attachment.emails.through
    through.objects.bulk_create(
        through(attachment=file, email=email) for file in stored for email in emails
    )


def is_waiting(email: Email) -> bool:
    """Whether it can still be withdrawn."""
    first_try = email.status == STATUS.queued and email.scheduled_time is not None
    return first_try and timezone.now() < email.scheduled_time - MARGIN


@transaction.atomic
def withdraw(email: Email) -> bool:
    """Remove a waiting letter from the outbox; False if it has left, or may have."""
    locked = Email.objects.select_for_update().filter(pk=email.pk).first()
    if locked is None or not is_waiting(locked):
        return False
    locked.delete()
    return True


def _email(to, letter, leaves_at):
    """Built here because post_office's `send` would render subject and text as templates again:
    a venue named “{{” would break it, or expose context variables.
    """
    recipients = sorted(valid_addresses(to))
    if not recipients:
        return None
    return Email(
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=recipients,
        subject=letter.subject,
        message=letter.text,
        html_message=letter.html,
        headers={"Reply-To": letter.signature.email} if letter.signature.email else None,
        status=STATUS.queued,
        priority=PRIORITY.medium,
        scheduled_time=leaves_at,
    )


def valid_addresses(to: Iterable[str]) -> set[str]:
    """Those of `to` that mail can be sent to."""
    return {address for address in to if _is_address(address)}


def _is_address(text):
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True
