"""Printing that takes too long for a request: many stickers, a meeting's pack."""

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.deciding import Moves

from .runs import Run


class PrintRun(Run):
    """A PDF that a worker makes in parts; officers can download it while it is kept."""

    class State(models.TextChoices):
        WAITING = "waiting", _("waiting")
        MAKING = "making", _("being made")
        DONE = "done", _("done")
        REFUSED = "refused", _("refused")
        STOPPED = "stopped", _("stopped")

    UNDER_WAY = (State.WAITING, State.MAKING)

    kind = models.CharField(_("kind"), max_length=30)
    """The key of a paper; apps register them in `venues/papers.py`."""
    scheme = models.ForeignKey(
        "venues.Scheme",
        verbose_name=_("scheme"),
        on_delete=models.CASCADE,
        related_name="print_runs",
    )
    title = models.CharField(_("what"), max_length=200)
    file_name = models.CharField(max_length=100)
    options = models.JSONField(default=dict)
    """What is printed, by ids: read by the paper of this kind."""
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.WAITING
    )
    file = models.BinaryField(null=True)
    """In the database, because the worker may be on another host than the web server."""

    LOCKED_WITH = ("scheme", "by")
    MOVES: ClassVar[Moves] = {
        State.WAITING: {State.MAKING, State.STOPPED},
        State.MAKING: {State.DONE, State.REFUSED, State.STOPPED},
        State.DONE: set(),
        State.REFUSED: set(),
        State.STOPPED: set(),
    }
    CANNOT_MOVE = _("This cannot be done while the print run is: %(state)s.")

    class Meta(Run.Meta):
        abstract = False
        verbose_name = _("print run")
        verbose_name_plural = _("print runs")
        constraints = [
            models.CheckConstraint(
                condition=Q(file__isnull=False, state="done")
                | Q(file__isnull=True) & ~Q(state="done"),
                name="print_run_has_its_file_once_it_is_done",
            ),
        ]

    def __str__(self):
        return self.title


class PrintPart(models.Model):
    """The finished pages of one part. Kept until the run ends, so that a killed worker's parts
    are reused.
    """

    run = models.ForeignKey(PrintRun, on_delete=models.CASCADE, related_name="parts")
    number = models.PositiveIntegerField()
    file = models.BinaryField(null=True)
    """NULL if nothing of this part is left to print."""
    said = models.JSONField(default=list)

    class Meta:
        ordering = ["run", "number"]
        constraints = [
            models.UniqueConstraint(fields=["run", "number"], name="one_print_part_a_number")
        ]

    def __str__(self):
        return f"{self.run}, {self.number}"
