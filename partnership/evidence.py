"""How coming to the partnership and sending returns are proved."""

import datetime

from django.db.models import Case, Count, DateField, F, OuterRef, Subquery, Value, When
from django.db.models.functions import Coalesce, Greatest
from django.db.models.lookups import GreaterThanOrEqual
from django.utils.translation import gettext_lazy as _

from partnership.models import Attendance, Meeting
from venues.evidence_kinds import FOREVER, EvidenceKind, register

# Meetings


def _meetings_held(at: datetime.date):
    """The meetings held since a venue was approved; those of the day itself were before it."""
    return Meeting.objects.held().filter(
        scheme=OuterRef("principle__scheme"),
        starts_at__date__gt=OuterRef("approved_on"),
        starts_at__date__lte=at,
    )


def _number(rows, of: str):
    """How many rows a subquery has."""
    counted = rows.order_by().values(of).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), Value(0))


def _asked_of():
    """Of how many meetings: `of_last`, or as many as must be attended."""
    return Greatest("of_last", "at_least")


def _meetings_attended(at: datetime.date):
    """Of the last so many held since approval, those where the organisation counts as there."""
    later = Meeting.objects.held().filter(
        scheme=OuterRef("meeting__scheme"),
        starts_at__gt=OuterRef("meeting__starts_at"),
        starts_at__date__lte=at,
    )
    attended = (
        Attendance.objects.counted()
        .filter(
            organisation=OuterRef("the_organisation"),
            meeting__scheme=OuterRef("principle__scheme"),
            meeting__state=Meeting.State.HELD,
            meeting__starts_at__date__gt=OuterRef("approved_on"),
            meeting__starts_at__date__lte=at,
        )
        .annotate(held_later=_number(later, "scheme"))
        .filter(held_later__lt=Greatest(OuterRef("of_last"), OuterRef("at_least")))
    )
    return _number(attended, "organisation")


register(
    EvidenceKind(
        key="meeting_attendance",
        order=60,
        words=_("Somebody came to the partnership meeting, or sent a report."),
        url_name="sign_up",
        held_until=lambda at: Case(
            When(
                GreaterThanOrEqual(_meetings_attended(at), F("at_least")),
                then=Value(FOREVER),
            ),
            output_field=DateField(),
        ),
        is_due=lambda at: GreaterThanOrEqual(_number(_meetings_held(at), "scheme"), _asked_of()),
        unlists=False,
    )
)

# Usage returns

register(
    EvidenceKind(
        key="usage_return",
        order=70,
        words=_("The quarter's return on how the space was used was sent."),
        url_name="sign_up",
        held_until=lambda at: Value(None, DateField()),
        is_due=lambda at: Value(False),
        unlists=False,
    )
)
