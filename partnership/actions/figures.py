"""A period's figures: made, published and revised."""

import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from common.deciding import lock
from common.refusals import Refused
from partnership.models import PeriodFigures
from partnership.models.of_period import period_columns
from partnership.periods import Period
from partnership.rules.figures import (
    Counted,
    before_without_overlap,
    counted,
    stands_in_for,
    thresholds,
    to_publish,
    why_not_make,
    why_not_revise,
)
from venues.models import Event, Scheme


@transaction.atomic
def make_figures(
    scheme: Scheme, period: Period, *, by: User, at: datetime.datetime | None = None
) -> PeriodFigures:
    """Sum a period's returns and store the figures after disclosure control."""
    at = at or timezone.now()
    lock(scheme)  # serialise: what a period may show depends on what was shown before it
    if reasons := why_not_make(scheme, period, timezone.localdate(at)):
        raise Refused(*reasons)
    found = counted(scheme, period)
    before = before_without_overlap(scheme, period)
    made = _keep(scheme, period, found, before, by=by, at=at)
    Event.objects.record(
        "partnership.figures_made", scheme=scheme, by=by, about=made, period=period.code
    )
    return made


@transaction.atomic
def revise_figures(figures: PeriodFigures, why: str, *, by: User) -> PeriodFigures:
    """Recalculate a period's figures, once enough venues have changed their returns."""
    lock(figures.scheme)
    newest = PeriodFigures.objects.filter(scheme=figures.scheme).of(figures.period)[0]
    reasons = why_not_revise(newest)
    if not why.strip():
        reasons.append(_("Say in a sentence why the figures are revised."))
    if reasons:
        raise Refused(*reasons)
    period, found = figures.period, counted(figures.scheme, figures.period)
    made = _keep(
        figures.scheme,
        period,
        found,
        [],
        by=by,
        at=timezone.now(),
        revision=newest.revision + 1,
        revision_reason=why.strip(),
    )
    Event.objects.record(
        "partnership.figures_revised",
        scheme=figures.scheme,
        by=by,
        about=made,
        period=period.code,
    )
    return made


def _keep(
    scheme: Scheme,
    period: Period,
    found: Counted,
    before: list[PeriodFigures],
    *,
    by: User,
    at: datetime.datetime,
    **more: object,
) -> PeriodFigures:
    holding = stands_in_for(scheme, period)
    barred = set(holding.tables["several"]["tables"]) if holding else set()
    return PeriodFigures.objects.create(
        scheme=scheme,
        **period_columns(period),
        counts=found.as_json(),
        tables=to_publish(found, thresholds(), before, barred=barred),
        made_at=at,
        made_by=by,
        **more,
    )


@transaction.atomic
def publish_figures(figures: PeriodFigures, *, by: User) -> PeriodFigures:
    """Publish a period's figures on the scheme's public page."""
    figures = lock(figures)
    if figures.published_at:
        raise Refused(_("These figures are on the public page already."))
    figures.published_at, figures.published_by = timezone.now(), by
    figures.save(update_fields=["published_at", "published_by"])
    Event.objects.record(
        "partnership.figures_published",
        scheme=figures.scheme,
        by=by,
        about=figures,
        period=figures.period.code,
    )
    return figures
