"""What stands between people and their training, in words."""

import calendar
import datetime
import random
from dataclasses import dataclass

from django.db import models
from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from training.models import Enrolment, Module, Question
from training.rules.cover import EVIDENCE
from training.rules.refreshers import oldest_version_that_counts, refresher_due
from venues.models import Post, Requirement, Scheme, SignUp, StaffMember


def works_for_us(staff_member: StaffMember, on: datetime.date) -> bool:
    """Whether the person has a current or future post at any venue of the organisation."""
    return (
        staff_member.posts.filter(venue__organisation=staff_member.organisation_id)
        .filter(Q(until__isnull=True) | Q(until__gte=on))
        .exists()
    )


def why_not_train(
    staff_member: StaffMember, module: Module, scheme: Scheme, on: datetime.date
) -> list[str]:
    """Why the person cannot be trained, by self-study or at a session; empty if they can."""
    reasons = []
    if not works_for_us(staff_member, on):
        reasons.append(_("This person does not work here any more."))
    if module.open_version is None:
        reasons.append(
            _("This training is not open yet: a safeguarding lead has to review it first.")
        )
    if module.schemes.exists() and not module.schemes.filter(pk=scheme.pk).exists():
        reasons.append(_("This training belongs to another scheme."))
    return reasons + [
        _("First comes “%(module)s”. It is not completed yet, or has run out.") % {"module": each}
        for each in missing_before(staff_member, module, on)
    ]


def missing_before(
    staff_member: StaffMember, module: Module, on: datetime.date
) -> models.QuerySet[Module]:
    """Prerequisites of `module` for which the person has no current completion."""
    done = Enrolment.objects.gating().current(on).filter(staff_member=staff_member)
    return module.prerequisites.exclude(pk__in=done.values("module"))


def why_not_enrol(
    staff_member: StaffMember, module: Module, scheme: Scheme, on: datetime.date
) -> list[str]:
    """Why the person cannot begin the module by self-study; empty if they can."""
    reasons = why_not_train(staff_member, module, scheme, on)
    if not module.by_self_study:
        reasons.append(_("This training is done by coming to a session. Book a place at one."))
    return reasons


def why_not_learn(enrolment: Enrolment, at: datetime.datetime) -> list[str]:
    """Why a learner cannot open their pages; empty if they can."""
    if enrolment.withdrawn_at:
        return [_("This training was ended. Ask your manager.")]
    if not works_for_us(enrolment.staff_member, timezone.localdate(at)):
        return [
            _(
                "This link belonged to somebody who has left. "
                "If you still work here, ask your manager."
            )
        ]
    if at > enrolment.code_expires_at:
        return [_("This link has run out. Ask your manager for a new one.")]
    if enrolment.module.open_version is None:
        return [_("This training is closed for the moment. Ask your manager.")]
    oldest = oldest_version_that_counts(enrolment.module, timezone.localdate(at))
    if not enrolment.completed_at and enrolment.module_version < oldest:
        return [_("This training has changed since. Ask your manager for a link to the new one.")]
    return []


def sections_left(enrolment: Enrolment) -> list[int]:
    """The positions of the unfinished sections, in order."""
    finished = set(enrolment.sections_finished)
    return [
        order
        for order in enrolment.sections.values_list("order", flat=True)
        if order not in finished
    ]


def why_not_finish_section(enrolment: Enrolment, order: int) -> list[str]:
    left = sections_left(enrolment)
    if not enrolment.sections.filter(order=order).exists():
        return [_("There is no such section.")]
    if left and order > left[0]:
        return [
            _("Please read the sections in order. Section %(order)s is next.") % {"order": left[0]}
        ]
    return []


def why_no_check(enrolment: Enrolment) -> list[str]:
    """Why the check cannot be taken: sections are unread, or the check completes nothing."""
    if not enrolment.module.by_self_study:
        return [
            _(
                "This training is now completed by coming to a session. "
                "Ask your manager to book you a place. What you have read is kept."
            )
        ]
    left = len(sections_left(enrolment))
    if not left:
        return []
    return [
        ngettext(
            "Read the last section first. Then come the questions.",
            "Read the other %(left)s sections first. Then come the questions.",
            left,
        )
        % {"left": left}
    ]


