"""Queues about entries that may be the same venue or organisation."""

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from venues.models import Merge, Scheme
from venues.same_place import likely_pairs, read_pairs
from venues.work_queue import Queue, Row, register

from .kinds import long_day


def _may_merge(user):
    return user.has_perm("venues.merge_venues")


def _same_places(user, now, most):
    return [
        Row(
            _("%(one)s and %(other)s") % {"one": pair.keep, "other": pair.other},
            str(pair.keep.lead_scheme),
            reverse("admin:merge_venues", args=[pair.keep.pk, pair.other.pk]),
            pair.rule,
        )
        for pair in read_pairs(likely_pairs(user)[:most])
    ]


def _merges(user, now, most):
    mine = Scheme.objects.for_officer(user)
    asked = Merge.schemes.through.objects.filter(merge=OuterRef("pk"), scheme__in=mine)
    agreed = Merge.agreed.through.objects.filter(
        merge=OuterRef(OuterRef("pk")), scheme=OuterRef("scheme")
    )
    waiting = Merge.objects.waiting().filter(Exists(asked.filter(~Exists(agreed))))
    waiting = waiting.select_related(
        *("keep_venue", "other_venue", "keep_organisation", "other_organisation", "asked_by")
    )
    return [_merge(each) for each in waiting.order_by("asked_at")[:most]]


def _merge(merge):
    return Row(
        _("%(one)s and %(other)s") % {"one": merge.keep, "other": merge.other},
        "",
        reverse("admin:venues_merge_change", args=[merge.pk]),
        _("On %(day)s an officer of another scheme said that they are one, and asks you.")
        % {"day": long_day(timezone.localdate(merge.asked_at))},
    )


register(
    Queue(
        key="same_places",
        order=195,
        title=gettext_lazy("Perhaps the same place"),
        rows=_same_places,
        whole_url=lambda: reverse("admin:same_places"),
        is_for=_may_merge,
    )
)
register(
    Queue(
        key="merges",
        order=196,
        title=gettext_lazy("Two entries to merge: do you agree?"),
        rows=_merges,
        whole_url=lambda: reverse("admin:venues_merge_changelist") + "?state=waits",
        is_for=_may_merge,
    )
)
