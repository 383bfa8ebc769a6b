"""Fill an empty demonstration; idempotent and silent when it is already loaded."""

import io

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from coverage.actions import show_public_map
from demo import registers, training
from demo.district import load_district
from demo.meetings import load_meetings
from demo.membership import date_members
from demo.other_places import load_other_places
from demo.pack import make_past_quarters
from demo.people import MANAGER, make_officers, make_user
from demo.returns import load_returns
from demo.schemes import load_further_schemes, make_ready
from demo.sessions import make_sessions
from demo.venues import Maker, read_places
from signposting.actions import confirm_service
from signposting.models import Service
from training.actions import review_module
from training.models import Fact, Module
from venues.actions import ask_to_be_rung
from venues.models import Scheme, SchemeContact
from venues.packs import create_scheme

NUMBERS = {
    "children_day": ("Marrowby Children’s Services", "01632 960101"),
    "children_night": ("Marrowby Emergency Duty Team", "01632 960102"),
    "adults_day": ("Marrowby Adult Social Care", "01632 960103"),
    "adults_night": ("Marrowby Emergency Duty Team", "01632 960102"),
    "domestic_abuse": ("Marrowby Domestic Abuse Service", "01632 960105"),
}
"""From Ofcom's range of numbers for fiction."""


class Command(BaseCommand):
    help = "Fills the demonstration with a district that does not exist."

    def handle(self, **options):
        if not (settings.DEMO or settings.TESTING):
            raise CommandError("The demonstration is never loaded into a server in production.")
        if Scheme.objects.exists():
            return
        with transaction.atomic():
            load()
        self.stdout.write("The demonstration is loaded.")


def load():
    """Load everything in chronological order."""
    district = load_district()
    call_command("load_training", verbosity=0)
    call_command("load_services", stdout=io.StringIO())
    scheme = create_scheme(
        "spaces_of_sanctuary",
        council="Marrowby Borough Council",
        contact_email="safe.spaces@demo.example",
        contact_phone="01632 960100",
        area=district,
    )
    for kind in scheme.contact_kinds.all():
        name, number = NUMBERS[kind.slug]
        SchemeContact.objects.create(scheme=scheme, kind=kind, name=name, number=number)
    officers = make_officers(scheme)
    administrator = officers["administrator"]
    confirm_national_lines(by=administrator)
    scheme = make_ready(scheme, by=administrator)
    training.illustrate(Module.objects.get(slug="introductory"))
    Fact.objects.update(to_confirm=False)  # as Ruth Reed does when she has checked each source
    for module in Module.objects.all():
        review_module(module, by=administrator, name="Ruth Reed", role="Safeguarding lead")
    places, weeks = read_places()
    officer = officers["officer"]
    maker = Maker(scheme, weeks, officer=officer, manager=make_user("others", "Alex Others"))
    own = Maker(scheme, weeks, officer=officer, manager=make_user(MANAGER, "Morgan Marlow"))
    own.postcodes = maker.postcodes
    for place in places:
        (own if place.name in OF_THE_MANAGER else maker).make(place)
    training.fill(scheme, manager=own.manager)
    make_sessions(scheme, trainer=officers["trainer"], manager=own.manager)
    training.say_how_sessions_were(scheme)
    registers.fill(scheme, trainer=officers["trainer"])
    date_members(scheme)
    load_meetings(scheme, officers)
    load_returns(scheme, officers, manager=own.manager)
    make_past_quarters(scheme, chair=officers["chair"])
    ask_to_be_rung(
        scheme,
        name="Robin",
        venue_name="Robin’s Barber Shop",
        phone="01632 960177",
        best_time="Tuesday morning",
    )
    load_other_places(scheme, officer=officer, administrator=administrator)
    show_public_map(scheme, by=administrator)
    load_further_schemes(maker)


def confirm_national_lines(*, by):
    """Confirm the national lines: real lines with real numbers, because somebody in need may come
    across a demonstration too.
    """
    for service in Service.objects.filter(scheme=None):
        confirm_service(service, name="Ada Ashe", by=by)


OF_THE_MANAGER = {"The Copper Kettle"}
"""The organisation of the demonstration's venue manager; other places belong to others."""
