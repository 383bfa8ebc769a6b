"""What is done each hour without anybody asking."""

import datetime

from django.utils import timezone

from training import actions


def remind_of_expiry(at: datetime.datetime | None = None) -> int:
    """Remind of training that ends in 60, 30 or 7 days, each once; of how many completions."""
    return actions.remind_of_expiry(timezone.localdate(at))
