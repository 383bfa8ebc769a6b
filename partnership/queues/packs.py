"""Meeting packs of ended periods whose figures have not been made."""

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnership.rules.packs import packs_to_make
from venues.evidence_kinds import Part
from venues.work_queue import Queue, Row, register


def _packs(user, now, most):
    return [_pack(wanted) for wanted in packs_to_make(user, timezone.localdate(now))[:most]]


def _pack(wanted):
    return Row(
        str(wanted.period),
        str(wanted.scheme),
        reverse("pack", args=[wanted.scheme.slug, wanted.period]),
        _("It is over and %(returns)s returns are in; its figures are not made.")
        % {"returns": wanted.returns},
    )


register(
    Queue(
        key="packs",
        order=450,
        title=gettext_lazy("Meeting packs to make"),
        rows=_packs,
        whole_url=lambda: reverse("packs"),
        part=Part.RETURNS,
    )
)
