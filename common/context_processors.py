"""What every page knows. Touches neither session nor user nor database until it is drawn."""

from django.conf import settings
from django.utils.functional import SimpleLazyObject
from django.utils.translation import gettext_lazy as _

from common.kept_answers import page_token

# Where "Exit this page" goes: a dull page, quick to load, that half the country looks at.
EXIT_URL = "https://www.bbc.co.uk/weather"


def csrf_token(request) -> dict:
    """In place of Django's own: with the page that a form stands on, and as late as there."""
    return {"csrf_token": SimpleLazyObject(lambda: page_token(request))}


def site(request) -> dict:
    return {"demo": settings.DEMO, "service_name": _("Safe Spaces"), "exit_url": EXIT_URL}
