"""How coming to the partnership and sending returns are proved."""

import datetime

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import (
    Case,
    Count,
    DateField,
    ExpressionWrapper,
    F,
    Func,
    IntegerField,
    OuterRef,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import (
    Cast,
    Coalesce,
    ExtractQuarter,
    ExtractYear,
    Greatest,
)
from django.db.models.lookups import GreaterThanOrEqual, LessThan
from django.utils.translation import gettext_lazy as _

from common.expressions import Nth
from partnership.models import Attendance, Meeting, ReturnSettings, UsageReturn
from venues.evidence_kinds import FOREVER, EvidenceKind, Part, register

# Meetings


def _meetings_held(at: datetime.date):
    """The meetings held since a venue was approved; those of the day itself were before it."""
    return Meeting.objects.held().filter(
        scheme=OuterRef("principle__scheme"),
        starts_at__date__gt=OuterRef("owed_on"),
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
            meeting__starts_at__date__gt=OuterRef("owed_on"),
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
        url_name="portal_meetings",
        button=_("Go to the meetings"),
        held_until=lambda at: Case(
            When(
                GreaterThanOrEqual(_meetings_attended(at), F("at_least")),
                then=Value(FOREVER),
            ),
            output_field=DateField(),
        ),
        is_due=lambda at: GreaterThanOrEqual(_number(_meetings_held(at), "scheme"), _asked_of()),
        unlists=False,
        part=Part.MEETINGS,
    )
)

# Usage returns. Quarters are counted through: year times four plus its number, less one.


class FirstDay(Func):
    """The first day of a quarter."""

    arity = 1
    template = "(DATE '0001-01-01' + make_interval(months => (%(expressions)s) * 3 - 12))::date"
    output_field = DateField()


def _first_owed(owed_on):
    """The first quarter that a venue is a member of from end to end: nothing is owed before."""
    day_before = ExpressionWrapper(owed_on - datetime.timedelta(days=1), output_field=DateField())
    return Cast(ExtractYear(day_before) * 4 + ExtractQuarter(day_before), IntegerField())


def _sent():
    """The owed quarters that the venue sent a return for, newest first; NULL when there is none."""
    returns = (
        UsageReturn.objects.filter(sign_up=OuterRef("the_sign_up"))
        .annotate(
            quarter_number=Cast("year", IntegerField()) * 4 + Cast("number", IntegerField()) - 1
        )
        .filter(quarter_number__gte=_first_owed(OuterRef("owed_on")))
        .order_by()
    )
    newest_first = ArrayAgg("quarter_number", order_by="-quarter_number")
    return Subquery(returns.values("sign_up").annotate(sent=newest_first).values("sent"))


def _due_on(quarter):
    """The last day on which a return for the quarter is in time, as the scheme set it."""
    set_by_scheme = ReturnSettings.objects.filter(scheme=OuterRef("principle__scheme"))
    usual = ReturnSettings._meta.get_field("due_after_days").default
    days = Coalesce(Subquery(set_by_scheme.values("due_after_days")), Value(usual))
    return ExpressionWrapper(
        FirstDay(quarter + 1) + Cast(days, IntegerField()) - Value(1), output_field=DateField()
    )


def returns_sent_until(at: datetime.date):
    """The day until which "at least n of the last m" holds if no further return comes.

    It holds while the nth newest is among the last m that were due; one sent early counts at once.
    What was before the first owed quarter counts as sent. NULL when nothing was sent: then it is
    not due yet, or it is missing. (Each part is said once: this is in the public's every search.)
    """
    number = Func(_sent(), function="cardinality", output_field=IntegerField())
    credited = _first_owed(F("owed_on")) - F("at_least") + number
    nth = Coalesce(
        Nth(_sent(), F("at_least"), output_field=IntegerField()),
        credited,
        output_field=IntegerField(),
    )
    return _due_on(nth + _asked_of())


def returns_are_due(at: datetime.date):
    """Once so many quarters went by since approval that none sent is too few."""
    owed = _first_owed(F("owed_on")) + _asked_of() - F("at_least")
    return Coalesce(LessThan(_due_on(owed), Value(at)), Value(False))


register(
    EvidenceKind(
        key="usage_return",
        order=70,
        words=_("The quarter's return on how the space was used was sent."),
        url_name="returns_home",
        button=_("Go to your counts"),
        held_until=returns_sent_until,
        is_due=returns_are_due,
        unlists=False,
        part=Part.RETURNS,
    )
)
