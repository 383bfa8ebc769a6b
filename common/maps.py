"""The initial settings of every map: django-leaflet's as plain data, for `js/maps.js`.

Its own `leaflet_map` tag writes an inline script, which our policy refuses. The module calls
`L.Map.djangoMap` with the same options instead, so that LEAFLET_CONFIG stays their only source.
"""

import json

from django.utils.translation import gettext as _
from leaflet.templatetags.leaflet_tags import leaflet_map


def map_config() -> dict:
    """`djoptions` as the package's tag would write them, and the buttons' labels."""
    made = leaflet_map("map", creatediv=False)
    return {
        "djoptions": json.loads(made["djoptions"]),
        "words": {
            "zoomIn": _("Zoom in"),
            "zoomOut": _("Zoom out"),
            "here": _("Show where I am"),
            "notHere": _("Your device did not tell us where you are."),
        },
    }
