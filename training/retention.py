"""How long training data is kept: rows of `common.retention`."""

import datetime

from django.utils.translation import gettext_lazy as _

from common.retention import Period, keep_for
from training.models import Interest


@keep_for(
    "interest",
    Period(months=12),
    _("Interest in training is deleted %(period)s after it was registered."),
)
def delete_old_interest(before: datetime.datetime) -> int:
    """Delete interest registered before then. Returns how many."""
    deleted, __ = Interest.objects.filter(asked_at__lt=before).delete()
    return deleted
