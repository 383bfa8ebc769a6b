"""The life of a sign-up, from draft to decision and beyond."""

import datetime
import secrets
from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from accounts.models import User
from common.deciding import lock, move
from common.refusals import Refused
from geography.models import Postcode
from geography.rules import normalise_postcode
from venues import emails
from venues.hours.divisions import division_at
from venues.models import (
    Agreement,
    ChangeRequest,
    Check,
    Event,
    Letter,
    Membership,
    Organisation,
    OrganisationSignUp,
    Round,
    Scheme,
    SignUp,
    Sticker,
    Venue,
    VenueVersion,
)
from venues.models.sign_ups import ENDED, State
from venues.rounds import round_on, why_no_sign_up, why_too_late
from venues.rules import agreements_to_renew, missing_for_approval, missing_for_submission
from venues.taking_back import UNDO_FOR

from .grace import keep_grace, note_listed
from .leads import settle_lead
from .stickers import CODE_LETTERS, end_live_stickers


@transaction.atomic
def start_sign_up(
    *,
    scheme: Scheme,
    postcode: str,
    by: User,
    entered_by_officer: bool = False,
    organisation: Organisation | None = None,
    asked_at: datetime.datetime | None = None,
) -> SignUp:
    """Start a draft from a postcode and the person asking.

    A scheme with rounds takes it only within one, or if it was within one when the person asked
    for the link, at `asked_at`. Officers may enter a place at any time.

    That person becomes the organisation's manager, unless they are an officer entering it for a
    venue that applied by telephone or on paper. `organisation` is one they already manage.
    """
    if not scheme.takes_sign_ups:
        raise Refused(_("%(scheme)s does not take sign-ups yet.") % {"scheme": scheme})
    if scheme.is_for_organisations:
        raise Refused(
            _("Organisations sign up to %(scheme)s as a whole, not places.") % {"scheme": scheme}
        )
    asked_on = timezone.localdate(asked_at)
    if not entered_by_officer and (words := why_no_sign_up(scheme, asked_on)):
        raise Refused(words)
    postcode = normalise_postcode(postcode)
    if not postcode:
        raise Refused(_("Give the whole postcode of the place."))
    known = Postcode.objects.filter(postcode=postcode).first()
    if organisation is None:
        organisation = Organisation.objects.create()
        if not entered_by_officer:
            Membership.objects.create(organisation=organisation, user=by)
    elif not organisation.memberships.head_office().filter(user=by).exists():
        raise Refused(_("Only a manager of the whole organisation signs up another place of it."))
    else:
        organisation = lock(organisation)  # it could be merged concurrently
    reference = new_reference()
    venue = Venue.objects.create(
        organisation=organisation,
        lead_scheme=scheme,
        slug=f"{slugify(postcode) or 'place'}-{reference.lower()}",
        postcode=postcode,
        point=known.point if known else None,
    )
    if division := division_at(venue.point, postcode, scheme):
        venue.division = division
        venue.save(update_fields=["division"])
    VenueVersion.objects.create(
        venue=venue, point=venue.point, listing=venue.listing, valid_from=timezone.localdate()
    )
    sign_up = SignUp.objects.create(
        venue=venue,
        scheme=scheme,
        round=round_on(scheme, asked_on),
        reference=reference,
        started_by=by,
        entered_by=by if entered_by_officer else None,
    )
    Event.objects.record(
        "venues.sign_up_entered" if entered_by_officer else "venues.sign_up_started",
        sign_up=sign_up,
        by=by,
    )
    return sign_up


def new_reference() -> str:
    return "".join(secrets.choice(CODE_LETTERS) for __ in range(8))


