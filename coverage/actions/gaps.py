"""A gap in coverage, from its discovery to its closing."""

import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Model
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from common.deciding import lock
from common.field_labels import labels
from common.refusals import Refused
from coverage.models import Approach, DrawnArea, Gap, OtherPlace
from geography.models import Area
from venues.models import Event, Officer, Scheme, Venue

CHANGEABLE = {"title", "hours", "area", "drawn_area", "owner"}


def _check(thing: Model) -> None:
    """Run the model's own validation and raise Refused with its messages."""
    try:
        thing.full_clean()
    except ValidationError as error:
        raise Refused(*error.messages) from None


def _check_gap(gap: Gap) -> None:
    if not Officer.objects.filter(scheme=gap.scheme_id, user=gap.owner_id).exists():
        raise Refused(_("Whoever looks after it must have a role in %s.") % gap.scheme)
    if gap.drawn_area and gap.drawn_area.scheme_id != gap.scheme_id:
        raise Refused(_("This area belongs to another scheme."))
    _check(gap)


@transaction.atomic
def open_gap(
    scheme: Scheme,
    *,
    title: str,
    owner: User,
    by: User,
    hours: str = "",
    area: Area | None = None,
    drawn_area: DrawnArea | None = None,
) -> Gap:
    """Record a gap, with an owner from the scheme."""
    now = timezone.now()
    gap = Gap(
        scheme=scheme,
        title=title.strip(),
        hours=hours.strip(),
        area=area,
        drawn_area=drawn_area,
        owner=owner,
        opened_at=now,
        opened_by=by,
        changed_at=now,
    )
    _check_gap(gap)
    gap.save()
    Event.objects.record_about("coverage.gap_opened", gap, by=by)
    return gap


@transaction.atomic
def change_gap(gap: Gap, changes: dict, *, by: User) -> Gap:
    """Change a gap's description or its owner."""
    gap = lock(gap)
    changed = [
        name
        for name, value in changes.items()
        if name in CHANGEABLE and getattr(gap, name) != value
    ]
    if not changed:
        return gap
    for name in changed:
        setattr(gap, name, changes[name])
    gap.changed_at = timezone.now()
    _check_gap(gap)
    gap.save(update_fields=[*changed, "changed_at"])
    words = labels(Gap, changed)
    Event.objects.record_about("coverage.gap_changed", gap, by=by, fields=words)
    return gap


@transaction.atomic
def close_gap(gap: Gap, *, outcome: str, by: User) -> Gap:
    """Close the gap or give it up, recording the outcome."""
    gap = lock(gap)
    if gap.closed_at:
        raise Refused(_("This gap is closed already."))
    if not outcome.strip():
        raise Refused(_("Say how it ended."))
    gap.closed_at = gap.changed_at = timezone.now()
    gap.closed_by, gap.outcome = by, outcome.strip()[:200]
    gap.save(update_fields=["closed_at", "closed_by", "outcome", "changed_at"])
    Event.objects.record_about("coverage.gap_closed", gap, by=by)
    return gap


@transaction.atomic
def reopen_gap(gap: Gap, *, by: User) -> Gap:
    """Reopen a gap that was closed by mistake or too early."""
    gap = lock(gap)
    if not gap.closed_at:
        raise Refused(_("This gap is open."))
    gap.closed_at, gap.closed_by, gap.outcome = None, None, ""
    gap.changed_at = timezone.now()
    gap.save(update_fields=["closed_at", "closed_by", "outcome", "changed_at"])
    Event.objects.record_about("coverage.gap_reopened", gap, by=by)
    return gap


@transaction.atomic
def record_approach(
    gap: Gap,
    *,
    by: User,
    other_place: OtherPlace | None = None,
    venue: Venue | None = None,
    name: str = "",
    answer: str = Approach.Answer.ASKED,
    next_step: str = "",
    due_on: datetime.date | None = None,
) -> Approach:
    """Record who was asked to close the gap, their answer and the next step. Idempotent: asking
    again updates.

    Give exactly one of `other_place`, `venue` (which would open longer) and `name`.
    """
    gap = lock(gap)
    if gap.closed_at:
        raise Refused(_("This gap is closed: open it again first."))
    whom = {"other_place": other_place, "venue": venue, "name": name.strip()}
    approach = gap.approaches.filter(**whom).first() or Approach(gap=gap, **whom)
    approach.answer, approach.next_step, approach.due_on = answer, next_step.strip(), due_on
    approach.changed_at, approach.changed_by = timezone.now(), by
    _check(approach)
    approach.save()
    Event.objects.record_about(
        "coverage.approach_recorded", gap, by=by, answer=str(approach.get_answer_display()).lower()
    )
    return approach
