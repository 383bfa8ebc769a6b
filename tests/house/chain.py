"""One council's full data: one object of every kind a URL may name, with names found nowhere
else.
"""

import datetime
import re

from django.contrib.contenttypes.models import ContentType
from django.core.files.base import ContentFile
from django.utils import timezone

from coverage.models import Snapshot
from partnership.actions import set_up_returns
from partnership.models import Away, Document, Minutes, Progress
from signposting.models import Service, StaffedPlace
from tests.coverage.factories import (
    ApproachFactory,
    DrawnAreaFactory,
    FeltUnsafeFactory,
    GapFactory,
    OtherPlaceFactory,
)
from tests.factories import (
    MembershipFactory,
    OfficerFactory,
    OrganisationFactory,
    SchemeFactory,
    SignUpFactory,
    StaffMemberFactory,
    StickerFactory,
    VenueFactory,
)
from tests.partnership.factories import (
    ActionFactory,
    AttendanceFactory,
    IssueFactory,
    MeetingFactory,
    PartnerFactory,
    SeriesFactory,
    UsageReturnFactory,
)
from tests.training.factories import CompletionFactory, ModuleFactory
from tests.training.session_factories import (
    BookingFactory,
    GuestFactory,
    InterestFactory,
    SeatRequestFactory,
    SessionFactory,
)
from venues.models import (
    Closure,
    DutyLink,
    Enquiry,
    Event,
    Import,
    Letter,
    Material,
    Merge,
    OrganisationSignUp,
    Principle,
    PrintRun,
    Round,
    SchemeContact,
    SchoolYear,
    Waiting,
)

MARK = "Zebra"
NAME = f"Quixotic {MARK}"
QUARTER = "2026-Q3"
FOR_ALL = {
    "area",
    "postcode",
    "placename",
    "populationpoint",
    "populationbase",
    "basepoint",
    "criterion",
    "theme",
}
"""What is no council's own: open data, and the questions that all venues are asked."""
_CONVERTER = re.compile(r"<(?:\w+:)?(\w+)>")


def make_chain() -> dict:
    """Objects by model name and by URL parameter."""
    scheme = SchemeFactory(name=NAME, slug="quixotic", council=f"{NAME} Council")
    officer = OfficerFactory(scheme=scheme, user__name=f"{NAME} Officer")
    venue = VenueFactory(
        name=f"{NAME} Hall",
        lead_scheme=scheme,
        organisation=OrganisationFactory(name=f"{NAME} Trust"),
        address_1=f"1 {NAME} Road",
        contact_name=f"{NAME} Contact",
    )
    sign_up = SignUpFactory(scheme=scheme, venue=venue, approved=True, reference=f"{MARK}1")
    manager = MembershipFactory(organisation=venue.organisation)
    person = StaffMemberFactory(
        organisation=venue.organisation, venue=venue, first_name=f"{NAME} Alex"
    )
    things = {
        "scheme": scheme,
        "officer": officer,
        "user": manager.user,
        "emailaddress": manager.user,  # no EmailAddress exists; any key will do
        "organisation": venue.organisation,
        "membership": manager,
        "venue": venue,
        **_second_entry(scheme, venue, officer),
        "signup": sign_up,
        "organisationsignup": _as_organisation(scheme, venue.organisation, manager.user),
        "staff_member": person,
        "post": person.posts.get(),
        "principle": Principle.objects.create(
            scheme=scheme, order=1, title=NAME, wording=f"{NAME}."
        ),
        "closure": Closure.objects.create(
            venue=venue, starts_on="2030-01-01", ends_on="2030-01-02", note=NAME
        ),
        "sticker": StickerFactory(sign_up=sign_up),
        "import": Import.objects.create(
            kind="members",
            scheme=scheme,
            by=officer.user,
            file_name=f"{NAME}.csv",
            file=b"x",
            state=Import.State.TRIED,
            said=[NAME],
            to_put_right=[[NAME], [[NAME]]],
        ),
        "printrun": PrintRun.objects.create(
            kind="stickers",
            scheme=scheme,
            by=officer.user,
            title=NAME,
            file_name="stickers.pdf",
            options={"stickers": [], "size": "window"},
            state=PrintRun.State.DONE,
            file=b"%PDF",
            finished_at=timezone.now(),
            said=[NAME],
        ),
        "material": Material.objects.create(
            scheme=scheme, title=NAME, for_whom="officers", address="https://example.org/"
        ),
        "sheet": Material.objects.create(
            scheme=scheme, title=f"{NAME} poster", made=Material.Made.POSTER_A4
        ),
        "round": _round(scheme, officer),
        "waiting": Waiting.objects.create(
            scheme=scheme, email=f"{MARK.lower()}@example.org", confirmed_at=timezone.now()
        ),
        "enquiry": Enquiry.objects.create(scheme=scheme, name=NAME, venue_name=NAME, phone="1"),
        "dutylink": DutyLink.objects.create(
            scheme=scheme,
            name=f"{NAME} Duty",
            phone="1",
            email="duty@example.org",
            starts_on=timezone.localdate(),
            ends_on=timezone.localdate(),
            made_by=officer.user,
        ),
        "schoolyear": SchoolYear.objects.create(
            scheme=scheme, starts_on="2026-09-01", ends_on="2027-07-23"
        ),
        "contact": SchemeContact.objects.filter(scheme=scheme).first(),
        "letter": Letter.objects.create(
            kind="venues.decline",
            scheme=scheme,
            venue=venue,
            organisation=venue.organisation,
            sign_up=sign_up,
            subject=f"About {NAME}",
            text=f"Dear {NAME}",
        ),
        "event": Event.objects.record("venues.sign_up_started", sign_up=sign_up, by=manager.user),
    }
    things |= _training(scheme, sign_up, person) | _coverage(scheme, officer)
    return things | _partnership(scheme, sign_up, officer)