def begin_sign_up(
    venue: Venue, scheme: Scheme, started_by: User, by: User, *, shares_people: bool
) -> SignUp:
    """A draft for an existing place. The caller has locked the venue and checked that the scheme
    has no live sign-up of it.
    """
    before = SignUp.objects.filter(venue=venue, scheme=scheme).order_by("pk").last()
    sign_up = SignUp.objects.create(
        venue=venue,
        scheme=scheme,
        round=round_on(scheme, timezone.localdate()),
        reference=new_reference(),
        started_by=started_by,
        shares_people=shares_people,
        # A name that attracted attacks stays hidden.
        hides_badge=before.hides_badge if before else False,
    )
    Event.objects.record("venues.sign_up_started", sign_up=sign_up, by=by)
    return sign_up


@transaction.atomic
def start_again(sign_up: SignUp, *, by: User) -> SignUp:
    """Start a new draft after a sign-up has ended; no agreements or checks carry over."""
    # Lock order: venue before sign-up, as in `join_scheme`, so that concurrent requests make one.
    lock(sign_up.venue)
    sign_up = lock(sign_up)
    if sign_up.state not in ENDED:
        raise Refused(_("This sign-up has not ended."))
    if not sign_up.scheme.takes_sign_ups:
        raise Refused(_("%(scheme)s does not take sign-ups yet.") % {"scheme": sign_up.scheme})
    if words := why_no_sign_up(sign_up.scheme, timezone.localdate()):
        raise Refused(words)
    others = SignUp.objects.filter(venue=sign_up.venue_id, scheme=sign_up.scheme_id)
    if others.exclude(state__in=ENDED).exists():
        raise Refused(_("This place has a sign-up to this scheme already."))
    shared = sign_up.shares_people
    return begin_sign_up(sign_up.venue, sign_up.scheme, by, by, shares_people=shared)


@transaction.atomic
def agree(sign_up: SignUp, answers: dict, *, by: User) -> SignUp:
    """Answer principles: `answers` maps Principle to (answer, will_by). Stores the current
    wording.
    """
    sign_up = lock(sign_up)
    if sign_up.state in (State.DECLINED, State.WITHDRAWN):
        raise Refused(_("This sign-up has ended."))
    keep_agreements(sign_up, answers, by=by)
    Event.objects.record("venues.agreed", sign_up=sign_up, by=by)
    return sign_up


def keep_agreements(sign_up: SignUp | OrganisationSignUp, answers: dict, *, by: User) -> None:
    """Store the answers of a locked sign-up, each with the wording it was given to."""
    for principle, (answer, will_by) in answers.items():
        if principle.scheme_id != sign_up.scheme_id:
            raise Refused(_("This principle belongs to another scheme."))
        if answer == Agreement.Answer.WE_WILL and will_by is None:
            raise Refused(
                _("Give the date by which you will do this: %(principle)s.")
                % {"principle": principle.title}
            )
        sign_up.agreements.update_or_create(
            principle=principle,
            version=principle.version,
            defaults={
                "wording": principle.wording,
                "answer": answer,
                "will_by": will_by if answer == Agreement.Answer.WE_WILL else None,
                "agreed_by": by,
            },
        )


@transaction.atomic
def submit_sign_up(sign_up: SignUp, *, by: User) -> SignUp:
    """Submit to the council; refused without contact, address, hours and principles."""
    sign_up = lock(sign_up)
    if missing := missing_for_submission(sign_up):
        raise Refused(*missing)
    now = timezone.now()
    if words := why_too_late(sign_up, timezone.localdate(now)):
        raise Refused(words)
    if sign_up.state == State.DRAFT and (mine := _round_to_send_in(sign_up, now)):
        sign_up.round = mine
        sign_up.save(update_fields=["round"])
    move(sign_up, State.SUBMITTED, submitted_at=now, submitted_by=by)
    sign_up.change_requests.filter(answered_at__isnull=True).update(answered_at=timezone.now())
    Event.objects.record("venues.sign_up_submitted", sign_up=sign_up, by=by)
    emails.sign_up_submitted(sign_up)
    if sign_up.entered_by_id and not sign_up.agreement_confirmed_at:
        emails.confirm_agreement(sign_up)
    return sign_up


