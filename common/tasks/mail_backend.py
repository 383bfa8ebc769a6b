"""Django's mail backend, which here only queues."""

from django.core.files.base import ContentFile
from django.core.mail.backends.base import BaseEmailBackend
from django.db import transaction
from post_office.models import PRIORITY, STATUS, Email
from post_office.utils import create_attachments


class UrgentBackend(BaseEmailBackend):
    """Queues mail from Django and allauth ahead of everything else: sign-in codes.

    Our own letters are queued by `common.letters` at the usual priority. Somebody is waiting for a
    code; nobody is waiting for the monthly letter. post_office's own backend knows no priority, and
    renders each text as a template, even one written by somebody else.
    """

    @transaction.atomic
    def send_messages(self, messages):
        for message in messages:
            letter = Email.objects.create(
                from_email=message.from_email,
                to=message.to,
                cc=message.cc,
                bcc=message.bcc,
                subject=message.subject,
                message=message.body,
                html_message=_html_of(message),
                headers=_headers_of(message),
                priority=PRIORITY.high,
                status=STATUS.queued,
            )
            files = {name: _file(content) for name, content, __ in message.attachments}
            if files:
                letter.attachments.add(*create_attachments(files))
        return len(messages)


def _html_of(message):
    bodies = [body for body, kind in getattr(message, "alternatives", []) if kind == "text/html"]
    return bodies[0] if bodies else ""


def _headers_of(message):
    reply_to = {"Reply-To": ", ".join(message.reply_to)} if message.reply_to else {}
    return {**message.extra_headers, **reply_to} or None


def _file(content):
    return ContentFile(content.encode() if isinstance(content, str) else content)
