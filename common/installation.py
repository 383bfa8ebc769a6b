"""The installation's own name, logo and colour, and where its Exit link leads."""

from pathlib import Path

from django.conf import settings
from django.urls import NoReverseMatch, reverse

# Where Exit leads: a dull page, quick to load, that half the country visits.
EXIT_URL = "https://www.bbc.co.uk/weather"
LOGO_TYPES = {".png": "image/png", ".svg": "image/svg+xml", ".webp": "image/webp"}


def site_words() -> dict:
    """Words for the bar and footer of every page, error pages included; needs no request or
    database.
    """
    return {
        "demo": settings.DEMO,
        "installation": {
            "name": settings.INSTALLATION_NAME,
            "run_by": settings.INSTALLATION_RUN_BY,
            "colour": settings.INSTALLATION_COLOUR,
            "logo_url": _logo_url(),
        },
        "service_name": settings.INSTALLATION_NAME,
        "exit_url": EXIT_URL,
    }


def logo_path() -> Path | None:
    return Path(settings.INSTALLATION_LOGO) if settings.INSTALLATION_LOGO else None


def _logo_url() -> str:
    if not settings.INSTALLATION_LOGO:
        return ""
    try:
        return reverse("installation_logo")
    except NoReverseMatch:  # A site that serves only some of the apps.
        return ""
