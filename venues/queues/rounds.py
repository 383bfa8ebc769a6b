"""The queue of rounds that open or close soon, or whose people were not told yet."""

import datetime

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from venues.models import Round, RoundNotice, Waiting
from venues.work_queue import Queue, Row, register

from .kinds import long_day

SOON = datetime.timedelta(days=14)


def _rounds(user, now, most):
    today = timezone.localdate(now)
    told = RoundNotice.objects.filter(round=OuterRef("pk"))
    waiting = Waiting.objects.confirmed().filter(scheme=OuterRef("scheme"))
    opens = Q(opens_on__gt=today, opens_on__lte=today + SOON)
    closes = Q(opens_on__lte=today, closes_on__gte=today, closes_on__lte=today + SOON)
    to_tell = Q(Exists(waiting), ~Exists(told), opens_on__lte=today, closes_on__gte=today)
    found = (
        Round.objects.for_officer(user)
        .filter(opens | closes | to_tell, scheme__closed_at=None)
        .annotate(is_untold=Exists(waiting) & ~Exists(told))
        .select_related("scheme")
        .order_by("opens_on", "pk")
    )
    return [_row(each, today) for each in found[:most]]


def _row(round, today):
    if round.opens_on > today:
        rule, due = _("Opens on %(day)s."), round.opens_on
    else:
        rule, due = _("Closes at the end of %(day)s."), round.closes_on
    rule = rule % {"day": long_day(due)}
    if round.is_untold:
        rule += " " + _("Those who want to be told of it have not been told.")
    url = reverse("admin:venues_round_change", args=[round.pk])
    return Row(str(round), str(round.scheme), url, rule, due)


register(
    Queue(
        key="rounds",
        order=198,
        title=gettext_lazy("Rounds that open or close soon"),
        rows=_rounds,
        whole_url=lambda: reverse("admin:venues_round_changelist"),
    )
)
