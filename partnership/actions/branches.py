"""The returns of many places of one organisation, in one press: all or none."""

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
    """Send a first return for several places: `people` helped per sign-up id, 0 for nil.

    Refused with a sentence for each place that cannot send, by name; then none is sent. What was
    sent meanwhile is never overwritten: a place is changed on its own page. In a constant number of
    queries.
    """
    if not people:
        raise Refused(_("Write a number for at least one place."))
    if any(not 0 <= number <= MOST for number in people.values()):
        raise Refused(_("Numbers are from 0 to %(most)s.") % {"most": MOST})
    now = timezone.now()
    # In the order of their keys, so that two people at once do not wait for each other for ever.
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
        quarter=period.code,
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
