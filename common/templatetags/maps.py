"""What a page with a map needs, once per page."""

from django import template

from common.maps import map_config

register = template.Library()


@register.inclusion_tag("common/_map_parts.html")
def map_parts():
    """Leaflet's files in a template element: `js/maps.js` loads them when a map is opened."""
    return {"config": map_config()}
