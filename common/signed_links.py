"""Signed links: one purpose each, time-limited, no account needed.

A token's data is signed but readable: put ids and codes in it, never names.
"""

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.core import signing
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from common.refusals import Refused

SIGNATURE_LENGTH = 43  # SHA-256 in base64, without padding
PRIVATE_LINK = re.compile(rf"(:|%3A)[\w-]{{{SIGNATURE_LENGTH}}}(?=[/?#]|$)")
"""Found in a URL that carries one of our tokens, and so acts for whoever has it."""


class LinkRefused(Refused):
    """The link cannot be used; the reason is a sentence for the person who opened it."""


def make(purpose: str, data, *, lasts: timedelta, at: datetime | None = None) -> str:
    """A token that `read(purpose, token)` turns back into `data` until `lasts` has passed."""
    until = (at or timezone.now()) + lasts
    return _signer(purpose).sign_object([data, int(until.timestamp())], compress=True)


def read(purpose: str, token: str, *, at: datetime | None = None):
    """The data that `make` was given, or LinkRefused saying why not and what to do."""
    try:
        data, until = _signer(purpose).unsign_object(token)
    except (signing.BadSignature, ValueError, TypeError):
        raise LinkRefused(_why_unreadable(token)) from None
    if (at or timezone.now()).timestamp() > until:
        raise LinkRefused(_("This link has run out. Ask for a new one."))
    return data


def marks_of(addresses: Iterable[str]) -> list[str]:
    """Marks of the addresses that a link is sent to, for its data; they reveal no address.

    A keyed hash: somebody who has the link cannot test addresses against it.
    """
    salt = "common.signed_links.recipient"
    each = {address.strip().lower() for address in addresses if address.strip()}
    return sorted(salted_hmac(salt, address).hexdigest()[:10] for address in each)


def refuse_unless_reached(marks: Iterable[str], addresses: Iterable[str]) -> None:
    """Raise LinkRefused unless everybody the link was sent to is still among `addresses`.

    One letter goes to several people and its link is the same for all of them. When one of them is
    removed, the link has to stop working for the others too: nothing tells them apart.
    """
    if not set(marks) <= set(marks_of(addresses)):
        raise LinkRefused(
            _(
                "This link was also sent to somebody who is no longer written to, so it has "
                "stopped working. Sign in, or ask for a new one."
            )
        )


def _signer(purpose: str) -> signing.Signer:
    return signing.Signer(salt=f"common.signed_links.{purpose}")


def _why_unreadable(token: str) -> str:
    __, separator, signature = token.rpartition(":")
    if not separator or len(signature) < SIGNATURE_LENGTH:
        return _(
            "This link is not whole. Copy all of it from the message, also what runs on to the "
            "next line."
        )
    return _("This link is not one of ours for this page. Open it again from the message.")
