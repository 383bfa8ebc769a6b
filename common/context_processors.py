"""What every page knows about the site. Touches neither session nor user nor database."""

from django.conf import settings
from django.utils.translation import gettext_lazy as _

# Where "Exit this page" goes: a dull page, quick to load, that half the country looks at.
EXIT_URL = "https://www.bbc.co.uk/weather"


def site(request) -> dict:
    return {"demo": settings.DEMO, "service_name": _("Safe Spaces"), "exit_url": EXIT_URL}