def _round_to_send_in(sign_up: SignUp, now: datetime.datetime) -> Round | None:
    """The round on now, for a draft of an earlier round or of none; None to leave it as it is."""
    mine, today = sign_up.round, timezone.localdate(now)
    if mine and today <= mine.last_day_to_send:
        return None
    return round_on(sign_up.scheme, today)


@transaction.atomic
def confirm_agreement(sign_up: SignUp, *, how: str, by: User | None = None) -> SignUp:
    """Confirm for the venue what an officer entered: by "link", or on "paper" the officer holds."""
    sign_up = lock(sign_up)
    if sign_up.agreement_confirmed_at:
        raise Refused(_("The agreement is confirmed already."))
    if not sign_up.entered_by_id:
        raise Refused(_("The venue made this agreement itself."))
    if agreements_to_renew(sign_up):
        raise Refused(_("Not every core principle has been answered."))
    sign_up.agreement_confirmed_at = timezone.now()
    sign_up.agreement_confirmed_how = how
    sign_up.save(update_fields=["agreement_confirmed_at", "agreement_confirmed_how"])
    Event.objects.record(
        "venues.agreement_confirmed",
        sign_up=sign_up,
        by=by,
        how=str(sign_up.get_agreement_confirmed_how_display()),
    )
    return sign_up


@transaction.atomic
def record_check(sign_up: SignUp, *, kind: str, passed: bool, by: User) -> Check:
    """Record the outcome, officer and date of a check, but never its content."""
    sign_up = lock(sign_up)
    asked = sign_up.scheme.checks_asked.filter(slug=kind).first()
    if asked is None:
        raise Refused(_("This scheme has no such check."))
    check, _created = Check.objects.update_or_create(
        sign_up=sign_up,
        kind=asked,
        defaults={"passed": passed, "checked_by": by, "checked_on": timezone.localdate()},
    )
    Event.objects.record(
        "venues.check_recorded",
        sign_up=sign_up,
        by=by,
        check=asked.words,
        answer=_("yes") if passed else _("no"),
    )
    return check


@transaction.atomic
def approve_sign_up(sign_up: SignUp, *, by: User, letter: str) -> SignUp:
    """Approve a sign-up. A public listing also needs the scheme's checks."""
    sign_up = lock(sign_up)
    if sign_up.state == State.SUBMITTED and (missing := missing_for_approval(sign_up)):
        raise Refused(*missing)
    if sign_up.state == State.SUSPENDED:
        raise Refused(_("A suspended venue is reinstated, not approved again."))
    move(sign_up, State.APPROVED, approved_at=timezone.now(), approved_by=by)
    note_listed(SignUp.objects.filter(pk=sign_up.pk))
    Event.objects.record("venues.sign_up_approved", sign_up=sign_up, by=by)
    settle_lead(sign_up.venue, by=by)
    emails.letter("approve", sign_up, letter, by=by)
    return sign_up


@transaction.atomic
def ask_for_changes(sign_up: SignUp, *, by: User, requests: list, letter: str) -> SignUp:
    """Request changes: `requests` is a list of (Principle or None, what to change)."""
    sign_up = lock(sign_up)
    requests = [(principle, text.strip()) for principle, text in requests if text.strip()]
    if not requests:
        raise Refused(_("Say what the venue should change."))
    was = sign_up.state
    move(sign_up, State.CHANGES_ASKED_FOR)
    asked = [
        ChangeRequest.objects.create(sign_up=sign_up, principle=principle, text=text, asked_by=by)
        for principle, text in requests
    ]
    written = emails.letter("ask_for_changes", sign_up, letter, by=by, wait=UNDO_FOR)
    Event.objects.record(
        "venues.changes_asked_for",
        sign_up=sign_up,
        by=by,
        count=len(requests),
        was=was,
        requests=[each.pk for each in asked],
        letters=[written.pk],
    )
    return sign_up


