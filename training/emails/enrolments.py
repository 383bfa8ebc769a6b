"""Letters about enrolments and their end, queued in the transaction that causes them."""

import datetime
from collections.abc import Iterable

from django.utils import timezone

from training.models import Enrolment, Module
from training.rules.expiry import reminded_before_in_words
from venues.letters import Draft, url, write, write_each, write_to_venue
from venues.models import Membership, Post, SignUp, StaffMember


def training_link(enrolment: Enrolment, link: str) -> None:
    """The learner's link. The subject gives nothing away on a phone's lock screen."""
    _to_learner("training.training_link", enrolment, link=link)


def you_passed(enrolment: Enrolment, link: str) -> None:
    """To whoever passed the questions: until when it holds, and the certificate."""
    _to_learner("training.you_passed", enrolment, link=link)


def your_training_ends(enrolment: Enrolment) -> None:
    """To the learner. The subject gives nothing away on a phone's lock screen."""
    _to_learner("training.your_training_ends", enrolment)


def invited_to_training(sign_up: SignUp) -> None:
    """An officer's invitation to training; the page behind the link says who needs it."""
    link = url("training_home", sign_up.pk)
    write_to_venue("training.invited_to_training", sign_up, context={"link": link})


def training_of_people_ends(address: str, venues: list[tuple[SignUp, list[Enrolment]]]) -> None:
    """One letter to a manager about all `venues`: (sign-up, completions about to expire) pairs.

    With an empty address the venue has none: its letter is recorded as one to post.
    """
    rows = [
        {
            "sign_up": sign_up,
            "people": len({enrolment.staff_member_id for enrolment in enrolments}),
            "first": min(enrolment.valid_until for enrolment in enrolments),
            "link": url("training_home", sign_up.pk),
        }
        for sign_up, enrolments in venues
    ]
    sign_ups = [sign_up for sign_up, _enrolments in venues]
    schemes = {sign_up.scheme for sign_up in sign_ups}
    write(
        "training.training_of_people_ends",
        Draft(
            [address],
            {"rows": rows, "days_before": reminded_before_in_words()},
            scheme=schemes.pop() if len(schemes) == 1 else None,
            sign_up=sign_ups[0] if len(sign_ups) == 1 else None,
            organisation=sign_ups[0].venue.organisation,
        ),
    )


def refresher(module: Module, day: datetime.date, people: Iterable[StaffMember]) -> None:
    """Tell people who completed an older version, and their managers, to retrain by `day`.

    One letter per personal address, and one per manager that names nobody.
    """
    people = {person.pk: person for person in people}.values()
    words = {"module": module, "day": day}
    write_each(
        "training.your_training_changed",
        [
            Draft(
                [address],
                words,
                organisation=person.organisation,
                staff_member=person,
                about=module,
            )
            for address, person in sorted({p.email: p for p in people if p.email}.items())
        ],
    )
    numbers = _people_in_scope(people)
    write_each(
        "training.training_changed",
        [
            Draft(
                [manager.user.email],
                {
                    **words,
                    "people": number,
                    "link": url("training_venues"),
                },
                organisation=manager.organisation,
                about=module,
            )
            for manager, number in numbers.items()
        ],
    )


def _people_in_scope(people: Iterable[StaffMember]) -> dict[Membership, int]:
    """How many of these people work within each manager's scope, where there are any."""
    posts = Post.objects.current(timezone.localdate()).filter(staff_member__in=people)
    works_at: dict[int, set[int]] = {}
    for person, venue in posts.values_list("staff_member", "venue"):
        works_at.setdefault(person, set()).add(venue)
    managers = (
        Membership.objects.managers()
        .filter(organisation__in={each.organisation_id for each in people}, user__is_active=True)
        .select_related("user", "organisation")
        .prefetch_related("venues")
    )
    found = {}
    for manager in managers:
        chosen = {venue.pk for venue in manager.venues.all()}
        found[manager] = sum(
            manager.scope == Membership.Scope.ALL or bool(chosen & works_at.get(person.pk, set()))
            for person in people
            if person.organisation_id == manager.organisation_id
        )
    return {manager: number for manager, number in found.items() if number}


def _to_learner(kind, enrolment, **context):
    person = enrolment.staff_member
    venue = enrolment.venue_of_scheme(timezone.localdate())
    write(
        kind,
        Draft(
            [person.email],
            {"enrolment": enrolment, **context},
            scheme=enrolment.scheme,
            venue=venue,
            organisation=person.organisation,
            staff_member=person,
            about=enrolment,
        ),
    )
