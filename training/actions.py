"""What changes training: content loaded and reviewed, people enrolled, taught and checked."""

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from common.refusals import Refused
from training import emails
from training.content import Content
from training.links import make_link
from training.models import Choice, Enrolment, Module, Question, Section
from training.models.enrolments import LINK_LASTS, new_code
from training.rules import (
    score_of,
    valid_until,
    why_no_check,
    why_not_enrol,
    why_not_finish_section,
    why_not_learn,
    why_not_review,
)
from venues.actions import add_staff_member
from venues.models import Event, Post, Scheme, SignUp, StaffMember

# Content


@transaction.atomic
def load_module(content: Content, *, by=None) -> tuple[Module, bool]:
    """Store a module that comes as files; whether anything was loaded comes with it.

    Files that were loaded before change nothing. New ones make a new version, which awaits its
    review while people go on with the version they have.
    """
    module = Module.objects.select_for_update().filter(slug=content.slug).first()
    if module and module.loaded_digest == content.digest:
        return module, False
    if module is None:
        module = Module(slug=content.slug, version=1)
    else:
        module.version += 1
    for field, value in content.about.items():
        setattr(module, field, value)
    module.loaded_digest = content.digest
    module.save()
    _write_version(module, content.sections, content.questions)
    Event.objects.record("training.module_loaded", by=by, about=module, version=module.version)
    return module, True


@transaction.atomic
def start_new_version(module: Module, *, by) -> Module:
    """Copy the reviewed version, so that its content can be changed and reviewed again."""
    module = Module.objects.select_for_update().get(pk=module.pk)
    if module.needs_review:
        raise Refused(_("The newest version has not been reviewed yet. Change that one."))
    sections = module.sections.of_version(module.version).values_list("title", "body")
    questions = [
        {"text": question.text, "choices": question.choices.values("text", "right", "feedback")}
        for question in module.questions.of_version(module.version)
    ]
    module.version += 1
    module.save(update_fields=["version"])
    _write_version(module, list(sections), questions)
    Event.objects.record("training.version_started", by=by, about=module, version=module.version)
    return module


def _write_version(module, sections, questions):
    Section.objects.bulk_create(
        Section(module=module, version=module.version, order=order, title=title, body=body)
        for order, (title, body) in enumerate(sections, start=1)
    )
    for order, question in enumerate(questions, start=1):
        row = Question.objects.create(
            module=module, version=module.version, order=order, text=question["text"]
        )
        Choice.objects.bulk_create(
            Choice(
                question=row,
                order=place,
                text=choice["text"],
                right=choice.get("right", False),
                feedback=choice["feedback"],
            )
            for place, choice in enumerate(question["choices"], start=1)
        )


@transaction.atomic
def review_module(module: Module, *, by, name: str, role: str) -> Module:
    """Record that a safeguarding lead has passed the newest version: now it opens and gates."""
    module = Module.objects.select_for_update().get(pk=module.pk)
    reasons = why_not_review(module)
    if not name.strip() or not role.strip():
        reasons.append(_("Give the name and the role of the safeguarding lead who reviewed it."))
    if reasons:
        raise Refused(*reasons)
    module.reviewed_version = module.version
    module.reviewed_by_name, module.reviewed_by_role = name.strip(), role.strip()
    module.reviewed_on = timezone.localdate()
    module.review_recorded_by = by
    module.save(
        update_fields=[
            "reviewed_version",
            "reviewed_by_name",
            "reviewed_by_role",
            "reviewed_on",
            "review_recorded_by",
        ]
    )
    Event.objects.record("training.module_reviewed", by=by, about=module, version=module.version)
    return module


# Enrolment


@transaction.atomic
def enrol(staff_member: StaffMember, module: Module, *, by, scheme: Scheme | None = None):
    """Give somebody a link and a code to the module; whoever has begun keeps what they have.

    `scheme` is whose numbers head the pages and whose months count; without it, the scheme of the
    first venue the person works at.
    """
    staff_member = StaffMember.objects.select_for_update().get(pk=staff_member.pk)
    today = timezone.localdate()
    scheme = scheme or _scheme_of(staff_member, today)
    if reasons := why_not_enrol(staff_member, module, scheme, today):
        raise Refused(*reasons)
    if (
        begun := Enrolment.objects.unfinished()
        .filter(staff_member=staff_member, module=module)
        .first()
    ):
        return begun if begun.code_expires_at > timezone.now() else renew_link(begun, by=by)
    enrolment = Enrolment.objects.create(
        staff_member=staff_member,
        module=module,
        module_version=module.open_version,
        scheme=scheme,
        enrolled_by=by,
        code_expires_at=timezone.now() + LINK_LASTS,
    )
    _record("enrolled", enrolment, by=by)
    return enrolment


