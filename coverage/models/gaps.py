"""Gaps with their owners, and who was asked to close them."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.db.models import Max, Q
from django.db.models.functions import Coalesce, Greatest
from django.utils.translation import gettext_lazy as _

SILENT_AFTER = timedelta(days=30)


class GapQuerySet(models.QuerySet):
    def for_officer(self, user):
        if user.is_superuser:
            return self
        return self.filter(scheme__officers__user=user).distinct()

    def open(self):
        return self.filter(closed_at__isnull=True)

    def with_last_heard(self):
        """Annotate `last_heard`: when the gap was opened or changed, or somebody was last
        approached.
        """
        newest = Max("approaches__changed_at")
        return self.annotate(last_heard=Greatest("changed_at", Coalesce(newest, "changed_at")))

    def silent(self, now):
        """Open gaps without news for thirty days before the moment `now`."""
        return self.open().with_last_heard().filter(last_heard__lte=now - SILENT_AFTER)


class Gap(models.Model):
    """An area and time where nobody is covered, and who at the council looks after it."""

    scheme = models.ForeignKey(
        "venues.Scheme", verbose_name=_("scheme"), on_delete=models.PROTECT, related_name="gaps"
    )
    title = models.CharField(_("what is missing, and where"), max_length=160)
    hours = models.CharField(
        _("at which hours"),
        max_length=120,
        blank=True,
        help_text=_("For example, Friday 20:00 to 23:00"),
    )
    area = models.ForeignKey(
        "geography.Area",
        verbose_name=_("area"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    drawn_area = models.ForeignKey(
        "coverage.DrawnArea",
        verbose_name=_("own area"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="gaps",
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("who looks after it"),
        on_delete=models.PROTECT,
        related_name="+",
    )
    opened_at = models.DateTimeField(_("opened"), editable=False)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, editable=False, on_delete=models.PROTECT, related_name="+"
    )
    changed_at = models.DateTimeField(editable=False)
    closed_at = models.DateTimeField(_("closed"), null=True, editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    outcome = models.CharField(_("how it ended"), max_length=200, blank=True, editable=False)

    LOCKED_WITH = ("scheme",)
    objects = GapQuerySet.as_manager()

    class Meta:
        verbose_name = _("gap")
        verbose_name_plural = _("gaps")
        ordering = ["-opened_at", "-id"]
        constraints = [
            models.CheckConstraint(
                name="gap_closed_at_and_by",
                condition=Q(closed_at__isnull=True, closed_by__isnull=True)
                | Q(closed_at__isnull=False, closed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="gap_in_one_area",
                condition=Q(area__isnull=True) | Q(drawn_area__isnull=True),
                violation_error_message=_("Choose an area or one of your own, not both."),
            ),
        ]

    def __str__(self):
        return self.title

    def event_keys(self) -> dict:
        return {"about": self, "scheme": self.scheme}


class Approach(models.Model):
    """A request to somebody who could close a gap: their answer, and the next step."""

    class Answer(models.TextChoices):
        ASKED = "asked", _("Asked")
        VISITING = "visiting", _("Visiting")
        NOT_NOW = "not_now", _("Not now")
        NO = "no", _("No")
        JOINED = "joined", _("Joined")

    gap = models.ForeignKey(Gap, on_delete=models.CASCADE, related_name="approaches")
    other_place = models.ForeignKey(
        "coverage.OtherPlace",
        verbose_name=_("other space"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="approaches",
    )
    venue = models.ForeignKey(
        "venues.Venue",
        verbose_name=_("venue, to open longer"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="approaches",
    )
    name = models.CharField(_("or somebody else, by name"), max_length=160, blank=True)
    answer = models.CharField(_("answer"), max_length=10, choices=Answer, default=Answer.ASKED)
    next_step = models.CharField(_("next step"), max_length=200, blank=True)
    due_on = models.DateField(_("by"), null=True, blank=True)
    started_at = models.DateTimeField(auto_now_add=True)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        verbose_name = _("approach")
        verbose_name_plural = _("approaches")
        ordering = ["gap", "started_at", "id"]
        constraints = [
            models.CheckConstraint(
                name="approach_to_one",
                condition=Q(other_place__isnull=False, venue__isnull=True, name="")
                | Q(other_place__isnull=True, venue__isnull=False, name="")
                | (Q(other_place__isnull=True, venue__isnull=True) & ~Q(name="")),
                violation_error_message=_(
                    "Say whom: another space, a venue, or a name; one of them."
                ),
            ),
            models.UniqueConstraint(
                fields=["gap", "other_place"],
                name="one_approach_a_place",
                violation_error_message=_("This space has been approached for this gap already."),
            ),
            models.UniqueConstraint(
                fields=["gap", "venue"],
                name="one_approach_a_venue",
                violation_error_message=_("This venue has been approached for this gap already."),
            ),
        ]

    def __str__(self):
        return str(self.other_place or self.venue or self.name)
