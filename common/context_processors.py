"""What every page knows. Touches neither session nor user nor database until it is drawn."""

from django.utils.functional import SimpleLazyObject

from common.installation import site_words
from common.kept_answers import page_token
from common.languages import versions


def csrf_token(request) -> dict:
    """In place of Django's own: with the page that a form stands on, and as late as there."""
    return {"csrf_token": SimpleLazyObject(lambda: page_token(request))}


def site(request) -> dict:
    return {**site_words(), "languages": SimpleLazyObject(lambda: versions(request))}
