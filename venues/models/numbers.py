"""The numbers a scheme names, for members and the public."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .schemes import Scheme


class ContactKind(models.Model):
    """A purpose a scheme must name a number for, such as concern about a child at night."""

    DOMESTIC_ABUSE = "domestic_abuse"
    """The finder shows numbers with this slug beside its results."""

    scheme = models.ForeignKey(Scheme, on_delete=models.CASCADE, related_name="contact_kinds")
    slug = models.SlugField(_("short name"), max_length=20)
    words = models.CharField(_("for"), max_length=80)
    order = models.PositiveSmallIntegerField(_("order"), default=1)
    is_needed = models.BooleanField(_("the scheme does not open without it"), default=True)

    class Meta:
        ordering = ["scheme", "order", "pk"]
        verbose_name = _("number to name")
        verbose_name_plural = _("numbers to name")
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "slug"],
                name="contact_kind_once_a_scheme",
                violation_error_message=_("This scheme has a number of this short name already."),
            ),
        ]

    def __str__(self):
        return self.words


class SchemeContactQuerySet(models.QuerySet):
    def public(self):
        """Numbers confirmed by a named person, of schemes visible to the public."""
        return self.filter(
            confirmed_on__isnull=False,
            scheme__opened_at__isnull=False,
            scheme__hidden_at__isnull=True,
        )

    def for_members(self, scheme: Scheme, venues: Iterable) -> "list[SchemeContact]":
        """The scheme's own numbers; if it has none, those of the local schemes around `venues`.

        A national scheme has no numbers of its own: people should ring the venue's council.
        """
        if own := list(self.filter(scheme=scheme)):
            return own
        point = next((venue.point for venue in venues if venue.point), None)
        return list(self.public().filter(scheme__area__boundary__covers=point)) if point else []


class SchemeContactManager(models.Manager.from_queryset(SchemeContactQuerySet)):
    """A number is always shown with its purpose, so the purpose is joined by default."""

    def get_queryset(self):
        return super().get_queryset().select_related("kind")


class SchemeContact(models.Model):
    """A number shown at the top of the portal, the training and every report form."""

    scheme = models.ForeignKey(Scheme, on_delete=models.CASCADE, related_name="contacts")
    kind = models.ForeignKey(
        ContactKind, verbose_name=_("for"), on_delete=models.PROTECT, related_name="contacts"
    )
    name = models.CharField(_("name of the service"), max_length=120)
    number = models.CharField(_("telephone"), max_length=40)
    when = models.CharField(_("when it answers"), max_length=80, blank=True)
    confirmed_by_name = models.CharField(
        _("who confirmed it"),
        max_length=120,
        blank=True,
        help_text=_("A named person. Until then the public does not see this number."),
    )
    confirmed_on = models.DateField(_("confirmed on"), null=True, blank=True)

    objects = SchemeContactManager()

    class Meta:
        ordering = ["scheme", "kind__order", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["scheme", "kind"], name="one_contact_a_kind"),
            models.CheckConstraint(
                name="contact_confirmed_by_and_on",
                condition=Q(confirmed_by_name="", confirmed_on__isnull=True)
                | (~Q(confirmed_by_name="") & Q(confirmed_on__isnull=False)),
                violation_error_message=_("Give both the name and the date, or neither."),
            ),
        ]

    def __str__(self):
        return f"{self.kind}: {self.name}, {self.number}"

    def clean(self):
        if self.kind_id and self.scheme_id and self.kind.scheme_id != self.scheme_id:
            raise ValidationError({"kind": _("This is for another scheme's numbers.")})
