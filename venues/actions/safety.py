"""Hiding a place everywhere when harm is feared, by an officer or by a duty officer's link."""

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from common.deciding import lock
from common.refusals import Refused
from venues import emails
from venues.models import DutyLink, Event, SafetySuspension, Scheme, SignUp, Venue

LONGEST_DUTY = datetime.timedelta(days=92)
"""One quarter's rota: the longer a link lies about, the likelier somebody else finds it."""


@transaction.atomic
def hide_for_safety(sign_up: SignUp, *, by: User) -> SafetySuspension:
    """Hide the place of `sign_up` everywhere at once, on behalf of its scheme.

    No reason is stored, and no sign-up, sticker or training session changes. The other schemes'
    officers are told whom to ring, and the place whom to ask.
    """
    return _hide(sign_up, by=by)


@transaction.atomic
def use_duty_link(
    link: DutyLink, *, venue: Venue, at: datetime.datetime | None = None
) -> SafetySuspension:
    """Hide a place as a duty officer without an account: once, within the link's period."""
    now = at or timezone.now()
    link = lock(link)
    refuse_unusable(link, timezone.localdate(now))
    sign_up = link.scheme.sign_ups.filter(venue=venue).on_board().first()
    if sign_up is None:
        raise Refused(_("This place is not in the scheme."))
    link.used_at = now
    link.save(update_fields=["used_at"])
    Event.objects.record("venues.duty_link_used", scheme=link.scheme, about=link)
    return _hide(sign_up, duty_link=link)


def refuse_unusable(link: DutyLink, on: datetime.date) -> None:
    """Raise Refused, with what to do instead, if the link cannot be used on the day `on`."""
    phone = link.scheme.contact_phone or link.scheme.contact_email
    if link.revoked_at:
        raise Refused(_("This link was taken back. Contact the team: %(how)s.") % {"how": phone})
    if link.used_at:
        raise Refused(
            _("This link has been used, and works once. Contact the team: %(how)s.")
            % {"how": phone}
        )
    if on < link.starts_on:
        raise Refused(
            _("This link works from %(day)s on.") % {"day": date_format(link.starts_on, "j F Y")}
        )
    if link.is_over(on):
        raise Refused(_("This link has run out. Contact the team: %(how)s.") % {"how": phone})


def _hide(
    sign_up: SignUp, *, by: User | None = None, duty_link: DutyLink | None = None
) -> SafetySuspension:
    venue = lock(sign_up.venue)  # serialises schemes hiding the same place
    sign_up = lock(sign_up)
    if sign_up.state not in SignUp.ON_BOARD:
        raise Refused(_("This place is not in the scheme."))
    if venue.safety_suspensions.open().filter(scheme=sign_up.scheme).exists():
        raise Refused(_("%(venue)s is hidden already.") % {"venue": venue})
    suspension = SafetySuspension.objects.create(
        venue=venue, scheme=sign_up.scheme, by=by, duty_link=duty_link
    )
    Event.objects.record_about("venues.hidden_for_safety", suspension, by=by)
    emails.hidden_for_safety(suspension, sign_up, others_on_board(suspension))
    return suspension


def others_on_board(suspension: SafetySuspension) -> list[SignUp]:
    """The place's sign-ups to other schemes, whose officers have it on their lists."""
    others = suspension.venue.sign_ups.on_board().exclude(scheme=suspension.scheme_id)
    return list(others.select_related("scheme", "venue"))


@transaction.atomic
def end_safety_suspension(sign_up: SignUp, *, by: User) -> SafetySuspension:
    """End this scheme's suspension; the place is public again unless another scheme hides it."""
    venue = lock(sign_up.venue)
    own = venue.safety_suspensions.open().filter(scheme=sign_up.scheme_id).first()
    if own is None:
        raise Refused(_("%(scheme)s does not hide this place.") % {"scheme": sign_up.scheme})
    own.ended_at, own.ended_by = timezone.now(), by
    own.save(update_fields=["ended_at", "ended_by"])
    Event.objects.record_about("venues.safety_suspension_ended", own, by=by)
    emails.safety_suspension_ended(own, sign_up, others_on_board(own))
    return own


@transaction.atomic
def make_duty_link(
    scheme: Scheme,
    *,
    name: str,
    phone: str,
    email: str,
    starts_on: datetime.date,
    ends_on: datetime.date,
    by: User,
) -> DutyLink:
    """E-mail a named duty officer a link that hides one place, once, within this period."""
    today = timezone.localdate()
    if ends_on < starts_on:
        raise Refused(_("The last day is before the first."))
    if ends_on < today:
        raise Refused(_("The last day is over already."))
    if ends_on - starts_on > LONGEST_DUTY:
        raise Refused(
            _("A link is for %(days)s days at most. Make another for the next rota.")
            % {"days": LONGEST_DUTY.days}
        )
    scheme = lock(scheme)
    link = DutyLink.objects.create(
        scheme=scheme,
        name=name.strip(),
        phone=phone.strip(),
        email=email.strip(),
        starts_on=starts_on,
        ends_on=ends_on,
        made_by=by,
    )
    Event.objects.record("venues.duty_link_made", scheme=scheme, by=by, about=link)
    emails.duty_link(link)
    return link


@transaction.atomic
def revoke_duty_link(link: DutyLink, *, by: User) -> DutyLink:
    """Revoke the link. What it has hidden stays hidden."""
    link = lock(link)
    if link.revoked_at:
        raise Refused(_("This link was taken back already."))
    if link.used_at:
        raise Refused(_("This link has been used already."))
    link.revoked_at, link.revoked_by = timezone.now(), by
    link.save(update_fields=["revoked_at", "revoked_by"])
    Event.objects.record("venues.duty_link_revoked", scheme=link.scheme, by=by, about=link)
    return link


@transaction.atomic
def forget_duty_officers(before: datetime.datetime) -> int:
    """Delete the name, telephone and address from links whose period ended before then; returns how
    many.

    Not while the place is still hidden: the other schemes need to know whom to ring.
    """
    return (
        DutyLink.objects.filter(ends_on__lt=timezone.localdate(before))
        .exclude(name="", phone="", email="")
        .exclude(suspension__in=SafetySuspension.objects.open().values("pk"))
        .update(name="", phone="", email="")
    )
