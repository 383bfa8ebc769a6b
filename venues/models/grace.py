"""What a listed place has lost, and until when it stays listed regardless."""

import datetime

from django.db import models
from django.db.models import Case, DateField, ExpressionWrapper, F, Q, Value, When
from django.db.models.functions import Greatest, Least
from django.utils.translation import gettext_lazy as _

LETTER_LEAVES_DAYS = 14
"""A letter that goes late still leaves this many days, or the scheme's grace if that is shorter."""
REMIND_DAYS = 7
"""How long before the last day of grace the second letter goes."""


class LapseQuerySet(models.QuerySet):
    def open(self, on: datetime.date):
        """Not resolved by the date `on`; also works for past dates."""
        return self.filter(Q(closed_on__isnull=True) | Q(closed_on__gt=on))

    def over(self, on: datetime.date):
        """Those whose announced grace has ended: only these unlist a place."""
        return self.open(on).filter(announced_at__isnull=False, ends_on__lt=on)

    def not_over(self, on: datetime.date):
        return self.open(on).filter(
            Q(announced_at__isnull=True) | Q(ends_on__isnull=True) | Q(ends_on__gte=on)
        )

    def with_last_day(self, on: datetime.date):
        """Annotate `last_day`, the last day of grace: as announced, or as a letter sent on `on`
        would announce it.
        """
        days = F("requirement__principle__scheme__grace_days")
        usual = ExpressionWrapper(F("since") + days, output_field=DateField())
        # The day of the letter counts as the first day of grace.
        from_letter = ExpressionWrapper(
            Value(on) + Greatest(Least(days, Value(LETTER_LEAVES_DAYS)) - 1, Value(0)),
            output_field=DateField(),
        )
        return self.annotate(
            last_day=Case(
                When(announced_at__isnull=False, then=F("ends_on")),
                When(ends_on__isnull=False, then=Greatest(F("ends_on"), from_letter)),
                default=Greatest(usual, from_letter),
                output_field=DateField(),
            )
        )

    def to_announce(self):
        """Those not yet announced by a letter."""
        return self.filter(closed_on__isnull=True, letter__isnull=True)

    def to_remind(self, on: datetime.date):
        """Those ending within a week with no reminder written yet.

        A grace of a week or less gets only one letter.
        """
        soon = on + datetime.timedelta(days=REMIND_DAYS)
        week = Value(datetime.timedelta(days=REMIND_DAYS))
        return self.filter(
            closed_on__isnull=True,
            announced_at__isnull=False,
            reminder__isnull=True,
            ends_on__range=(on, soon),
        ).filter(
            announced_at__date__lt=ExpressionWrapper(F("ends_on") - week, output_field=DateField())
        )


class Lapse(models.Model):
    """A proof that a listed place no longer has, or a new rule that it does not meet yet.

    While it is open the place stays listed, until a letter naming the last day was sent or posted
    and that day has passed.
    """

    sign_up = models.ForeignKey("venues.SignUp", on_delete=models.CASCADE, related_name="lapses")
    requirement = models.ForeignKey(
        "venues.Requirement", on_delete=models.CASCADE, related_name="lapses"
    )
    since = models.DateField(
        help_text=_("The day its grace counts from: when the proof was lost or the rule was made.")
    )
    noticed_at = models.DateTimeField()
    letter = models.ForeignKey(
        "venues.Letter", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    ends_on = models.DateField(_("last day of grace"), null=True, blank=True)
    announced_at = models.DateTimeField(
        null=True, blank=True, help_text=_("When the letter was sent or posted.")
    )
    reminder = models.ForeignKey(
        "venues.Letter", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    closed_on = models.DateField(null=True, blank=True)

    objects = LapseQuerySet.as_manager()

    last_day: datetime.date  # annotated by `with_last_day`

    class Meta:
        ordering = ["sign_up", "since", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["sign_up", "requirement"],
                condition=Q(closed_on__isnull=True),
                name="one_open_lapse_a_requirement",
            ),
            models.CheckConstraint(
                name="lapse_announced_with_a_last_day",
                condition=Q(announced_at__isnull=True) | Q(ends_on__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.requirement} since {self.since}"
