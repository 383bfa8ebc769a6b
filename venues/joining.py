"""A further scheme for a place that is here: which ones there are, and what is left for each."""

from django.utils.translation import gettext as _

from venues.models import Scheme, SignUp, Venue


def why_not_join(venue: Venue, scheme: Scheme) -> list[str]:
    """What forbids that the place joins the scheme, in words; empty when nothing does."""
    if not scheme.opened_at:
        return [_("%(scheme)s does not take sign-ups yet.") % {"scheme": scheme}]
    if SignUp.objects.live().filter(venue=venue, scheme=scheme).exists():
        return [_("This place has a sign-up to this scheme already.")]
    return []