def _round(scheme, officer):
    """A round that is on, so that the scheme takes sign-ups."""
    today = timezone.localdate()
    return Round.objects.create(
        scheme=scheme,
        name=f"{NAME} round",
        opens_on=today - datetime.timedelta(days=10),
        closes_on=today + datetime.timedelta(days=60),
        words_when_closed=NAME,
        made_by=officer.user,
    )


def _as_organisation(scheme, organisation, user):
    """The organisation as a whole in the scheme, sent and not decided yet."""
    return OrganisationSignUp.objects.create(
        organisation=organisation,
        scheme=scheme,
        reference=f"{MARK}9",
        state="submitted",
        started_by=user,
        submitted_by=user,
        submitted_at=timezone.now(),
        to_change=NAME,
    )


def _second_entry(scheme, venue, officer):
    """Another entry of the same place and of its organisation, and a merge that waits."""
    organisation = OrganisationFactory(name=f"{NAME} Trust Ltd")
    other = VenueFactory(name=f"The {NAME} Hall", lead_scheme=scheme, organisation=organisation)
    SignUpFactory(scheme=scheme, venue=other, state="withdrawn", reference=f"{MARK}2")
    merge = Merge.objects.create(
        keep_venue=venue, other_venue=VenueFactory(lead_scheme=scheme), asked_by=officer.user
    )
    merge.schemes.add(scheme)
    return {"other_venue": other, "other_organisation": organisation, "merge": merge}


def _training(scheme, sign_up, person):
    module = ModuleFactory(slug="quixotic", title=NAME, summary=NAME)
    module.schemes.add(scheme)
    question = module.questions.create(version=1, order=1, text=NAME)
    module.papers.create(version=1, kind="handout", body=NAME)
    module.outline.create(version=1, order=1, minutes=5, title=NAME, text=NAME)
    module.facts.create(version=1, order=1, says=NAME, source=NAME)
    session = SessionFactory(
        scheme=scheme, module=module, address=f"{NAME} House", video_link="https://video.example/"
    )
    return {
        "module": module,
        "question": question,
        "session": session,
        "booking": BookingFactory(session=session, sign_up=sign_up, staff_member=person),
        "guest": GuestFactory(session=session, name=NAME),
        "seatrequest": SeatRequestFactory(session=session, name=NAME, email="kit@example.org"),
        "interest": InterestFactory(scheme=scheme, module=module, name=NAME, wants_covered=NAME),
        "enrolment": CompletionFactory(scheme=scheme, module=module, staff_member=person),
        "service": Service.objects.create(scheme=scheme, name=NAME, number="0300 123"),
        "staffedplace": StaffedPlace.objects.create(
            scheme=scheme,
            name=NAME,
            street="Station Road",
            postcode="ZZ1 1AA",
            point=sign_up.venue.point,
        ),
    }


