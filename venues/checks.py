"""System checks: the running code must understand what is stored."""

from django.core.checks import Error, Tags, register
from django.db import DatabaseError, connections

from venues.evidence_kinds import find_kind
from venues.models import Requirement


@register(Tags.database)
def stored_evidence_is_known(app_configs, databases=None, **kwargs):
    """Report stored requirements whose evidence kind is not registered; they count as missing."""
    if not databases:
        return []
    try:
        if Requirement._meta.db_table not in connections[databases[0]].introspection.table_names():
            return []
        stored = set(Requirement.objects.values_list("evidence", flat=True))
    except DatabaseError:
        return []
    return [
        Error(f"A requirement asks for the evidence “{key}”, which no app has.", id="venues.E001")
        for key in sorted(stored)
        if find_kind(key) is None
    ]
