"""Numbered window stickers."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class StickerQuerySet(models.QuerySet):
    def live(self):
        """Not ended; may have expired."""
        return self.filter(ended_at__isnull=True)

    def current(self, on):
        """Not ended and not expired on `on`."""
        return self.live().filter(expires_on__gte=on)

    def for_officer(self, user):
        if user.is_superuser:
            return self
        return self.filter(sign_up__scheme__officers__user=user)


class Sticker(models.Model):
    """A numbered window sticker. Current = not ended and not past `expires_on`."""

    class EndReason(models.TextChoices):
        RENEWED = "renewed", _("Renewed")
        LOST = "lost", _("Lost or damaged")
        WITHDRAWN = "withdrawn", _("The venue left the scheme")
        SUSPENDED = "suspended", _("The venue was suspended")
        HANDED_OVER = "handed_over", _("The business changed hands")
        RECALLED = "recalled", _("Recalled by the scheme")

    sign_up = models.ForeignKey("venues.SignUp", on_delete=models.PROTECT, related_name="stickers")
    number = models.PositiveIntegerField(_("number in the scheme"))
    code = models.CharField(_("code"), max_length=12, unique=True)
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    expires_on = models.DateField(_("valid until"))
    sent_at = models.DateTimeField(null=True, blank=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    displayed_at = models.DateTimeField(null=True, blank=True)
    displayed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    end_reason = models.CharField(_("reason"), max_length=12, choices=EndReason, blank=True)

    objects = StickerQuerySet.as_manager()

    class Meta:
        ordering = ["-issued_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["sign_up"],
                condition=Q(ended_at__isnull=True),
                name="one_live_sticker_a_sign_up",
            ),
            *(
                models.CheckConstraint(
                    name=f"sticker_{act}_at_and_by",
                    condition=Q(**{f"{act}_at__isnull": True, f"{act}_by__isnull": True})
                    | Q(**{f"{act}_at__isnull": False, f"{act}_by__isnull": False}),
                )
                for act in ("sent", "displayed")
            ),
            models.CheckConstraint(
                name="sticker_ended_with_a_reason",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True, end_reason="")
                | (Q(ended_at__isnull=False, ended_by__isnull=False) & ~Q(end_reason="")),
            ),
        ]

    def __str__(self):
        return f"{self.number:04d} ({self.code})"

    def is_current(self, on):
        return self.ended_at is None and self.expires_on >= on
