"""The state of each venue's last return, for the organisation's overview table."""

import datetime
from collections import defaultdict

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnership.rules.branches import returns_of
from partnership.rules.periods import last_ended
from venues.branches import Branch, Cell, Column, add_column
from venues.due import Due


def returned(branches: list[Branch], now: datetime.datetime) -> dict[int, Cell]:
    today = timezone.localdate(now)
    by_period = defaultdict(list)
    for branch in branches:
        if period := last_ended(branch.sign_up.scheme, today):
            by_period[period].append(branch.sign_up)
    rows = [row for period, some in by_period.items() for row in returns_of(some, period, today)]
    dues = {row.sign_up.pk: _due(row) for row in rows}
    return {
        row.sign_up.pk: Cell(
            row.standing.words, dues[row.sign_up.pk], is_wanting=dues[row.sign_up.pk] is not None
        )
        for row in rows
    }


def _due(row):
    if row.usage_return or not row.is_owed or not row.may_send:
        return None
    return Due(
        _("Send the return for %(period)s.") % {"period": row.period.label},
        reverse("portal_period_page", args=[row.sign_up.pk, row.period]),
        row.due_on,
    )


add_column(
    Column(
        "returned",
        gettext_lazy("Last return"),
        40,
        returned,
        page="branch_returns_now",
        page_words=gettext_lazy("Returns of all places"),
        has=lambda scheme: scheme.has_returns,
        wanting_words=gettext_lazy("With a return to send"),
    )
)
