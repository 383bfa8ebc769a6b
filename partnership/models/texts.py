"""Venues' free text, held until an officer has read it."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class TextState(models.TextChoices):
    HELD = "held", _("Held until an officer has read it")
    RELEASED = "released", _("Released as it is")
    REDACTED = "redacted", _("Released after something was taken out")


class HeldTextQuerySet(models.QuerySet):
    def held(self):
        """Those with text that nobody has read yet."""
        return self.filter(text_state=TextState.HELD).exclude(text="")

    def readable(self):
        """Those whose text may be shown to people other than its reviewers."""
        return self.exclude(text_state=TextState.HELD).exclude(text="")


class HeldText(models.Model):
    """A short free text from a venue. Redacting overwrites `text`; the original is not kept."""

    text = models.CharField(max_length=600, blank=True)
    text_state = models.CharField(
        _("words"), max_length=10, choices=TextState, default=TextState.HELD
    )
    text_read_at = models.DateTimeField(null=True, blank=True)
    text_read_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = HeldTextQuerySet.as_manager()

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                name="%(class)s_text_read_at_and_by",
                condition=Q(text_state="held", text_read_at=None, text_read_by=None)
                | (
                    ~Q(text_state="held")
                    & Q(text_read_at__isnull=False, text_read_by__isnull=False)
                ),
            )
        ]

    @property
    def readable_text(self) -> str:
        """The text once an officer has read it; "" before that."""
        return "" if self.text_state == TextState.HELD else self.text

    @property
    def is_held(self) -> bool:
        return bool(self.text) and self.text_state == TextState.HELD
