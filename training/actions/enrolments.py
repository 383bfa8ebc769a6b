"""Enrolling people, their learning and checks, and what they completed."""

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from common.deciding import lock
from common.refusals import Refused
from training import emails
from training.actions.feedback import count_first_answers
from training.links.enrolments import make_mailed_link
from training.models import Enrolment, Module
from training.models.enrolments import LINK_LASTS, new_code
from training.rules import (
    oldest_version_that_counts,
    questions_to_answer,
    score_of,
    valid_until,
    why_no_check,
    why_not_enrol,
    why_not_finish_section,
    why_not_learn,
)
from venues.actions import add_staff_member, kept_grace
from venues.models import Event, Post, Scheme, SignUp, StaffMember

# Enrolment


@transaction.atomic
def enrol(
    staff_member: StaffMember, module: Module, *, by: User, scheme: Scheme | None = None
) -> Enrolment:
    """Give somebody a link and a code to the module; an unfinished enrolment is reused.

    `scheme` decides which phone numbers head the pages and how long the training is valid; it
    defaults to the scheme of the person's first venue.
    """
    staff_member = lock(staff_member)
    today = timezone.localdate()
    scheme = scheme or _scheme_of(staff_member, today)
    if reasons := why_not_enrol(staff_member, module, scheme, today):
        raise Refused(*reasons)
    if (
        begun := Enrolment.objects.unfinished()
        .filter(
            staff_member=staff_member,
            module=module,
            module_version__gte=oldest_version_that_counts(module, today),
        )
        .first()
    ):
        return begun if begun.code_expires_at > timezone.now() else renew_link(begun, by=by)
    enrolment = Enrolment.objects.create(
        staff_member=staff_member,
        module=module,
        module_version=module.open_version,
        pass_mark=module.pass_mark,
        scheme=scheme,
        enrolled_by=by,
        code_expires_at=timezone.now() + LINK_LASTS,
    )
    record("enrolled", enrolment, by=by)
    return enrolment


@transaction.atomic
def enrol_new_person(
    sign_up: SignUp,
    module: Module,
    *,
    by: User,
    first_name: str,
    email: str = "",
    kind: str = Post.Kind.OWN,
) -> Enrolment:
    """Add a new member of staff at the venue and enrol them in one transaction."""
    person = add_staff_member(
        sign_up.venue.organisation,
        first_name=first_name,
        venue=sign_up.venue,
        by=by,
        email=email,
        kind=kind,
    )
    return enrol(person, module, by=by, scheme=sign_up.scheme)


@transaction.atomic
def renew_link(enrolment: Enrolment, *, by: User) -> Enrolment:
    """Replace the link and code; the old ones stop working."""
    enrolment = lock(enrolment)
    if enrolment.withdrawn_at:
        raise Refused(_("This training was ended."))
    enrolment.code, enrolment.code_expires_at = new_code(), timezone.now() + LINK_LASTS
    enrolment.save(update_fields=["code", "code_expires_at"])
    record("link_renewed", enrolment, by=by)
    return enrolment


@transaction.atomic
def send_link(enrolment: Enrolment, *, by: User) -> Enrolment:
    """E-mail the link to the learner. Refused without an address."""
    enrolment = lock(enrolment)
    reasons = why_not_learn(enrolment, timezone.now())
    if not enrolment.staff_member.email:
        reasons.append(_("We have no e-mail address for this person. Hand the code over instead."))
    if reasons:
        raise Refused(*reasons)
    emails.training_link(enrolment, make_mailed_link(enrolment))
    record("link_sent", enrolment, by=by)
    return enrolment


# Learning


@transaction.atomic
def finish_section(enrolment: Enrolment, order: int) -> Enrolment:
    """Record that the learner has read a section. In order only; idempotent."""
    enrolment = lock(enrolment)
    if reasons := [
        *why_not_learn(enrolment, timezone.now()),
        *why_not_finish_section(enrolment, order),
    ]:
        raise Refused(*reasons)
    if order not in enrolment.sections_finished:
        enrolment.sections_finished = sorted({*enrolment.sections_finished, order})
        enrolment.save(update_fields=["sections_finished"])
    return enrolment


@transaction.atomic
def take_check(enrolment: Enrolment, answers: dict[int, set[int]]) -> Enrolment:
    """Score the answers; reaching the pass mark completes the training.

    `answers` holds the ids of the ticked choices by question id. A question answered rightly in an
    earlier try stays right and is not asked again. After a pass, further answers change nothing.
    """
    enrolment = lock(enrolment)
    if reasons := [*why_not_learn(enrolment, timezone.now()), *why_no_check(enrolment)]:
        raise Refused(*reasons)
    if enrolment.completed_at:
        return enrolment
    questions = list(enrolment.questions.prefetch_related("choices"))
    if not questions:
        raise Refused(_("This training has no questions yet. Ask your manager."))
    offered = {choice.pk for question in questions for choice in question.choices.all()}
    asked = {question.pk for question in questions_to_answer(enrolment)}
    earlier = {
        question.pk: {choice.pk for choice in question.choices.all()} & set(enrolment.answers)
        for question in questions
        if question.pk not in asked
    }
    answers = {**answers, **earlier}
    enrolment.answers = sorted(offered & set().union(*answers.values()))
    enrolment.score = score_of(questions, answers)
    enrolment.tries += 1
    enrolment.kept_answers = []
    if enrolment.tries == 1:
        count_first_answers(enrolment.scheme, questions, answers)
    fields = ["answers", "kept_answers", "score", "tries"]
    if enrolment.score >= enrolment.mark_to_reach:
        enrolment.check_passed_at = enrolment.completed_at = timezone.now()
        enrolment.valid_until = valid_until(enrolment, timezone.localdate())
        fields += ["check_passed_at", "completed_at", "valid_until"]
    enrolment.save(update_fields=fields)
    if enrolment.completed_at:
        record("completed", enrolment, by=None)
        if enrolment.staff_member.email:
            emails.you_passed(enrolment, make_mailed_link(enrolment))
    return enrolment


