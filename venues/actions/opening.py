"""Starting a scheme, what is recorded before it opens, closing it and handing it on."""

import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from common.deciding import lock
from common.refusals import Refused
from venues.models import (
    Clearance,
    Event,
    NumberTried,
    Officer,
    Scheme,
    SchemeContact,
    SignUp,
    TextsSignOff,
)
from venues.models.opening import digest_of_texts
from venues.packs import load_pack

from .leads import settle_lead
from .officers import give_role


@transaction.atomic
def start_scheme(text: str, *, administrator: str = "", by: User, **fields: Any) -> Scheme:
    """Create a scheme from the pack `text`; the user at `administrator` becomes its
    administrator.
    """
    scheme = load_pack(text, by=by, **fields)
    if administrator:
        give_role(scheme, email=administrator, role=Officer.Role.ADMINISTRATOR, by=by)
    return scheme


def _refuse_future(day: datetime.date) -> None:
    if day > timezone.localdate():
        raise Refused(_("This day has not come yet."))


@transaction.atomic
def sign_off_texts(
    scheme: Scheme, *, name: str, role: str, signed_on: datetime.date, by: User
) -> TextsSignOff:
    """Record that the named safeguarding lead has approved the current texts."""
    scheme = lock(scheme)
    _refuse_future(signed_on)
    if not scheme.principles.exists():
        raise Refused(_("There is nothing to sign off yet: write the principles first."))
    signed = TextsSignOff.objects.create(
        scheme=scheme,
        name=name.strip(),
        role=role.strip(),
        signed_on=signed_on,
        digest=digest_of_texts(scheme),
        recorded_by=by,
    )
    Event.objects.record("venues.texts_signed_off", scheme=scheme, by=by, about=signed)
    return signed


@transaction.atomic
def record_test_call(
    scheme: Scheme,
    *,
    contact: SchemeContact,
    called_on: datetime.date,
    caller: str,
    was_answered: bool,
    by: User,
) -> NumberTried:
    """Record a test call to one of the scheme's numbers, and whether it was answered."""
    scheme = lock(scheme)
    _refuse_future(called_on)
    if contact.scheme_id != scheme.pk:
        raise Refused(_("This is another scheme’s number."))
    tried = NumberTried.objects.create(
        contact=contact,
        number=contact.number,
        called_on=called_on,
        caller=caller.strip(),
        was_answered=was_answered,
        recorded_by=by,
    )
    kind = "venues.number_answered" if was_answered else "venues.number_not_answered"
    Event.objects.record(kind, scheme=scheme, by=by, about=tried, number=contact.number)
    return tried


@transaction.atomic
def record_clearance(
    scheme: Scheme, *, clearance: Clearance, given_by: str, given_on: datetime.date, by: User
) -> Clearance:
    """Record who gave a permission, or confirmed a point for the council, and when."""
    scheme = lock(scheme)
    _refuse_future(given_on)
    clearance = _own_clearance(scheme, clearance)
    if not given_by.strip():
        raise Refused(_("Say who gave it."))
    clearance.given_by, clearance.given_on, clearance.recorded_by = given_by.strip(), given_on, by
    clearance.save(update_fields=["given_by", "given_on", "recorded_by"])
    Event.objects.record(
        "venues.clearance_recorded", scheme=scheme, by=by, about=clearance, what=str(clearance)
    )
    return clearance


@transaction.atomic
def withdraw_clearance(scheme: Scheme, *, clearance: Clearance, by: User) -> Clearance:
    """Undo a permission or confirmation: what it is about is off again at once."""
    scheme = lock(scheme)
    clearance = _own_clearance(scheme, clearance)
    if not clearance.is_given:
        raise Refused(_("Nobody has given this."))
    clearance.given_by, clearance.given_on, clearance.recorded_by = "", None, None
    clearance.save(update_fields=["given_by", "given_on", "recorded_by"])
    Event.objects.record(
        "venues.clearance_withdrawn", scheme=scheme, by=by, about=clearance, what=str(clearance)
    )
    return clearance


def _own_clearance(scheme: Scheme, clearance: Clearance) -> Clearance:
    if clearance.scheme_id != scheme.pk:
        raise Refused(_("This belongs to another scheme."))
    return lock(clearance)


@transaction.atomic
def close_scheme(
    scheme: Scheme, *, successor: Scheme | None = None, where_now: str = "", by: User
) -> Scheme:
    """Close a scheme: no sign-ups, no places shown. Its stickers' pages say where to look now."""
    scheme = lock(scheme)
    if scheme.closed_at:
        raise Refused(_("The scheme is closed already."))
    if successor and (successor.pk == scheme.pk or successor.closed_at):
        raise Refused(_("Choose another scheme that is open."))
    scheme.closed_at, scheme.closed_by = timezone.now(), by
    scheme.successor, scheme.where_now = successor, where_now.strip()
    if not scheme.hidden_at:
        scheme.hidden_at, scheme.hidden_by = scheme.closed_at, by
    scheme.save(
        update_fields=[
            *("closed_at", "closed_by", "successor", "where_now", "hidden_at", "hidden_by")
        ]
    )
    for venue in scheme.led_venues.filter(sign_ups__in=SignUp.objects.live()).distinct():
        settle_lead(venue, by=by)
    Event.objects.record("venues.scheme_closed", scheme=scheme, by=by)
    return scheme


@transaction.atomic
def hand_on_scheme(
    scheme: Scheme,
    *,
    council: str,
    contact_email: str,
    administrator: str,
    controller: str = "",
    by: User,
) -> Scheme:
    """Hand a scheme on to another council: places, stickers, training and URLs all stay."""
    scheme = lock(scheme)
    if scheme.closed_at:
        raise Refused(_("The scheme is closed."))
    if scheme.council == council.strip():
        raise Refused(_("This council runs the scheme already."))
    scheme.council, scheme.contact_email = council.strip(), contact_email
    scheme.controller, scheme.run_by = controller.strip(), ""
    scheme.save(update_fields=["council", "contact_email", "controller", "run_by"])
    known = Officer.objects.filter(
        scheme=scheme, user__email__iexact=administrator, role=Officer.Role.ADMINISTRATOR
    )
    if not known.exists():
        give_role(scheme, email=administrator, role=Officer.Role.ADMINISTRATOR, by=by)
    Event.objects.record("venues.scheme_handed_on", scheme=scheme, by=by)
    return scheme
