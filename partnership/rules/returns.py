"""What is owed, by when, and how each quarter's return stands."""

import datetime
from dataclasses import dataclass

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnership.models import ClosedQuarter, ReturnSettings, UsageReturn
from partnership.quarters import Quarter
from venues.models import Scheme, SignUp

MEMBERS = (SignUp.State.APPROVED, SignUp.State.SUSPENDED)
SHOWN = 8
"""Quarters that a venue is shown: two years."""


def settings_of(scheme: Scheme) -> ReturnSettings:
    """What the scheme set, or what holds until it sets something."""
    return ReturnSettings.objects.filter(scheme=scheme).first() or ReturnSettings(scheme=scheme)


def first_owed(owed_from: datetime.datetime) -> Quarter:
    """The first quarter that a venue owes a return for: the first it is a member from end to end.

    Nothing is owed for a time before approval, or before an import (`SignUp.owed_from`).
    """
    day = timezone.localdate(owed_from)
    quarter = Quarter.containing(day)
    return quarter if quarter.starts == day else quarter.following


def is_owed(owed_from: datetime.datetime | None, quarter: Quarter) -> bool:
    """Whether a venue owes a return for the quarter; nothing is owed before approval."""
    return owed_from is not None and quarter >= first_owed(owed_from)


def last_ended(at: datetime.date) -> Quarter:
    return Quarter.containing(at).previous


STATES = {
    "received": gettext_lazy("Received"),
    "nil": gettext_lazy("Received: nobody needed it"),
    "missing": gettext_lazy("Missing"),
    "waiting": gettext_lazy("Not due yet"),
    "not_owed": gettext_lazy("Not asked for"),
}


@dataclass(frozen=True)
class Standing:
    """How the return of one venue and quarter stands: late, missing and nil are three things.

    `key` is received, nil, missing, waiting (not due yet) or not_owed; `is_late` is whether what
    was received came after the day on which it was due.
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
    quarter: Quarter,
    *,
    settings: ReturnSettings,
    owed_from: datetime.datetime | None,
    at: datetime.date,
) -> Standing:
    """How one quarter stands on the date `at`."""
    due_on = settings.due_on(quarter)
    if usage_return:
        is_late = timezone.localdate(usage_return.sent_at) > due_on
        return Standing("nil" if usage_return.is_nil else "received", is_late)
    if not is_owed(owed_from, quarter):
        return Standing("not_owed")
    return Standing("missing" if at > due_on else "waiting")


def is_closed(scheme: Scheme, quarter: Quarter) -> bool:
    return ClosedQuarter.objects.filter(
        scheme=scheme, year=quarter.year, number=quarter.number
    ).exists()


def why_not_send(
    sign_up: SignUp, quarter: Quarter, at: datetime.date, *, closed: bool | None = None
) -> list[str]:
    """Why no return can be sent or changed for this quarter on the date `at`; empty when it can.

    `closed` says whether the scheme has closed the quarter, where the caller knows.
    """
    scheme = sign_up.scheme
    if sign_up.state not in MEMBERS:
        return [_("This place is not a member of the scheme any more."), _turn_to(scheme)]
    if quarter >= Quarter.containing(at):
        return [
            _("%(quarter)s is not over yet. You can send this from %(day)s.")
            % {
                "quarter": quarter.label,
                "day": date_format(quarter.following.starts, "j F Y"),
            }
        ]
    if quarter.ends < timezone.localdate(sign_up.approved_at):
        return [_("Your place joined after this quarter, so there is nothing to send for it.")]
    if is_closed(scheme, quarter) if closed is None else closed:
        return [
            _("%(quarter)s is closed: its figures are final. Nothing you did is lost.")
            % {"quarter": quarter.label},
            _turn_to(scheme),
        ]
    return []


def _turn_to(scheme: Scheme) -> str:
    """Whom to ask, for whoever cannot send a return."""
    return _("Please ring or write to %(council)s: %(contact)s.") % {
        "council": scheme.council,
        "contact": ", ".join(filter(None, [scheme.contact_phone, scheme.contact_email])),
    }


@dataclass(frozen=True)
class Row:
    """One quarter of one venue, for a list."""

    quarter: Quarter
    standing: Standing
    usage_return: UsageReturn | None
    due_on: datetime.date
    may_send: bool


def past_quarters(sign_up: SignUp, at: datetime.date) -> list[Row]:
    """The venue's quarters, newest first: those it owes, and those it answered anyway."""
    if sign_up.approved_at is None:
        return []
    settings = settings_of(sign_up.scheme)
    sent = {each.quarter: each for each in sign_up.usage_returns.all()}
    closed = {each.quarter for each in ClosedQuarter.objects.filter(scheme=sign_up.scheme)}
    newest = last_ended(at)
    quarters = [
        quarter
        for quarter in reversed(newest.last(SHOWN))
        if quarter in sent or is_owed(sign_up.owed_from, quarter)
    ]
    is_member = sign_up.state in MEMBERS
    return [
        Row(
            quarter=quarter,
            standing=standing_of(
                sent.get(quarter),
                quarter,
                settings=settings,
                owed_from=sign_up.owed_from,
                at=at,
            ),
            usage_return=sent.get(quarter),
            due_on=settings.due_on(quarter),
            may_send=is_member and quarter not in closed,
        )
        for quarter in quarters
    ]


def what_does_not_add_up(people: int, totals: dict[str, int]) -> list[str]:
    """Questions about totals that look odd; `totals` is kind -> sum. Never a reason to refuse.

    One person may come for several reasons and be helped in several ways, so those lists may be
    larger than the number of people. Nobody comes at two times or has two ages.
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
