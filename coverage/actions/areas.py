"""Areas drawn by officers."""

from typing import TypedDict, Unpack

from django.contrib.gis.geos import GEOSGeometry
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.deciding import lock
from common.refusals import Refused
from coverage.boundaries import as_multipolygon, fault
from coverage.models import DrawnArea
from venues.models import Event, Scheme


class Priority(TypedDict, total=False):
    """Whether an area comes first, and what around it belongs to it."""

    is_priority: bool
    buffer_metres: int
    reaches_outside: bool


def _save(
    area: DrawnArea, boundary: GEOSGeometry, scheme: Scheme, by: User, kind: str
) -> DrawnArea:
    if why := fault(boundary, scheme):
        raise Refused(why)
    area.boundary, area.drawn_by = as_multipolygon(boundary), by
    try:
        area.full_clean()
    except ValidationError as error:
        raise Refused(*error.messages) from None
    area.save()
    Event.objects.record(kind, scheme=scheme, by=by, about=area)
    return area


@transaction.atomic
def draw_area(
    scheme: Scheme, *, name: str, boundary: GEOSGeometry, by: User, **priority: Unpack[Priority]
) -> DrawnArea:
    """Store an area of the scheme's own; `boundary` is on the national grid."""
    area = DrawnArea(scheme=scheme, name=name.strip(), **priority)
    return _save(area, boundary, scheme, by, "coverage.area_drawn")


@transaction.atomic
def redraw_area(
    area: DrawnArea, *, name: str, boundary: GEOSGeometry, by: User, **priority: Unpack[Priority]
) -> DrawnArea:
    """Change the area's name, boundary or priority; what is not given stays."""
    area = lock(area)
    area.name = name.strip()
    for field, value in priority.items():
        setattr(area, field, value)
    return _save(area, boundary, area.scheme, by, "coverage.area_redrawn")


@transaction.atomic
def remove_area(area: DrawnArea, *, by: User) -> None:
    """Delete an area; Refused if a gap refers to it."""
    area = lock(area, against_new_rows=True)
    if gap := area.gaps.first():
        raise Refused(_("The gap “%(gap)s” is about this area.") % {"gap": gap})
    Event.objects.record("coverage.area_removed", scheme=area.scheme, by=by, area=area.name)
    area.delete()
