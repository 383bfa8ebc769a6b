"""What a scheme may only say or show once somebody outside this software has agreed."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .schemes import Scheme


class ClearanceQuerySet(models.QuerySet):
    def given(self):
        return self.filter(given_on__isnull=False)

    def to_show(self):
        """Permissions that were given, with words for the scheme's public page."""
        return self.given().filter(kind=Clearance.Kind.PERMISSION).exclude(shown="")


class Clearance(models.Model):
    """One thing that waits for somebody's word: who gave it, and when.

    A permission is an outside owner's, such as for a name, a logo or a list of places; what it is
    about stays off until then, and the scheme can open without it. A point for the council has to
    be confirmed before the scheme opens, because the public would read it as a fact.
    """

    class Kind(models.TextChoices):
        PERMISSION = "permission", _("permission of its owner")
        COUNCIL = "council", _("to be confirmed by the council")

    scheme = models.ForeignKey(Scheme, on_delete=models.CASCADE, related_name="clearances")
    slug = models.SlugField(_("short name"), max_length=40)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.PERMISSION)
    owner = models.CharField(
        _("owner"), max_length=120, blank=True, help_text=_("Whose permission it is.")
    )
    what = models.CharField(_("what for"), max_length=300)
    shown = models.CharField(
        _("words on the scheme’s page"),
        max_length=160,
        blank=True,
        help_text=_("The public reads them once the permission is recorded."),
    )
    website = models.URLField(_("website"), blank=True)
    given_by = models.CharField(_("who gave it"), max_length=120, blank=True, editable=False)
    given_on = models.DateField(_("given on"), null=True, blank=True, editable=False)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = ClearanceQuerySet.as_manager()

    class Meta:
        ordering = ["scheme", "kind", "pk"]
        verbose_name = _("permission or point to confirm")
        verbose_name_plural = _("permissions and points to confirm")
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "slug"],
                name="clearance_once_a_scheme",
                violation_error_message=_("There is another one with this short name."),
            ),
            models.CheckConstraint(
                name="clearance_given_by_and_on",
                condition=Q(given_by="", given_on__isnull=True, recorded_by__isnull=True)
                | (~Q(given_by="") & Q(given_on__isnull=False, recorded_by__isnull=False)),
            ),
            models.CheckConstraint(
                name="clearance_permission_names_its_owner",
                condition=~Q(kind="permission") | ~Q(owner=""),
                violation_error_message=_("Say whose permission it is."),
            ),
        ]

    def __str__(self):
        if self.kind == self.Kind.PERMISSION:
            return f"{self.owner}: {self.what}"
        return self.what

    @property
    def is_given(self) -> bool:
        return self.given_on is not None
