"""When the partnership meets, who is invited, and what prevents a change; read-only."""

import calendar
import datetime
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from partnership.models import Attendance, Meeting, Partner, Series, UsageReturn
from partnership.models.attendance import AttendanceQuerySet
from venues.letters import whole_or_chosen
from venues.models import Cadence, Membership, Organisation, Scheme, SignUp
from venues.models.organisations import OrganisationQuerySet

GRID_MEETINGS = 4
MISSED_TWICE = 2
A_QUARTER = datetime.timedelta(days=92)


def day_in(series: Series, year: int, month: int) -> datetime.date:
    """The series' usual day in a month, such as the second Wednesday or the last Friday."""
    last = calendar.monthrange(year, month)[1]
    days = [
        day
        for day in range(1, last + 1)
        if datetime.date(year, month, day).weekday() == series.weekday
    ]
    # "Last" is the fifth if the month has one, otherwise the fourth.
    return datetime.date(year, month, days[min(series.week, len(days)) - 1])


def usual_days(series: Series, after: datetime.date) -> Iterator[datetime.date]:
    """An endless iterator of the series' usual days after a meeting on `after`.

    Spaced by the scheme's cadence; empty if it has no meetings.
    """
    apart = Cadence(series.scheme.meetings_every).months
    if not apart:
        return
    months = after.year * 12 + after.month - 1
    while True:
        months += apart
        year, month = divmod(months, 12)
        yield day_in(series, year, month + 1)


def first_day(series: Series, on: datetime.date) -> datetime.date:
    """The first usual day of a new series: this month's if still to come, otherwise the next."""
    this_month = day_in(series, on.year, on.month)
    if this_month > on:
        return this_month
    following = on.replace(day=1) + datetime.timedelta(days=32)
    return day_in(series, following.year, following.month)


def moment(day: datetime.date, hour: datetime.time) -> datetime.datetime:
    """A local date and time as an aware datetime."""
    return timezone.make_aware(datetime.datetime.combine(day, hour))


def next_meeting(scheme: Scheme, at: datetime.datetime) -> Meeting | None:
    """The next confirmed meeting that has not ended."""
    soon = at - datetime.timedelta(hours=12)
    found = (
        Meeting.objects.filter(scheme=scheme, state=Meeting.State.CONFIRMED, starts_at__gte=soon)
        .select_related("scheme__series", "venue")
        .order_by("starts_at")
    )
    return next((meeting for meeting in found if meeting.ends_at > at), None)


def meeting_before(meeting: Meeting) -> Meeting | None:
    """The last meeting held before this one."""
    earlier = Meeting.objects.held().filter(
        scheme=meeting.scheme_id, starts_at__lt=meeting.starts_at
    )
    return earlier.order_by("-starts_at").first()


def organisations_of(scheme: Scheme) -> OrganisationQuerySet:
    """Organisations with an approved venue in the scheme, once each."""
    approved = SignUp.objects.approved().filter(scheme=scheme, venue__organisation=OuterRef("pk"))
    return Organisation.objects.filter(Exists(approved))


def to_invite(meeting: Meeting) -> OrganisationQuerySet:
    """Member organisations that should be invited to a meeting.

    Venues imported after the invitations were due are first invited to the next meeting: an import
    sends no letters about a meeting already announced.
    """
    # Only schemes with a series send invitations automatically; others have no such day.
    series = Series.objects.filter(scheme=meeting.scheme_id).first()
    days = datetime.timedelta(days=series.invite_days if series else 0)
    due = min(filter(None, [meeting.invited_at, meeting.starts_at - days]))
    here = SignUp.objects.approved().filter(
        scheme=meeting.scheme_id, venue__organisation=OuterRef("pk")
    )
    return Organisation.objects.filter(
        Exists(here.filter(Q(imported_at__isnull=True) | Q(imported_at__lt=due)))
    )


def is_member(organisation: Organisation, scheme: Scheme) -> bool:
    return organisations_of(scheme).filter(pk=organisation.pk).exists()


def with_addresses(organisations: OrganisationQuerySet) -> OrganisationQuerySet:
    """Prefetch what `addresses_of` reads."""
    managers = Membership.objects.managers().seeing().filter(user__is_active=True)
    managers = managers.select_related("user")
    return organisations.prefetch_related(
        Prefetch("memberships", queryset=managers, to_attr="managers"), "venues"
    )


def addresses_of(organisation: Organisation) -> set[str]:
    """Addresses of the managers (of head office, if it has any), else the venues' contacts.

    Needs `with_addresses`.
    """
    managers = whole_or_chosen((each.scope, each.user.email) for each in organisation.managers)
    return managers or {venue.contact_email for venue in organisation.venues.all()} - {""}


def invited_addresses(attendance: Attendance) -> set[str]:
    """Everybody who may act on an invitation: the partner, or whoever looks after the
    organisation or one of its places today.
    """
    if attendance.partner is not None:
        return {attendance.partner.email}
    organisation = attendance.organisation
    if organisation is None:
        return set()
    members = organisation.memberships.seeing().filter(user__is_active=True)
    contacts = organisation.venues.values_list("contact_email", flat=True)
    return {*members.values_list("user__email", flat=True), *contacts} - {""}


