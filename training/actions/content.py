"""Training content: loaded from files, versioned and reviewed."""

import datetime
from collections.abc import Iterable

from django.core.files import File
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from common.deciding import lock
from common.refusals import Refused
from training import emails
from training.content import Content, VersionText
from training.models import (
    Choice,
    Enrolment,
    Fact,
    Module,
    OutlineStep,
    Paper,
    Picture,
    Question,
    Refresher,
    Section,
)
from training.rules import version_text, why_no_refresher, why_not_review
from venues.models import Event, Scheme


@transaction.atomic
def load_module(content: Content, *, by: User | None = None) -> tuple[Module, bool]:
    """Store a module read from files. Returns (module, whether anything was loaded).

    Idempotent: files loaded before change nothing. Changed files make a new version that awaits
    review, while learners carry on with the reviewed one.
    """
    module = Module.objects.select_for_update().filter(slug=content.slug).first()
    if module and module.loaded_digest == content.digest:
        return module, False
    if module is None:
        module = Module(slug=content.slug, version=1)
    else:
        module.version += 1
    about = {**content.about}
    if module.is_changed_by_versions:  # stays in force until the review
        for field in ("completed_by", "pass_mark"):
            if field in about:
                about[f"next_{field}"] = about.pop(field)
    before = about.pop("prerequisites", [])
    for field, value in about.items():
        setattr(module, field, value)
    module.loaded_digest = content.digest
    module.save()
    module.prerequisites.set(Module.objects.filter(slug__in=before))
    _write_version(module, content.text)
    Event.objects.record("training.module_loaded", by=by, about=module, version=module.version)
    return module, True


@transaction.atomic
def add_module(
    about: dict,
    text: VersionText,
    *,
    pictures: Iterable[tuple[int, str, File]] = (),
    before: list[str],
    scheme: Scheme | None,
    by: User | None,
) -> Module:
    """Add a whole module from a pack: owned by `scheme`, or shared without one.

    `about` holds its fields; if its slug is taken, the scheme's slug is appended. `before` lists
    its prerequisites by slug, `pictures` (number, what it shows, file). The module awaits review.
    Raises ValidationError if the model refuses it.
    """
    module = Module(**about, version=1)
    if Module.objects.filter(slug=module.slug).exists():
        module.slug = _free_slug(f"{module.slug}-{scheme.slug}" if scheme else module.slug)
    module.full_clean()
    module.save()
    if scheme:
        module.schemes.set([scheme])
    module.prerequisites.set(Module.objects.filter(slug__in=before))
    _write_version(module, text)
    for number, alt, file in pictures:
        Picture.objects.create(module=module, number=number, alt=alt, file=file)
    Event.objects.record("training.module_loaded", by=by, about=module, version=module.version)
    return module


@transaction.atomic
def start_new_version(module: Module, *, by: User) -> Module:
    """Copy the reviewed version into a new one that can be edited and reviewed."""
    module = lock(module)
    if module.needs_review:
        raise Refused(_("The newest version has not been reviewed yet. Change that one."))
    text = version_text(module, module.version)
    module.version += 1
    module.next_completed_by, module.next_pass_mark = module.completed_by, module.pass_mark
    module.save(update_fields=["version", "next_completed_by", "next_pass_mark"])
    _write_version(module, text)
    Event.objects.record("training.version_started", by=by, about=module, version=module.version)
    return module


