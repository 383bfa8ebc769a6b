"""What was asked for on the start page, until the link in the letter is used or has run out."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from .schemes import Scheme


class Start(models.Model):
    """Somebody asked to sign a place up. The link sent to `email` begins it, once.

    The link names this row by its number, so that no address stands in a browser's history or in
    a proxy's log. Deleted when the link has run out: nobody has an account by asking.
    """

    email = models.EmailField(_("e-mail address"))
    postcode = models.CharField(_("postcode"), max_length=8)
    scheme = models.ForeignKey(Scheme, on_delete=models.CASCADE, related_name="starts")
    asked_at = models.DateTimeField(_("asked"), default=timezone.now, editable=False)
    used_at = models.DateTimeField(_("used"), null=True, editable=False)

    LOCKED_WITH = ("scheme",)

    class Meta:
        verbose_name = _("start of a sign-up")
        verbose_name_plural = _("starts of sign-ups")
        ordering = ["asked_at", "pk"]

    def __str__(self):
        return f"{self.postcode}, {self.scheme}"
