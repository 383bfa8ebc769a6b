"""Returns of many venues of one organisation in one press: all or none."""

from collections.abc import Iterable, Mapping

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from common.refusals import Refused
from partnership.models import UsageReturn
from partnership.models.of_period import period_columns
from partnership.models.returns import MOST
from partnership.periods import Period
from partnership.rules.branches import BranchReturn, returns_of
from venues.models import Event, SignUp


@transaction.atomic
def send_branch_returns(
    people: Mapping[int, int], period: Period, *, by: User
) -> list[UsageReturn]:
    """Send first returns for several venues: `people` helped per sign-up id, 0 for nil.

    All or none: Refused with a reason for each venue that cannot send. A return sent meanwhile is
    never overwritten; it is changed on the venue's own page. Constant number of queries.
    """
    if not people:
        raise Refused(_("Write a number for at least one place."))
    if any(not 0 <= number <= MOST for number in people.values()):
        raise Refused(_("Numbers are from 0 to %(most)s.") % {"most": MOST})
    now = timezone.now()
    # Lock in primary-key order, so that two simultaneous presses cannot deadlock.
    rows = SignUp.objects.select_for_update(of=("self",)).filter(pk__in=people).order_by("pk")
    sign_ups = list(rows.select_related(*SignUp.LOCKED_WITH))
    found = returns_of(sign_ups, period, timezone.localdate(now))
    if refused := _refused(sign_ups, found):
        raise Refused(*refused)
    sent = UsageReturn.objects.bulk_create(
        UsageReturn(
            sign_up=row.sign_up,
            **period_columns(period),
            people=people[row.sign_up.pk],
            way=UsageReturn.Way.PORTAL,
            sent_at=now,
            sent_by=by,
        )
        for row in found
    )
    Event.objects.record_each(
        "partnership.return_sent",
        [{"sign_up": each.sign_up, "about": each} for each in sent],
        by=by,
        period=period.code,
        way=str(UsageReturn.Way.PORTAL),
        version=1,
        lines=0,
        words_changed=False,
    )
    return sent


def _refused(sign_ups: Iterable[SignUp], found: Iterable[BranchReturn]) -> list[str]:
    known = {row.sign_up.pk for row in found}
    words = _("%(venue)s: %(reason)s")
    refused = [
        words % {"venue": each.venue, "reason": _("it is not a member of the scheme.")}
        for each in sign_ups
        if each.pk not in known
    ]
    for row in found:
        reasons = [_("its return was sent meanwhile.")] if row.usage_return else row.why_not
        refused += [words % {"venue": row.sign_up.venue, "reason": reason} for reason in reasons]
    return refused
