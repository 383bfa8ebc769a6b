"""The demonstration's places, each brought to its state by the same actions people use."""

import datetime
import random
import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from django.utils import timezone
from django.utils.text import slugify

from geography.models import Area, Postcode
from training.actions import record_earlier_training
from training.models import Enrolment, Module
from venues import actions
from venues.emails import default_letter
from venues.models import (
    Agreement,
    Answer,
    Event,
    OpeningHours,
    Organisation,
    Post,
    Scheme,
    SignUp,
    Sticker,
    Venue,
)

ONE_DAY = datetime.timedelta(days=1)
ALWAYS = "always"


@dataclass
class Demo:
    """One place: type, location, hours, and the state of its sign-up."""

    name: str
    organisation: str
    sector: str
    type: str
    ward: str
    street: str
    hours: str
    state: str
    facts: dict = field(default_factory=dict)


@cache
def _read() -> dict:
    path = Path(__file__).with_name("venues.toml")
    return tomllib.loads(path.read_text(encoding="utf-8"))


def read_places() -> tuple[list[Demo], dict[str, list]]:
    """The places of `venues.toml`, and the weeks that their `hours` refer to."""
    return [Demo(**row) for row in _read()["places"]], _read()["weeks"]


def read_also() -> dict[str, dict[str, str]]:
    """By name of a place, the further schemes it is in and its state in each."""
    return _read()["also"]


def read_chain() -> list[tuple[Demo, dict[str, str]]]:
    """The places of the chain, and what each is in further schemes."""
    shared = dict(_read()["chain"])
    return [
        (
            Demo(
                **{name: row.pop(name) for name in ("name", "ward", "street")},
                state="listed",
                **{name: shared[name] for name in shared if name != "branches"},
            ),
            row,
        )
        for row in map(dict, shared["branches"])
    ]


