"""Safety suspensions, and the links that let a duty officer create one."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _


class DutyLink(models.Model):
    """Lets a named duty officer without an account hide one place, once, within a period."""

    scheme = models.ForeignKey("venues.Scheme", on_delete=models.PROTECT, related_name="duty_links")
    name = models.CharField(_("name of the duty officer or rota"), max_length=120, blank=True)
    phone = models.CharField(_("duty telephone"), max_length=40, blank=True)
    email = models.EmailField(_("duty e-mail address"), blank=True)
    starts_on = models.DateField(_("first day"))
    ends_on = models.DateField(_("last day"))
    made_at = models.DateTimeField(auto_now_add=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    used_at = models.DateTimeField(null=True, blank=True)
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    LOCKED_WITH = ("scheme",)

    class Meta:
        ordering = ["-ends_on", "-pk"]
        verbose_name = _("duty link")
        constraints = [
            models.CheckConstraint(
                name="duty_link_ends_after_it_starts",
                condition=Q(ends_on__gte=models.F("starts_on")),
            ),
            models.CheckConstraint(
                name="duty_link_revoked_at_and_by",
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.name or '–'}, {self.starts_on} – {self.ends_on}"

    def is_over(self, on: datetime.date) -> bool:
        return on > self.ends_on


class SafetySuspensionQuerySet(models.QuerySet):
    def open(self):
        return self.filter(ended_at__isnull=True)


class SafetySuspension(models.Model):
    """A place hidden everywhere by one of its schemes because harm is feared. No reason is stored.

    It concerns the place, so it is separate from the sign-ups, whose state does not change. Only
    the scheme that created it can end it.
    """

    venue = models.ForeignKey(
        "venues.Venue", on_delete=models.PROTECT, related_name="safety_suspensions"
    )
    scheme = models.ForeignKey(
        "venues.Scheme", on_delete=models.PROTECT, related_name="safety_suspensions"
    )
    began_at = models.DateTimeField(auto_now_add=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    duty_link = models.OneToOneField(
        DutyLink,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="suspension",
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = SafetySuspensionQuerySet.as_manager()

    class Meta:
        ordering = ["-began_at"]
        verbose_name = _("safety suspension")
        constraints = [
            models.UniqueConstraint(
                fields=["venue", "scheme"],
                condition=Q(ended_at__isnull=True),
                name="one_open_safety_suspension",
            ),
            models.CheckConstraint(
                name="safety_suspension_by_officer_or_link",
                condition=Q(by__isnull=False, duty_link__isnull=True)
                | Q(by__isnull=True, duty_link__isnull=False),
            ),
            models.CheckConstraint(
                name="safety_suspension_ended_at_and_by",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.venue}: {self.scheme}"

    def event_keys(self) -> dict:
        """No scheme, so that the event is in the history of every scheme of the place."""
        return {"about": self, "venue": self.venue, "which": str(self.scheme)}

    @property
    def whom_to_ring(self) -> str:
        """Who hid it, in words, with the telephone number: for officers only."""
        duty, team = self.duty_link, [str(self.scheme), self.scheme.contact_phone]
        who = [duty.name, duty.phone] if duty else [str(self.by)]
        return ", ".join(part for part in [*who, *team] if part)


def hidden_for_safety(venue: str = "pk") -> Exists:
    """Whether the place in the field `venue` is hidden; for querysets."""
    return Exists(SafetySuspension.objects.open().filter(venue=OuterRef(venue)))
