"""How every letter of this app is queued: plain text, to a venue or to the officers."""

from collections.abc import Iterable

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from post_office import mail

from venues.letters import addresses_by_venue, venue_addresses
from venues.models import SignUp


def page(name: str, *args) -> str:
    """The whole address of one of our pages."""
    return settings.SITE_URL + reverse(name, args=args)


def write(to, subject: str, template: str, **context) -> None:
    recipients = sorted({address for address in to if address})
    if recipients:
        mail.send(**_letter(recipients, subject, template, context))


def write_to_venue(sign_up, subject: str, template: str, **context) -> None:
    """To the venue's contact and its organisation's managers, signed by the council."""
    write(venue_addresses(sign_up.venue), subject, template, **_signed(sign_up, context))


def write_to_each(letters: Iterable[tuple[SignUp, str, dict]], template: str) -> None:
    """To many venues at once, each with a subject and a context of its own."""
    letters = list(letters)
    to = addresses_by_venue([sign_up.venue for sign_up, _subject, _context in letters])
    mail.send_many(
        [
            _letter(sorted(to[sign_up.venue_id]), subject, template, _signed(sign_up, context))
            for sign_up, subject, context in letters
            if to[sign_up.venue_id]
        ]
    )


def _signed(sign_up, context):
    return {"sign_up": sign_up, "scheme": sign_up.scheme, "venue": sign_up.venue, **context}


def _letter(recipients, subject, template, context):
    return {
        "recipients": recipients,
        "sender": settings.DEFAULT_FROM_EMAIL,
        "subject": subject,
        "message": render_to_string(f"partnership/email/{template}.txt", context),
    }
