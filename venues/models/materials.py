"""What a scheme hands out: a file, a web address, or a sheet made for each place."""

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from venues.evidence_kinds import Part

from .schemes import Scheme


class Material(models.Model):
    """One thing a scheme hands out, and to whom."""

    class Audience(models.TextChoices):
        PUBLIC = "public", _("Everybody: on the scheme’s page")
        MEMBERS = "members", _("Those who have signed up: in the portal")
        OFFICERS = "officers", _("The team alone")

    class Made(models.TextChoices):
        POSTER_A4 = "poster_a4", _("Poster, A4")
        POSTER_A3 = "poster_a3", _("Poster, A3")
        TILL_CARD = "till_card", _("Card beside the till, A6")
        STAFF_SHEET = "staff_sheet", _("Sheet for the staff room, A4")
        SOCIAL = "social", _("Text and picture for social media")

    class UnlockedFrom(models.TextChoices):
        APPROVAL = "approval", _("When the place is approved")
        STICKER = "sticker", _("When the place has a current sticker")

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="materials")
    title = models.CharField(_("title"), max_length=120)
    for_whom = models.CharField(
        _("for whom"), max_length=8, choices=Audience, default=Audience.MEMBERS
    )
    unlocked_from = models.CharField(
        _("when a place gets it"),
        max_length=8,
        choices=UnlockedFrom,
        default=UnlockedFrom.APPROVAL,
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

    made = models.CharField(
        _("made for each place"),
        max_length=12,
        choices=Made,
        blank=True,
        help_text=_("Drawn with the place’s name and the scheme’s words, colour and numbers."),
    )
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)
    version_on = models.DateField(_("version of"), null=True, blank=True, editable=False)

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
                condition=(Q(address="", made="") & ~Q(file=""))
                | (Q(file="", made="") & ~Q(address=""))
                | (Q(address="", file="") & ~Q(made="")),
                violation_error_message=_(
                    "Give a file or a web address, not both, or choose what is made for each place."
                ),
            ),
            models.CheckConstraint(
                name="material_made_is_for_members",
                condition=Q(made="") | Q(for_whom="members"),
                violation_error_message=_(
                    "What is made for each place is for those who have signed up."
                ),
            ),
            models.UniqueConstraint(
                fields=["scheme", "made"],
                condition=~Q(made=""),
                name="material_made_once",
                violation_error_message=_("This scheme has this sheet already."),
            ),
        ]

    def __str__(self):
        return self.title

    def event_keys(self) -> dict:
        return {"about": self, "scheme": self.scheme, "what": self.title}

    def clean(self):
        scheme = getattr(self, "scheme", None)
        if scheme is None:
            return
        if self.made and scheme.is_for_organisations:
            words = _("Organisations sign up to this scheme as a whole: there is no place to name.")
            raise ValidationError({"made": words})
        # Asked anew: while a pack is loaded, its requirements arrive after the scheme.
        having = Scheme.objects.filter(pk=scheme.pk).having(Part.STICKERS)
        if self.unlocked_from == self.UnlockedFrom.STICKER and not having.exists():
            raise ValidationError({"unlocked_from": _("This scheme has no stickers.")})