def _ended(
    sign_up: SignUp, by: User, state: str, kind: str, reason: str, letters: Iterable[Letter] = ()
) -> None:
    """Everything `take_back_decision` needs in order to undo this is stored in the event."""
    was = sign_up.state
    move(sign_up, state)
    ended = end_live_stickers(sign_up, by=by, reason=Sticker.EndReason.WITHDRAWN)
    Event.objects.record(
        kind,
        sign_up=sign_up,
        by=by,
        reason=reason,
        was=was,
        stickers=[sticker.pk for sticker in ended],
        letters=[letter.pk for letter in letters],
    )
    settle_lead(sign_up.venue, by=by)


@transaction.atomic
def decline_sign_up(sign_up: SignUp, *, by: User, reason: str, letter: str) -> SignUp:
    """Decline, with a reason for the officers and a letter for the venue."""
    if not reason.strip():
        raise Refused(_("Give the reason; only officers see it."))
    sign_up = lock(sign_up)
    written = emails.letter("decline", sign_up, letter, by=by, wait=UNDO_FOR)
    _ended(sign_up, by, State.DECLINED, "venues.sign_up_declined", reason, [written])
    return sign_up


@transaction.atomic
def withdraw_sign_up(sign_up: SignUp, *, by: User, reason: str = "") -> SignUp:
    """The venue leaves the scheme; its sticker ends."""
    sign_up = lock(sign_up)
    _ended(sign_up, by, State.WITHDRAWN, "venues.sign_up_withdrawn", reason)
    return sign_up


@transaction.atomic
def suspend_sign_up(sign_up: SignUp, *, by: User, reason: str) -> SignUp:
    """Unlist the venue at once. A letter may follow; the reason is never shown to the venue."""
    if not reason.strip():
        raise Refused(_("Give the reason; only officers see it."))
    sign_up = lock(sign_up)
    # A suspended venue gets no grace: once reinstated it is listed like a new one.
    move(sign_up, State.SUSPENDED, listed_since=None)
    Event.objects.record("venues.sign_up_suspended", sign_up=sign_up, by=by, reason=reason)
    return sign_up


@transaction.atomic
def reinstate_sign_up(sign_up: SignUp, *, by: User, letter: str) -> SignUp:
    """End a suspension. Whether the venue is listed is then computed as usual."""
    sign_up = lock(sign_up)
    if sign_up.state != State.SUSPENDED:
        raise Refused(_("The venue is not suspended."))
    move(sign_up, State.APPROVED)
    keep_grace(SignUp.objects.filter(pk=sign_up.pk))
    Event.objects.record("venues.sign_up_reinstated", sign_up=sign_up, by=by)
    emails.letter("reinstate", sign_up, letter, by=by)
    return sign_up


def handed_over(venue: Venue, *, by: User) -> list[Scheme]:
    """Withdraw every sign-up, because no agreements or stickers pass to a new owner.

    Returns the schemes that the place was in.
    """
    schemes = []
    for sign_up in venue.sign_ups.exclude(state__in=ENDED):
        locked = lock(sign_up)
        move(locked, State.WITHDRAWN)
        end_live_stickers(locked, by=by, reason=Sticker.EndReason.HANDED_OVER)
        Event.objects.record("venues.sign_up_withdrawn", sign_up=locked, by=by)
        schemes.append(locked.scheme)
    return schemes


def begin_for_new_owner(
    venue: Venue, schemes: list[Scheme], *, manager: User | None, by: User
) -> None:
    """A fresh draft in each scheme the place was in, for its new manager to fill in.

    The new owner has made no choice yet, so people are shared with the lead scheme only.
    """
    for scheme in schemes:
        shares = scheme.pk == venue.lead_scheme_id or len(schemes) == 1
        begin_sign_up(venue, scheme, manager or by, by, shares_people=shares)