class Maker:
    """Brings places into their states; `officer` and `manager` are the users who act."""

    def __init__(self, scheme: Scheme, weeks: dict[str, list], *, officer, manager):
        self.weeks = weeks
        self.scheme, self.officer, self.manager = scheme, officer, manager
        self.chance = random.Random(4)
        self.today = timezone.localdate()
        self.module = Module.objects.get(slug="introductory")
        self.postcodes = {
            area.name: list(
                Postcode.objects.filter(point__coveredby=area.boundary).order_by("postcode")
            )
            for area in Area.objects.filter(kind=Area.Kind.WARD)
        }

    def make(self, place: Demo, organisation: Organisation | None = None) -> SignUp:
        """Sign up a place; a further one of `organisation`, if given."""
        postcode = self.postcodes[place.ward].pop(0)
        sign_up = actions.start_sign_up(
            scheme=self.scheme,
            postcode=postcode.postcode,
            by=self.manager,
            organisation=organisation,
        )
        actions.change_organisation(
            sign_up.venue.organisation,
            {"name": place.organisation, "sector": place.sector},
            by=self.manager,
        )
        if place.state == "draft":
            return sign_up
        self._join(sign_up, place)
        self._fill_in(sign_up, place)
        return self._decide(sign_up, place)

    def join(self, venue: Venue, place: Demo) -> SignUp:
        """Let an existing place join this scheme too, sharing its people."""
        sign_up = actions.join_scheme(venue, self.scheme, by=self.manager, shares_people=True)
        self._answer(sign_up)
        self._agree(sign_up)
        return self._decide(sign_up, place)

    def _join(self, sign_up, place):
        """Complete a sign-up; an organisation with several places stays one organisation."""
        own = sign_up.venue.organisation
        known = Organisation.objects.filter(name=place.organisation).exclude(pk=own.pk).first()
        if known:
            Venue.objects.filter(pk=sign_up.venue_id).update(organisation=known)
            Event.objects.filter(organisation=own).update(organisation=known)
            own.memberships.all().delete()
            own.delete()
            sign_up.venue.refresh_from_db()

    def _fill_in(self, sign_up, place):
        number = self.chance.randint(1, 99)
        slug = slugify(place.name)[:40]
        listing = place.state if place.state in ("area_only", "internal") else "public"
        actions.change_venue(
            sign_up.venue,
            {
                "name": place.name,
                "type": place.type,
                "address_1": f"{number} {place.street}",
                "town": "Marrowby",
                "contact_name": "Morgan Marlow",
                "contact_email": self.manager.email,
                "phone": f"01632 9600{number:02d}",
                "website": f"https://{slug}.example",
                "point_confirmed_at": timezone.now(),
                "listing": listing,
                "insurance_checked": "yes",
                **place.facts,
            },
            by=self.manager,
        )
        intervals = [
            OpeningHours(
                weekday=day,
                opens=datetime.time.fromisoformat(opens),
                closes=datetime.time.fromisoformat(closes),
            )
            for day, opens, closes in self.weeks[place.hours]
        ]
        actions.replace_hours(
            sign_up.venue,
            intervals,
            by=self.manager,
            bank_holidays="as_usual" if place.hours == ALWAYS else "closed",
        )
        self._answer(sign_up)
        self._agree(sign_up, needs_help=place.state in ("submitted", "changes_asked_for"))
        for name in ("Jo", "Sam"):
            actions.add_staff_member(
                sign_up.venue.organisation,
                first_name=name,
                venue=sign_up.venue,
                by=self.manager,
            )

    def _answer(self, sign_up):
        asked = self.scheme.criteria.filter(about="venue")
        unanswered = asked.exclude(answers__venue=sign_up.venue)
        actions.answer_criteria(
            sign_up.venue,
            {criterion: (Answer.Value.WE_DO, None, "") for criterion in unanswered},
            by=self.manager,
        )

    def _agree(self, sign_up, needs_help=False):
        answers = {}
        for principle in self.scheme.principles.all():
            if needs_help and principle.order == 4:
                answers[principle] = (Agreement.Answer.NEED_HELP, None)
            elif principle.order == 3:
                answers[principle] = (Agreement.Answer.WE_WILL, self.today + 30 * ONE_DAY)
            else:
                answers[principle] = (Agreement.Answer.WE_DO, None)
        actions.agree(sign_up, answers, by=self.manager)

    def _decide(self, sign_up, place):
        actions.submit_sign_up(sign_up, by=self.manager)
        if place.state == "submitted":
            return sign_up
        if place.state == "changes_asked_for":
            return actions.ask_for_changes(
                sign_up,
                by=self.officer,
                requests=[
                    (self.scheme.principles.get(order=4), "Who would listen on a Sunday afternoon?")
                ],
                letter=default_letter("ask_for_changes", sign_up),
            )
        if place.state == "declined":
            return actions.decline_sign_up(
                sign_up,
                by=self.officer,
                reason="The applicant could not speak for the organisation.",
                letter=default_letter("decline", sign_up),
            )
        for check in sign_up.scheme.checks_asked.all():
            actions.record_check(sign_up, kind=check.slug, passed=True, by=self.officer)
        if place.state == "checked":
            return sign_up
        actions.approve_sign_up(sign_up, by=self.officer, letter=default_letter("approve", sign_up))
        if not sign_up.venue.phone_confirmed_on:
            actions.confirm_phone(sign_up.venue, name="Morgan Marlow", by=self.officer)
        if self.scheme.has_training and place.state not in ("untrained", "internal"):
            days = (12, 25) if place.state == "lapsing" else (40, 360)
            self._train(sign_up, days)
        if self.scheme.has_stickers and place.state not in ("untrained", "internal", "ready"):
            self._sticker(sign_up, place)
        return self._afterwards(sign_up, place)

    def _train(self, sign_up, days):
        """Train the people; skipped if another scheme's training counts here too."""
        trained = Enrolment.objects.completed().filter(staff_member__posts__venue=sign_up.venue)
        untrained = sign_up.venue.posts.exclude(staff_member__in=trained.values("staff_member"))
        for post in untrained.select_related("staff_member"):
            record_earlier_training(
                post.staff_member,
                self.module,
                by=self.officer,
                valid_until=self.today + self.chance.randint(*days) * ONE_DAY,
                scheme=self.scheme,
            )

    def _sticker(self, sign_up, place):
        sticker = actions.issue_sticker(sign_up, by=self.officer)
        if place.state != "to_send":
            actions.mark_sticker_sent(sticker, by=self.officer)
            actions.mark_sticker_displayed(sticker, by=self.manager)

    def _afterwards(self, sign_up, place):
        """Backdate what would otherwise take time to pass."""
        if place.state == "suspended":
            return actions.suspend_sign_up(
                sign_up, by=self.officer, reason="Under review after a visit."
            )
        if place.state == "left":
            return actions.withdraw_sign_up(
                sign_up, by=self.manager, reason="The landlord has retired."
            )
        if place.state == "in_grace":
            long_ago = timezone.now() - 200 * ONE_DAY
            SignUp.objects.filter(pk=sign_up.pk).update(approved_at=long_ago)
            Sticker.objects.filter(sign_up=sign_up).update(issued_at=long_ago)
            Enrolment.objects.filter(staff_member__posts__venue=sign_up.venue).update(
                completed_at=long_ago
            )
            Post.objects.filter(venue=sign_up.venue).update(
                from_date=long_ago.date(), until=self.today - 5 * ONE_DAY
            )
        if place.state == "unconfirmed":
            Venue.objects.filter(pk=sign_up.venue_id).update(
                hours_confirmed_at=timezone.now() - 120 * ONE_DAY
            )
        return sign_up