@transaction.atomic
def copy_module(module: Module, scheme: Scheme, *, by: User) -> Module:
    """Copy a shared module for `scheme`; the copy belongs to it alone and awaits its own review.

    Completions stay with the original: a requirement counts the copy only once the scheme's
    administrator names it there.
    """
    module = lock(module)
    if module.schemes.exists():
        raise Refused(_("Only a module that all schemes share is copied."))
    if (version := module.open_version) is None:
        raise Refused(_("This module has not been reviewed yet, so there is nothing to copy."))
    if Module.objects.filter(copy_of=module, schemes=scheme).exists():
        raise Refused(_("%(scheme)s has a copy of this module already.") % {"scheme": scheme.name})
    text = version_text(module, version)
    before, areas = list(module.prerequisites.all()), list(module.suggested_areas.all())
    pictures = list(module.pictures.all())
    copy = Module.objects.get(pk=module.pk)
    copy.pk, copy._state.adding = None, True
    copy.slug = _free_slug(f"{module.slug}-{scheme.slug}")
    copy.copy_of, copy.version, copy.loaded_digest = module, 1, ""
    copy.next_completed_by, copy.next_pass_mark = "", None
    copy.reviewed_version = copy.reviewed_on = copy.review_recorded_by = None
    copy.reviewed_by_name = copy.reviewed_by_role = ""
    copy.save()
    copy.schemes.set([scheme])
    copy.prerequisites.set(before)
    copy.suggested_areas.set(areas)
    _write_version(copy, text)
    for picture in pictures:
        with picture.file.open() as file:
            Picture.objects.create(
                module=copy, number=picture.number, alt=picture.alt, file=File(file, file.name)
            )
    Event.objects.record("training.module_copied", scheme=scheme, by=by, about=copy)
    return copy


def _free_slug(wanted: str) -> str:
    """`wanted`, cut to the field's length and numbered until it is free."""
    slug, number = wanted[:60].rstrip("-"), 1
    while Module.objects.filter(slug=slug).exists():
        number += 1
        slug = f"{wanted[: 59 - len(str(number))].rstrip('-')}-{number}"
    return slug


def _write_version(module: Module, text: VersionText) -> None:
    version = {"module": module, "version": module.version}
    Section.objects.bulk_create(
        Section(**version, order=order, title=title, body=body)
        for order, (title, body) in enumerate(text.sections, start=1)
    )
    Paper.objects.bulk_create(Paper(**version, **paper) for paper in text.papers)
    OutlineStep.objects.bulk_create(
        OutlineStep(**version, order=order, **step)
        for order, step in enumerate(text.outline, start=1)
    )
    Fact.objects.bulk_create(
        Fact(**version, order=order, **fact) for order, fact in enumerate(text.facts, start=1)
    )
    for order, question in enumerate(text.questions, start=1):
        row = Question.objects.create(**version, order=order, text=question["text"])
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
def review_module(
    module: Module, *, by: User, name: str, role: str, refresher_by: datetime.date | None = None
) -> Module:
    """Record a safeguarding lead's review of the newest version, which then opens and counts.

    With `refresher_by`, completions of older versions count until that day at the latest, and the
    people and their managers are told.
    """
    module = lock(module)
    reasons = why_not_review(module, timezone.now())
    if not name.strip() or not role.strip():
        reasons.append(_("Give the name and the role of the safeguarding lead who reviewed it."))
    if refresher_by:
        reasons += why_no_refresher(module, refresher_by, timezone.localdate())
    if reasons:
        raise Refused(*reasons)
    module.completed_by = module.next_completed_by or module.completed_by
    module.pass_mark = module.next_pass_mark or module.pass_mark
    module.next_completed_by, module.next_pass_mark = "", None
    module.reviewed_version = module.version
    module.reviewed_by_name, module.reviewed_by_role = name.strip(), role.strip()
    module.reviewed_on = timezone.localdate()
    module.review_recorded_by = by
    module.save(
        update_fields=[
            "completed_by",
            "pass_mark",
            "next_completed_by",
            "next_pass_mark",
            "reviewed_version",
            "reviewed_by_name",
            "reviewed_by_role",
            "reviewed_on",
            "review_recorded_by",
        ]
    )
    Event.objects.record("training.module_reviewed", by=by, about=module, version=module.version)
    if refresher_by:
        _call_for_refresher(module, refresher_by, by)
    return module


def _call_for_refresher(module: Module, day: datetime.date, by: User) -> None:
    """End completions of older versions on `day` and tell the people affected."""
    Refresher.objects.create(module=module, version=module.version, by=day, recorded_by=by)
    older = Enrolment.objects.of_older_version(module, module.version)
    concerned = list(
        older.filter(valid_until__gt=day).select_related("staff_member__organisation", "module")
    )
    older.shorten(day)
    Event.objects.record(
        "training.refresher_called_for",
        by=by,
        about=module,
        version=module.version,
        until=day.isoformat(),
        people=len({enrolment.staff_member_id for enrolment in concerned}),
    )
    emails.refresher(module, day, [enrolment.staff_member for enrolment in concerned])
