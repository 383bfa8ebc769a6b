"""Requests from the start page, kept until their link is used or expires."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .schemes import Scheme


class Start(models.Model):
    """A request to sign a place up. The link sent to `email` starts it, once.

    The link contains this row's id, so that no address ends up in browser histories or proxy logs.
    An organisation that signs up as a whole gives no postcode. Deleted when the link expires, so
    that merely asking creates no account.
    """

    email = models.EmailField(_("e-mail address"))
    postcode = models.CharField(_("postcode"), max_length=8, blank=True)
    scheme = models.ForeignKey(Scheme, on_delete=models.CASCADE, related_name="starts")
    asked_at = models.DateTimeField(_("asked"), default=timezone.now, editable=False)
    used_at = models.DateTimeField(_("used"), null=True, editable=False)

    LOCKED_WITH = ("scheme",)

    class Meta:
        verbose_name = _("start of a sign-up")
        verbose_name_plural = _("starts of sign-ups")
        ordering = ["asked_at", "pk"]

    def __str__(self):
        return f"{self.postcode}, {self.scheme}" if self.postcode else str(self.scheme)
