"""A venue's change to its name, address or point, decided by its lead scheme."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from common.deciding import lock
from common.field_labels import labels
from common.refusals import Refused
from venues import letters
from venues.edits import from_json, open_edit, split, to_json
from venues.models import Event, SignUp, Venue, VenueEdit

from .venues import change_venue

Outcome = VenueEdit.Outcome


@transaction.atomic
def edit_venue(venue: Venue, changes: dict, *, by: User) -> VenueEdit | None:
    """Change a venue's details for the venue; returns the edit pending with the lead scheme, or
    None.

    At an approved place a new name, address or point is held, and the public still sees what was
    approved; everything else changes at once. A second edit is merged into the pending one, and a
    value put back to the current one is dropped from it.
    """
    venue = lock(venue)
    at_once, waiting = split(venue, changes)
    edit = venue.edits.open().select_for_update().first()
    asked = dict(edit.changes) if edit else {}
    put_back = {field for field in changes if field in asked and field not in waiting}
    now_asked = {field: value for field, value in asked.items() if field not in put_back}
    now_asked |= to_json(waiting)
    if at_once:
        change_venue(venue, at_once, by=by)
    if now_asked == asked:
        return edit
    if set(now_asked) <= {"point_confirmed_at"}:
        _close(edit, Outcome.TAKEN_BACK, by)
        Event.objects.record("venues.edit_taken_back", venue=venue, by=by, about=edit)
        return None
    edit = edit or VenueEdit(venue=venue)
    edit.changes, edit.asked_by, edit.asked_at = now_asked, by, timezone.now()
    edit.save()
    Event.objects.record(
        "venues.edit_asked_for", venue=venue, by=by, about=edit, fields=_in_words(now_asked)
    )
    return edit


@transaction.atomic
def take_back_venue_edit(venue: Venue, *, by: User) -> VenueEdit:
    """Withdraw the pending edit."""
    edit = _waiting(lock(venue))
    _close(edit, Outcome.TAKEN_BACK, by)
    Event.objects.record("venues.edit_taken_back", venue=venue, by=by, about=edit)
    return edit


@transaction.atomic
def accept_venue_edit(venue: Venue, *, by: User) -> VenueEdit:
    """Accept the edit for the lead scheme: the public now sees it, in every scheme."""
    edit = _waiting(lock(venue))
    _close(edit, Outcome.ACCEPTED, by)
    change_venue(venue, from_json(edit.changes), by=by)
    Event.objects.record("venues.edit_accepted", venue=venue, by=by, about=edit)
    _tell(edit, "venues.edit_accepted")
    return edit


@transaction.atomic
def refuse_venue_edit(venue: Venue, *, reason: str, by: User) -> VenueEdit:
    """Refuse the edit for the lead scheme; the reason is in the letter to the venue."""
    if not reason.strip():
        raise Refused(_("Say why: the place reads it in its letter."))
    edit = _waiting(lock(venue))
    _close(edit, Outcome.REFUSED, by)
    Event.objects.record("venues.edit_refused", venue=venue, by=by, about=edit)
    _tell(edit, "venues.edit_refused", reason=reason.strip())
    return edit


def _waiting(venue: Venue) -> VenueEdit:
    edit = open_edit(venue)
    if edit is None:
        raise Refused(_("No change of this place waits for an answer."))
    return edit


def _close(edit: VenueEdit, outcome: str, by: User) -> None:
    edit.closed_at, edit.closed_by, edit.outcome = timezone.now(), by, outcome
    edit.save(update_fields=["closed_at", "closed_by", "outcome"])


def _in_words(fields: Iterable[str]) -> str:
    shown = [field for field in fields if field != "point_confirmed_at"]
    return labels(Venue, shown)


def _tell(edit: VenueEdit, kind: str, **context: object) -> None:
    """Write to the venue, signed by the lead scheme."""
    venue = Venue.objects.select_related("organisation", "lead_scheme").get(pk=edit.venue_id)
    sign_up = venue.sign_ups.live().order_by("pk").first()
    context |= {"what": _in_words(edit.changes), "link": _link(sign_up)}
    to = letters.venue_addresses(venue)
    draft = letters.Draft(to, context, scheme=venue.lead_scheme, venue=venue, about=edit)
    letters.write(kind, draft)


def _link(sign_up: SignUp | None) -> str:
    return letters.url("portal_home", sign_up.pk) if sign_up else letters.url("portal_home")
