"""A seat at a session: requested, waited for, offered, booked.

Either a venue books for its people, or somebody books for themselves with an e-mail address: a
guest, without an account, whose request counts once they pressed the link sent to that address.
"""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Count, OuterRef, Q, Subquery
from django.db.models.functions import Lower
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common.deciding import Moves
from venues.models import Scheme

from .sessions import Session

LONGEST_NAME = 120


class BookingQuerySet(models.QuerySet):
    def live(self):
        """All but the cancelled."""
        return self.exclude(state=Booking.State.CANCELLED)

    def taking_a_seat(self):
        """Booked, or reserved by an offer."""
        return self.filter(state__in=[Booking.State.BOOKED, Booking.State.OFFERED])

    def waiting(self):
        return self.filter(state=Booking.State.WAITING)

    def of_guests(self):
        """Booked by people for themselves, without a place."""
        return self.exclude(email="")

    def with_a_person(self):
        """Whose person is known: named by a venue, or a guest."""
        return self.filter(Q(staff_member__isnull=False) | ~Q(email=""))

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
    """One seat at a session, for a venue or a guest. Lower primary keys were requested earlier."""

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
    name = models.CharField(
        _("name"), max_length=LONGEST_NAME, blank=True, help_text="Of a guest only."
    )
    email = models.EmailField(_("e-mail address"), blank=True, help_text="Of a guest only.")
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
            models.UniqueConstraint(
                "session",
                Lower("email"),
                condition=~Q(email="") & ~Q(state="cancelled"),
                name="one_booking_an_address",
                violation_error_message=_("This address is on the list already."),
            ),
            models.CheckConstraint(
                name="booking_is_for_a_place_or_a_guest",
                condition=Q(sign_up__isnull=False, name="", email="")
                | Q(walk_in=True, name="", email="")
                | (Q(sign_up__isnull=True, staff_member__isnull=True) & ~Q(name="") & ~Q(email="")),
            ),
        ]

    def __str__(self):
        return f"{self.who or _('Name later')}, {self.get_state_display()}"

    @property
    def is_guest(self) -> bool:
        return bool(self.email)

    @property
    def who(self) -> str:
        """The person's name; empty while a venue has not given one."""
        return str(self.staff_member) if self.staff_member else self.name

    @property
    def where_from(self) -> str:
        """The place they come from, in words."""
        return str(self.sign_up.venue) if self.sign_up else str(_("booked for themselves"))

    @property
    def address(self) -> str:
        """The person's e-mail address; empty if none is known."""
        return self.staff_member.email if self.staff_member else self.email

    def event_keys(self) -> dict:
        return {**self.session.event_keys(), "sign_up": self.sign_up}


class SeatRequest(models.Model):
    """Somebody's request for a seat, until they press the link sent to their address.

    It takes no seat: only the link proves that the address is theirs. Afterwards it leads whoever
    presses the link again to their booking.
    """

    session = models.ForeignKey(Session, on_delete=models.PROTECT, related_name="seat_requests")
    name = models.CharField(_("name"), max_length=LONGEST_NAME)
    email = models.EmailField(_("e-mail address"))
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    booking = models.OneToOneField(
        Booking, null=True, blank=True, on_delete=models.CASCADE, related_name="seat_request"
    )

    class Meta:
        ordering = ["session", "id"]
        constraints = [
            models.UniqueConstraint(
                "session",
                Lower("email"),
                condition=Q(booking__isnull=True),
                name="one_open_request_an_address",
            )
        ]

    def __str__(self):
        return str(self.session)