def score_of(questions: list[Question], answers: dict[int, set[int]]) -> int:
    """The percentage of questions answered exactly right, rounded down.

    `answers` holds the ids of the ticked choices by question id. A question is right only if
    exactly its right choices are ticked.
    """
    right = sum(is_right(question, answers.get(question.pk, set())) for question in questions)
    return 100 * right // len(questions)


def questions_to_answer(enrolment: Enrolment) -> list[Question]:
    """The questions of the next try: at first all of them, then those not answered right yet.

    Choices are shuffled per person and try, so that nobody learns "the second one" by heart; within
    a try the order is stable, so that a reload moves nothing.
    """
    asked = []
    for question in enrolment.questions.prefetch_related("choices"):
        choices = list(question.choices.all())
        mine = {choice.pk for choice in choices} & set(enrolment.answers)
        if enrolment.tries and is_right(question, mine):
            continue
        seed = f"{enrolment.pk}-{question.pk}-{enrolment.tries}"
        question.shuffled = random.Random(seed).sample(choices, len(choices))
        asked.append(question)
    return asked


def is_right(question: Question, ticked: set[int]) -> bool:
    return ticked == {choice.pk for choice in question.choices.all() if choice.right}


def months_after(day: datetime.date, months: int) -> datetime.date:
    """The same day `months` later, or the last day of a shorter month."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return day.replace(year=year, month=month + 1, day=min(day.day, last))


def valid_until(enrolment: Enrolment, on: datetime.date) -> datetime.date:
    """The last valid day of training completed on `on`: the shorter of scheme and module.

    A later version's refresher may end it sooner.
    """
    months = [enrolment.scheme.training_valid_months, enrolment.module.valid_months]
    earned = months_after(on, min(number for number in months if number))
    due = refresher_due(enrolment.module, enrolment.module_version)
    return min(earned, due) if due else earned


def modules_asked_for(sign_up: SignUp) -> set[str]:
    """Slugs of the modules that the sign-up's scheme requires."""
    return set(
        Requirement.objects.filter(
            principle__scheme=sign_up.scheme_id, evidence=EVIDENCE
        ).values_list("subject", flat=True)
    )


def modules_for(sign_up: SignUp) -> list[Module]:
    """Modules open to the venue today, those its scheme requires first."""
    asked_for = modules_asked_for(sign_up)
    modules = Module.objects.open().for_sign_up(sign_up)
    return sorted(modules, key=lambda module: module.slug not in asked_for)


@dataclass(frozen=True)
class Learner:
    """A member of staff and their progress with a module."""

    staff_member: StaffMember
    latest: Enrolment | None
    best: Enrolment | None  # the longest-lasting completion, even if expired
    sections: int

    @property
    def trained_until(self) -> datetime.date | None:
        return self.best.valid_until if self.best else None

    @property
    def unfinished(self) -> bool:
        return self.latest is not None and not self.latest.completed_at


def learners(sign_up: SignUp, module: Module, on: datetime.date) -> list[Learner]:
    """Everybody with a post at the venue on `on` or later, by name."""
    people = StaffMember.objects.filter(
        posts__in=Post.objects.filter(venue=sign_up.venue_id).filter(
            Q(until__isnull=True) | Q(until__gte=on)
        )
    ).distinct()
    enrolments = Enrolment.objects.filter(
        module=module, staff_member__in=people, withdrawn_at__isnull=True
    ).order_by("enrolled_at", "id")
    enrolments = enrolments.prefetch_related("staff_member__former_names")
    latest: dict[int, Enrolment] = {}
    best: dict[int, Enrolment] = {}
    for enrolment in enrolments:
        person = enrolment.staff_member_id
        if not enrolment.completed_at or person not in latest or latest[person].completed_at:
            latest[person] = enrolment
        if enrolment.completed_at:
            best[person] = max(
                enrolment,
                best.get(person, enrolment),
                key=lambda each: each.valid_until or datetime.date.min,
            )
    sections = dict(module.sections.order_by().values_list("version").annotate(number=Count("pk")))
    return [
        Learner(
            person,
            latest.get(person.pk),
            best.get(person.pk),
            sections.get(latest[person.pk].module_version, 0) if person.pk in latest else 0,
        )
        for person in people
    ]
