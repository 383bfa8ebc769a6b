"""Misconfiguration that no page could report: system checks, run when the server starts."""

from django.conf import settings
from django.core.checks import Error, Tags, Warning, register
from django.core.exceptions import ValidationError
from django.utils.translation import check_for_language, to_locale

from common.colours import check_colour
from common.installation import LOGO_TYPES, logo_path

LARGEST_LOGO = 200 * 1024
"""Bytes. It is at most 120 by 32 pixels on screen, and is on every page."""


@register()
def check_installation(app_configs, **kwargs) -> list:
    return [*_logo_errors(), *_colour_errors()]


def _logo_errors():
    path = logo_path()
    if path is None:
        return
    if path.suffix.lower() not in LOGO_TYPES:
        yield Error("INSTALLATION_LOGO must be a PNG, SVG or WebP file.", id="common.E001")
    elif not path.is_file():
        yield Error(f"INSTALLATION_LOGO: there is no file {path}.", id="common.E002")
    elif path.stat().st_size > LARGEST_LOGO:
        yield Error("INSTALLATION_LOGO is larger than 200 kB.", id="common.E003")


def _colour_errors():
    if not settings.INSTALLATION_COLOUR:
        return
    try:
        check_colour(settings.INSTALLATION_COLOUR)
    except ValidationError as refused:
        yield Error(f"INSTALLATION_COLOUR: {refused.messages[0]}", id="common.E004")


@register(Tags.translation)
def check_languages(app_configs, **kwargs) -> list:
    """Every offered language needs our catalogue; otherwise its pages would be in English."""
    missing = [
        code
        for code, _name in settings.LANGUAGES
        if code != settings.LANGUAGE_CODE and not _has_catalogue(code)
    ]
    return [
        Warning(
            f"LANGUAGES offers {code}, but no locale/{code}/LC_MESSAGES/django.mo translates it.",
            id="common.W001",
        )
        for code in missing
    ]


def _has_catalogue(code: str) -> bool:
    return check_for_language(code) and any(
        (path / to_locale(code) / "LC_MESSAGES" / "django.mo").is_file()
        for path in settings.LOCALE_PATHS
    )
