"""What the officers' pages of the partnership have in common."""

from django.contrib.contenttypes.models import ContentType
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404

from venues.admin.base import OfficersAdmin
from venues.models import Event


class PartnershipAdmin(OfficersAdmin):
    """Rows of the officer's own schemes; whatever changes one is an action with a button."""

    def own(self, request, pk, permission):
        """The thing, if it is this officer's to see (else 404) and to act on (else 403)."""
        thing = get_object_or_404(self.get_queryset(request), pk=pk)
        if not request.user.has_perm(f"partnership.{permission}", thing):
            raise PermissionDenied
        return thing

    def events_of(self, thing):
        kind = ContentType.objects.get_for_model(thing)
        return Event.objects.filter(about_type=kind, about_id=thing.pk)

    def has_delete_permission(self, request, obj=None):
        return False
