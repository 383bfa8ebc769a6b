"""The simplest valid objects; states are traits in our words (`SignUpFactory(approved=True)`)."""

import datetime

import factory
from django.contrib.auth import get_user_model
from django.contrib.gis.geos import Point
from django.utils import timezone
from factory.django import DjangoModelFactory

from venues.actions import record_test_call, sign_off_texts
from venues.models import (
    Agreement,
    Check,
    ContactKind,
    Membership,
    Officer,
    OpeningHours,
    Organisation,
    Post,
    Principle,
    Requirement,
    Scheme,
    SchemeCheck,
    SchemeContact,
    SignUp,
    StaffMember,
    Sticker,
    Venue,
)

CHECKS = {
    "visited": "The venue was visited",
    "community_safety": "Community safety and licensing were asked",
    "safeguarding_lead": "The venue has named a safeguarding lead",
    "may_speak": "The applicant may speak for the organisation",
}
NUMBERS = {
    "children_day": "Worried about a child, office hours",
    "children_night": "Worried about a child, nights and weekends",
    "adults_day": "Worried about an adult at risk, office hours",
    "adults_night": "Worried about an adult at risk, nights and weekends",
    "domestic_abuse": "Domestic abuse service",
}
ALWAYS = [(weekday, datetime.time(0), datetime.time(0)) for weekday in range(7)]


class UserFactory(DjangoModelFactory):
    class Meta:
        model = get_user_model()

    email = factory.Sequence(lambda n: f"person{n}@example.org")


class SchemeFactory(DjangoModelFactory):
    """A scheme open for sign-ups; `draft=True` has no numbers and is not open yet.

    `bare=True` has no meetings, returns, stickers or training.
    """

    class Meta:
        model = Scheme
        skip_postgeneration_save = True

    class Params:
        draft = factory.Trait(opened_at=None, opened_by=None)
        bare = factory.Trait(
            meetings_every="none",
            returns_every="none",
            offers_stickers=False,
            offers_training=False,
        )

    name = factory.Sequence(lambda n: f"Scheme {n}")
    slug = factory.Sequence(lambda n: f"scheme-{n}")
    council = "Example Council"
    contact_email = "team@example.org"
    offers_stickers = True
    offers_training = True
    opened_at = factory.LazyFunction(timezone.now)
    opened_by = factory.SubFactory(UserFactory)

    @factory.post_generation
    def checks(self, create, extracted, **kwargs):
        """The usual four; `checks={}` for none."""
        if not create:
            return
        asked = CHECKS if extracted is None else extracted
        SchemeCheck.objects.bulk_create(
            SchemeCheck(scheme=self, slug=slug, words=words, order=order)
            for order, (slug, words) in enumerate(asked.items())
        )

    @factory.post_generation
    def numbers(self, create, extracted, **kwargs):
        """The usual five, with names once the scheme is open; `numbers={}` for none."""
        if not create:
            return
        asked = NUMBERS if extracted is None else extracted
        ContactKind.objects.bulk_create(
            ContactKind(scheme=self, slug=slug, words=words, order=order)
            for order, (slug, words) in enumerate(asked.items())
        )
        if self.opened_at:
            name_numbers(self)


def name_numbers(scheme):
    """Enter every number that the scheme asks for."""
    for kind in scheme.contact_kinds.all():
        SchemeContact.objects.create(
            scheme=scheme, kind=kind, name=kind.words, number="01632 960000"
        )


def ready_to_open(scheme, by=None):
    """Sign off its texts unchanged and mark its numbers as checked."""
    by, today = by or UserFactory(), timezone.localdate()
    sign_off_texts(scheme, name="Ada", role="Safeguarding lead", signed_on=today, by=by)
    for contact in scheme.contacts.all():
        call = {"contact": contact, "called_on": today, "caller": "Ben", "was_answered": True}
        record_test_call(scheme, **call, by=by)


class PrincipleFactory(DjangoModelFactory):
    class Meta:
        model = Principle

    scheme = factory.SubFactory(SchemeFactory)
    order = factory.Sequence(lambda n: n + 1)
    title = factory.Sequence(lambda n: f"Principle {n}")
    wording = "We welcome everybody."


class RequirementFactory(DjangoModelFactory):
    class Meta:
        model = Requirement

    principle = factory.SubFactory(PrincipleFactory)
    evidence = "opening_hours"
    needed_for = "submission"
    asked_since = datetime.date(2020, 1, 1)


class OfficerFactory(DjangoModelFactory):
    class Meta:
        model = Officer

    scheme = factory.SubFactory(SchemeFactory)
    user = factory.SubFactory(UserFactory)
    role = Officer.Role.OFFICER


class OrganisationFactory(DjangoModelFactory):
    class Meta:
        model = Organisation

    name = factory.Sequence(lambda n: f"Organisation {n}")
    sector = Organisation.Sector.COMMUNITY


