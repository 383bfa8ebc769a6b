"""Merges of duplicate entries, and pairs marked as different."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class MergeQuerySet(models.QuerySet):
    def waiting(self):
        """Those that another scheme has yet to agree to."""
        return self.filter(closed_at__isnull=True)

    def for_officer(self, user):
        """Those concerning one of this officer's schemes."""
        if user.is_superuser:
            return self
        return self.filter(schemes__officers__user=user).distinct()


class Merge(models.Model):
    """`other` is merged into `keep`: requested, agreed to by each scheme, done, perhaps undone.

    Either the two venues or the two organisations are set.
    """

    effect: list[str]
    """What it did, in words; set by the action that carried it out, never stored."""

    keep_venue = models.ForeignKey(
        "venues.Venue", null=True, on_delete=models.PROTECT, related_name="+"
    )
    other_venue = models.ForeignKey(
        "venues.Venue", null=True, on_delete=models.PROTECT, related_name="+"
    )
    keep_organisation = models.ForeignKey(
        "venues.Organisation", null=True, on_delete=models.PROTECT, related_name="+"
    )
    other_organisation = models.ForeignKey(
        "venues.Organisation", null=True, on_delete=models.PROTECT, related_name="+"
    )
    schemes = models.ManyToManyField("venues.Scheme", related_name="+")
    """All schemes that it concerns."""
    agreed = models.ManyToManyField("venues.Scheme", related_name="+")
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField(_("asked for"), auto_now_add=True)
    closed_at = models.DateTimeField(null=True)
    """When it was carried out, or refused."""
    done_at = models.DateTimeField(_("done"), null=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )
    undone_at = models.DateTimeField(_("undone"), null=True)
    changes = models.JSONField(default=list)
    """What was changed, in order, as `venues.merging.Change`; read by the undo."""
    fingerprint = models.CharField(max_length=64, blank=True)
    """Of the rows as the merge left them: the undo is refused if it differs."""
    last_event = models.BigIntegerField(null=True)
    """The newest event when it was carried out; later ones show what has happened since."""
    letters = models.JSONField(default=list)

    LOCKED_WITH = ()
    objects = MergeQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="merge_of_two_of_one_kind",
                condition=Q(
                    keep_venue__isnull=False,
                    other_venue__isnull=False,
                    keep_organisation__isnull=True,
                    other_organisation__isnull=True,
                )
                | Q(
                    keep_venue__isnull=True,
                    other_venue__isnull=True,
                    keep_organisation__isnull=False,
                    other_organisation__isnull=False,
                ),
            ),
            models.CheckConstraint(
                name="merge_done_at_and_by",
                condition=Q(done_at__isnull=True, done_by__isnull=True, undone_at__isnull=True)
                | Q(done_at__isnull=False, done_by__isnull=False, closed_at__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.other} → {self.keep}"

    @property
    def keep(self):
        return self.keep_venue or self.keep_organisation

    @property
    def other(self):
        return self.other_venue or self.other_organisation

    @property
    def state_in_words(self) -> str:
        if self.undone_at:
            return _("Undone")
        if self.done_at:
            return _("Done")
        return _("Not agreed to") if self.closed_at else _("Waits for an answer")


class NotTheSameVenue(models.Model):
    """An officer compared two venues and found them different. `first` has the lower id."""

    first = models.ForeignKey("venues.Venue", on_delete=models.CASCADE, related_name="+")
    second = models.ForeignKey("venues.Venue", on_delete=models.CASCADE, related_name="+")
    said_at = models.DateTimeField(auto_now_add=True)
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["first", "second"]
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="two_venues_said_once"),
            models.CheckConstraint(
                name="two_venues_in_order", condition=Q(first__lt=models.F("second"))
            ),
        ]

    def __str__(self):
        return f"{self.first} is not {self.second}"
