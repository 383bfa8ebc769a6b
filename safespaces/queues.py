"""The queues of the installation's operator."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from common.tasks.failed_letters import reason_of_letter, words_of_letter
from common.tasks.failures import reason_of, words_of
from common.tasks.retries import parked
from safespaces.failed_work import failed_letters
from venues.work_queue import Queue, Row, register


def _failed_work(user, now, most):
    url = reverse("failed_work")
    tasks = [Row(words_of(each), "", url, reason_of(each)) for each in parked()[:most]]
    letters = [
        Row(words_of_letter(each), "", url, reason_of_letter(each))
        for each in failed_letters()[: most - len(tasks)]
    ]
    return tasks + letters


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
