"""What a module lacks before its review, and who may change it."""

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from training.models import Module


def why_not_review(module: Module) -> list[str]:
    """What is missing before a reviewer can pass the newest version."""
    reasons = []
    if not module.needs_review:
        reasons.append(_("This version has been reviewed already."))
    if not module.sections.of_version(module.version).exists():
        reasons.append(_("There are no sections."))
    questions = (
        module.questions.of_version(module.version)
        .annotate(right=Count("choices", filter=Q(choices__right=True)))
        .order_by("order")
    )
    if not questions:
        reasons.append(_("There are no questions."))
    reasons += [
        _("Question %(order)s has no right answer.") % {"order": question.order}
        for question in questions
        if not question.right
    ]
    return reasons


def may(user, permission: str, module: Module) -> bool:
    """Whether one of the module's schemes gives `user` the permission; any does, when shared."""
    schemes = list(module.schemes.all()) if module.pk else []
    if not schemes:
        return user.has_perm(permission)
    return any(user.has_perm(permission, scheme) for scheme in schemes)
