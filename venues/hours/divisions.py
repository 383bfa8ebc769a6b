"""Which bank holidays apply to a place: England and Wales, Scotland or Northern Ireland."""

from django.contrib.gis.geos import Point

from geography.models import Area
from geography.nations import Nation, nation_at, nation_of_code
from venues.hours.model import Division

OF_NATION = {
    Nation.ENGLAND: Division.ENGLAND_AND_WALES,
    Nation.WALES: Division.ENGLAND_AND_WALES,
    Nation.SCOTLAND: Division.SCOTLAND,
    Nation.NORTHERN_IRELAND: Division.NORTHERN_IRELAND,
}


def division_at(point: Point | None, postcode: str = "", scheme=None) -> Division | None:
    """The division a place is in, from its location; None if unknown.

    The official area around the point takes precedence, then the postcode, then the area that
    `scheme` covers, since a venue of a Scottish council is in Scotland.
    """
    if nation := nation_at(point, postcode):
        return OF_NATION[nation]
    return division_of_area(scheme.area) if scheme is not None else None


def division_of_area(area: Area | None) -> Division | None:
    """The division of an official area; None for a drawn one, or none."""
    nation = nation_of_code(area.code) if area is not None else None
    return OF_NATION[nation] if nation else None
