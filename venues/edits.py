"""Which of a venue's own edits need its lead scheme, and how they are compared."""

import copy
import datetime

from django.contrib.gis.geos import Point
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from geography.grid import grid_point
from venues.models import Venue, VenueEdit
from venues.models.sign_ups import State
from venues.models.venues import GRID

ADDRESS = ("address_1", "address_2", "town", "postcode")
DECIDED_BY_LEAD = ("name", *ADDRESS, "point", "point_confirmed_at")
"""What the lead scheme is responsible for: where the public is sent, and what it looks for
there.
"""
DECIDED = (State.APPROVED, State.SUSPENDED)


def split(venue: Venue, changes: dict) -> tuple[dict, dict]:
    """Split a venue's own changes into (immediate, pending).

    Nothing is held before a scheme has decided on the place. Nor are blank details or a point
    nobody has reviewed: no scheme approved those.
    """
    if not venue.sign_ups.filter(state__in=DECIDED).exists():
        return changes, {}
    waits = {
        field: value
        for field, value in changes.items()
        if field in ("name", *ADDRESS) and getattr(venue, field) and value != getattr(venue, field)
    }
    moves_away = "postcode" in waits
    if "point" in changes and (moves_away or _is_moved(venue, changes["point"])):
        waits["point"] = changes["point"]
        waits["point_confirmed_at"] = changes.get("point_confirmed_at", venue.point_confirmed_at)
    at_once = {field: value for field, value in changes.items() if field not in waits}
    return at_once, waits


def _is_moved(venue, point):
    if venue.point is None or venue.point_confirmed_at is None:
        return False
    return point is None or grid_point(point.x, point.y) != venue.point


def open_edit(venue: Venue) -> VenueEdit | None:
    return venue.edits.open().select_related("asked_by").first()


def to_json(changes: dict) -> dict:
    """Serialise the changes for `VenueEdit.changes`."""
    return {field: _kept(value) for field, value in changes.items()}


def _kept(value):
    if isinstance(value, Point):
        return [value.x, value.y]
    if isinstance(value, datetime.datetime):
        return value.isoformat()
    return value


def from_json(kept: dict) -> dict:
    """Deserialise `VenueEdit.changes` for `change_venue`."""
    changes = dict(kept)
    if changes.get("point"):
        changes["point"] = Point(*changes["point"], srid=GRID)
    if changes.get("point_confirmed_at"):
        changes["point_confirmed_at"] = parse_datetime(changes["point_confirmed_at"])
    return changes


def as_asked(venue: Venue) -> Venue:
    """A copy of the venue with its pending edit applied, for the venue's own forms."""
    edit = open_edit(venue)
    if edit is None:
        return venue
    copied = copy.copy(venue)
    for field, value in from_json(edit.changes).items():
        setattr(copied, field, value)
    return copied


def side_by_side(edit: VenueEdit) -> list[tuple[str, str, str]]:
    """(label, current value, requested value) for each real difference, in form order."""
    changes, venue = from_json(edit.changes), edit.venue
    return [
        (str(Venue._meta.get_field(field).verbose_name), _said(was), _said(changes[field]))
        for field in DECIDED_BY_LEAD
        if field in changes and field != "point_confirmed_at"
        if (was := getattr(venue, field)) != changes[field]
    ]


def _said(value):
    if isinstance(value, Point):
        return _("easting %(x)s, northing %(y)s") % {"x": round(value.x), "y": round(value.y)}
    return str(value) if value else _("nothing")


def metres_moved(edit: VenueEdit) -> int | None:
    """How far the pin would move, in metres; None if it would not."""
    point, was = from_json(edit.changes).get("point"), edit.venue.point
    return round(point.distance(was)) if point and was else None
