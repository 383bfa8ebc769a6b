"""Which venues will lapse as training expires, and how many trained people they lack.

The days come from the same expression as every other list, evaluated for future days.
"""

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypedDict

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import F, OuterRef, Subquery
from django.db.models.functions import JSONObject
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from training.evidence import people_covering
from training.models import Module
from training.rules.cover import EVIDENCE
from venues.letters import venue_addresses
from venues.models import Event, Scheme, SignUp
from venues.models.sign_ups import proved_requirements_subquery

HORIZONS = (30, 60, 90)
"""In days from today."""

INVITED = "training.invited_to_training"
NOT_AGAIN_FOR = datetime.timedelta(days=7)


@dataclass(frozen=True)
class Shortage:
    """A venue with too few people trained in one module, today or within ninety days."""

    sign_up: SignUp
    module: str  # title
    subject: str  # slug
    at_least: int
    people: int  # who cover it today if it is short already, else on the horizon's day
    within: int  # 0: short today; 30, 60 or 90: by then
    ends_on: datetime.date | None  # last day with enough people; None if never
    leaves_after: datetime.date | None  # last day of grace

    @property
    def short(self) -> int:
        """How many more people have to be trained."""
        return self.at_least - self.people

    def is_kept_by(self, day: datetime.date) -> bool:
        """Whether training them by `day` keeps the venue listed."""
        return self.leaves_after is not None and day <= self.leaves_after


class Fact(TypedDict):
    """A requirement and its state on one day, as JSON from the database."""

    pk: int
    subject: str
    at_least: int
    people: int
    held_until: str | None
    grace_until: str | None


def shortages(scheme: Scheme, today: datetime.date) -> list[Shortage]:
    """Venues short of trained people today or by a horizon, earliest lapse first.

    Three queries, however many venues.
    """
    days = {0: today, **{ahead: today + datetime.timedelta(days=ahead) for ahead in HORIZONS}}
    invited = Event.objects.filter(kind=INVITED, sign_up=OuterRef("pk")).order_by("-at")
    sign_ups = (
        SignUp.objects.approved()
        .filter(scheme=scheme)
        .select_related("venue", "scheme")
        .annotate(
            invited_at=Subquery(invited.values("at")[:1]),
            **{f"facts_{ahead}": _facts(day) for ahead, day in days.items()},
        )
        .order_by("venue__name", "pk")
    )
    titles = dict(Module.objects.values_list("slug", "title"))
    found = []
    for sign_up in sign_ups:
        held = {ahead: _by_requirement(sign_up, ahead) for ahead in days}
        for requirement in held[0]:
            for ahead, day in days.items():
                fact = held[ahead][requirement]
                until = _day(fact["held_until"])
                if until is None or until < day:
                    found.append(_shortage(sign_up, fact, ahead, until, titles))
                    break
    latest = datetime.date.max
    return sorted(found, key=lambda each: each.leaves_after or each.ends_on or latest)


def _facts(at: datetime.date) -> ArraySubquery:
    """The scheme's training requirements and their state on `at`, as one array."""
    asked = (
        proved_requirements_subquery(at)
        .filter(evidence=EVIDENCE)
        .annotate(people=people_covering(at))
    )
    return ArraySubquery(
        asked.order_by("pk").values(
            fact=JSONObject(
                pk=F("pk"),
                subject="subject",
                at_least="at_least",
                people="people",
                held_until="held_until",
                grace_until="grace_until",
            )
        )
    )


def _by_requirement(sign_up: SignUp, ahead: int) -> dict[int, Fact]:
    return {fact["pk"]: fact for fact in getattr(sign_up, f"facts_{ahead}")}


def _shortage(
    sign_up: SignUp, fact: Fact, within: int, until: datetime.date | None, titles: Mapping[str, str]
) -> Shortage:
    return Shortage(
        sign_up=sign_up,
        module=titles.get(fact["subject"], fact["subject"]),
        subject=fact["subject"],
        at_least=fact["at_least"],
        people=fact["people"],
        within=within,
        ends_on=until,
        leaves_after=_day(fact["grace_until"]),
    )


def _day(text: str | None) -> datetime.date | None:
    return parse_date(text) if text else None


def why_not_invite(sign_up: SignUp, at: datetime.datetime) -> str:
    """Why the venue cannot be invited; empty if it can."""
    if sign_up.state != SignUp.State.APPROVED:
        return _("%(venue)s is not a member now.") % {"venue": sign_up.venue}
    if not venue_addresses(sign_up.venue):
        return _("%(venue)s has no e-mail address: ring instead.") % {"venue": sign_up.venue}
    last = (
        Event.objects.filter(kind=INVITED, sign_up=sign_up, at__gt=at - NOT_AGAIN_FOR)
        .values_list("at", flat=True)
        .first()
    )
    if last:
        return _("%(venue)s was written to on %(day)s already.") % {
            "venue": sign_up.venue,
            "day": date_format(timezone.localdate(last), "j F Y"),
        }
    return ""
