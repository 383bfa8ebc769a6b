"""Letters and notices. Queued in the transaction of the action that causes them."""

from datetime import timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from post_office import mail

from common import signed_links
from venues.models import Membership

LINK_LASTS = timedelta(days=30)


def _send(to, subject, message):
    recipients = sorted({address for address in to if address})
    if recipients:
        mail.send(recipients, subject=subject, message=message)


def venue_addresses(venue) -> set[str]:
    """The venue's contact and its organisation's managers."""
    return addresses_of_each([venue])[venue.pk]


def addresses_of_each(venues) -> dict[int, set[str]]:
    """The same of many venues, by their keys, in one question."""
    managers = Membership.objects.filter(
        organisation__in={venue.organisation_id for venue in venues},
        role="manager",
        user__is_active=True,
    )
    of_organisation: dict[int, set[str]] = {}
    for organisation, email in managers.values_list("organisation", "user__email"):
        of_organisation.setdefault(organisation, set()).add(email)
    return {
        venue.pk: ({venue.contact_email} | of_organisation.get(venue.organisation_id, set())) - {""}
        for venue in venues
    }


def _link(name, *args):
    return settings.SITE_URL + reverse(name, args=args)


def _signed(sign_up):
    return "\n\n" + _("%(council)s, %(scheme)s\n%(email)s") % {
        "council": sign_up.scheme.council,
        "scheme": sign_up.scheme.name,
        "email": sign_up.scheme.contact_email,
    }


LETTERS = {
    "approve": gettext_lazy(
        "Thank you. %(venue)s is approved for %(scheme)s.\n\n"
        "What is left before you get your window sticker, and what comes after it, is here:\n"
        "%(link)s"
    ),
    "ask_for_changes": gettext_lazy(
        "Thank you for signing %(venue)s up to %(scheme)s. Before we can decide, we need something "
        "from you. It is written beside each principle here:\n%(link)s"
    ),
    "decline": gettext_lazy(
        "Thank you for your interest in %(scheme)s. We cannot take %(venue)s in at the moment. "
        "If you want to talk about it, answer this letter."
    ),
    "suspend": gettext_lazy(
        "%(venue)s is suspended from %(scheme)s for now and is not shown to the public. "
        "Please take the sticker down until we have spoken. We will ring you."
    ),
    "reinstate": gettext_lazy(
        "%(venue)s is a member of %(scheme)s again. What is left to do is here:\n%(link)s"
    ),
}


def default_letter(kind: str, sign_up) -> str:
    """The draft of a letter, for the officer to read and change before it is sent."""
    return str(LETTERS[kind]) % {
        "venue": sign_up.venue,
        "scheme": sign_up.scheme,
        "link": _link("sign_up", sign_up.pk),
    } + _signed(sign_up)


def letter(sign_up, subject: str, text: str) -> None:
    """Send a letter as the officer left it."""
    _send(venue_addresses(sign_up.venue), subject, text)


def sign_up_submitted(sign_up) -> None:
    _send(
        venue_addresses(sign_up.venue),
        _("We have your sign-up %(reference)s") % {"reference": sign_up.reference},
        _(
            "Thank you. %(venue)s has been sent to %(council)s. Somebody will look at it and may "
            "ring or visit you. You can see where it stands here:\n%(link)s"
        )
        % {
            "venue": sign_up.venue,
            "council": sign_up.scheme.council,
            "link": _link("sign_up", sign_up.pk),
        }
        + _signed(sign_up),
    )
    _send(
        [sign_up.scheme.contact_email],
        _("A sign-up waits for a decision: %(venue)s") % {"venue": sign_up.venue},
        _link("admin:venues_signup_change", sign_up.pk),
    )


def sticker_issued(sticker) -> None:
    sign_up = sticker.sign_up
    _send(
        venue_addresses(sign_up.venue),
        _("Your window sticker %(number)s") % {"number": sticker.number},
        _(
            "The sticker for %(venue)s has been issued. When it is up in the window, tell us with "
            "one press here:\n%(link)s"
        )
        % {"venue": sign_up.venue, "link": _link("portal_sticker", sign_up.pk)}
        + _signed(sign_up),
    )


def agree_again(sign_up, principle) -> None:
    _send(
        venue_addresses(sign_up.venue),
        _("A core principle has changed"),
        _("The wording of “%(principle)s” has changed. Please read it and answer again:\n%(link)s")
        % {"principle": principle.title, "link": _link("edit_principles", sign_up.pk)}
        + _signed(sign_up),
    )


def confirm_agreement(sign_up) -> None:
    """For a venue that applied by telephone or paper: the link by which it confirms."""
    token = signed_links.make("confirm_agreement", sign_up.pk, lasts=LINK_LASTS)
    _send(
        venue_addresses(sign_up.venue),
        _("Please confirm what you agreed to"),
        _("An officer filled in the sign-up of %(venue)s for you. Please confirm it:\n%(link)s")
        % {"venue": sign_up.venue, "link": _link("confirm_agreement", token)}
        + _signed(sign_up),
    )


def member_invited(invitation) -> None:
    token = signed_links.make("invitation", invitation.pk, lasts=LINK_LASTS)
    _send(
        [invitation.email],
        _("You are invited to look after %(organisation)s")
        % {"organisation": invitation.organisation},
        _("Open this link to join:\n%(link)s") % {"link": _link("accept_invitation", token)},
    )


def lapse_warned(sign_up, words: list[str], leaves_on) -> None:
    """Something a venue needs has lapsed: the venue and the council are told, with the day."""
    list_of_words = "\n".join(f"- {line}" for line in words)
    message = _(
        "Something has lapsed at %(venue)s:\n%(words)s\n\nUntil %(day)s nothing changes. After "
        "that day the public no longer finds it, until this is put right:\n%(link)s"
    ) % {
        "venue": sign_up.venue,
        "words": list_of_words,
        "day": leaves_on,
        "link": _link("sign_up", sign_up.pk),
    }
    _send(
        venue_addresses(sign_up.venue) | {sign_up.scheme.contact_email},
        _("Something has lapsed: %(venue)s") % {"venue": sign_up.venue},
        message + _signed(sign_up),
    )