@transaction.atomic
def enrol_new_person(sign_up: SignUp, module: Module, *, by, first_name: str, email: str = ""):
    """Add somebody who works at the venue and enrol them, as one thing."""
    person = add_staff_member(
        sign_up.venue.organisation, first_name=first_name, venue=sign_up.venue, by=by, email=email
    )
    return enrol(person, module, by=by, scheme=sign_up.scheme)


@transaction.atomic
def renew_link(enrolment: Enrolment, *, by) -> Enrolment:
    """Make a new link and code; those made before stop working."""
    enrolment = _locked(enrolment)
    if enrolment.withdrawn_at:
        raise Refused(_("This training was ended."))
    enrolment.code, enrolment.code_expires_at = new_code(), timezone.now() + LINK_LASTS
    enrolment.save(update_fields=["code", "code_expires_at"])
    _record("link_renewed", enrolment, by=by)
    return enrolment


@transaction.atomic
def send_link(enrolment: Enrolment, *, by) -> Enrolment:
    """E-mail the link to the learner, if they gave an address."""
    enrolment = _locked(enrolment)
    reasons = why_not_learn(enrolment, timezone.now())
    if not enrolment.staff_member.email:
        reasons.append(_("We have no e-mail address for this person. Hand the code over instead."))
    if reasons:
        raise Refused(*reasons)
    emails.training_link(enrolment, make_link(enrolment))
    _record("link_sent", enrolment, by=by)
    return enrolment


# Learning


@transaction.atomic
def finish_section(enrolment: Enrolment, order: int) -> Enrolment:
    """Note that the learner has read a section. Sections are read in order; twice is once."""
    enrolment = _locked(enrolment)
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
    """Score the answers: from the pass mark on, the training is completed.

    `answers` has the ids of the choices ticked, by question id. Whoever has passed has passed:
    answering again changes nothing.
    """
    enrolment = _locked(enrolment)
    if reasons := [*why_not_learn(enrolment, timezone.now()), *why_no_check(enrolment)]:
        raise Refused(*reasons)
    if enrolment.completed_at:
        return enrolment
    questions = list(enrolment.questions.prefetch_related("choices"))
    if not questions:
        raise Refused(_("This training has no questions yet. Ask your manager."))
    offered = {choice.pk for question in questions for choice in question.choices.all()}
    enrolment.answers = sorted(offered & set().union(*answers.values()))
    enrolment.score = score_of(questions, answers)
    enrolment.tries += 1
    fields = ["answers", "score", "tries"]
    if enrolment.score >= enrolment.module.pass_mark:
        enrolment.check_passed_at = enrolment.completed_at = timezone.now()
        enrolment.valid_until = valid_until(enrolment, timezone.localdate())
        fields += ["check_passed_at", "completed_at", "valid_until"]
    enrolment.save(update_fields=fields)
    if enrolment.completed_at:
        _record("completed", enrolment, by=None)
    return enrolment


@transaction.atomic
def record_earlier_training(
    staff_member: StaffMember,
    module: Module,
    *,
    by,
    valid_until: datetime.date,
    scheme: Scheme | None = None,
) -> Enrolment:
    """Take over a training from a scheme's earlier records, valid until the day it set."""
    staff_member = StaffMember.objects.select_for_update().get(pk=staff_member.pk)
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
        code_expires_at=now,  # there is nothing to read
        completed_at=now,
        valid_until=valid_until,
    )
    _record("earlier_training_recorded", enrolment, by=by)
    return enrolment


@transaction.atomic
def withdraw_completion(enrolment: Enrolment, *, by, reason: str) -> Enrolment:
    """Take a completion back, for instance when somebody else answered. It counts no more."""
    enrolment = _locked(enrolment)
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
    enrolment.save(update_fields=["withdrawn_at", "withdrawn_by", "withdrawn_reason"])
    _record("completion_withdrawn", enrolment, by=by)
    return enrolment


def _locked(enrolment):
    return (
        Enrolment.objects.select_for_update(of=("self",))
        .select_related("module", "scheme", "staff_member__organisation")
        .get(pk=enrolment.pk)
    )


def _scheme_of(staff_member, on):
    """The scheme of the first venue the person works at."""
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


def _record(what, enrolment, *, by):
    """One line of history, at the venue where the person works."""
    today = timezone.localdate()
    post = (
        enrolment.staff_member.posts.current(today)
        .filter(venue__sign_ups__scheme=enrolment.scheme)
        .select_related("venue")
        .order_by("from_date", "pk")
        .first()
    )
    Event.objects.record(
        f"training.{what}",
        by=by,
        about=enrolment,
        scheme=enrolment.scheme,
        organisation=enrolment.staff_member.organisation,
        venue=post.venue if post else None,
        module=enrolment.module.slug,
        version=enrolment.module_version,
    )
