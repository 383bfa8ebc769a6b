"""What a scheme hands out: a poster, a guide, a film; each a file or a web address."""

from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .schemes import Scheme


class Material(models.Model):
    """One thing a scheme hands out, and to whom."""

    class Audience(models.TextChoices):
        PUBLIC = "public", _("Everybody: on the scheme’s page")
        MEMBERS = "members", _("Those who have signed up: in the portal")
        OFFICERS = "officers", _("The team alone")

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="materials")
    title = models.CharField(_("title"), max_length=120)
    for_whom = models.CharField(
        _("for whom"), max_length=8, choices=Audience, default=Audience.MEMBERS
    )
    order = models.PositiveSmallIntegerField(_("order"), default=1)
    address = models.CharField(
        _("web address"),
        max_length=400,
        blank=True,
        validators=[URLValidator(schemes=["http", "https"])],
    )
    file = models.FileField(_("file"), upload_to="materials/", blank=True)
    extension = models.CharField(max_length=4, blank=True, editable=False)

    class Meta:
        verbose_name = _("material")
        verbose_name_plural = _("materials")
        ordering = ["scheme", "order", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "title"],
                name="material_titled_once",
                violation_error_message=_("This scheme has a material of this title already."),
            ),
            models.CheckConstraint(
                name="material_is_file_or_address",
                condition=(Q(address="") & ~Q(file="")) | (~Q(address="") & Q(file="")),
                violation_error_message=_("Give a file or a web address, not both."),
            ),
        ]

    def __str__(self):
        return self.title
