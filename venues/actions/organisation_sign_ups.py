"""An organisation's way through a scheme that organisations agree to: from draft to its end."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from common.deciding import lock, move
from common.refusals import Refused
from venues import emails
from venues.models import Event, Letter, Membership, Organisation, OrganisationSignUp, Scheme
from venues.models.sign_ups import ENDED, State
from venues.rules import (
    agreements_to_renew,
    missing_for_approval_of_organisation,
    missing_for_organisation,
)
from venues.taking_back import UNDO_FOR, may_take_back

from .letters import withdraw_letter
from .people import add_manager
from .sign_ups import keep_agreements, new_reference

CAN_BE_TAKEN_BACK = {
    "venues.organisation_changes_asked_for": State.CHANGES_ASKED_FOR,
    "venues.organisation_declined": State.DECLINED,
    "venues.organisation_withdrawn": State.WITHDRAWN,
}
"""Kind of event -> the state it led to."""


@transaction.atomic
def start_organisation_sign_up(
    organisation: Organisation, scheme: Scheme, *, by: User
) -> OrganisationSignUp:
    """Start a draft for an organisation, whose row is locked so that two presses make one."""
    organisation = lock(organisation)
    if not Organisation.objects.managed_by(by).filter(pk=organisation.pk).exists():
        raise Refused(_("Only a manager of the whole organisation can sign it up."))
    sign_up = _begin(organisation, scheme, by)
    Event.objects.record_about("venues.organisation_started", sign_up, by=by)
    return sign_up


def _begin(
    organisation: Organisation, scheme: Scheme, by: User, *, entered_by: User | None = None
) -> OrganisationSignUp:
    if not scheme.is_for_organisations:
        raise Refused(_("Places sign up to %(scheme)s, each by itself.") % {"scheme": scheme})
    if not scheme.takes_sign_ups:
        raise Refused(_("%(scheme)s does not take sign-ups yet.") % {"scheme": scheme})
    if OrganisationSignUp.objects.live().filter(organisation=organisation, scheme=scheme).exists():
        raise Refused(_("The organisation is in this scheme already."))
    return OrganisationSignUp.objects.create(
        organisation=organisation,
        scheme=scheme,
        reference=new_reference(),
        started_by=by,
        entered_by=entered_by,
    )


@transaction.atomic
def start_for_new_organisation(scheme: Scheme, *, by: User) -> OrganisationSignUp:
    """Start a draft for an organisation that is not here yet; `by` becomes its manager."""
    organisation = Organisation.objects.create()
    Membership.objects.create(organisation=organisation, user=by)
    return start_organisation_sign_up(organisation, scheme, by=by)


@transaction.atomic
def enter_organisation_sign_up(
    scheme: Scheme, *, name: str, by: User, email: str = ""
) -> OrganisationSignUp:
    """Start a draft for an organisation that applied by telephone or on paper.

    Whoever has the address `email` is invited to look after it, and is asked to confirm what the
    officer enters.
    """
    name = name.strip()
    if not name:
        raise Refused(_("Give the name of the organisation."))
    organisation = Organisation.objects.create(name=name)
    sign_up = _begin(organisation, scheme, by, entered_by=by)
    Event.objects.record_about("venues.organisation_entered", sign_up, by=by)
    if email.strip():
        add_manager(organisation, email=email, by=by)
    return sign_up


def _of_it(sign_up: OrganisationSignUp, by: User) -> OrganisationSignUp:
    """The locked row, which only head office may change, and only until it has ended; or an officer
    who is entering it.
    """
    sign_up = lock(sign_up)
    if sign_up.state in ENDED:
        raise Refused(_("This sign-up has ended."))
    if not OrganisationSignUp.objects.editable_by(by).filter(pk=sign_up.pk).exists():
        raise Refused(
            _("This is about the whole organisation: who looks after all of it can change it.")
        )
    return sign_up


@transaction.atomic
def agree_as_organisation(
    sign_up: OrganisationSignUp, answers: dict, *, by: User
) -> OrganisationSignUp:
    """Answer principles: `answers` maps Principle to (answer, will_by)."""
    sign_up = _of_it(sign_up, by)
    keep_agreements(sign_up, answers, by=by)
    Event.objects.record_about("venues.organisation_agreed", sign_up, by=by)
    return sign_up


@transaction.atomic
def show_organisation(
    sign_up: OrganisationSignUp, changes: dict, *, by: User
) -> OrganisationSignUp:
    """Change what the scheme's public page shows: `website` and `is_named`."""
    sign_up = _of_it(sign_up, by)
    for name in ("website", "is_named"):
        setattr(sign_up, name, changes[name])
    sign_up.save(update_fields=["website", "is_named"])
    Event.objects.record_about(
        "venues.organisation_named" if sign_up.is_named else "venues.organisation_not_named",
        sign_up,
        by=by,
    )
    return sign_up


