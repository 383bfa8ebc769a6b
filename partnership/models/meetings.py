"""Meetings with their agenda, papers and minutes."""

import datetime
import secrets
import uuid
from typing import ClassVar

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from common.deciding import Moves


class MeetingState(models.TextChoices):
    PROPOSED = "proposed", _("Proposed")
    CONFIRMED = "confirmed", _("Confirmed")
    HELD = "held", _("Held")
    CANCELLED = "cancelled", _("Cancelled")


MEETING_MOVES: Moves = {
    MeetingState.PROPOSED: {MeetingState.CONFIRMED, MeetingState.CANCELLED},
    MeetingState.CONFIRMED: {MeetingState.HELD, MeetingState.CANCELLED},
    MeetingState.HELD: set(),
    MeetingState.CANCELLED: set(),
}
"""Which state may follow which; closing the register makes a meeting held."""
PLANNED = [MeetingState.PROPOSED, MeetingState.CONFIRMED]


class MeetingQuerySet(models.QuerySet):
    def planned(self):
        """Proposed or confirmed."""
        return self.filter(state__in=PLANNED)

    def held(self):
        """Those whose register is closed."""
        return self.filter(state=MeetingState.HELD)

    def for_officer(self, user):
        if user.is_superuser:
            return self
        return self.filter(scheme__officers__user=user)


class Meeting(models.Model):
    """A meeting of a scheme's partnership."""

    State = MeetingState

    scheme = models.ForeignKey(
        "venues.Scheme", verbose_name=_("scheme"), on_delete=models.PROTECT, related_name="meetings"
    )
    state = models.CharField(
        _("state"), max_length=10, choices=MeetingState, default=MeetingState.PROPOSED
    )
    starts_at = models.DateTimeField(_("begins"))
    minutes = models.PositiveSmallIntegerField(
        _("length in minutes"),
        default=90,
        validators=[MinValueValidator(15), MaxValueValidator(720)],
    )
    venue = models.ForeignKey(
        "venues.Venue",
        verbose_name=_("at a venue of the scheme"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    address = models.TextField(_("or another place"), max_length=400, blank=True)
    video_link = models.URLField(_("video link"), blank=True)
    uid = models.UUIDField(unique=True, default=uuid.uuid4, editable=False)
    sequence = models.PositiveIntegerField(default=0, editable=False)
    changed_at = models.DateTimeField(default=timezone.now, editable=False)
    confirmed_at = models.DateTimeField(null=True, blank=True, editable=False)
    confirmed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    invited_at = models.DateTimeField(null=True, blank=True, editable=False)
    reminded_at = models.DateTimeField(null=True, blank=True, editable=False)
    chair_told_at = models.DateTimeField(null=True, blank=True, editable=False)
    held_at = models.DateTimeField(null=True, blank=True, editable=False)
    held_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    cancelled_at = models.DateTimeField(null=True, blank=True, editable=False)
    cancelled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )

    LOCKED_WITH = ("scheme__series", "venue")
    MOVES: ClassVar[Moves] = MEETING_MOVES
    CANNOT_MOVE = _("A meeting that is %(state)s cannot become %(other)s.")
    objects = MeetingQuerySet.as_manager()

    class Meta:
        ordering = ["-starts_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "starts_at"],
                condition=~Q(state="cancelled"),
                name="one_meeting_a_time",
                violation_error_message=_("There is a meeting at this time already."),
            ),
            models.CheckConstraint(
                name="meeting_confirmed_at_and_by",
                condition=Q(confirmed_at__isnull=True, confirmed_by__isnull=True)
                | Q(confirmed_at__isnull=False, confirmed_by__isnull=False),
            ),
            models.CheckConstraint(
                name="meeting_held_at_and_by",
                condition=Q(held_at__isnull=True, held_by__isnull=True) & ~Q(state="held")
                | Q(held_at__isnull=False, held_by__isnull=False, state="held"),
            ),
            models.CheckConstraint(
                name="meeting_cancelled_at_and_by",
                condition=Q(cancelled_at__isnull=True, cancelled_by__isnull=True)
                & ~Q(state="cancelled")
                | Q(cancelled_at__isnull=False, cancelled_by__isnull=False, state="cancelled"),
            ),
        ]
        indexes = [models.Index(fields=["scheme", "state", "starts_at"])]

    def __str__(self):
        return date_format(timezone.localtime(self.starts_at), "j F Y, H:i")

    def event_keys(self) -> dict:
        return {"about": self, "scheme": self.scheme}

    @property
    def ends_at(self) -> datetime.datetime:
        return self.starts_at + datetime.timedelta(minutes=self.minutes)

    @property
    def place(self) -> str:
        """The address on one line; "" for an online meeting."""
        if self.venue is not None:
            return ", ".join(
                part for part in (self.venue.name, self.venue.address_1, self.venue.town) if part
            )
        return ", ".join(line.strip() for line in self.address.splitlines() if line.strip())


class AgendaItem(models.Model):
    """One agenda item. Work streams belong to the wider partnership, beyond the scheme."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="items")
    order = models.PositiveSmallIntegerField(_("order"))
    title = models.CharField(_("item"), max_length=200)
    about = models.TextField(_("what about"), max_length=1000, blank=True)
    led_by = models.CharField(
        _("led by"), max_length=120, blank=True, help_text=_("A role or an organisation.")
    )
    is_work_stream = models.BooleanField(_("a work stream of the partnership"), default=False)

    class Meta:
        ordering = ["meeting", "order", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "order"],
                name="agenda_order",
                deferrable=models.Deferrable.DEFERRED,
            )
        ]

    def __str__(self):
        return self.title


def document_path(document, filename) -> str:
    """A random storage path that reveals nothing; the title is a column."""
    return f"meetings/{secrets.token_hex(16)}"


class Document(models.Model):
    """A paper for a meeting, available only to officers and invitees."""

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="documents")
    item = models.ForeignKey(
        AgendaItem,
        verbose_name=_("agenda item"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="documents",
    )
    title = models.CharField(_("title"), max_length=120)
    file = models.FileField(upload_to=document_path)
    extension = models.CharField(max_length=5)
    size = models.PositiveIntegerField()
    added_at = models.DateTimeField(auto_now_add=True)
    added_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["meeting", "item__order", "id"]

    def __str__(self):
        return self.title

    def event_keys(self) -> dict:
        return {**self.meeting.event_keys(), "document": self.pk}


class Minutes(models.Model):
    """A meeting's minutes in Markdown: a draft until the chair approves them."""

    meeting = models.OneToOneField(Meeting, on_delete=models.CASCADE, related_name="record")
    text = models.TextField(_("minutes"), max_length=40_000)
    drafted_at = models.DateTimeField(auto_now_add=True)
    drafted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    LOCKED_WITH = ("meeting__scheme__series", "meeting__venue")

    class Meta:
        verbose_name_plural = _("minutes")
        constraints = [
            models.CheckConstraint(
                name="minutes_approved_at_and_by",
                condition=Q(approved_at__isnull=True, approved_by__isnull=True)
                | Q(approved_at__isnull=False, approved_by__isnull=False),
            )
        ]

    def __str__(self):
        return str(self.meeting)

    def event_keys(self) -> dict:
        return self.meeting.event_keys()
