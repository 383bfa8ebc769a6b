"""Meeting attendance and usage returns as evidence."""

import datetime
from collections.abc import Callable

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import (
    Case,
    CharField,
    Count,
    DateField,
    Expression,
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
    ExtractMonth,
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
    """Meetings held after the day of the venue's approval."""
    return Meeting.objects.held().filter(
        scheme=OuterRef("principle__scheme"),
        starts_at__date__gt=OuterRef("owed_on"),
        starts_at__date__lte=at,
    )


def _number(rows, of: str):
    """The number of rows in a subquery."""
    counted = rows.order_by().values(of).annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counted), Value(0))


def _asked_of():
    """Out of how many meetings: `of_last`, or `at_least` if larger."""
    return Greatest("of_last", "at_least")


def _meetings_attended(at: datetime.date):
    """How many of the last `of_last` meetings since approval the organisation attended."""
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

# Usage returns. Periods are numbered from the year 0 in the cadence in force on the day. A change
# of cadence is a fresh start, like joining: earlier periods count as sent, because a return for a
# month cannot prove a quarter.

EARLIER, EVERY = "principle__scheme__returns_earlier", "principle__scheme__returns_every"
Ref = Callable[[str], Expression]
"""F, or OuterRef inside a subquery."""


class FirstDay(Func):
    """The first day of a period, given in months since the year 0."""

    arity = 1
    template = "(DATE '0001-01-01' + make_interval(months => (%(expressions)s) - 12))::date"
    output_field = DateField()


class Months(Func):
    """The number of months in a cadence's period; NULL for "none"."""

    arity = 1
    template = (
        "(ARRAY[1, 3, 6, 12])[array_position("
        "ARRAY['month', 'quarter', 'half_year', 'year'], (%(expressions)s)::text)]"
    )
    output_field = IntegerField()


def _cadence(ref: Ref, at: datetime.date):
    """The scheme's cadence on `at`: `venues.models.parts.cadence_on()` in SQL."""
    path = f'strict $[*] ? (@[1] >= "{at}")'  # lax mode would unwrap each pair
    held = Func(
        ref(EARLIER),
        template=f"jsonb_path_query_first(%(expressions)s, '{path}') ->> 0",
        output_field=CharField(),
    )
    return Coalesce(held, ref(EVERY))


def _asked_since(ref: Ref, at: datetime.date):
    """The first day of that cadence; NULL if it has always applied."""
    return Func(
        ref(EARLIER),
        template=(
            f"(jsonb_path_query_array(%(expressions)s, 'strict $[*] ? (@[1] < \"{at}\")')"
            " -> -1 ->> 1)::date + 1"
        ),
        output_field=DateField(),
    )


def _first_owed(ref: Ref, at: datetime.date):
    """The number of the first whole period of membership; nothing is owed before it."""
    begins = Greatest(ref("owed_on"), _asked_since(ref, at))
    day_before = ExpressionWrapper(begins - datetime.timedelta(days=1), output_field=DateField())
    month = Cast(ExtractYear(day_before) * 12 + ExtractMonth(day_before) - 1, IntegerField())
    return month / Months(_cadence(ref, at)) + 1


def _sent(at: datetime.date):
    """Numbers of the owed periods with a return, newest first; NULL if there are none."""
    year, number = Cast("year", IntegerField()), Cast("number", IntegerField())
    returns = (
        UsageReturn.objects.filter(sign_up=OuterRef("the_sign_up"))
        .filter(length=_cadence(OuterRef, at))
        .annotate(period_number=year * 12 / Months(F("length")) + number - 1)
        .filter(period_number__gte=_first_owed(OuterRef, at))
        .order_by()
    )
    newest_first = ArrayAgg("period_number", order_by="-period_number")
    return Subquery(returns.values("sign_up").annotate(sent=newest_first).values("sent"))


def _due_on(period, at: datetime.date):
    """The last day on which a return for the period is on time, as the scheme sets it."""
    set_by_scheme = ReturnSettings.objects.filter(scheme=OuterRef("principle__scheme"))
    usual = ReturnSettings._meta.get_field("due_after_days").default
    days = Coalesce(Subquery(set_by_scheme.values("due_after_days")), Value(usual))
    following = (period + 1) * Months(_cadence(F, at))
    return ExpressionWrapper(
        FirstDay(following) + Cast(days, IntegerField()) - Value(1), output_field=DateField()
    )


def returns_sent_until(at: datetime.date):
    """The day until which "at least n of the last m" holds if no more returns arrive.

    It holds while the nth newest return is among the last m due; an early one counts at once, and
    periods before the first owed one count as sent. NULL if nothing was sent: it is not due yet, or
    missing. Each subquery appears only once, because every public search runs this.
    """
    number = Func(_sent(at), function="cardinality", output_field=IntegerField())
    credited = _first_owed(F, at) - F("at_least") + number
    nth = Coalesce(
        Nth(_sent(at), F("at_least"), output_field=IntegerField()),
        credited,
        output_field=IntegerField(),
    )
    return _due_on(nth + _asked_of(), at)


def returns_are_due(at: datetime.date):
    """Whether so many periods have passed since approval that sending none is too few."""
    owed = _first_owed(F, at) + _asked_of() - F("at_least")
    return Coalesce(LessThan(_due_on(owed, at), Value(at)), Value(False))


register(
    EvidenceKind(
        key="usage_return",
        order=70,
        words=_("The return on how the space was used was sent."),
        url_name="returns_home",
        button=_("Go to your counts"),
        held_until=returns_sent_until,
        is_due=returns_are_due,
        unlists=False,
        part=Part.RETURNS,
    )
)
