"""What is owed, by when, and the state of each return."""

import datetime
from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnership.models import ClosedPeriod, ReturnSettings, UsageReturn
from partnership.periods import Period
from venues.models import Scheme, SignUp

from .periods import ended_periods, is_asked

MEMBERS = (SignUp.State.APPROVED, SignUp.State.SUSPENDED)


def settings_of(scheme: Scheme) -> ReturnSettings:
    """The scheme's settings, or the defaults until it has some."""
    return ReturnSettings.objects.filter(scheme=scheme).first() or ReturnSettings(scheme=scheme)


def is_owed(period: Period, owed_from: datetime.datetime | None) -> bool:
    """Whether a venue owes a return: only for periods of which it is a member throughout.

    Nothing is owed for time before approval, or before an import (`SignUp.owed_from`).
    """
    return owed_from is not None and timezone.localdate(owed_from) <= period.starts


STATES = {
    "received": gettext_lazy("Received"),
    "nil": gettext_lazy("Received: nobody needed it"),
    "missing": gettext_lazy("Missing"),
    "waiting": gettext_lazy("Not due yet"),
    "not_owed": gettext_lazy("Not asked for"),
}


@dataclass(frozen=True)
class Standing:
    """The state of one venue's return for one period; late, missing and nil are distinct.

    `key` is received, nil, missing, waiting (not due yet) or not_owed; `is_late` says whether a
    received return came after its due day.
    """

    key: str
    is_late: bool = False

    @property
    def words(self) -> str:
        said = str(STATES[self.key])
        return _("%(state)s, late") % {"state": said} if self.is_late else said

    @property
    def colour(self) -> str:
        if self.is_late:
            return "yellow"
        return {"received": "green", "nil": "green", "missing": "red"}.get(self.key, "grey")


def standing_of(
    usage_return: UsageReturn | None,
    period: Period,
    *,
    settings: ReturnSettings,
    owed_from: datetime.datetime | None,
    at: datetime.date,
) -> Standing:
    """The state of one period on `at`."""
    sent_on = timezone.localdate(usage_return.sent_at) if usage_return else None
    return standing_by_days(
        period,
        sent_on=sent_on,
        is_nil=bool(usage_return and usage_return.is_nil),
        owed_on=timezone.localdate(owed_from) if owed_from else None,
        due_on=settings.due_on(period),
        at=at,
    )


def standing_by_days(
    period: Period,
    *,
    sent_on: datetime.date | None,
    is_nil: bool,
    owed_on: datetime.date | None,
    due_on: datetime.date,
    at: datetime.date,
) -> Standing:
    """As `standing_of`, of one of thousands whose rows are not loaded whole."""
    if sent_on:
        return Standing("nil" if is_nil else "received", sent_on > due_on)
    if owed_on is None or owed_on > period.starts:
        return Standing("not_owed")
    return Standing("missing" if at > due_on else "waiting")


def is_closed(scheme: Scheme, period: Period) -> bool:
    return ClosedPeriod.objects.of(period).filter(scheme=scheme).exists()


def why_not_send(
    sign_up: SignUp, period: Period, at: datetime.date, *, closed: bool | None = None
) -> list[str]:
    """Why no return can be sent or changed for this period on `at`; empty if it can.

    `closed` says whether the scheme has closed the period, if the caller knows.
    """
    scheme = sign_up.scheme
    if sign_up.state not in MEMBERS:
        return [_("This place is not a member of the scheme any more."), _turn_to(scheme)]
    if not is_asked(scheme, period):
        return [
            _("%(scheme)s does not ask about %(period)s by itself.")
            % {"scheme": scheme, "period": period.label}
        ]
    if period.ends >= at:
        return [
            _("%(period)s is not over yet. You can send this from %(day)s.")
            % {
                "period": period.label,
                "day": date_format(period.following.starts, "j F Y"),
            }
        ]
    if period.ends < timezone.localdate(sign_up.approved_at):
        return [
            _("Your place joined after %(period)s, so there is nothing to send for it.")
            % {"period": period.label}
        ]
    if is_closed(scheme, period) if closed is None else closed:
        return [
            _("%(period)s is closed: its figures are final. Nothing you did is lost.")
            % {"period": period.label},
            _turn_to(scheme),
        ]
    return []


def _turn_to(scheme: Scheme) -> str:
    """Whom to contact when a return cannot be sent."""
    return _("Please ring or write to %(council)s: %(contact)s.") % {
        "council": scheme.council,
        "contact": ", ".join(filter(None, [scheme.contact_phone, scheme.contact_email])),
    }


@dataclass(frozen=True)
class Row:
    """One period of one venue, for a list."""

    period: Period
    standing: Standing
    usage_return: UsageReturn | None
    due_on: datetime.date
    may_send: bool


def past_periods(sign_up: SignUp, at: datetime.date) -> list[Row]:
    """The venue's periods, newest first: those it owes and any others it answered."""
    if sign_up.approved_at is None:
        return []
    settings = settings_of(sign_up.scheme)
    sent = {each.period: each for each in sign_up.usage_returns.all()}
    closed = {each.period for each in ClosedPeriod.objects.filter(scheme=sign_up.scheme)}
    periods = [
        period
        for period in ended_periods(sign_up.scheme, at)
        if period in sent or is_owed(period, sign_up.owed_from)
    ]
    is_member = sign_up.state in MEMBERS
    return [
        Row(
            period=period,
            standing=standing_of(
                sent.get(period),
                period,
                settings=settings,
                owed_from=sign_up.owed_from,
                at=at,
            ),
            usage_return=sent.get(period),
            due_on=settings.due_on(period),
            may_send=is_member and period not in closed,
        )
        for period in periods
    ]


def what_does_not_add_up(people: int, totals: dict[str, int]) -> list[str]:
    """Questions about odd totals, never a refusal; `totals` is kind -> sum.

    One person may have several reasons and outcomes, so those lists may exceed the number of
    people. But nobody comes at two times or has two ages.
    """
    asked = []
    if people == 0 and any(totals.values()):
        asked.append(_("You wrote that nobody came, but counted something below. Is that right?"))
    if people and 0 < totals.get("reason", 0) < people:
        asked.append(
            _(
                "You have fewer reasons than people. Is “did not ask” missing some? It is fine if "
                "you do not know."
            )
        )
    names = {"part_of_day": _("times of day"), "age_band": _("ages")}
    for kind, name in names.items():
        total = totals.get(kind, 0)
        if people and total and total != people:
            asked.append(
                _("Your %(list)s add up to %(total)s, but you helped %(people)s people. Right?")
                % {"list": name, "total": total, "people": people}
            )
    return asked
