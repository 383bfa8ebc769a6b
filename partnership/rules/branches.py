"""Several venues' returns for one period, side by side and as totals."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Sum

from partnership.models import (
    ClosedPeriod,
    ReturnItem,
    ReturnSettings,
    TallyCount,
    UsageCount,
    UsageReturn,
)
from partnership.periods import Period
from partnership.rules.returns import MEMBERS, Standing, is_owed, standing_of, why_not_send
from venues.models import SignUp


@dataclass(frozen=True)
class BranchReturn:
    """One venue's return for one period, or why there is none.

    `why_not`: why none can be sent. `tallied`: whether its tally has counts for the period, which
    nil would contradict.
    """

    sign_up: SignUp
    period: Period
    usage_return: UsageReturn | None
    standing: Standing
    due_on: datetime.date
    is_owed: bool
    why_not: list[str]
    tallied: bool

    @property
    def may_send(self) -> bool:
        return not self.why_not

    @property
    def is_open(self) -> bool:
        """Whether nothing was sent yet and a return can be."""
        return self.usage_return is None and self.may_send

    @property
    def takes_nil(self) -> bool:
        """Whether nil can be sent: owed, not sent, and no tally counts."""
        return self.is_open and self.is_owed and not self.tallied


def returns_of(sign_ups: Iterable[SignUp], period: Period, at: datetime.date) -> list[BranchReturn]:
    """The members among `sign_ups` with their returns for `period`, in four queries."""
    members = [each for each in sign_ups if each.state in MEMBERS and each.approved_at]
    schemes = {each.scheme_id for each in members}
    settings = {each.scheme_id: each for each in ReturnSettings.objects.filter(scheme__in=schemes)}
    closed_here = ClosedPeriod.objects.of(period).filter(scheme__in=schemes)
    closed = set(closed_here.values_list("scheme", flat=True))
    sent = {
        each.sign_up_id: each for each in UsageReturn.objects.of(period).filter(sign_up__in=members)
    }
    counted = TallyCount.objects.of(period).filter(tally__sign_up__in=members, count__gt=0)
    tallied = set(counted.values_list("tally__sign_up", flat=True))
    found = []
    for sign_up in members:
        its_settings = settings.get(sign_up.scheme_id) or ReturnSettings(scheme=sign_up.scheme)
        usage_return = sent.get(sign_up.pk)
        found.append(
            BranchReturn(
                sign_up=sign_up,
                period=period,
                usage_return=usage_return,
                standing=standing_of(
                    usage_return,
                    period,
                    settings=its_settings,
                    owed_from=sign_up.owed_from,
                    at=at,
                ),
                due_on=its_settings.due_on(period),
                is_owed=is_owed(period, sign_up.owed_from),
                why_not=why_not_send(sign_up, period, at, closed=sign_up.scheme_id in closed),
                tallied=sign_up.pk in tallied,
            )
        )
    return found


@dataclass(frozen=True)
class Totals:
    """Totals of several venues, for those who look after them, so nothing is withheld.

    `lists`: (list, [(item, sum)]) in the scheme's order, without zeros.
    """

    sent: int
    missing: int
    people: int
    lists: list[tuple[str, list[tuple[str, int]]]]


def totals_of(rows: list[BranchReturn]) -> Totals:
    """The totals of these returns, in one query."""
    sent = [row.usage_return for row in rows if row.usage_return]
    counts = (
        UsageCount.objects.filter(usage_return__in=sent)
        .values("item__kind", "item__label", "item__order", "item__is_not_asked")
        .annotate(total=Sum("count"))
        .order_by("item__kind", "-item__is_not_asked", "item__order", "item__label")
    )
    kinds = dict(ReturnItem.Kind.choices)
    lists: dict[str, dict[str, int]] = {kind: {} for kind in kinds}
    for row in counts:
        lines = lists[row["item__kind"]]
        # Two schemes may have items with the same label.
        lines[row["item__label"]] = lines.get(row["item__label"], 0) + row["total"]
    return Totals(
        sent=len(sent),
        missing=sum(row.usage_return is None and row.is_owed for row in rows),
        people=sum(each.people for each in sent),
        lists=[(str(kinds[kind]), list(lines.items())) for kind, lines in lists.items() if lines],
    )
