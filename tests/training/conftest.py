"""A venue in a scheme that requires training, and its staff."""

import datetime

import pytest
from django.core.management import call_command
from django.utils import timezone

from tests.factories import (
    MembershipFactory,
    OfficerFactory,
    OrganisationFactory,
    RequirementFactory,
    SchemeFactory,
    SignUpFactory,
    UserFactory,
    VenueFactory,
)
from training import actions
from training.content import Content, VersionText
from training.models import Module
from venues.models import Post, StaffMember

TODAY = timezone.localdate
CONTENT = Content(
    slug="introductory",
    about={"title": "Introduction", "summary": "All of it.", "kind": "introductory", "minutes": 5},
    text=VersionText(
        sections=[("First", "Read *this*."), ("Second", "And this.\n\n[[scheme numbers]]")],
        questions=[
            {
                "text": "One right?",
                "choices": [
                    {"text": "Yes", "right": True, "feedback": "Right so."},
                    {"text": "No", "feedback": "Think again."},
                ],
            },
            {
                "text": "Two right?",
                "choices": [
                    {"text": "This", "right": True, "feedback": "This, indeed."},
                    {"text": "That", "right": True, "feedback": "That, too."},
                    {"text": "Neither", "feedback": "Both, in fact."},
                ],
            },
        ],
    ),
    digest="first",
)


def days(number):
    return datetime.timedelta(days=number)


@pytest.fixture(autouse=True)
def _enough_asks_for_every_test(settings):
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}


def make_venue(scheme, name, manager):
    """A venue with its own organisation, signed up to `scheme`."""
    organisation = OrganisationFactory(name=name)
    MembershipFactory(organisation=organisation, user=manager)
    venue = VenueFactory(organisation=organisation, lead_scheme=scheme, name=name)
    return SignUpFactory(venue=venue, scheme=scheme, started_by=manager)


@pytest.fixture
def manager(db):
    return UserFactory(email="manager@example.org")


@pytest.fixture
def scheme(db):
    return SchemeFactory()


@pytest.fixture
def requirement(scheme):
    return RequirementFactory(
        principle__scheme=scheme,
        evidence="trained_people",
        needed_for="sticker",
        subject="introductory",
    )


@pytest.fixture
def sign_up(scheme, requirement, manager):
    return make_venue(scheme, "Cafe", manager)


@pytest.fixture
def administrator(scheme):
    return OfficerFactory(scheme=scheme, role="administrator").user


@pytest.fixture
def unreviewed(db):
    return actions.load_module(CONTENT)[0]


@pytest.fixture
def module(unreviewed, administrator):
    return actions.review_module(unreviewed, by=administrator, name="Ada", role="Lead")


def add_person(sign_up, name="Sam", *, email="", until=None, since=None):
    person = StaffMember.objects.create(
        organisation=sign_up.venue.organisation, first_name=name, email=email
    )
    Post.objects.create(
        staff_member=person,
        venue=sign_up.venue,
        from_date=since or TODAY() - days(100),
        until=until,
    )
    return person


@pytest.fixture
def sam(sign_up):
    return add_person(sign_up)


@pytest.fixture
def enrolment(sam, module, manager):
    return actions.enrol(sam, module, by=manager)


def right_answers(enrolment):
    return {
        question.pk: {choice.pk for choice in question.choices.all() if choice.right}
        for question in enrolment.questions
    }


def as_form(answers):
    return {f"question_{pk}": sorted(ticked) for pk, ticked in answers.items()}


def read_all(enrolment):
    for order in enrolment.sections.values_list("order", flat=True):
        enrolment = actions.finish_section(enrolment, order)
    return enrolment


def train(person, module, manager, *, until=None):
    """Take somebody through the whole module; `until` overrides its expiry date."""
    enrolment = read_all(actions.enrol(person, module, by=manager))
    enrolment = actions.take_check(enrolment, right_answers(enrolment))
    if until:
        enrolment.valid_until = until
        enrolment.save(update_fields=["valid_until"])
    return enrolment


@pytest.fixture
def introductory(db) -> Module:
    """The introductory module shipped with the software."""
    call_command("load_training")
    return Module.objects.get(slug="introductory")


@pytest.fixture
def officer_of(client, settings):
    """Log in as a user with a role in a scheme."""
    settings.OFFICERS_NEED_SECOND_FACTOR = False

    def sign_in(role, scheme=None):
        given = {"scheme": scheme} if scheme else {}
        user = OfficerFactory(role=role, user__is_staff=True, **given).user
        client.force_login(user)
        return client

    return sign_in
