"""Areas drawn by an officer, with figures of their own."""

from django.conf import settings
from django.contrib.gis.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

GRID = 27700


class DrawnAreaQuerySet(models.QuerySet):
    def for_officer(self, user):
        if user.is_superuser:
            return self
        return self.filter(scheme__officers__user=user).distinct()


class DrawnArea(models.Model):
    """A part of a scheme's area that the council measures separately: a high street, a park."""

    scheme = models.ForeignKey(
        "venues.Scheme",
        verbose_name=_("scheme"),
        on_delete=models.PROTECT,
        related_name="drawn_areas",
    )
    name = models.CharField(_("name"), max_length=120)
    boundary = models.MultiPolygonField(_("boundary"), srid=GRID)
    drawn_at = models.DateTimeField(_("drawn"), auto_now=True)
    drawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )

    LOCKED_WITH = ("scheme",)
    objects = DrawnAreaQuerySet.as_manager()

    class Meta:
        verbose_name = _("own area")
        verbose_name_plural = _("own areas")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "name"],
                name="one_drawn_area_of_a_name",
                violation_error_message=_("There is an area of this name already."),
            ),
            models.CheckConstraint(
                name="drawn_area_boundary_is_valid",
                condition=Q(boundary__isvalid=True),
                violation_error_message=_("The boundary crosses itself."),
            ),
        ]

    def __str__(self):
        return self.name
