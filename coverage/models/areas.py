"""Areas drawn by an officer, with figures of their own."""

from functools import cached_property

from django.conf import settings
from django.contrib.gis.db import models
from django.contrib.gis.geos import GEOSGeometry
from django.core.validators import MaxValueValidator
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

GRID = 27700
MOST_BUFFER = 2_000
"""Metres around an area that may count as part of it."""


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
    is_priority = models.BooleanField(
        _("priority"),
        default=False,
        help_text=_("Priority areas come first, with figures of their own."),
    )
    buffer_metres = models.PositiveSmallIntegerField(
        _("metres around it that belong to it"),
        default=0,
        validators=[MaxValueValidator(MOST_BUFFER)],
        help_text=_("As in: parks and their surroundings. At most 2,000."),
    )
    reaches_outside = models.BooleanField(
        _("also outside the scheme’s area"),
        default=False,
        help_text=_("Otherwise what is around it ends where the scheme’s area ends."),
    )
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
            models.CheckConstraint(
                name="drawn_area_buffer_is_near",
                condition=Q(buffer_metres__lte=MOST_BUFFER),
                violation_error_message=_("Choose at most 2,000 metres around an area."),
            ),
        ]

    def __str__(self):
        return self.name

    @cached_property
    def measured(self) -> GEOSGeometry:
        """The area that its figures are about, on the grid: with the metres around it.

        What is around it ends where the scheme's area ends, unless the officer said otherwise; the
        drawn part always counts.
        """
        if not self.buffer_metres:
            return self.boundary
        whole = self.boundary.buffer(self.buffer_metres)  # the grid's unit is the metre
        scheme_area = self.scheme.area
        if scheme_area is None or self.reaches_outside:
            return whole
        return (whole & scheme_area.boundary) | self.boundary
