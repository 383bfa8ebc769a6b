"""How long accounts keep what somebody has changed: rows of `common.retention`."""

import datetime

from django.utils.translation import gettext_lazy as _

from accounts.links import BACK_LASTS
from accounts.models import FormerAddress
from common.retention import Period, keep_for


@keep_for(
    "former_addresses",
    Period(days=BACK_LASTS.days),
    _(
        "When you change your e-mail address, the old one is kept for %(period)s so that you can "
        "take the change back."
    ),
)
def delete_former_addresses(before: datetime.datetime) -> int:
    """Delete addresses whose link to take them back has run out; how many."""
    deleted, __ = FormerAddress.objects.filter(changed_at__lt=before).delete()
    return deleted