@transaction.atomic
def keep_answers(enrolment: Enrolment, ticked: set[int]) -> Enrolment:
    """Save the ticks made so far, unscored, for a learner who is called away.

    `ticked` holds choice ids; those not on offer now are ignored.
    """
    enrolment = lock(enrolment)
    if reasons := [*why_not_learn(enrolment, timezone.now()), *why_no_check(enrolment)]:
        raise Refused(*reasons)
    if enrolment.completed_at:
        return enrolment
    offered = {
        choice.pk for question in questions_to_answer(enrolment) for choice in question.shuffled
    }
    enrolment.kept_answers = sorted(offered & ticked)
    enrolment.save(update_fields=["kept_answers"])
    return enrolment


@transaction.atomic
def record_earlier_training(
    staff_member: StaffMember,
    module: Module,
    *,
    by: User,
    valid_until: datetime.date,
    scheme: Scheme | None = None,
) -> Enrolment:
    """Record a completion from a scheme's earlier records, valid until the day the scheme set."""
    staff_member = lock(staff_member)
    today = timezone.localdate()
    scheme = scheme or _scheme_of(staff_member, today)
    same = Enrolment.objects.completed().filter(
        staff_member=staff_member,
        module=module,
        source=Enrolment.Source.EARLIER,
        valid_until=valid_until,
    )
    if known := same.first():
        return known
    now = timezone.now()
    enrolment = Enrolment.objects.create(
        staff_member=staff_member,
        module=module,
        module_version=module.reviewed_version or module.version,
        scheme=scheme,
        source=Enrolment.Source.EARLIER,
        enrolled_by=by,
        code_expires_at=now,  # no sections to read
        completed_at=now,
        valid_until=valid_until,
    )
    record("earlier_training_recorded", enrolment, by=by)
    return enrolment


@transaction.atomic
def withdraw_completion(enrolment: Enrolment, *, by: User, reason: str) -> Enrolment:
    """Withdraw a completion, for example because somebody else answered. It no longer counts."""
    enrolment = lock(enrolment)
    reasons = []
    if not enrolment.completed_at:
        reasons.append(_("This training has not been completed."))
    if enrolment.withdrawn_at:
        reasons.append(_("This completion was withdrawn already."))
    if not reason.strip():
        reasons.append(_("Give a reason."))
    if reasons:
        raise Refused(*reasons)
    enrolment.withdrawn_at, enrolment.withdrawn_by = timezone.now(), by
    enrolment.withdrawn_reason = reason.strip()
    organisation = enrolment.staff_member.organisation_id
    with kept_grace(SignUp.objects.filter(venue__organisation=organisation)):
        enrolment.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
    record("completion_withdrawn", enrolment, by=by)
    return enrolment


@transaction.atomic
def reissue_certificate(enrolment: Enrolment, *, by: User) -> Enrolment:
    """Put the corrected name on a certificate; its code and dates stay."""
    enrolment = lock(enrolment)
    if not enrolment.completed_at or enrolment.withdrawn_at:
        raise Refused(_("There is no certificate: the training is not completed."))
    if not enrolment.name_was_corrected:
        raise Refused(_("The certificate bears the right name already."))
    enrolment.reissued_at = timezone.now()
    enrolment.save(update_fields=["reissued_at"])
    record("certificate_reissued", enrolment, by=by)
    return enrolment


def _scheme_of(staff_member: StaffMember, on: datetime.date) -> Scheme:
    """The scheme of the first venue where the person works."""
    scheme = (
        Scheme.objects.filter(
            sign_ups__venue__in=Post.objects.current(on)
            .filter(staff_member=staff_member)
            .values("venue")
        )
        .order_by("sign_ups__started_at")
        .first()
    )
    if scheme is None:
        raise Refused(_("This person does not work at a venue of a scheme."))
    return scheme


def record(what: str, enrolment: Enrolment, *, by: User | None, **data: object) -> None:
    """Record an event at the venue where the person works."""
    Event.objects.record(
        f"training.{what}",
        by=by,
        about=enrolment,
        scheme=enrolment.scheme,
        organisation=enrolment.staff_member.organisation,
        venue=enrolment.venue_of_scheme(timezone.localdate()),
        module=enrolment.module.slug,
        version=enrolment.module_version,
        **data,
    )
