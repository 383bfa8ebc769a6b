"""Refreshers: until when completions of older versions still count."""

import datetime
from dataclasses import dataclass

from django.db import transaction
from django.db.models import Max, Min, Subquery
from django.utils.translation import gettext as _

from training.models import Enrolment, Module
from training.rules.cover import EVIDENCE
from venues.models import SignUp
from venues.models.sign_ups import proved_requirements_subquery

NOTICE = datetime.timedelta(days=28)
"""The minimum notice before people's training stops counting."""


def why_no_refresher(module: Module, by: datetime.date, on: datetime.date) -> list[str]:
    reasons = []
    if module.reviewed_version is None:
        reasons.append(_("This is the first version: nobody has completed an older one."))
    if by < on + NOTICE:
        reasons.append(_("Give people at least four weeks for the refresher."))
    return reasons


def oldest_version_that_counts(module: Module, on: datetime.date) -> int:
    """The oldest version that still counts; a refresher ends those before it after its day."""
    over = module.refreshers.filter(by__lt=on).aggregate(version=Max("version"))
    return over["version"] or 1


def version_taught(module: Module, on: datetime.date) -> int:
    """The version taught on `on`, ignoring refreshers recorded later."""
    since = module.refreshers.filter(recorded_at__date__gt=on).order_by("version").first()
    return since.version - 1 if since else module.reviewed_version or module.version


def refresher_due(module: Module, version: int) -> datetime.date | None:
    """The last day on which a completion of `version` can count; None without a refresher."""
    return module.refreshers.filter(version__gt=version).aggregate(by=Min("by"))["by"]


def refresher_to_come(module: Module, on: datetime.date) -> datetime.date | None:
    """The day of the next refresher on or after `on`; None if there is none."""
    return module.refreshers.filter(by__gte=on).aggregate(by=Min("by"))["by"]


@dataclass(frozen=True)
class Shortened:
    """A venue whose cover ends earlier because of a refresher, in one scheme."""

    sign_up: SignUp
    now: datetime.date
    then: datetime.date | None


def what_refresher_changes(module: Module, by: datetime.date, at: datetime.date) -> list[Shortened]:
    """Every venue whose cover would end earlier.

    The change is made, the real rule is asked and the transaction is rolled back, so the preview
    cannot disagree with it.
    """
    before = _held(module, at)
    with transaction.atomic():
        Enrolment.objects.of_older_version(module, module.version).shorten(by)
        after = {sign_up.pk: held for sign_up, held in _held(module, at)}
        transaction.set_rollback(True)
    return [
        Shortened(sign_up, held, after[sign_up.pk])
        for sign_up, held in before
        if held and held >= at and held != after[sign_up.pk]
    ]


def _held(module: Module, at: datetime.date) -> list[tuple[SignUp, datetime.date | None]]:
    """Sign-ups whose scheme requires the module, each with the day until which it is held."""
    proof = proved_requirements_subquery(at).filter(evidence=EVIDENCE, subject=module.slug)
    found = (
        SignUp.objects.approved()
        .annotate(held=Subquery(proof.order_by("-at_least").values("held_until")[:1]))
        .select_related("venue", "scheme")
        .order_by("venue__name", "pk")
    )
    return [(sign_up, sign_up.held) for sign_up in found]
