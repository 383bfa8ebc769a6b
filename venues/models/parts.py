"""Which parts a scheme has: meetings, returns, stickers and training, and how often the first two.

A scheme without a part shows no trace of it anywhere. Ask `scheme.has_meetings` and its siblings;
for lists, `Scheme.objects.having(Part.MEETINGS)`.
"""

from django.db import models
from django.utils.translation import gettext_lazy as _

from venues.evidence_kinds import Part


class Cadence(models.TextChoices):
    """How often something comes round."""

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
"""The field of Scheme that says how often; "none" is: the scheme has no such part."""
OFFERED_BY = {Part.STICKERS: "offers_stickers", Part.TRAINING: "offers_training"}
"""The field of Scheme that says it is offered although no principle requires it."""
