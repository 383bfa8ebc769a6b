"""Whether a scheme's coverage is public."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class PublicMapQuerySet(models.QuerySet):
    def shown(self):
        """Maps of schemes that are themselves public."""
        return self.filter(scheme__opened_at__isnull=False, scheme__hidden_at__isnull=True)


class PublicMap(models.Model):
    """A scheme whose coverage is public. Without a row it is not."""

    scheme = models.OneToOneField(
        "venues.Scheme",
        verbose_name=_("scheme"),
        on_delete=models.PROTECT,
        related_name="public_map",
    )
    shown_at = models.DateTimeField(_("shown since"), auto_now_add=True)
    shown_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    objects = PublicMapQuerySet.as_manager()

    def __str__(self):
        return str(self.scheme)