class MembershipFactory(DjangoModelFactory):
    """A manager of all places; with `venues=[...]`, only of those."""

    class Meta:
        model = Membership
        skip_postgeneration_save = True

    organisation = factory.SubFactory(OrganisationFactory)
    user = factory.SubFactory(UserFactory)
    role = Membership.Role.MANAGER
    scope = Membership.Scope.ALL

    @factory.post_generation
    def venues(self, create, extracted, **kwargs):
        if extracted is not None:
            self.scope = Membership.Scope.CHOSEN
            self.save()
            self.venues.set(extracted)


class VenueFactory(DjangoModelFactory):
    """A public place with hours on request; `hours=ALWAYS` opens it day and night."""

    class Meta:
        model = Venue
        skip_postgeneration_save = True

    organisation = factory.SubFactory(OrganisationFactory)
    lead_scheme = factory.SubFactory(SchemeFactory)
    name = factory.Sequence(lambda n: f"Place {n}")
    slug = factory.Sequence(lambda n: f"place-{n}")
    type = Venue.Type.CAFE
    address_1 = "1 High Street"
    town = "Exampleton"
    postcode = "ZZ1 1AA"
    point = Point(450000, 115000, srid=27700)
    contact_name = "Sam"
    contact_email = "sam@example.org"
    website = "https://example.org/"
    point_confirmed_at = factory.LazyFunction(timezone.now)
    listing_chosen_at = factory.LazyFunction(timezone.now)
    hours_confirmed_at = factory.LazyFunction(timezone.now)

    @factory.post_generation
    def hours(self, create, extracted, **kwargs):
        """(weekday, opens, closes) tuples."""
        for weekday, opens, closes in extracted or []:
            OpeningHours.objects.create(
                venue=self,
                weekday=weekday,
                opens=opens,
                closes=closes,
                valid_from=datetime.date(2020, 1, 1),
            )


class SignUpFactory(DjangoModelFactory):
    """A draft; `submitted`, `approved`, `suspended` and `listed` are the states after it."""

    class Meta:
        model = SignUp
        skip_postgeneration_save = True

    class Params:
        submitted = factory.Trait(
            state="submitted",
            submitted_at=factory.LazyFunction(timezone.now),
            submitted_by=factory.SelfAttribute("started_by"),
        )
        approved = factory.Trait(
            submitted=True,
            state="approved",
            approved_at=factory.LazyFunction(timezone.now),
            approved_by=factory.SubFactory(UserFactory),
        )
        suspended = factory.Trait(approved=True, state="suspended")

    scheme = factory.SubFactory(SchemeFactory)
    venue = factory.SubFactory(VenueFactory, lead_scheme=factory.SelfAttribute("..scheme"))
    reference = factory.Sequence(lambda n: f"R{n:06d}")
    started_by = factory.SubFactory(UserFactory)

    @factory.post_generation
    def listed(self, create, extracted, **kwargs):
        """Give an approved sign-up a current sticker, so that the public can find it."""
        if extracted:
            StickerFactory(sign_up=self)

    @factory.post_generation
    def agreed(self, create, extracted, **kwargs):
        """Answer every principle with "we do this"."""
        if extracted:
            for principle in self.scheme.principles.all():
                Agreement.objects.create(
                    sign_up=self,
                    principle=principle,
                    version=principle.version,
                    wording=principle.wording,
                    answer="we_do",
                    agreed_by=self.started_by,
                )

    @factory.post_generation
    def checked(self, create, extracted, **kwargs):
        """Pass every check that a public listing needs."""
        if extracted:
            for kind in self.scheme.checks_asked.all():
                Check.objects.create(
                    sign_up=self,
                    kind=kind,
                    passed=True,
                    checked_by=self.started_by,
                    checked_on=timezone.localdate(),
                )


class StickerFactory(DjangoModelFactory):
    """Issued; `sent` also marks it as posted."""

    class Meta:
        model = Sticker

    class Params:
        sent = factory.Trait(
            sent_at=factory.SelfAttribute("issued_at"), sent_by=factory.SelfAttribute("issued_by")
        )

    sign_up = factory.SubFactory(SignUpFactory, approved=True)
    number = factory.Sequence(lambda n: n + 1)
    code = factory.Sequence(lambda n: f"ACDE{n:04d}")
    issued_at = factory.LazyFunction(timezone.now)
    issued_by = factory.SubFactory(UserFactory)
    expires_on = factory.LazyFunction(lambda: timezone.localdate() + datetime.timedelta(days=365))


class StaffMemberFactory(DjangoModelFactory):
    """A person of an organisation; with `venue`, they have worked there since last year."""

    class Meta:
        model = StaffMember
        skip_postgeneration_save = True

    organisation = factory.SubFactory(OrganisationFactory)
    first_name = "Alex"

    @factory.post_generation
    def venue(self, create, extracted, **kwargs):
        if extracted:
            Post.objects.create(
                staff_member=self,
                venue=extracted,
                from_date=timezone.localdate() - datetime.timedelta(days=365),
            )
