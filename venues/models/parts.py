"""A scheme's optional parts, and how often it has meetings and asks for returns.

A scheme without a part shows no trace of it anywhere. Check `scheme.has_meetings` and its siblings;
for lists, `Scheme.objects.having(Part.MEETINGS)`.
"""

import datetime

from django.db import models
from django.utils.translation import gettext_lazy as _

from venues.evidence_kinds import Part


class Cadence(models.TextChoices):
    """How often something recurs."""

    NONE = "none", _("Never")
    MONTH = "month", _("Every month")
    QUARTER = "quarter", _("Every quarter")
    HALF_YEAR = "half_year", _("Every half-year")
    YEAR = "year", _("Every year")

    @property
    def months(self) -> int:
        """Months from one to the next; 0 for "never"."""
        return {"none": 0, "month": 1, "quarter": 3, "half_year": 6, "year": 12}[self.value]

    @property
    def adverb(self) -> str:
        """For the middle of a sentence: "We meet every three months"."""
        words = {
            "none": _("never"),
            "month": _("every month"),
            "quarter": _("every three months"),
            "half_year": _("twice a year"),
            "year": _("once a year"),
        }
        return str(words[self.value])


CADENCE_OF = {Part.MEETINGS: "meetings_every", Part.RETURNS: "returns_every"}
"""The field of Scheme with its cadence; "none" means that the scheme lacks this part."""
OFFERED_BY = {Part.STICKERS: "offers_stickers", Part.TRAINING: "offers_training"}
"""The field of Scheme that offers it even if no principle requires it."""


Earlier = list[list[str]]
"""Earlier cadences: [["quarter", "2026-12-31"], ...], oldest first, each with its last day."""


def cadence_on(day: datetime.date, now: str, earlier: Earlier) -> Cadence:
    """The cadence in force on a day: the first earlier one that had not ended, or else `now`."""
    return Cadence(next((each for each, until in earlier if day.isoformat() <= until), now))


def next_start(cadence: Cadence, day: datetime.date) -> datetime.date:
    """The first day, from `day` on, on which a period of this cadence begins."""
    months = day.year * 12 + day.month - 1
    if day.day > 1:
        months += 1
    months += -months % cadence.months
    return datetime.date(months // 12, months % 12 + 1, 1)


def earlier_after_change(
    to: str, today: datetime.date, *, now: str, earlier: Earlier
) -> tuple[Earlier, datetime.date]:
    """The earlier cadences after the scheme chooses `to`, and the day `to` takes effect.

    A change waits for a day on which a period of either cadence begins, so that periods never
    overlap: figures for overlapping periods could be subtracted to reveal small numbers. An earlier
    choice not yet in force is dropped.
    """
    held = cadence_on(today, now, earlier)
    kept = [each for each in earlier if each[1] < today.isoformat()]
    if to == held:
        return kept, today
    longest = max((held, Cadence(to)), key=lambda each: each.months)
    starts = next_start(longest, today)
    until = starts - datetime.timedelta(days=1)
    return [*kept, [str(held), until.isoformat()]], starts
