"""Coverage as it was kept at the end of the last two quarters, when fewer places had joined."""

from django.db import transaction
from django.utils import timezone

from coverage.models import Snapshot
from coverage.models.snapshots import last_day, quarter_before
from coverage.snapshots import figures_of
from venues.models import Scheme, SignUp
from venues.models.sign_ups import State


def keep_quarters(scheme: Scheme) -> None:
    """Keep two quarters as they would have been with a half and a quarter of today's members.

    The demonstration's places all joined today, so that worked out again the figures differ.
    """
    quarter = quarter_before(timezone.localdate())
    for one_in in (2, 4):
        Snapshot.objects.create(
            scheme=scheme,
            year=quarter[0],
            quarter=quarter[1],
            kept_at=timezone.now(),
            figures=_figures_with_one_in(one_in, scheme),
        )
        quarter = quarter_before(last_day(*quarter).replace(day=1))


def _figures_with_one_in(one_in: int, scheme: Scheme) -> dict:
    today = timezone.localdate()
    members = SignUp.objects.listed(today).filter(scheme=scheme).order_by("pk")
    keys = list(members.values_list("pk", flat=True))
    with transaction.atomic():
        SignUp.objects.filter(pk__in=set(keys) - set(keys[::one_in])).update(state=State.SUBMITTED)
        figures = figures_of(scheme, today)
        transaction.set_rollback(True)
    return figures
