"""A session that has started, and the people booked on it."""

import datetime

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from tests.factories import SchemeFactory, SignUpFactory, StaffMemberFactory, UserFactory
from tests.training.factories import ModuleFactory
from training.models import Booking, Module, Session


class BegunSessionFactory(DjangoModelFactory):
    """A session in a hall; `began` is how many minutes ago it started."""

    class Meta:
        model = Session

    class Params:
        began = 30

    scheme = factory.SubFactory(SchemeFactory)
    module = factory.SubFactory(ModuleFactory, completed_by=Module.CompletedBy.EITHER)
    starts_at = factory.LazyAttribute(
        lambda each: timezone.now() - datetime.timedelta(minutes=each.began)
    )
    minutes = 90
    address = "The Hall, High Street"
    capacity = 20
    planned_by = factory.SubFactory(UserFactory)


class PersonBookedFactory(DjangoModelFactory):
    """A booked seat for somebody at the sign-up's venue; with `name_later`, not named yet."""

    class Meta:
        model = Booking

    class Params:
        name = "Alex"
        name_later = factory.Trait(staff_member=None)
        waiting = factory.Trait(state=Booking.State.WAITING, booked_at=None)

    session = factory.SubFactory(BegunSessionFactory)
    sign_up = factory.SubFactory(
        SignUpFactory, approved=True, scheme=factory.SelfAttribute("..session.scheme")
    )
    staff_member = factory.LazyAttribute(
        lambda booking: StaffMemberFactory(
            first_name=booking.name,
            organisation=booking.sign_up.venue.organisation,
            venue=booking.sign_up.venue,
        )
    )
    state = Booking.State.BOOKED
    booked_at = factory.LazyFunction(timezone.now)
