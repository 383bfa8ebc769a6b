from django.db import models


class Beat(models.Model):
    """A worker's sign of life: `count` grows every few seconds while it lives.

    A count rather than a time: no clock that jumps makes a living worker look dead.
    """

    worker = models.CharField(max_length=64, primary_key=True)
    host = models.CharField(max_length=255)
    count = models.BigIntegerField(default=0)
    at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["worker"]

    def __str__(self):
        return self.worker


class Tick(models.Model):
    """One turn of a regular job: whoever stores the row first, on any host, enqueues it."""

    name = models.CharField(max_length=64)
    slot = models.CharField(max_length=32)
    at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["-at", "name"]
        constraints = [
            models.UniqueConstraint(fields=["name", "slot"], name="one_tick_for_each_slot")
        ]

    def __str__(self):
        return f"{self.name}, {self.slot}"