@transaction.atomic
def submit_organisation(sign_up: OrganisationSignUp, *, by: User) -> OrganisationSignUp:
    """Send it to the scheme's team; refused without a name, a sector or an answer."""
    sign_up = _of_it(sign_up, by)
    if missing := missing_for_organisation(sign_up):
        raise Refused(*missing)
    move(sign_up, State.SUBMITTED, submitted_at=timezone.now(), submitted_by=by, to_change="")
    Event.objects.record_about("venues.organisation_submitted", sign_up, by=by)
    if sign_up.entered_by_id and not sign_up.agreement_confirmed_at:
        emails.confirm_organisation_agreement(sign_up)
    else:
        emails.organisation_submitted(sign_up)
    emails.organisation_waits(sign_up)
    return sign_up


@transaction.atomic
def confirm_organisation_agreement(
    sign_up: OrganisationSignUp, *, how: str, by: User | None = None
) -> OrganisationSignUp:
    """Confirm for the organisation what an officer entered: by "link", or on "paper" the officer
    holds.
    """
    sign_up = lock(sign_up)
    if sign_up.agreement_confirmed_at:
        raise Refused(_("The agreement is confirmed already."))
    if not sign_up.entered_by_id:
        raise Refused(_("The organisation made this agreement itself."))
    if sign_up.state in ENDED:
        raise Refused(_("This sign-up has ended."))
    if agreements_to_renew(sign_up):
        raise Refused(_("Not every core principle has been answered."))
    sign_up.agreement_confirmed_at = timezone.now()
    sign_up.agreement_confirmed_how = how
    sign_up.save(update_fields=["agreement_confirmed_at", "agreement_confirmed_how"])
    Event.objects.record_about(
        "venues.organisation_agreement_confirmed",
        sign_up,
        by=by,
        how=str(sign_up.get_agreement_confirmed_how_display()),
    )
    return sign_up


@transaction.atomic
def approve_organisation(
    sign_up: OrganisationSignUp, *, by: User, letter: str
) -> OrganisationSignUp:
    """Approve: from now on the scheme's page names it, if it agrees to that."""
    sign_up = lock(sign_up)
    if sign_up.state == State.SUSPENDED:
        raise Refused(_("A suspended organisation is reinstated, not approved again."))
    if missing := missing_for_approval_of_organisation(sign_up):
        raise Refused(*missing)
    move(sign_up, State.APPROVED, approved_at=timezone.now(), approved_by=by)
    Event.objects.record_about("venues.organisation_approved", sign_up, by=by)
    emails.organisation_letter("approve", sign_up, letter, by=by)
    return sign_up


@transaction.atomic
def ask_organisation_for_changes(
    sign_up: OrganisationSignUp, *, by: User, to_change: str, letter: str
) -> OrganisationSignUp:
    """Send it back with requested changes, which the portal shows until it is sent again."""
    if not to_change.strip():
        raise Refused(_("Say what the organisation should change."))
    sign_up = lock(sign_up)
    was = sign_up.state
    move(sign_up, State.CHANGES_ASKED_FOR, to_change=to_change.strip())
    written = emails.organisation_letter("ask_for_changes", sign_up, letter, by=by, wait=UNDO_FOR)
    Event.objects.record_about(
        "venues.organisation_changes_asked_for", sign_up, by=by, was=was, letters=[written.pk]
    )
    return sign_up


@transaction.atomic
def decline_organisation(
    sign_up: OrganisationSignUp, *, by: User, reason: str, letter: str
) -> OrganisationSignUp:
    """Decline, with a reason for the officers and a letter for the organisation."""
    if not reason.strip():
        raise Refused(_("Give the reason; only officers see it."))
    sign_up = lock(sign_up)
    was = sign_up.state
    move(sign_up, State.DECLINED)
    written = emails.organisation_letter("decline", sign_up, letter, by=by, wait=UNDO_FOR)
    Event.objects.record_about(
        "venues.organisation_declined",
        sign_up,
        by=by,
        reason=reason,
        was=was,
        letters=[written.pk],
    )
    return sign_up


