"""Completed training, written straight to the database for tests that need a lot of it."""

import datetime

import factory
from django.utils import timezone
from factory.django import DjangoModelFactory

from tests.factories import SchemeFactory, StaffMemberFactory, UserFactory
from training.models import Enrolment, Module


class ModuleFactory(DjangoModelFactory):
    """A module reviewed by a safeguarding lead."""

    class Meta:
        model = Module
        django_get_or_create = ("slug",)

    slug = "introductory"
    title = "Introduction"
    summary = "All of it."
    kind = Module.Kind.INTRODUCTORY
    minutes = 5
    reviewed_version = 1
    reviewed_by_name = "Ada"
    reviewed_by_role = "Lead"
    reviewed_on = factory.LazyFunction(timezone.localdate)
    review_recorded_by = factory.SubFactory(UserFactory)


class CompletionFactory(DjangoModelFactory):
    """A completion; `days` is how many days it stays valid."""

    class Meta:
        model = Enrolment

    class Params:
        days = 365
        venue = None

    scheme = factory.SubFactory(SchemeFactory)
    module = factory.SubFactory(ModuleFactory)
    module_version = 1
    staff_member = factory.LazyAttribute(
        lambda done: StaffMemberFactory(organisation=done.venue.organisation, venue=done.venue)
    )
    enrolled_by = factory.SubFactory(UserFactory)
    source = Enrolment.Source.EARLIER
    code_expires_at = factory.LazyFunction(timezone.now)
    completed_at = factory.LazyFunction(lambda: timezone.now() - datetime.timedelta(days=1))
    valid_until = factory.LazyAttribute(
        lambda done: timezone.localdate() + datetime.timedelta(days=done.days)
    )
