"""Rounds in which a scheme takes sign-ups, and who waits to be told of the next one."""

import datetime

from django.conf import settings
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeBoundary, RangeOperators
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

DAYS_TO_SEND = 14
CONFIRM_WITHIN = datetime.timedelta(days=7)
"""How long the link to confirm an address works, and an unconfirmed one is kept."""


class RoundQuerySet(models.QuerySet):
    def for_officer(self, user):
        if user.is_superuser:
            return self
        return self.filter(scheme__officers__user=user).distinct()

    def on(self, day: datetime.date):
        """The rounds that take sign-ups on a day; a scheme has at most one."""
        return self.filter(opens_on__lte=day, closes_on__gte=day)

    def ended(self, day: datetime.date):
        return self.filter(closes_on__lt=day)

    def to_come(self, day: datetime.date):
        return self.filter(opens_on__gt=day)


class Round(models.Model):
    """A time in which a scheme takes sign-ups of places, for some areas and with a target.

    A scheme without rounds takes them always. Both days are included.
    """

    scheme = models.ForeignKey(
        "venues.Scheme",
        verbose_name=_("scheme"),
        on_delete=models.PROTECT,
        related_name="rounds",
    )
    name = models.CharField(_("name"), max_length=80)
    opens_on = models.DateField(_("first day"))
    closes_on = models.DateField(_("last day"))
    areas = models.ManyToManyField(
        "geography.Area", verbose_name=_("areas"), related_name="rounds", blank=True
    )
    target_venues = models.PositiveSmallIntegerField(
        _("how many places are wanted"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(5000)],
    )
    target_by = models.DateField(_("by which day"), null=True, blank=True)
    days_to_send = models.PositiveSmallIntegerField(
        _("days after the last one in which a sign-up begun before may still be sent"),
        default=DAYS_TO_SEND,
        validators=[MaxValueValidator(90)],
    )
    words_when_closed = models.TextField(
        _("what the start page says when the round is over"),
        max_length=600,
        blank=True,
        help_text=_("Such as: we visit the new places now, and open again in spring."),
    )
    made_at = models.DateTimeField(_("made"), auto_now_add=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("by"),
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )

    LOCKED_WITH = ("scheme",)
    objects = RoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("round")
        verbose_name_plural = _("rounds")
        ordering = ["-opens_on", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "name"],
                name="one_round_of_a_name",
                violation_error_message=_("The scheme has a round of this name already."),
            ),
            models.CheckConstraint(
                name="round_closes_after_it_opens",
                condition=Q(closes_on__gte=F("opens_on")),
                violation_error_message=_("The last day is before the first."),
            ),
            ExclusionConstraint(
                name="one_round_at_a_time",
                expressions=[
                    ("scheme", RangeOperators.EQUAL),
                    (
                        Func(
                            "opens_on",
                            "closes_on",
                            RangeBoundary(inclusive_upper=True),
                            function="DATERANGE",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message=_("Another round of the scheme runs in these days."),
            ),
        ]

    def __str__(self):
        return self.name

    def event_keys(self) -> dict:
        return {"about": self, "scheme": self.scheme, "round": self.name}

    @property
    def last_day_to_send(self) -> datetime.date:
        """The last day on which a sign-up begun in the round may be sent."""
        return self.closes_on + datetime.timedelta(days=self.days_to_send)

    def is_on(self, day: datetime.date) -> bool:
        return self.opens_on <= day <= self.closes_on

    def is_over(self, day: datetime.date) -> bool:
        return self.closes_on < day


class AskedInRound(models.Model):
    """How many links to sign up were asked for in a round, by area; who asked is not kept."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="asked")
    area = models.ForeignKey(
        "geography.Area", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    """None: the postcode is unknown, or in none of the round's areas."""
    count = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["round", "area"]
        constraints = [
            models.UniqueConstraint(
                fields=["round", "area"], nulls_distinct=False, name="asked_once_a_round_and_area"
            )
        ]

    def __str__(self):
        return f"{self.round}: {self.count}"


class WaitingQuerySet(models.QuerySet):
    def for_officer(self, user):
        if user.is_superuser:
            return self
        return self.filter(scheme__officers__user=user).distinct()

    def confirmed(self):
        return self.filter(confirmed_at__isnull=False)

    def to_tell(self, round: Round):
        """Confirmed addresses of the round's scheme that were not told of it yet."""
        told = RoundNotice.objects.filter(round=round, waiting=OuterRef("pk"))
        return self.confirmed().filter(~Exists(told), scheme=round.scheme_id)


class Waiting(models.Model):
    """An address that wants to be told when a scheme's next round opens.

    Counts once its owner has confirmed it by a link. Deleted as `venues/retention.py` says.
    """

    scheme = models.ForeignKey("venues.Scheme", on_delete=models.CASCADE, related_name="waiting")
    email = models.EmailField(_("e-mail address"))
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    confirmed_at = models.DateTimeField(_("confirmed"), null=True, blank=True)

    LOCKED_WITH = ("scheme",)
    objects = WaitingQuerySet.as_manager()

    class Meta:
        verbose_name = _("address to be told of a round")
        verbose_name_plural = _("addresses to be told of a round")
        ordering = ["asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["scheme", "email"], name="waits_once_a_scheme")
        ]

    def __str__(self):
        return self.email

    @property
    def may_confirm_until(self) -> datetime.datetime:
        return self.asked_at + CONFIRM_WITHIN


class RoundNotice(models.Model):
    """One address was told of one round: never twice. The row outlives the address."""

    round = models.ForeignKey(Round, on_delete=models.CASCADE, related_name="notices")
    waiting = models.ForeignKey(
        Waiting, null=True, blank=True, on_delete=models.SET_NULL, related_name="notices"
    )
    letter = models.ForeignKey(
        "venues.Letter", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    told_at = models.DateTimeField(default=timezone.now)
    told_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["round", "told_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["round", "waiting"], name="told_once_of_a_round")
        ]

    def __str__(self):
        return f"{self.round}, {self.told_at:%d.%m.%Y}"
