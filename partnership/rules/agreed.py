"""Open actions; read-only."""

from django.db.models import Q

from partnership.models import Action, Meeting
from partnership.models.agreed import ActionQuerySet
from venues.letters import organisation_addresses


def carried_to(meeting: Meeting) -> ActionQuerySet:
    """Earlier actions on this meeting's agenda: open, or closed since the previous meeting.

    Nothing is copied: an open action is simply on every next agenda.
    """
    earlier = Action.objects.filter(scheme=meeting.scheme_id).exclude(meeting=meeting)
    earlier = earlier.filter(agreed_at__lt=meeting.held_at or meeting.ends_at)
    before = (
        Meeting.objects.held()
        .filter(scheme=meeting.scheme_id, starts_at__lt=meeting.starts_at)
        .order_by("-starts_at")
        .first()
    )
    closed = Q(closed_at__gte=before.starts_at) if before else ~Q(state=Action.State.OPEN)
    return earlier.filter(Q(state=Action.State.OPEN) | closed).with_owner()


def owner_addresses(action: Action) -> set[str]:
    """Where a reminder goes: the managers, the partner or the officer."""
    if action.organisation is not None:
        return organisation_addresses(action.organisation)
    if action.partner is not None:
        return {action.partner.email} - {""}
    officer = action.officer
    return {officer.email} if officer is not None and officer.is_active else set()
