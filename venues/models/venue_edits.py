"""A place's pending change to its name, address or point."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class VenueEditQuerySet(models.QuerySet):
    def open(self):
        return self.filter(closed_at__isnull=True)

    def for_officer(self, user):
        """Those pending with this officer's schemes: a place's lead scheme decides."""
        if user.is_superuser:
            return self
        return self.filter(venue__lead_scheme__officers__user=user).distinct()


class VenueEdit(models.Model):
    """A venue's own pending change; until it is accepted the public sees what was approved."""

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", _("Accepted")
        REFUSED = "refused", _("Not accepted")
        TAKEN_BACK = "taken_back", _("Taken back by the place")

    venue = models.ForeignKey("venues.Venue", on_delete=models.CASCADE, related_name="edits")
    changes = models.JSONField(
        help_text=_("Field names to values: a point as easting and northing, a time in ISO format.")
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)

    objects = VenueEditQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["venue"],
                condition=Q(closed_at__isnull=True),
                name="one_open_edit_a_venue",
            ),
            models.CheckConstraint(
                name="venue_edit_closed_at_by_and_how",
                condition=Q(closed_at__isnull=True, closed_by__isnull=True, outcome="")
                | (Q(closed_at__isnull=False, closed_by__isnull=False) & ~Q(outcome="")),
            ),
        ]

    def __str__(self):
        return f"{self.venue}: {', '.join(self.changes)}"