def missing_to_confirm(meeting: Meeting, at: datetime.datetime) -> list[str]:
    """What is missing before a proposed date can be confirmed, in words."""
    reasons = []
    if meeting.state != Meeting.State.PROPOSED:
        reasons.append(_("Only a proposed date can be confirmed."))
    if not meeting.place and not meeting.video_link:
        reasons.append(_("Give a place or a video link."))
    if meeting.starts_at <= at:
        reasons.append(_("This time has passed."))
    return reasons


def why_not_change(meeting: Meeting, at: datetime.datetime) -> list[str]:
    """Why the meeting can be neither moved nor cancelled; empty if it can."""
    if meeting.state == Meeting.State.CANCELLED:
        return [_("This meeting was cancelled.")]
    if meeting.state == Meeting.State.HELD or meeting.starts_at <= at:
        return [_("This meeting is in the past: it cannot be moved or cancelled.")]
    return []


def why_no_register(meeting: Meeting, at: datetime.datetime) -> list[str]:
    """Why no register can be taken; it opens two hours before the meeting."""
    if meeting.state == Meeting.State.CANCELLED:
        return [_("This meeting was cancelled.")]
    if meeting.state == Meeting.State.PROPOSED:
        return [_("This date was never confirmed.")]
    if meeting.starts_at - datetime.timedelta(hours=2) > at:
        return [_("The meeting has not begun yet.")]
    return []


def why_not_reply(attendance: Attendance, at: datetime.datetime) -> list[str]:
    """Why no reply can be sent; empty until the meeting starts."""
    meeting = attendance.meeting
    if meeting.state == Meeting.State.CANCELLED:
        return [_("This meeting was cancelled. There is nothing to do.")]
    if meeting.state == Meeting.State.HELD or meeting.starts_at <= at:
        return [_("This meeting has begun or is over, so replies are closed.")]
    if not still_belongs(attendance):
        return [
            _("%(who)s is not in the partnership any more.") % {"who": attendance.who}
            + " "
            + _("If that is wrong, write to %(email)s.") % {"email": meeting.scheme.contact_email}
        ]
    return []


def still_belongs(attendance: Attendance) -> bool:
    """Whether the invitee is still a member or partner."""
    if attendance.partner is not None:
        return attendance.partner.ended_at is None
    if attendance.organisation is None:
        return False
    return is_member(attendance.organisation, attendance.meeting.scheme)


def missed_twice(schemes: Iterable[Scheme], at: datetime.date) -> AttendanceQuerySet:
    """The last row of each member who missed the last two meetings without a word.

    Apologies and reports end the run, whether or not they count as attendance.
    """
    held = Meeting.objects.held().filter(starts_at__date__lte=at)
    later = (
        held.filter(scheme=OuterRef("scheme"), starts_at__gt=OuterRef("starts_at"))
        .order_by()
        .values("scheme")
        .annotate(number=Count("pk"))
        .values("number")
    )
    ranked = held.filter(scheme__in=schemes).annotate(later=Coalesce(Subquery(later), Value(0)))
    missed = Attendance.objects.filter(outcome=Attendance.Outcome.MISSED)
    before = missed.filter(
        meeting__in=ranked.filter(later=1),
        meeting__scheme=OuterRef("meeting__scheme"),
        organisation=OuterRef("organisation"),
    )
    member = SignUp.objects.approved().filter(
        scheme=OuterRef("meeting__scheme"), venue__organisation=OuterRef("organisation")
    )
    return (
        missed.filter(Exists(before), Exists(member), meeting__in=ranked.filter(later=0))
        .select_related("organisation", "meeting__scheme")
        .order_by("organisation__name", "pk")
    )


@dataclass(frozen=True)
class GridRow:
    """One organisation or partner over the last meetings; None where it was not invited."""

    who: object
    cells: list[Attendance | None]
    missed_running: int

    @property
    def to_call(self) -> bool:
        return self.missed_running >= MISSED_TWICE

    @property
    def latest(self) -> Attendance | None:
        """The row of the last meeting shown."""
        return self.cells[-1] if self.cells else None


def grid(meetings: list[Meeting]) -> list[GridRow]:
    """Attendance at these meetings (earliest first), in one query."""
    rows = Attendance.objects.filter(meeting__in=meetings, visitor="").select_related(
        "organisation", "partner"
    )
    by_who: dict = {}
    for row in rows:
        by_who.setdefault(row.who, {})[row.meeting_id] = row
    found = [
        GridRow(who, [cells.get(meeting.pk) for meeting in meetings], _run(cells, meetings))
        for who, cells in by_who.items()
    ]
    return sorted(found, key=lambda row: (isinstance(row.who, Partner), str(row.who).lower()))


def _run(cells: Mapping[int, Attendance], meetings: Sequence[Meeting]) -> int:
    """How many of the last meetings in a row were missed without a word."""
    run = 0
    for meeting in reversed(meetings):
        cell = cells.get(meeting.pk)
        if cell is None or cell.outcome != Attendance.Outcome.MISSED:
            return run
        run += 1
    return run


def has_sent_return(attendance: Attendance) -> bool:
    """Whether a return was sent since the last meeting, which counts as a report."""
    if attendance.organisation is None:
        return False
    sent = UsageReturn.objects.filter(
        sign_up__scheme=attendance.meeting.scheme_id,
        sign_up__venue__organisation=attendance.organisation,
    )
    before = meeting_before(attendance.meeting)
    since = before.starts_at if before else attendance.meeting.starts_at - A_QUARTER
    return sent.filter(sent_at__gte=since).exists()
