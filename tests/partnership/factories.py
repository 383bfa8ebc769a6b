"""Partnership objects at their plainest."""

import datetime

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from partnership.models import (
    Action,
    Attendance,
    Issue,
    Meeting,
    Partner,
    Series,
    UsageCount,
    UsageReturn,
)
from partnership.periods import QUARTER, Period
from tests.factories import (
    MembershipFactory,
    OfficerFactory,
    OrganisationFactory,
    SchemeFactory,
    SignUpFactory,
    UserFactory,
    VenueFactory,
)


def days_ago(number, hour=10):
    day = timezone.localdate() - datetime.timedelta(days=number)
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(hour)))


class SeriesFactory(DjangoModelFactory):
    class Meta:
        model = Series

    scheme = factory.SubFactory(SchemeFactory)
    name = "Social Inclusion Partnership"
    address = "Guildhall, High Street"


class PartnerFactory(DjangoModelFactory):
    class Meta:
        model = Partner

    scheme = factory.SubFactory(SchemeFactory)
    role = factory.Sequence(lambda n: f"Adviser {n}")
    organisation = "Citizens Advice"
    email = factory.Sequence(lambda n: f"partner{n}@example.org")


class MeetingFactory(DjangoModelFactory):
    """A proposed meeting in four weeks; the traits are `confirmed` and `held` (a week ago)."""

    class Meta:
        model = Meeting

    class Params:
        confirmed = factory.Trait(
            state="confirmed",
            confirmed_at=factory.LazyFunction(timezone.now),
            confirmed_by=factory.SubFactory(UserFactory),
        )
        held = factory.Trait(
            confirmed=True,
            state="held",
            starts_at=factory.LazyFunction(lambda: days_ago(7)),
            held_at=factory.LazyFunction(timezone.now),
            held_by=factory.SubFactory(UserFactory),
        )

    scheme = factory.SubFactory(SchemeFactory)
    starts_at = factory.LazyFunction(lambda: days_ago(-28))
    address = "Guildhall, High Street"


class AttendanceFactory(DjangoModelFactory):
    """An invitation; `outcome="present"` is what the closed register says."""

    class Meta:
        model = Attendance

    meeting = factory.SubFactory(MeetingFactory, confirmed=True)
    invited_at = factory.LazyFunction(timezone.now)
    taken_at = factory.LazyAttribute(lambda row: timezone.now() if row.outcome else None)
    taken_by = factory.Maybe("outcome", factory.SubFactory(UserFactory), None)
    replied_at = factory.LazyAttribute(lambda row: timezone.now() if row.reply else None)
    outcome = ""
    reply = ""


class ActionFactory(DjangoModelFactory):
    class Meta:
        model = Action

    scheme = factory.SubFactory(SchemeFactory)
    what = "Ask the bus company for posters"
    due_on = factory.LazyFunction(lambda: timezone.localdate() + datetime.timedelta(days=30))
    agreed_by = factory.SubFactory(UserFactory)


class UsageReturnFactory(DjangoModelFactory):
    """A nil return sent in time by the link; give `counts` as {item: number}."""

    class Meta:
        model = UsageReturn
        skip_postgeneration_save = True

    sign_up = factory.SubFactory(SignUpFactory, approved=True)
    year = 2026
    number = 3
    people = 0
    way = "link"
    sent_at = factory.LazyAttribute(lambda made: _first_morning_after(made.year, made.number))

    @factory.post_generation
    def counts(self, create, extracted, **kwargs):
        for item, count in (extracted or {}).items():
            UsageCount.objects.create(usage_return=self, item=item, count=count)


def _first_morning_after(year, number):
    day = Period(QUARTER, year, number).following.starts
    return timezone.make_aware(datetime.datetime.combine(day, datetime.time(9)))


class IssueFactory(DjangoModelFactory):
    class Meta:
        model = Issue

    scheme = factory.SelfAttribute("sign_up.scheme")
    sign_up = factory.SubFactory(SignUpFactory, approved=True)
    theme = "training"
    text = "Could the training be shorter?"
    raised_at = factory.LazyFunction(timezone.now)


def make_member(scheme, name="The Copper Kettle", email="manager@example.org", **more):
    """The sign-up of an approved venue whose organisation has one manager."""
    user = UserFactory(email=email)
    organisation = OrganisationFactory(name=name)
    MembershipFactory(organisation=organisation, user=user)
    return SignUpFactory(
        scheme=scheme,
        approved=True,
        approved_at=days_ago(500),
        venue=VenueFactory(organisation=organisation, lead_scheme=scheme, name=name),
        **more,
    )


def make_officer(scheme, role="chair", email=None):
    """A user with this role in the scheme."""
    more = {"user__email": email} if email else {}
    return OfficerFactory(scheme=scheme, role=role, **more).user
