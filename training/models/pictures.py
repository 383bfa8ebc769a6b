"""Pictures in a module's text."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .modules import Module


class Picture(models.Model):
    """A picture that a module's sections show by number: [[picture 1]].

    A picture never changes, because older versions show it; a replacement gets a new number.
    """

    module = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="pictures")
    number = models.PositiveSmallIntegerField(_("number"))
    file = models.ImageField(
        _("picture"), upload_to="training/", width_field="width", height_field="height"
    )
    width = models.PositiveSmallIntegerField(editable=False)
    height = models.PositiveSmallIntegerField(editable=False)
    alt = models.CharField(
        _("what it shows"),
        max_length=250,
        help_text=_("Read out to people who cannot see it. Say what they need to know from it."),
    )

    class Meta:
        ordering = ["module", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["module", "number"],
                name="one_picture_a_number",
                violation_error_message=_("Two pictures cannot have the same number."),
            ),
            models.CheckConstraint(
                name="picture_is_described",
                condition=~Q(alt=""),
                violation_error_message=_("Say what the picture shows."),
            ),
        ]

    def __str__(self):
        return f"[[picture {self.number}]]"
