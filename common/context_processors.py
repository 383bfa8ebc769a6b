"""Context for every page. Lazy: touches neither session, user nor database until rendered."""

from django.utils.functional import SimpleLazyObject

from common.installation import site_words
from common.kept_answers import page_token
from common.languages import versions


def csrf_token(request) -> dict:
    """Replaces Django's own: the token also identifies the page its form is on. Lazy like
    Django's.
    """
    return {"csrf_token": SimpleLazyObject(lambda: page_token(request))}


def site(request) -> dict:
    return {**site_words(), "languages": SimpleLazyObject(lambda: versions(request))}
