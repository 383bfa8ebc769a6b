"""How every letter of this app is queued: plain text, to a venue or to the officers."""

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from post_office import mail

from venues.emails import venue_addresses


def page(name: str, *args) -> str:
    """The whole address of one of our pages."""
    return settings.SITE_URL + reverse(name, args=args)


def write(to, subject: str, template: str, **context) -> None:
    recipients = sorted({address for address in to if address})
    if recipients:
        text = render_to_string(f"partnership/email/{template}.txt", context)
        mail.send(recipients, settings.DEFAULT_FROM_EMAIL, subject=subject, message=text)


def write_to_venue(sign_up, subject: str, template: str, **context) -> None:
    """To the venue's contact and its organisation's managers, signed by the council."""
    context = {"sign_up": sign_up, "scheme": sign_up.scheme, "venue": sign_up.venue, **context}
    write(venue_addresses(sign_up.venue), subject, template, **context)