@transaction.atomic
def suspend_organisation(
    sign_up: OrganisationSignUp, *, by: User, reason: str
) -> OrganisationSignUp:
    """Take its name off the scheme's page at once; the reason is for officers only."""
    if not reason.strip():
        raise Refused(_("Give the reason; only officers see it."))
    sign_up = lock(sign_up)
    move(sign_up, State.SUSPENDED)
    Event.objects.record_about("venues.organisation_suspended", sign_up, by=by, reason=reason)
    return sign_up


@transaction.atomic
def write_about_suspended_organisation(
    sign_up: OrganisationSignUp, *, by: User, letter: str
) -> Letter:
    """Send the letter about a suspension, which took effect before it."""
    sign_up = lock(sign_up)
    if sign_up.state != State.SUSPENDED:
        raise Refused(_("The organisation is not suspended."))
    written = emails.organisation_letter("suspend", sign_up, letter, by=by)
    Event.objects.record_about("venues.organisation_suspension_letter", sign_up, by=by)
    return written


@transaction.atomic
def reinstate_organisation(
    sign_up: OrganisationSignUp, *, by: User, letter: str
) -> OrganisationSignUp:
    sign_up = lock(sign_up)
    if sign_up.state != State.SUSPENDED:
        raise Refused(_("The organisation is not suspended."))
    move(sign_up, State.APPROVED)
    Event.objects.record_about("venues.organisation_reinstated", sign_up, by=by)
    emails.organisation_letter("reinstate", sign_up, letter, by=by)
    return sign_up


@transaction.atomic
def withdraw_organisation(
    sign_up: OrganisationSignUp, *, by: User, reason: str = ""
) -> OrganisationSignUp:
    """The organisation leaves the scheme; its name leaves the page at once."""
    sign_up = lock(sign_up)
    was = sign_up.state
    move(sign_up, State.WITHDRAWN)
    Event.objects.record_about(
        "venues.organisation_withdrawn", sign_up, by=by, reason=reason, was=was, letters=[]
    )
    return sign_up


@transaction.atomic
def take_back_about_organisation(sign_up: OrganisationSignUp, *, by: User) -> OrganisationSignUp:
    """Undo the last decision, for ten minutes, for whoever made it."""
    # Lock the organisation first, as when a draft is started, so that nobody begins again
    # meanwhile.
    lock(sign_up.organisation)
    sign_up = lock(sign_up)
    event = last_decision_about(sign_up)
    if event is None:
        raise Refused(_("There is nothing to take back."))
    if may_take_back(event, by) is None:
        raise Refused(_("Only the person who did this can take it back, and for ten minutes only."))
    others = OrganisationSignUp.objects.live().exclude(pk=sign_up.pk)
    if others.filter(organisation=sign_up.organisation_id, scheme=sign_up.scheme_id).exists():
        raise Refused(_("The organisation has begun again since, so this stays."))
    if sign_up.events.filter(pk__gt=event.pk).exists():
        raise Refused(_("Something else was done since, so this stays."))
    for letter in Letter.objects.filter(pk__in=event.data["letters"]):
        withdraw_letter(letter, by=by)
    sign_up.state, sign_up.to_change = State(event.data["was"]), ""
    sign_up.save(update_fields=["state", "to_change"])
    Event.objects.record_about("venues.organisation_decision_taken_back", sign_up, by=by)
    return sign_up


def last_decision_about(sign_up: OrganisationSignUp) -> Event | None:
    """The decision that led to its state, if it can be undone."""
    kinds = [kind for kind, state in CAN_BE_TAKEN_BACK.items() if state == sign_up.state]
    return sign_up.events.filter(kind__in=kinds).order_by("-pk").first()


@transaction.atomic
def forget_organisation_sign_up(
    sign_up: OrganisationSignUp, *, by: User | None = None
) -> OrganisationSignUp:
    """Delete what was agreed to, and the answers unless another sign-up of the organisation needs
    them.
    """
    organisation = lock(sign_up.organisation)
    sign_up = lock(sign_up)
    sign_up.agreements.all().delete()
    sign_up.letters.update(text="")
    others = organisation.scheme_sign_ups.live().exclude(pk=sign_up.pk)
    if not organisation.venues.exists() and not others.exists():
        organisation.answers.all().delete()
    Event.objects.record_about("venues.organisation_forgotten", sign_up, by=by)
    return sign_up
