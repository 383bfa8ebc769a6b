"""Publishing how well a scheme covers its area, and hiding it again."""

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.deciding import lock
from common.refusals import Refused
from coverage.models import PublicMap
from venues.models import Event, Scheme


@transaction.atomic
def show_public_map(scheme: Scheme, *, by: User) -> PublicMap:
    """Publish the coverage map; refused while there is nothing to show."""
    scheme = lock(scheme)
    reasons = []
    if not scheme.area_id:
        reasons.append(_("This scheme has no area yet. Set it on the scheme’s page."))
    if not scheme.opened_at:
        reasons.append(_("This scheme is not open yet."))
    if reasons:
        raise Refused(*reasons)
    shown, is_new = PublicMap.objects.get_or_create(scheme=scheme, defaults={"shown_by": by})
    if is_new:
        Event.objects.record("coverage.public_map_shown", scheme=scheme, about=scheme, by=by)
    return shown


@transaction.atomic
def hide_public_map(scheme: Scheme, *, by: User) -> None:
    """Hide the public coverage map immediately. Idempotent."""
    scheme = lock(scheme)
    deleted, __ = PublicMap.objects.filter(scheme=scheme).delete()
    if deleted:
        Event.objects.record("coverage.public_map_hidden", scheme=scheme, about=scheme, by=by)
