"""A seat at a session: requested, waited for, offered, booked."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.deciding import Moves
from venues.models import Scheme

from .sessions import Session


class BookingQuerySet(models.QuerySet):
    def live(self):
        """All but the cancelled."""
        return self.exclude(state=Booking.State.CANCELLED)

    def taking_a_seat(self):
        """Booked, or reserved by an offer."""
        return self.filter(state__in=[Booking.State.BOOKED, Booking.State.OFFERED])

    def waiting(self):
        return self.filter(state=Booking.State.WAITING)

    def for_officer(self, user):
        if user.is_superuser:
            return self
        return self.filter(session__scheme__in=Scheme.objects.for_officer(user))

    def with_position(self):
        """Annotate `position` in the queue, from 1; meaningful only for waiting bookings."""
        ahead = (
            Booking.objects.waiting()
            .filter(session=OuterRef("session"), pk__lte=OuterRef("pk"))
            .order_by()
            .values("session")
            .annotate(number=Count("pk"))
            .values("number")
        )
        return self.annotate(position=Subquery(ahead))


class Booking(models.Model):
    """One seat at a session, requested by a venue. Lower primary keys were requested earlier."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        OFFERED = "offered", _("Offered a seat")
        BOOKED = "booked", _("Booked")
        CANCELLED = "cancelled", _("Cancelled")

    class Ended(models.TextChoices):
        GIVEN_UP = "given_up", _("given up")
        DECLINED = "declined", _("offer declined")
        LAPSED = "lapsed", _("offer not answered in time")
        SESSION = "session", _("session cancelled")

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="bookings")
    sign_up = models.ForeignKey(
        "venues.SignUp",
        verbose_name=_("place it is for"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="training_bookings",
    )
    staff_member = models.ForeignKey(
        "venues.StaffMember",
        verbose_name=_("person"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="training_bookings",
        help_text=_("Empty until a name is given."),
    )
    state = models.CharField(_("state"), max_length=10, choices=State)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    asked_with = models.UUIDField(
        null=True,
        blank=True,
        help_text="The form it came from, so that a form sent twice books once.",
    )
    offered_at = models.DateTimeField(null=True, blank=True)
    offer_until = models.DateTimeField(_("to be accepted by"), null=True, blank=True)
    booked_at = models.DateTimeField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    ended = models.CharField(_("how it ended"), max_length=10, choices=Ended, blank=True)
    reminded_week_at = models.DateTimeField(null=True, blank=True)
    reminded_day_at = models.DateTimeField(null=True, blank=True)
    attended = models.BooleanField(_("came"), null=True, blank=True)
    attended_recorded_at = models.DateTimeField(null=True, blank=True)
    walk_in = models.BooleanField(
        _("came without booking"),
        default=False,
        help_text=_("Added at the door, even when every seat was taken."),
    )
    feedback_given = models.BooleanField(
        default=False,
        editable=False,
        help_text="Whether it was given, so that it is given once. Never what was said, nor when.",
    )

    MOVES: ClassVar[Moves] = {
        State.WAITING: {State.OFFERED, State.CANCELLED},
        State.OFFERED: {State.BOOKED, State.CANCELLED},
        State.BOOKED: {State.CANCELLED},
        State.CANCELLED: set(),
    }
    """Which state may follow which; only actions change it."""
    CANNOT_MOVE = _("This cannot be done: the seat is now “%(state)s”.")
    objects = BookingQuerySet.as_manager()

    class Meta:
        ordering = ["session", "id"]
        indexes = [models.Index(fields=["session", "state", "id"])]
        constraints = [
            models.UniqueConstraint(
                fields=["session", "staff_member"],
                condition=~Q(state="cancelled"),
                name="one_booking_a_person",
                violation_error_message=_("This person is on the list already."),
            ),
            models.CheckConstraint(
                name="booking_state_is_known",
                condition=Q(state__in=["waiting", "offered", "booked", "cancelled"]),
            ),
            models.CheckConstraint(
                name="booking_offered_until",
                condition=Q(offered_at__isnull=True, offer_until__isnull=True)
                | Q(offered_at__isnull=False, offer_until__isnull=False),
            ),
            models.CheckConstraint(
                name="booking_offer_has_an_end",
                condition=~Q(state="offered") | Q(offer_until__isnull=False),
            ),
            models.CheckConstraint(
                name="booking_booked_has_a_date",
                condition=~Q(state="booked") | Q(booked_at__isnull=False),
            ),
            models.CheckConstraint(
                name="booking_cancelled_at_and_how",
                condition=(Q(state="cancelled", cancelled_at__isnull=False) & ~Q(ended=""))
                | (~Q(state="cancelled") & Q(cancelled_at__isnull=True, ended="")),
            ),
            models.CheckConstraint(
                name="booking_attended_and_when",
                condition=Q(attended__isnull=True, attended_recorded_at__isnull=True)
                | Q(attended__isnull=False, attended_recorded_at__isnull=False, state="booked"),
            ),
            models.CheckConstraint(
                name="booking_is_for_a_place",
                condition=Q(sign_up__isnull=False) | Q(walk_in=True),
            ),
        ]

    def __str__(self):
        return f"{self.staff_member or _('Name later')}, {self.get_state_display()}"

    def event_keys(self) -> dict:
        return {**self.session.event_keys(), "sign_up": self.sign_up}
