"""How a scheme's partnership meets, and the partners without a venue."""

import datetime

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Series(models.Model):
    """The usual day, hour and place of a partnership's meetings.

    How often they take place is the scheme's `meetings_every`.
    """

    class Week(models.IntegerChoices):
        FIRST = 1, _("first")
        SECOND = 2, _("second")
        THIRD = 3, _("third")
        FOURTH = 4, _("fourth")
        LAST = 5, _("last")

    class Weekday(models.IntegerChoices):
        MONDAY = 0, _("Monday")
        TUESDAY = 1, _("Tuesday")
        WEDNESDAY = 2, _("Wednesday")
        THURSDAY = 3, _("Thursday")
        FRIDAY = 4, _("Friday")
        SATURDAY = 5, _("Saturday")
        SUNDAY = 6, _("Sunday")

    scheme = models.OneToOneField(
        "venues.Scheme", verbose_name=_("scheme"), on_delete=models.PROTECT, related_name="series"
    )
    name = models.CharField(
        _("name of the meeting"),
        max_length=120,
        help_text=_("For example, Community Partnership."),
    )
    week = models.PositiveSmallIntegerField(
        _("week of the month"), choices=Week, default=Week.SECOND
    )
    weekday = models.PositiveSmallIntegerField(
        _("day of the week"), choices=Weekday, default=Weekday.WEDNESDAY
    )
    starts = models.TimeField(_("begins at"), default=datetime.time(10))
    minutes = models.PositiveSmallIntegerField(
        _("length in minutes"),
        default=90,
        validators=[MinValueValidator(15), MaxValueValidator(720)],
    )
    address = models.TextField(
        _("usual place"),
        max_length=400,
        blank=True,
        help_text=_("Where it usually is, in enough detail for somebody walking there."),
    )
    video_link = models.URLField(
        _("usual video link"),
        blank=True,
        help_text=_("Shown on the reply page only, never in an e-mail, calendar or document."),
    )
    standing_items = models.TextField(
        _("usual agenda"),
        max_length=4000,
        blank=True,
        help_text=_("One item per line. Begin a line with * for a work stream."),
    )
    invite_days = models.PositiveSmallIntegerField(
        _("days before a meeting when invitations go out"),
        default=28,
        validators=[MaxValueValidator(90)],
    )
    remind_days = models.PositiveSmallIntegerField(
        _("days before when we remind"),
        default=7,
        validators=[MaxValueValidator(60)],
        help_text=_("Who has not replied, who owns an action, and the chair."),
    )
    report_counts = models.BooleanField(_("a report instead of attending counts"), default=True)
    apologies_count = models.BooleanField(_("apologies count"), default=False)

    LOCKED_WITH = ("scheme",)

    class Meta:
        ordering = ["scheme"]
        verbose_name = _("series of meetings")
        verbose_name_plural = _("series of meetings")

    def __str__(self):
        return self.name


class PartnerQuerySet(models.QuerySet):
    def current(self):
        return self.filter(ended_at__isnull=True)

    def for_officer(self, user):
        if user.is_superuser:
            return self
        return self.filter(scheme__officers__user=user)


class Partner(models.Model):
    """A seat without a venue: the police, Citizens Advice, lived experience.

    A seat has a role and needs no personal name.
    """

    scheme = models.ForeignKey(
        "venues.Scheme", verbose_name=_("scheme"), on_delete=models.PROTECT, related_name="partners"
    )
    role = models.CharField(
        _("role"), max_length=120, help_text=_("For example, neighbourhood sergeant. No name.")
    )
    organisation = models.CharField(_("organisation"), max_length=160, blank=True)
    email = models.EmailField(
        _("e-mail address"), blank=True, help_text=_("Without one, the team passes messages on.")
    )
    ended_at = models.DateTimeField(null=True, blank=True, editable=False)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )

    LOCKED_WITH = ("scheme",)
    objects = PartnerQuerySet.as_manager()

    class Meta:
        ordering = ["organisation", "role", "id"]
        constraints = [
            models.CheckConstraint(
                name="partner_ended_at_and_by",
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__isnull=False, ended_by__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["scheme", "organisation", "role"],
                condition=Q(ended_at__isnull=True),
                name="one_seat_a_role",
                violation_error_message=_("There is a partner with this role already."),
            ),
        ]

    def __str__(self):
        return f"{self.organisation}: {self.role}" if self.organisation else self.role


class CalendarFeedQuerySet(models.QuerySet):
    def live(self):
        return self.filter(revoked_at__isnull=True)


class CalendarFeed(models.Model):
    """A calendar feed's secret, revocable URL.

    It belongs to an organisation, a partner or an officer of one scheme.
    """

    scheme = models.ForeignKey("venues.Scheme", on_delete=models.PROTECT, related_name="feeds")
    organisation = models.ForeignKey(
        "venues.Organisation", null=True, blank=True, on_delete=models.PROTECT, related_name="feeds"
    )
    partner = models.ForeignKey(
        Partner, null=True, blank=True, on_delete=models.PROTECT, related_name="feeds"
    )
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="meeting_feeds",
    )
    key = models.UUIDField(unique=True, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    objects = CalendarFeedQuerySet.as_manager()

    class Meta:
        ordering = ["scheme", "id"]
        constraints = [
            models.CheckConstraint(
                name="feed_of_one_holder",
                condition=Q(organisation__isnull=False, partner__isnull=True, officer__isnull=True)
                | Q(organisation__isnull=True, partner__isnull=False, officer__isnull=True)
                | Q(organisation__isnull=True, partner__isnull=True, officer__isnull=False),
            ),
            *(
                models.UniqueConstraint(
                    fields=["scheme", holder],
                    condition=Q(revoked_at__isnull=True, **{f"{holder}__isnull": False}),
                    name=f"one_live_feed_of_{holder}",
                )
                for holder in ("organisation", "partner", "officer")
            ),
        ]

    def __str__(self):
        return f"{self.scheme}: {self.organisation or self.partner or self.officer}"

    def event_keys(self) -> dict:
        return {"about": self, "scheme": self.scheme, "organisation": self.organisation}
