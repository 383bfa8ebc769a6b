"""The groups of people that a scheme looks at first: women, or young people."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from geography.models import PopulationBase


class PriorityGroup(models.Model):
    """A group, counted where its people live, that comes before all residents."""

    scheme = models.ForeignKey(
        "venues.Scheme", on_delete=models.CASCADE, related_name="priority_groups"
    )
    base = models.ForeignKey(
        PopulationBase,
        verbose_name=_("group"),
        on_delete=models.CASCADE,
        related_name="priority_for",
    )

    class Meta:
        ordering = ["scheme", "base__name"]
        constraints = [
            models.UniqueConstraint(fields=["scheme", "base"], name="one_priority_a_group")
        ]

    def __str__(self):
        return str(self.base)
