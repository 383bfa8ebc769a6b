"""Which organisation another is a franchisee of."""

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
    """Say whose franchisee an organisation is, or with None that it is nobody's.

    The parent's head office then sees how each of its places stands, and nothing else of it. Those
    who look after the organisation are told.
    """
    with connection.cursor() as cursor:
        # Two who each join the ends of two chains would make a circle without a row in common.
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
