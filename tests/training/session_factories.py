"""Sessions, bookings and registrations of interest."""

import datetime

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from tests.factories import SchemeFactory, SignUpFactory, UserFactory
from training.models import Booking, Interest, Module, SeatRequest, Session


class SpecialistModuleFactory(DjangoModelFactory):
    """A specialist module reviewed by a safeguarding lead."""

    class Meta:
        model = Module

    slug = factory.Sequence(lambda n: f"module-{n}")
    title = factory.Sequence(lambda n: f"Module {n}")
    summary = "What it is about."
    kind = Module.Kind.SPECIALIST
    completed_by = Module.CompletedBy.EITHER
    minutes = 60
    reviewed_version = 1
    reviewed_by_name = "Ada"
    reviewed_by_role = "Lead"
    reviewed_on = factory.LazyFunction(timezone.localdate)
    review_recorded_by = factory.SubFactory(UserFactory)


class SessionFactory(DjangoModelFactory):
    """A face-to-face session in ten days with two seats; `past=True` puts it ten days ago."""

    class Meta:
        model = Session

    class Params:
        past = factory.Trait(
            starts_at=factory.LazyFunction(lambda: timezone.now() - datetime.timedelta(days=10))
        )

    scheme = factory.SubFactory(SchemeFactory)
    module = factory.SubFactory(SpecialistModuleFactory)
    starts_at = factory.LazyFunction(lambda: timezone.now() + datetime.timedelta(days=10))
    minutes = 90
    address = "Guildhall, Room 2"
    capacity = 2
    planned_by = factory.SubFactory(UserFactory)


class EventFactory(SessionFactory):
    """A networking event that anybody can book."""

    kind = Session.Kind.NETWORKING
    module = None
    title = "Coffee for people who look after places"
    open_to = Session.OpenTo.ANYBODY


class BookingFactory(DjangoModelFactory):
    """A booked seat without a name; `waiting=True` and `offered=True` are the other states."""

    class Meta:
        model = Booking

    class Params:
        waiting = factory.Trait(state=Booking.State.WAITING, booked_at=None)
        offered = factory.Trait(
            state=Booking.State.OFFERED,
            booked_at=None,
            offered_at=factory.LazyFunction(timezone.now),
            offer_until=factory.LazyFunction(lambda: timezone.now() + datetime.timedelta(days=1)),
        )

    session = factory.SubFactory(SessionFactory)
    sign_up = factory.SubFactory(
        SignUpFactory, approved=True, scheme=factory.SelfAttribute("..session.scheme")
    )
    state = Booking.State.BOOKED
    booked_at = factory.LazyFunction(timezone.now)
    asked_by = factory.SubFactory(UserFactory)


class GuestFactory(BookingFactory):
    """A booked seat of somebody who booked for themselves."""

    sign_up = None
    asked_by = None
    name = "Robin Quill"
    email = "robin@example.org"


class SeatRequestFactory(DjangoModelFactory):
    class Meta:
        model = SeatRequest

    session = factory.SubFactory(EventFactory)
    name = "Robin Quill"
    email = "robin@example.org"


class InterestFactory(DjangoModelFactory):
    class Meta:
        model = Interest

    scheme = factory.SubFactory(SchemeFactory)
    module = factory.SubFactory(SpecialistModuleFactory)
    email = "robin@example.org"
