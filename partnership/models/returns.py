"""One venue's usage return for one period, as separate totals."""

import datetime

from django.conf import settings
from django.core.validators import MaxValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partnership.periods import Period

from .of_period import OfPeriod, OfPeriodQuerySet, is_a_period
from .texts import HeldText

MOST = 9999
"""Anything larger in one return is a typing error."""

PROGRESS_LENGTH = 200


class ReturnSettings(models.Model):
    """What a scheme asks in returns, and when they are due. Created on first use."""

    scheme = models.OneToOneField(
        "venues.Scheme", on_delete=models.CASCADE, related_name="return_settings"
    )
    due_after_days = models.PositiveSmallIntegerField(
        _("days from the end of the period until the return is due"),
        default=28,
        validators=[MaxValueValidator(60)],
    )
    remind_before_days = models.PositiveSmallIntegerField(
        _("days before the due date when venues are reminded"), default=7
    )
    remind_after_days = models.PositiveSmallIntegerField(
        _("days after the due date when venues are reminded again"), default=7
    )
    asks_age_band = models.BooleanField(_("ask for age bands"), default=False)
    issues_owner = models.ForeignKey(
        "venues.Officer",
        verbose_name=_("who looks after issues that nobody has taken on"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="+",
        help_text=_("Without a name here, letters about issues go to the team's address."),
    )

    class Meta:
        verbose_name = _("what is asked in each return")
        verbose_name_plural = _("what is asked in each return")
        constraints = [
            models.CheckConstraint(
                name="return_due_within_sixty_days",
                condition=Q(due_after_days__lte=60),
                violation_error_message=_("At most sixty days."),
            )
        ]

    def __str__(self):
        return f"{self.scheme}"

    def due_on(self, period: Period) -> datetime.date:
        """The last day on which a return for the period is on time."""
        return period.ends + datetime.timedelta(days=self.due_after_days)


class ReturnItemQuerySet(models.QuerySet):
    def active(self):
        return self.filter(is_active=True)


class ReturnItem(models.Model):
    """One item of a scheme's lists: a reason, an outcome, a part of the day or an age band.

    "Did not ask" is always the first of each list.
    """

    class Kind(models.TextChoices):
        REASON = "reason", _("Why people came")
        OUTCOME = "outcome", _("What you did")
        PART_OF_DAY = "part_of_day", _("When they came")
        AGE_BAND = "age_band", _("How old they seemed")

    scheme = models.ForeignKey(
        "venues.Scheme", on_delete=models.PROTECT, related_name="return_items"
    )
    kind = models.CharField(_("list"), max_length=12, choices=Kind)
    label = models.CharField(_("words"), max_length=60)
    order = models.PositiveSmallIntegerField(_("order"), default=100)
    is_active = models.BooleanField(_("in use"), default=True)
    is_not_asked = models.BooleanField(default=False, editable=False)

    objects = ReturnItemQuerySet.as_manager()

    class Meta:
        ordering = ["scheme", "kind", "-is_not_asked", "order", "pk"]
        verbose_name = _("line of the return")
        verbose_name_plural = _("lines of the return")
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "kind", "label"],
                name="return_item_once_a_list",
                violation_error_message=_("This list has a line with these words already."),
            ),
            models.UniqueConstraint(
                fields=["scheme", "kind"],
                condition=Q(is_not_asked=True),
                name="return_item_one_not_asked",
            ),
            models.CheckConstraint(
                name="return_item_not_asked_stays",
                condition=Q(is_not_asked=False) | Q(is_active=True),
                violation_error_message=_("“Did not ask” stays in every list."),
            ),
        ]

    def __str__(self):
        return self.label

    @property
    def place(self) -> tuple:
        """A sort key: the lists in order, each starting with "did not ask"."""
        return (self.Kind.values.index(self.kind), not self.is_not_asked, self.order, self.pk)


class ClosedPeriod(OfPeriod):
    """A period for which a scheme takes no more returns or changes: its figures are final."""

    scheme = models.ForeignKey(
        "venues.Scheme", on_delete=models.PROTECT, related_name="closed_periods"
    )
    closed_at = models.DateTimeField()
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["scheme", "-year", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "length", "year", "number"], name="period_closed_once"
            ),
            models.CheckConstraint(name="closed_period_exists", condition=is_a_period()),
        ]

    def __str__(self):
        return f"{self.scheme}, {self.period}"


class UsageReturnQuerySet(OfPeriodQuerySet):
    def for_officer(self, user):
        if user.is_superuser:
            return self
        return self.filter(sign_up__scheme__officers__user=user)


