"""How coming to the partnership and sending returns are proved.

No meeting can be recorded yet, so neither can be asked of anybody: both kinds are not yet due.
"""

from django.db.models import DateField, Value
from django.utils.translation import gettext_lazy as _

from venues.evidence_kinds import EvidenceKind, register

register(
    EvidenceKind(
        key="meeting_attendance",
        order=60,
        words=_("Somebody came to the partnership meeting, or sent a report."),
        url_name="sign_up",
        held_until=lambda at: Value(None, DateField()),
        is_due=lambda at: Value(False),
    )
)
register(
    EvidenceKind(
        key="usage_return",
        order=70,
        words=_("The quarter's return on how the space was used was sent."),
        url_name="sign_up",
        held_until=lambda at: Value(None, DateField()),
        is_due=lambda at: Value(False),
    )
)
