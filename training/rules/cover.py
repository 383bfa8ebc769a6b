"""Who covers a venue until when."""

import datetime
from dataclasses import dataclass

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from training.models import Enrolment, Module
from venues.models import Requirement, SignUp

EVIDENCE = "trained_people"


@dataclass(frozen=True)
class Cover:
    """How many people a venue needs trained in one module, and until when it has them."""

    module: Module
    at_least: int
    people: dict[int, datetime.date]  # staff member's id -> covers until

    def until(self, without: int | None = None) -> datetime.date | None:
        """The last day with enough people; `without` leaves out one who may go."""
        days = sorted(
            (day for person, day in self.people.items() if person != without), reverse=True
        )
        return days[self.at_least - 1] if len(days) >= self.at_least else None


def cover(sign_up: SignUp, module: Module, at: datetime.date) -> Cover:
    """Who covers the venue of `sign_up`. The same people as the evidence counts."""
    needed = (
        Requirement.objects.filter(
            principle__scheme=sign_up.scheme_id, evidence=EVIDENCE, subject=module.slug
        )
        .order_by("-at_least")
        .values_list("at_least", flat=True)
        .first()
    )
    rows = Enrolment.objects.filter(module=module).covering(
        sign_up.venue_id, sign_up.venue.organisation_id, at
    )
    return Cover(module, needed or 1, {row["staff_member"]: row["until"] for row in rows})


def what_withdrawal_changes(enrolment: Enrolment, on: datetime.date) -> list[str]:
    """What a venue loses when this completion is taken back, a sentence a venue."""
    person = enrolment.staff_member
    sign_ups = SignUp.objects.filter(
        scheme=enrolment.scheme_id, venue__in=person.posts.current(on).values("venue")
    ).select_related("venue", "scheme")
    sentences = []
    for sign_up in sign_ups:
        now = cover(sign_up, enrolment.module, on)
        left = now.until(without=person.pk)
        if left == now.until():
            words = _("%(venue)s has enough trained people without this person.")
        elif left and left >= on:
            words = _("%(venue)s has enough trained people only until %(left)s.")
        else:
            words = _("%(venue)s has too few trained people from now on.")
        sentences.append(
            words % {"venue": sign_up.venue, "left": date_format(left) if left else ""}
        )
    return sentences
