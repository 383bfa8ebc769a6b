"""The returns of several places for one quarter, side by side."""

import datetime
from collections.abc import Iterable
from dataclasses import dataclass

from partnership.models import ClosedQuarter, ReturnSettings, UsageReturn
from partnership.quarters import Quarter
from partnership.rules.returns import MEMBERS, Standing, first_owed, standing_of
from venues.models import SignUp


@dataclass(frozen=True)
class BranchReturn:
    """One place's return for one quarter, or how its absence stands."""

    sign_up: SignUp
    quarter: Quarter
    usage_return: UsageReturn | None
    standing: Standing
    due_on: datetime.date
    is_owed: bool
    is_closed: bool

    @property
    def may_send(self) -> bool:
        """As `why_not_send`, for a quarter that is over."""
        return self.sign_up.state in MEMBERS and not self.is_closed


def returns_of(
    sign_ups: Iterable[SignUp], quarter: Quarter, at: datetime.date
) -> list[BranchReturn]:
    """The members among `sign_ups`, with their return for `quarter`; in three queries."""
    members = [each for each in sign_ups if each.state in MEMBERS and each.approved_at]
    schemes = {each.scheme_id for each in members}
    settings = {each.scheme_id: each for each in ReturnSettings.objects.filter(scheme__in=schemes)}
    closed = set(
        ClosedQuarter.objects.filter(
            scheme__in=schemes, year=quarter.year, number=quarter.number
        ).values_list("scheme", flat=True)
    )
    sent = {
        each.sign_up_id: each
        for each in UsageReturn.objects.of(quarter).filter(sign_up__in=members)
    }
    found = []
    for sign_up in members:
        its_settings = settings.get(sign_up.scheme_id) or ReturnSettings(scheme=sign_up.scheme)
        usage_return = sent.get(sign_up.pk)
        found.append(
            BranchReturn(
                sign_up=sign_up,
                quarter=quarter,
                usage_return=usage_return,
                standing=standing_of(
                    usage_return,
                    quarter,
                    settings=its_settings,
                    owed_from=sign_up.owed_from,
                    at=at,
                ),
                due_on=its_settings.due_on(quarter),
                is_owed=first_owed(sign_up.owed_from) <= quarter,
                is_closed=sign_up.scheme_id in closed,
            )
        )
    return found
