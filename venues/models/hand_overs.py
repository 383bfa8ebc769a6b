"""A hand-over that waits until each of the place's schemes has agreed."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class HandOverQuerySet(models.QuerySet):
    def open(self):
        return self.filter(closed_at__isnull=True)


class HandOver(models.Model):
    """A requested change of owner, carried out once every scheme of the place has agreed."""

    venue = models.ForeignKey("venues.Venue", on_delete=models.PROTECT, related_name="hand_overs")
    organisation_name = models.CharField(_("name of the new organisation"), max_length=160)
    manager_email = models.EmailField(
        _("e-mail address of its manager"), blank=True, help_text=_("Cleared once it is decided.")
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField(auto_now_add=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    agreed = models.ManyToManyField("venues.Scheme", related_name="+")

    objects = HandOverQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["venue"],
                condition=Q(closed_at__isnull=True),
                name="one_open_hand_over_a_venue",
            )
        ]

    def __str__(self):
        return f"{self.venue}: {self.organisation_name}"
