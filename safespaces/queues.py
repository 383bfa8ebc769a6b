"""What waits for whoever runs the installation."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.tasks.failures import reason_of, words_of
from common.tasks.retries import parked
from venues.work_queue import Queue, Row, register


def _failed_work(user, now, most):
    url = reverse("failed_work")
    return [Row(words_of(each), "", url, reason_of(each)) for each in parked()[:most]]


register(
    Queue(
        key="failed_work",
        order=300,
        title=_("Work that failed"),
        rows=_failed_work,
        whole_url=lambda: reverse("failed_work"),
        is_for=lambda user: user.is_superuser,
    )
)
