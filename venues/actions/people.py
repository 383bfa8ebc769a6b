"""Who works where, and who manages an organisation."""

import datetime
from collections.abc import Collection, Iterable

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from common.deciding import lock
from common.refusals import Refused
from venues import emails
from venues.models import (
    Event,
    Invitation,
    Membership,
    Organisation,
    Post,
    SignUp,
    StaffMember,
    Venue,
)

from .grace import kept_grace


@transaction.atomic
def add_staff_member(
    organisation: Organisation,
    *,
    first_name: str,
    venue: Venue,
    by: User,
    email: str = "",
    kind: str = Post.Kind.OWN,
) -> StaffMember:
    """Add a person who works at `venue` from today. An e-mail address is never required."""
    if not first_name.strip():
        raise Refused(_("Give the person's first name."))
    venue = lock(venue)  # it could be merged or handed over concurrently
    if venue.organisation_id != organisation.pk:
        raise Refused(_("This place belongs to another organisation."))
    person = StaffMember.objects.create(
        organisation=organisation, first_name=first_name.strip(), email=email
    )
    Post.objects.create(staff_member=person, venue=venue, from_date=timezone.localdate(), kind=kind)
    Event.objects.record("venues.staff_member_added", venue=venue, by=by, about=person)
    return person


@transaction.atomic
def end_post(post: Post, *, last_day: datetime.date, by: User) -> Post:
    """End somebody's post: after `last_day` their training no longer counts here."""
    post = lock(post)
    if post.until:
        raise Refused(_("This person's last day is set already."))
    if last_day < post.from_date:
        raise Refused(_("The last day is before the first."))
    with kept_grace(SignUp.objects.filter(venue=post.venue_id)):
        post.until = last_day
        post.save(update_fields=["until"])
    Event.objects.record(
        "venues.post_ended", venue=post.venue, by=by, about=post, until=str(last_day)
    )
    return post


@transaction.atomic
def anonymise_staff_member(person: StaffMember, *, by: User | None = None) -> StaffMember:
    """Remove the name and address of somebody who has left; their training records stay."""
    person = lock(person)
    if person.anonymised_at:
        raise Refused(_("The name was taken out already."))
    person.first_name = person.email = ""
    person.user = None
    person.anonymised_at = timezone.now()
    person.save(update_fields=["first_name", "email", "user", "anonymised_at"])
    person.former_names.all().delete()
    person.letters.update(text="")
    Event.objects.record(
        "venues.staff_member_anonymised", organisation=person.organisation, by=by, about=person
    )
    return person


@transaction.atomic
def invite_member(
    organisation: Organisation,
    *,
    email: str,
    role: str,
    by: User,
    scope: str = Membership.Scope.ALL,
    venues: Iterable[Venue] = (),
) -> Invitation:
    """Invite somebody by e-mail to manage the organisation, or chosen places of it."""
    organisation = lock(organisation)  # it could be merged concurrently
    venues = list(venues)
    _refuse_beyond_scope(organisation, scope, venues, by)
    if organisation.memberships.filter(user__email__iexact=email).exists():
        raise Refused(_("This person is a member already."))
    return _invite(organisation, email, role, by, scope, venues)


def _refuse_beyond_scope(
    organisation: Organisation, scope: str, venues: Collection[Venue], by: User
) -> None:
    """Nobody can grant more than their own scope. Officers are not members, so this does not
    apply.
    """
    if any(venue.organisation_id != organisation.pk for venue in venues):
        raise Refused(_("This place belongs to another organisation."))
    if scope == Membership.Scope.CHOSEN and not venues:
        raise Refused(_("Choose at least one place."))
    own = organisation.memberships.filter(user=by).first()
    if own is None or own.scope == Membership.Scope.ALL:
        return
    mine = set(own.venues.values_list("pk", flat=True))
    if scope == Membership.Scope.ALL or not mine.issuperset(venue.pk for venue in venues):
        raise Refused(_("You can only give places that you look after yourself."))


def _invite(
    organisation: Organisation,
    email: str,
    role: str,
    by: User,
    scope: str = Membership.Scope.ALL,
    venues: Collection[Venue] = (),
) -> Invitation:
    try:
        with transaction.atomic():
            invitation = Invitation.objects.create(
                organisation=organisation, email=email, role=role, scope=scope, invited_by=by
            )
    except IntegrityError:
        raise Refused(_("This address has been invited already.")) from None
    if scope == Membership.Scope.CHOSEN:
        invitation.venues.set(venues)
    Event.objects.record(
        "venues.member_invited", organisation=organisation, by=by, about=invitation
    )
    emails.member_invited(invitation)
    return invitation


