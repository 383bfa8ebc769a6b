"""A dated training session: when, where, for whom, and how many seats."""

import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from venues.models import Scheme, Venue


class SessionQuerySet(models.QuerySet):
    def to_come(self, at):
        """Starting after `at` and not cancelled."""
        return self.filter(cancelled_at__isnull=True, starts_at__gt=at)

    def for_sign_up(self, sign_up):
        """Sessions of its scheme open to its venue type."""
        return self.filter(scheme=sign_up.scheme_id).filter(
            Q(venue_types=[]) | Q(venue_types__contains=[sign_up.venue.type])
        )

    def for_officer(self, user):
        if user.is_superuser:
            return self
        return self.filter(scheme__in=Scheme.objects.for_officer(user))

    def with_seats(self):
        """Annotate `taken` (booked or on offer) and `waiting`."""
        return self.annotate(
            taken=Count("bookings", filter=Q(bookings__state__in=["booked", "offered"])),
            waiting=Count("bookings", filter=Q(bookings__state="waiting")),
        )


class Session(models.Model):
    """Training given to a group, or another event of the scheme; in a room or by video.

    Training teaches a module. Another event has its own title, and coming to it completes nothing.
    """

    class Kind(models.TextChoices):
        TRAINING = "training", _("Training")
        NETWORKING = "networking", _("Networking event")
        AWARENESS = "awareness", _("Awareness session")
        ACTIVITY = "activity", _("Activity")

    class OpenTo(models.TextChoices):
        MANAGERS = "managers", _("Managers of places, for their people")
        ANYBODY = "anybody", _("Anybody, with a name and an e-mail address")

    scheme = models.ForeignKey(
        "venues.Scheme",
        verbose_name=_("scheme"),
        on_delete=models.PROTECT,
        related_name="training_sessions",
    )
    kind = models.CharField(_("what it is"), max_length=10, choices=Kind, default=Kind.TRAINING)
    module = models.ForeignKey(
        "training.Module",
        verbose_name=_("module"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="sessions",
    )
    title = models.CharField(
        _("title"),
        max_length=120,
        blank=True,
        help_text=_("Of anything but training, which has the name of its module."),
    )
    open_to = models.CharField(
        _("who may book"), max_length=10, choices=OpenTo, default=OpenTo.MANAGERS
    )
    starts_at = models.DateTimeField(_("starts"))
    minutes = models.PositiveSmallIntegerField(
        _("minutes it takes"), validators=[MinValueValidator(10), MaxValueValidator(600)]
    )
    venue = models.ForeignKey(
        "venues.Venue",
        verbose_name=_("place, if it is one of the scheme’s"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="training_sessions",
    )
    address = models.CharField(
        _("or another address"),
        max_length=255,
        blank=True,
        help_text=_("With the room and how to get in."),
    )
    video_link = models.URLField(
        _("or a video link"),
        max_length=500,
        blank=True,
        help_text=_("Shown only to people with a seat."),
    )
    capacity = models.PositiveSmallIntegerField(
        _("seats"), validators=[MinValueValidator(1), MaxValueValidator(500)]
    )
    hours_to_accept = models.PositiveSmallIntegerField(
        _("hours to accept a seat that becomes free"),
        default=48,
        validators=[MinValueValidator(1), MaxValueValidator(336)],
    )
    note = models.TextField(
        _("who it is for, and what to bring"),
        max_length=1000,
        blank=True,
        help_text=_("Anybody can read this before they book."),
    )
    venue_types = ArrayField(
        models.CharField(max_length=20, choices=Venue.Type),
        verbose_name=_("kinds of place it suits"),
        default=list,
        blank=True,
        help_text=_("If none is ticked, every kind."),
    )
    trainers = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        verbose_name=_("trainers"),
        blank=True,
        related_name="sessions_given",
    )
    co_trainers = models.CharField(
        _("co-trainers"),
        max_length=200,
        blank=True,
        help_text=_("As they want to be credited. Shown to those who book, never to the public."),
    )
    copied_from = models.ForeignKey(
        "self", null=True, blank=True, editable=False, on_delete=models.SET_NULL, related_name="+"
    )
    planned_at = models.DateTimeField(default=timezone.now, editable=False)
    planned_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, editable=False, related_name="+"
    )
    sequence = models.PositiveSmallIntegerField(
        default=0, editable=False, help_text="How often the calendar entry has changed."
    )
    cancelled_at = models.DateTimeField(_("cancelled"), null=True, blank=True, editable=False)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    cancelled_reason = models.CharField(_("reason"), max_length=255, blank=True, editable=False)
    register_closed_at = models.DateTimeField(
        _("register closed"), null=True, blank=True, editable=False
    )
    register_closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )

    LOCKED_WITH = ("scheme", "module", "venue")
    objects = SessionQuerySet.as_manager()

    class Meta:
        ordering = ["starts_at", "id"]
        indexes = [models.Index(fields=["scheme", "starts_at"])]
        constraints = [
            models.UniqueConstraint(
                fields=[
                    "scheme",
                    "module",
                    "title",
                    "starts_at",
                    "venue",
                    "address",
                    "video_link",
                ],
                condition=Q(cancelled_at__isnull=True),
                nulls_distinct=False,
                name="one_session_a_time_and_place",
                violation_error_message=_(
                    "This session is planned already: the same module, time and place."
                ),
            ),
            models.CheckConstraint(
                name="session_has_a_place_or_a_link",
                condition=Q(venue__isnull=False) | ~Q(address="") | ~Q(video_link=""),
                violation_error_message=_("Give a place, an address or a video link."),
            ),
            models.CheckConstraint(
                name="session_teaches_a_module_or_has_a_title",
                condition=Q(kind="training", module__isnull=False, title="")
                | (Q(module__isnull=True) & ~Q(kind="training") & ~Q(title="")),
                violation_error_message=_(
                    "Training has a module, and everything else a title of its own."
                ),
            ),
            models.CheckConstraint(
                name="session_kind_and_who_may_book_are_known",
                condition=Q(kind__in=["training", "networking", "awareness", "activity"])
                & Q(open_to__in=["managers", "anybody"]),
            ),
            models.CheckConstraint(
                name="session_has_places_and_minutes",
                condition=Q(capacity__gte=1, minutes__gte=1, hours_to_accept__gte=1),
            ),
            models.CheckConstraint(
                name="session_cancelled_at_by_and_why",
                condition=Q(
                    cancelled_at__isnull=True, cancelled_by__isnull=True, cancelled_reason=""
                )
                | (
                    Q(cancelled_at__isnull=False, cancelled_by__isnull=False)
                    & ~Q(cancelled_reason="")
                ),
            ),
            models.CheckConstraint(
                name="session_register_closed_at_and_by",
                condition=Q(register_closed_at__isnull=True, register_closed_by__isnull=True)
                | Q(
                    register_closed_at__isnull=False,
                    register_closed_by__isnull=False,
                    cancelled_at__isnull=True,
                ),
            ),
        ]

    def __str__(self):
        return f"{self.topic}, {timezone.localtime(self.starts_at):%d.%m.%Y %H:%M}"

    def event_keys(self) -> dict:
        what = self.module.slug if self.module else self.kind
        return {"about": self, "scheme": self.scheme, "module": what}

    @property
    def topic(self) -> str:
        """What it is called: the module's title, or its own."""
        return str(self.module) if self.module else self.title

    @property
    def is_for_anybody(self) -> bool:
        return self.open_to == self.OpenTo.ANYBODY

    @property
    def completes_training(self) -> bool:
        """Whether coming to it completes a module."""
        return self.module is not None and self.module.by_attendance

    @property
    def ends_at(self) -> datetime.datetime:
        return self.starts_at + datetime.timedelta(minutes=self.minutes)

    @property
    def place(self) -> str:
        """Where it is, for people with a seat: the venue with its address, or the address alone."""
        if self.venue:
            lines = [self.venue.name, self.venue.address_1, self.venue.postcode]
            return ", ".join(line for line in [*lines, self.address] if line)
        return self.address

    @property
    def public_place(self) -> str:
        """Name and town of a publicly listed venue; empty if it is not, or is hidden for safety.

        Whether the session still takes place there is for its officers to decide.
        """
        is_shown = self.venue and self.venue.listing == Venue.Listing.PUBLIC
        if is_shown and not self.venue.is_hidden_for_safety:
            return ", ".join(line for line in [self.venue.name, self.venue.town] if line)
        return ""

    @property
    def left(self) -> int:
        """The seats left; needs `with_seats`."""
        return max(0, self.capacity - self.taken)

    @property
    def is_online(self) -> bool:
        return not self.venue_id and not self.address