class UsageReturn(OfPeriod):
    """One venue's answer for one period. No row means missing; nil is an answer.

    `people` is how many were helped. The lists are totals independent of it and of each other: one
    person may have several reasons, and nobody can tell who had which.
    """

    class Way(models.TextChoices):
        LINK = "link", _("by the link in the letter")
        PORTAL = "portal", _("in the portal")
        OFFICER = "officer", _("by an officer")

    sign_up = models.ForeignKey(
        "venues.SignUp", on_delete=models.PROTECT, related_name="usage_returns"
    )
    people = models.PositiveSmallIntegerField(_("people helped"))
    version = models.PositiveIntegerField(default=1)
    way = models.CharField(_("sent"), max_length=10, choices=Way)
    sent_at = models.DateTimeField(_("first sent"))
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Empty when it came by the link."),
    )
    changed_at = models.DateTimeField(_("last changed"), null=True, blank=True)
    thanked_at = models.DateTimeField(null=True, blank=True)
    thanked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = UsageReturnQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "-number", "sign_up"]
        constraints = [
            models.UniqueConstraint(
                fields=["sign_up", "length", "year", "number"],
                name="one_return_a_period",
                violation_error_message=_("There is a return for this time already."),
            ),
            models.CheckConstraint(name="return_period_exists", condition=is_a_period()),
            models.CheckConstraint(
                name="return_people_are_believable",
                condition=Q(people__lte=MOST),
                violation_error_message=_("This number is too large for one return."),
            ),
            models.CheckConstraint(
                name="return_thanked_at_and_by",
                condition=Q(thanked_at__isnull=True, thanked_by__isnull=True)
                | Q(thanked_at__isnull=False, thanked_by__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["length", "year", "number"])]

    def __str__(self):
        return f"{self.sign_up.venue}, {self.period}"

    @property
    def is_nil(self) -> bool:
        return self.people == 0


class UsageCount(models.Model):
    """How often one list item applied in one return. No row means zero."""

    usage_return = models.ForeignKey(UsageReturn, on_delete=models.CASCADE, related_name="counts")
    item = models.ForeignKey(ReturnItem, on_delete=models.PROTECT, related_name="counts")
    count = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["usage_return", "item"]
        constraints = [
            models.UniqueConstraint(fields=["usage_return", "item"], name="one_count_a_line"),
            models.CheckConstraint(
                name="count_is_believable", condition=Q(count__gte=1, count__lte=MOST)
            ),
        ]

    def __str__(self):
        return f"{self.item}: {self.count}"


class Progress(HeldText):
    """A return's sentence on progress; shared only once read and, with a name, by consent."""

    usage_return = models.OneToOneField(
        UsageReturn, on_delete=models.CASCADE, related_name="progress"
    )
    text = models.CharField(_("progress"), max_length=PROGRESS_LENGTH)
    may_share = models.BooleanField(_("may be shared, with the venue's name"), default=False)
    shared_at = models.DateTimeField(null=True, blank=True)
    shared_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta(HeldText.Meta):
        ordering = ["usage_return"]
        verbose_name = _("line of progress")
        verbose_name_plural = _("lines of progress")
        constraints = [
            *HeldText.Meta.constraints,
            models.CheckConstraint(
                name="progress_shared_at_and_by",
                condition=Q(shared_at__isnull=True, shared_by__isnull=True)
                | Q(shared_at__isnull=False, shared_by__isnull=False),
            ),
        ]

    def __str__(self):
        return f"{self.usage_return}"


class VenueLetter(OfPeriod):
    """A letter about a period that went to a venue; unique, so that it is sent once.

    A monthly row means that the venue was looked at: if nothing was due, no letter was sent.
    """

    class Kind(models.TextChoices):
        ASKED = "asked", _("the letter that asks for a return")
        BEFORE = "before", _("reminder before the return is due")
        AFTER = "after", _("reminder after the return was due")
        MONTH = "month", _("the month's letter")

    sign_up = models.ForeignKey(
        "venues.SignUp", on_delete=models.CASCADE, related_name="partnership_letters"
    )
    kind = models.CharField(max_length=8, choices=Kind)
    sent_at = models.DateTimeField()

    class Meta:
        ordering = ["sign_up", "sent_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["sign_up", "kind", "length", "year", "number"], name="letter_goes_once"
            )
        ]

    def __str__(self):
        return f"{self.get_kind_display()}, {self.sign_up}"
