"""Actions agreed at meetings: recorded, changed and closed."""

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from common.deciding import lock
from common.refusals import Refused
from partnership.models import Action, Meeting, Partner
from venues.models import Event, Organisation, Scheme


@transaction.atomic
def agree_action(
    scheme: Scheme,
    *,
    what: str,
    due_on: datetime.date,
    by: User,
    meeting: Meeting | None = None,
    organisation: Organisation | None = None,
    partner: Partner | None = None,
    officer: User | None = None,
) -> Action:
    """Record an action with exactly one owner and a due day."""
    owners = [owner for owner in (organisation, partner, officer) if owner is not None]
    reasons = []
    if not what.strip():
        reasons.append(_("Say what is to be done."))
    if len(owners) != 1:
        reasons.append(_("Choose who owns it."))
    if due_on < timezone.localdate() and (meeting is None or not meeting.held_at):
        reasons.append(_("This day has passed."))
    if reasons:
        raise Refused(*reasons)
    action = Action.objects.create(
        scheme=scheme,
        meeting=meeting,
        what=what.strip(),
        due_on=due_on,
        organisation=organisation,
        partner=partner,
        officer=officer,
        agreed_by=by,
    )
    Event.objects.record_about("partnership.action_agreed", action, by=by)
    return action


@transaction.atomic
def change_action(action: Action, *, what: str, due_on: datetime.date, by: User) -> Action:
    """Change an action's wording or due day; a new day restarts the reminders."""
    action = lock(action)
    if action.state != Action.State.OPEN:
        raise Refused(_("This is closed already."))
    if not what.strip():
        raise Refused(_("Say what is to be done."))
    moved = due_on != action.due_on
    if what.strip() == action.what and not moved:
        return action
    action.what, action.due_on = what.strip(), due_on
    fields = ["what", "due_on"]
    if moved:
        action.reminded_at = action.overdue_told_at = None
        fields += ["reminded_at", "overdue_told_at"]
    action.save(update_fields=fields)
    Event.objects.record_about("partnership.action_changed", action, by=by)
    return action


@transaction.atomic
def finish_action(action: Action, *, by: User | None = None) -> Action:
    """Mark an action as done, by its owner or an officer. Idempotent."""
    return _close(action, Action.State.DONE, "partnership.action_done", by)


@transaction.atomic
def drop_action(action: Action, *, by: User) -> Action:
    """Close an action that is no longer needed."""
    return _close(action, Action.State.DROPPED, "partnership.action_dropped", by)


@transaction.atomic
def reopen_action(action: Action, *, by: User) -> Action:
    """Reopen an action closed by mistake; it returns to the next agenda."""
    action = lock(action)
    if action.state == Action.State.OPEN:
        raise Refused(_("This is open."))
    action.state, action.closed_at = Action.State.OPEN, None
    action.save(update_fields=["state", "closed_at"])
    Event.objects.record_about("partnership.action_reopened", action, by=by)
    return action


def _close(action: Action, state: str, kind: str, by: User | None) -> Action:
    action = lock(action)
    if action.state == state:
        return action
    if action.state != Action.State.OPEN:
        raise Refused(_("This is closed already."))
    action.state, action.closed_at = state, timezone.now()
    action.save(update_fields=["state", "closed_at"])
    Event.objects.record_about(kind, action, by=by)
    return action