@transaction.atomic
def accept_invitation(invitation: Invitation, *, by: User) -> Membership:
    """Join as the invited person, logged in. Only the invited address can accept."""
    invitation = lock(invitation)
    if invitation.accepted_at:
        raise Refused(_("This invitation has been used already."))
    if invitation.email.lower() != by.email.lower():
        raise Refused(_("This invitation was sent to another e-mail address."))
    organisation = _kept(invitation.organisation)
    membership, is_new = Membership.objects.get_or_create(
        organisation=organisation,
        user=by,
        defaults={"role": invitation.role, "scope": invitation.scope},
    )
    if invitation.role == Membership.Role.MANAGER and membership.role != invitation.role:
        membership.role = invitation.role
    if invitation.scope == Membership.Scope.ALL and not is_new:
        membership.scope = invitation.scope
    membership.save(update_fields=["role", "scope"])
    if membership.scope == Membership.Scope.CHOSEN:
        # A place may have changed hands since the invitation.
        membership.venues.add(*invitation.venues.filter(organisation=organisation))
    invitation.accepted_at = timezone.now()
    invitation.save(update_fields=["accepted_at"])
    Event.objects.record(
        "venues.invitation_accepted",
        organisation=organisation,
        by=by,
        about=invitation,
    )
    return membership


def _kept(organisation: Organisation) -> Organisation:
    """The locked entry that it was merged into, or itself. An invitation stays with the merged
    entry where the kept one had invited the same address.
    """
    while organisation.merged_into:
        organisation = organisation.merged_into
    return lock(organisation)


@transaction.atomic
def add_manager(organisation: Organisation, *, email: str, by: User) -> Invitation:
    """Invite a manager on behalf of an officer, without a hand-over.

    Whoever opens the link in that mailbox becomes a manager. Somebody with an open invitation is
    sent a new link.
    """
    organisation = lock(organisation)
    email = email.strip()
    members = organisation.memberships.filter(user__email__iexact=email)
    if members.head_office().exists():
        raise Refused(_("This person is a manager already."))
    organisation.invitations.filter(email__iexact=email, accepted_at__isnull=True).delete()
    return _invite(organisation, email, Membership.Role.MANAGER, by)


@transaction.atomic
def remove_member(membership: Membership, *, by: User) -> None:
    """Remove a member. The organisation's last manager cannot be removed."""
    # Lock the organisation, so that two managers removing each other cannot leave it with none.
    organisation = lock(membership.organisation)
    _refuse_last_manager(organisation, membership)
    _remove(membership, organisation, by)


def _refuse_last_manager(organisation: Organisation, membership: Membership) -> None:
    """An organisation always keeps a manager of all its places."""
    others = organisation.memberships.head_office().exclude(pk=membership.pk)
    is_head_office = organisation.memberships.head_office().filter(pk=membership.pk).exists()
    if is_head_office and not others.exists():
        raise Refused(
            _("This is the only manager. Invite another first, or ask the team to remove you.")
        )


@transaction.atomic
def change_member(
    membership: Membership, *, role: str, scope: str, by: User, venues: Iterable[Venue] = ()
) -> Membership:
    """Change a member's role or scope."""
    organisation = lock(membership.organisation)
    membership = lock(membership)
    venues = list(venues)
    _refuse_beyond_scope(organisation, scope, venues, by)
    if (role, scope) != (Membership.Role.MANAGER, Membership.Scope.ALL):
        _refuse_last_manager(organisation, membership)
    membership.role, membership.scope = role, scope
    membership.save(update_fields=["role", "scope"])
    membership.venues.set(venues if scope == Membership.Scope.CHOSEN else [])
    Event.objects.record(
        "venues.member_changed", organisation=organisation, by=by, person=membership.user_id
    )
    return membership


@transaction.atomic
def remove_manager(membership: Membership, *, by: User) -> None:
    """Remove a manager as an officer, even the only one: they may have left and cannot do it."""
    organisation = lock(membership.organisation)
    _remove(membership, organisation, by)


def _remove(membership: Membership, organisation: Organisation, by: User) -> None:
    """Stop writing to the address: neither as a member nor as a venue's contact."""
    email = membership.user.email
    Event.objects.record(
        "venues.member_removed", organisation=organisation, by=by, person=membership.user_id
    )
    membership.delete()
    organisation.invitations.filter(email__iexact=email, accepted_at__isnull=True).delete()
    for venue in organisation.venues.filter(contact_email__iexact=email).select_for_update():
        venue.contact_email = ""
        venue.save(update_fields=["contact_email"])
        Event.objects.record("venues.contact_removed", venue=venue, by=by)