def _coverage(scheme, officer):
    other_place = OtherPlaceFactory(
        source__scheme=scheme, source__name=f"{NAME} list", name=f"{NAME} Annexe"
    )
    gap = GapFactory(scheme=scheme, title=f"{NAME} gap", owner=officer.user)
    figures = {"covered": 1, "people": 2, "venues": 1, "within": 800, "distances": [], "wards": []}
    figures |= {"method": "", "base": ""}
    return {
        "source": other_place.source,
        "other_place": other_place,
        "otherplace": other_place,
        "gap": gap,
        "approach": ApproachFactory(gap=gap, name=f"{NAME} Arms"),
        "feltunsafe": FeltUnsafeFactory(scheme=scheme, source=f"{NAME} survey"),
        "drawnarea": DrawnAreaFactory(scheme=scheme, name=f"{NAME} Street"),
        "snapshot": Snapshot.objects.create(
            scheme=scheme, year=2020, quarter=3, kept_at=timezone.now(), figures=figures
        ),
    }


def _partnership(scheme, sign_up, officer):
    settings = set_up_returns(scheme)
    item = scheme.return_items.first()
    item.label = NAME
    item.save()
    sent = UsageReturnFactory(sign_up=sign_up, people=4, sent_at=timezone.now())
    meeting = MeetingFactory(scheme=scheme, confirmed=True, address=f"{NAME} Guildhall")
    agenda = meeting.items.create(order=1, title=f"{NAME} item")
    paper = Document(meeting=meeting, title=f"{NAME} paper", extension="pdf", size=4)
    paper.added_by = officer.user
    paper.file.save("paper.pdf", ContentFile(b"%PDF"))
    Minutes.objects.create(meeting=meeting, text=f"{NAME} minutes", drafted_by=officer.user)
    return {
        "returnsettings": settings,
        "returnitem": item,
        "usagereturn": sent,
        "progress": Progress.objects.create(usage_return=sent, text=f"{NAME} progress"),
        "issue": IssueFactory(sign_up=sign_up, text=f"{NAME} issue"),
        "away": Away.objects.create(
            officer=officer, deputy=OfficerFactory(scheme=scheme), until="2030-01-01"
        ),
        "series": SeriesFactory(scheme=scheme, name=f"{NAME} partnership"),
        "partner": PartnerFactory(scheme=scheme, role=f"{NAME} adviser", organisation=NAME),
        "meeting": meeting,
        "item": agenda,
        "document": paper,
        "attendance": AttendanceFactory(
            meeting=meeting, organisation=sign_up.venue.organisation, reply="coming"
        ),
        "action": ActionFactory(
            scheme=scheme,
            meeting=meeting,
            what=f"{NAME} action",
            organisation=sign_up.venue.organisation,
        ),
    }


WORDS = {
    "direction": "north",
    "season": "summer",
    "type": "cafe",
    "period": QUARTER,
    "rest": "numbers/",
    "scheme": "quixotic",
    "module": "quixotic",
    "app_label": "venues",
    "colour": "6b2a5b",
    "kind": "handout",
}
CALLED = {"sign_up": "signup", "row": "attendance", "material": "sheet"}


def address(route: str, things: dict, **instead) -> str:
    """The route with the chain's objects in place of its converters; override with `instead`."""

    def value(found):
        name = found[1]
        if name in instead:
            return str(instead[name])
        if name in WORDS:
            return WORDS[name]
        if name == "content_type_id":
            return str(ContentType.objects.get_for_model(things["venue"]).pk)
        key = re.sub(r"_(id|pk)$", "", name)
        key = model_of(route) if name in ("pk", "object_id") else CALLED.get(key, key)
        if key in FOR_ALL:
            return "1"
        assert key in things, f"tell tests/house/chain.py what stands for <{name}> in {route}"
        return str(things[key].pk)

    return "/" + _CONVERTER.sub(value, route)


def is_sent_up(answer, asked: str) -> bool:
    """Whether a GET of a POST-only URL was redirected to a parent page."""
    return answer.status_code == 302 and asked != answer.url and asked.startswith(answer.url)


def model_of(route: str) -> str:
    """The model whose key is in a URL as pk or object_id."""
    if route.startswith("portal/") or "/enter/<int:pk>/" in route:
        return "signup"
    if route.startswith("admin/training/results/"):
        return "module"
    if route.startswith("admin/r/"):
        return "venue"
    if route.startswith("admin/partnership/usagereturn/<period:period>/"):
        return "scheme"
    return route.split("/")[2]
