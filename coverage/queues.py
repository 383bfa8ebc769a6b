"""Officers' queues about coverage, and the rule behind each entry."""

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coverage.models import Gap
from coverage.models.gaps import SILENT_AFTER
from venues.work_queue import Queue, Row, register


def _silent_gaps(user, now, most):
    silent = Gap.objects.for_officer(user).silent(now).select_related("scheme", "owner")
    return [_gap(gap) for gap in silent.order_by("last_heard")[:most]]


def _gap(gap):
    heard = timezone.localdate(gap.last_heard)
    return Row(
        gap.title,
        str(gap.scheme),
        reverse("admin:coverage_gap_change", args=[gap.pk]),
        _("Nothing heard since %(day)s.") % {"day": date_format(heard, "j F Y")},
        due=heard + SILENT_AFTER,
        owner=str(gap.owner),
    )


register(
    Queue(
        key="gaps",
        order=500,
        title=gettext_lazy("Gaps of which nothing was heard for 30 days"),
        rows=_silent_gaps,
        whole_url=lambda: reverse("admin:coverage_gap_changelist") + "?standing=silent",
    )
)
