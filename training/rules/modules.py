"""What a review needs, cycles of prerequisites, and who may change a module."""

import datetime
import re
from collections.abc import Iterable

from django.db import models
from django.db.models import Count, Q
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from accounts.models import User
from training.content import VersionText
from training.models import Fact, Module, OutlineStep, Paper
from venues.models import Scheme

PICTURE = re.compile(r"^\[\[picture (\d+)\]\]$", re.MULTILINE)
"""How a section shows a picture: alone in a paragraph."""


def why_not_review(module: Module, at: datetime.datetime) -> list[str]:
    """What is missing before the newest version can be reviewed.

    A module completed by attendance needs no text: its title, aims and audience are reviewed.
    """
    reasons = []
    if not module.needs_review:
        reasons.append(_("This version has been reviewed already."))
    completed_by = module.next_completed_by or module.completed_by
    if completed_by == Module.CompletedBy.SELF_STUDY and (
        planned := module.sessions.to_come(at).count()
    ):
        reasons.append(
            ngettext(
                "%(planned)s session of this training is planned, which would complete nobody. "
                "Cancel it first, or let the training be completed in either way.",
                "%(planned)s sessions of this training are planned, which would complete nobody. "
                "Cancel them first, or let the training be completed in either way.",
                planned,
            )
            % {"planned": planned}
        )
    if completed_by != Module.CompletedBy.ATTENDANCE:
        reasons += _left_to_write(module)
    elif not module.aims:
        reasons.append(_("Write the aims: what people can do after the session."))
    return reasons + _facts_to_confirm(module) + _pictures_missing(module)


def _facts_to_confirm(module: Module) -> list[str]:
    return [
        _("Fact %(order)s is still to be confirmed: check its source, or take it out.")
        % {"order": fact.order}
        for fact in Fact.objects.filter(module=module, version=module.version, to_confirm=True)
    ]


def _left_to_write(module: Module) -> list[str]:
    reasons = []
    if not module.sections.of_version(module.version).exists():
        reasons.append(_("There are no sections."))
    questions = (
        module.questions.of_version(module.version)
        .annotate(right=Count("choices", filter=Q(choices__right=True)))
        .order_by("order")
    )
    if not questions:
        reasons.append(_("There are no questions."))
    return reasons + [
        _("Question %(order)s has no right answer.") % {"order": question.order}
        for question in questions
        if not question.right
    ]


def _pictures_missing(module: Module) -> list[str]:
    numbers = set(module.pictures.values_list("number", flat=True))
    return [
        _("Section %(order)s shows picture %(number)s, which there is not.")
        % {"order": section.order, "number": number}
        for section in module.sections.of_version(module.version)
        for number in pictures_in(section.body)
        if number not in numbers
    ]


def _rows(model: type[models.Model], module: Module, version: int, *names: str) -> list[dict]:
    found = model._default_manager.filter(module=module, version=version)
    return [dict(each) for each in found.values(*names)]


def version_text(module: Module, version: int) -> VersionText:
    """Everything written in one version, in the form in which `training.content` reads files."""
    questions = module.questions.of_version(version).prefetch_related("choices")
    return VersionText(
        sections=list(module.sections.of_version(version).values_list("title", "body")),
        questions=[
            {
                "text": question.text,
                "choices": [
                    {"text": choice.text, "right": choice.right, "feedback": choice.feedback}
                    for choice in question.choices.all()
                ],
            }
            for question in questions
        ],
        papers=_rows(Paper, module, version, "kind", "body"),
        outline=_rows(OutlineStep, module, version, "minutes", "title", "text"),
        facts=_rows(Fact, module, version, "says", "source", "url", "to_confirm"),
    )


def pictures_in(body: str) -> list[int]:
    """The numbers of the pictures that a text shows."""
    return [int(number) for number in PICTURE.findall(body.replace("\r", ""))]


def why_not_before(module: Module, prerequisites: Iterable[Module]) -> list[str]:
    """Whether a prerequisite would create a cycle, such as A, B, A."""
    for first in prerequisites:
        way = _way_back(first, module, [])
        if way:
            names = ", ".join(f"“{each}”" for each in [module, *way])
            return [
                _("These go round in a circle, each coming after the next: %(names)s.")
                % {"names": names}
            ]
    return []


def _way_back(here: Module, there: Module, come_by: list[Module]) -> list[Module] | None:
    """The path of prerequisites from `here` to `there`; None if there is none."""
    if here == there:
        return [*come_by, here]
    if here in come_by:
        return None
    for following in here.prerequisites.all():
        if way := _way_back(following, there, [*come_by, here]):
            return way
    return None


SEEN_BY_ALL = {
    f"training.view_{name}"
    for name in ("module", "section", "question", "paper", "outlinestep", "fact")
}
"""What every officer may do with a shared module."""


def may(user: User, permission: str, module: Module) -> bool:
    """Whether `user` may do this with `module`.

    Shared modules belong to the installation: one council's edit or refresher would shorten
    completions of all the others. A module of several schemes is changed by officers with the
    permission in each of them, and seen by the officers of any.
    """
    if user.is_superuser or module.pk is None:
        return user.has_perm(permission)
    schemes = list(module.schemes.all())
    if not schemes:
        return permission in SEEN_BY_ALL and user.has_perm(permission)
    every = any if permission in SEEN_BY_ALL else all
    return every(user.has_perm(permission, scheme) for scheme in schemes)


def may_copy_for(user: User, module: Module) -> list[Scheme]:
    """The schemes for which `user` may copy a shared module."""
    if module.open_version is None or module.schemes.exists():
        return []
    own = Scheme.objects.for_officer(user).exclude(modules__copy_of=module).order_by("name")
    return [scheme for scheme in own if user.has_perm("training.change_module", scheme)]
