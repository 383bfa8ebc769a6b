"""Setting an organisation's franchisor."""

from django.db import connection, transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.deciding import lock
from common.refusals import Refused
from common.tasks.once import lock_number
from venues import emails
from venues.models import Event, Organisation


@transaction.atomic
def set_parent(
    organisation: Organisation, parent: Organisation | None, *, by: User
) -> Organisation:
    """Set whose franchisee an organisation is; None makes it independent.

    The parent's head office then sees the status of each of its places and nothing else. The
    organisation's managers are told.
    """
    with connection.cursor() as cursor:
        # Two concurrent changes could each join two chains and form a cycle without sharing a row,
        # so row locks are not enough.
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [lock_number("organisation parents")])
    organisation = lock(organisation)
    if parent is not None:
        _refuse_circle(organisation, parent)
    if organisation.parent == parent:
        return organisation
    before, organisation.parent = organisation.parent, parent
    organisation.save(update_fields=["parent"])
    Event.objects.record(
        "venues.parent_set" if parent else "venues.parent_removed",
        organisation=organisation,
        by=by,
        parent=str(parent or before),
    )
    if parent is not None:
        emails.parent_set(organisation, by=by)
    return organisation


def _refuse_circle(organisation: Organisation, parent: Organisation) -> None:
    if organisation.pk == parent.pk:
        raise Refused(_("An organisation cannot be its own franchisee."))
    above = Organisation.objects.select_related("parent").get(pk=parent.pk)
    while above.parent is not None:
        if above.parent.pk == organisation.pk:
            raise Refused(
                _(
                    "That would be a circle: %(parent)s is a franchisee of %(organisation)s "
                    "already, directly or through others."
                )
                % {"parent": parent, "organisation": organisation}
            )
        above = above.parent
