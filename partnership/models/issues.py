"""Issues raised by venues or officers, their owners and answers."""

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.deciding import Moves

from .returns import UsageReturn
from .texts import HeldText, HeldTextQuerySet

ISSUE_LENGTH = 600


class IssueState(models.TextChoices):
    OPEN = "open", _("Open")
    HANDLED = "handled", _("Being handled")
    CLOSED = "closed", _("Closed")


ISSUE_MOVES: Moves = {
    IssueState.OPEN: {IssueState.HANDLED, IssueState.CLOSED},
    IssueState.HANDLED: {IssueState.CLOSED},
    IssueState.CLOSED: {IssueState.HANDLED},
}
"""Which state may follow which; a closed issue can be reopened."""


class IssueQuerySet(HeldTextQuerySet):
    def not_closed(self):
        return self.exclude(state=IssueState.CLOSED)

    def urgent(self):
        return self.filter(urgency=Issue.Urgency.URGENT)

    def for_officer(self, user):
        if user.is_superuser:
            return self
        return self.filter(scheme__officers__user=user)


class Issue(HeldText):
    """An issue, as opposed to a concern about a child or an adult at risk, which goes elsewhere.

    "Please call us" is an issue without any text.
    """

    State = IssueState

    class Theme(models.TextChoices):
        CALL_US = "call_us", _("Please call us")
        STAFF = "staff", _("The safety or welfare of our staff")
        SERVICES = "services", _("Reaching other services, such as the police")
        TRAINING = "training", _("Training")
        LISTING = "listing", _("Our listing, hours or sticker")
        SPACE = "space", _("The space itself")
        OTHER = "other", _("Something else")

    class Urgency(models.TextChoices):
        MEETING = "meeting", _("For the next meeting")
        SOON = "soon", _("Please answer before the next meeting")
        URGENT = "urgent", _("Urgent")

    scheme = models.ForeignKey("venues.Scheme", on_delete=models.PROTECT, related_name="issues")
    sign_up = models.ForeignKey(
        "venues.SignUp",
        verbose_name=_("venue"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="issues",
    )
    usage_return = models.ForeignKey(
        UsageReturn, null=True, blank=True, on_delete=models.SET_NULL, related_name="issues"
    )
    theme = models.CharField(_("about"), max_length=10, choices=Theme)
    urgency = models.CharField(
        _("how soon"), max_length=8, choices=Urgency, default=Urgency.MEETING
    )
    text = models.CharField(_("what it is"), max_length=ISSUE_LENGTH, blank=True)
    state = models.CharField(_("state"), max_length=8, choices=State, default=State.OPEN)
    raised_at = models.DateTimeField(_("raised"))
    raised_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Empty when it came by a link."),
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("owner"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    what_was_done = models.CharField(_("what was done"), max_length=ISSUE_LENGTH, blank=True)
    answer = models.CharField(_("answer to the venue"), max_length=ISSUE_LENGTH, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    staff_checked_at = models.DateTimeField(null=True, blank=True)
    staff_checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    LOCKED_WITH = ("scheme", "sign_up__venue__organisation", "owner")
    MOVES: ClassVar[Moves] = ISSUE_MOVES
    CANNOT_MOVE = _("This cannot be done while the issue is: %(state)s.")
    objects = IssueQuerySet.as_manager()

    class Meta(HeldText.Meta):
        ordering = ["-raised_at", "-pk"]
        verbose_name = _("issue raised")
        verbose_name_plural = _("issues raised")
        constraints = [
            *HeldText.Meta.constraints,
            models.CheckConstraint(
                name="issue_says_something",
                condition=Q(theme="call_us") | ~Q(text=""),
                violation_error_message=_("Say in a sentence what it is."),
            ),
            models.CheckConstraint(
                name="issue_closed_at_and_by",
                condition=Q(state="closed", closed_at__isnull=False, closed_by__isnull=False)
                | (~Q(state="closed") & Q(closed_at__isnull=True, closed_by__isnull=True)),
            ),
            models.CheckConstraint(
                name="issue_staff_checked_at_and_by",
                condition=Q(staff_checked_at__isnull=True, staff_checked_by__isnull=True)
                | Q(staff_checked_at__isnull=False, staff_checked_by__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["scheme", "state"])]

    def __str__(self):
        where = self.sign_up.venue if self.sign_up_id else self.scheme
        return f"{self.get_theme_display()}, {where}"

    def event_keys(self) -> dict:
        return {"about": self, "scheme": self.scheme, "sign_up": self.sign_up}

    @property
    def is_urgent(self) -> bool:
        return self.urgency == self.Urgency.URGENT


class Away(models.Model):
    """An officer's absence and their deputy for urgent issues."""

    officer = models.OneToOneField("venues.Officer", on_delete=models.CASCADE, related_name="away")
    until = models.DateField(_("away up to and including"))
    deputy = models.ForeignKey(
        "venues.Officer", verbose_name=_("deputy"), on_delete=models.CASCADE, related_name="+"
    )

    class Meta:
        ordering = ["officer"]
        verbose_name = _("absence")
        verbose_name_plural = _("absences")
        constraints = [
            models.CheckConstraint(
                name="away_with_somebody_else",
                condition=~Q(officer=F("deputy")),
                violation_error_message=_("Name somebody else as deputy."),
            )
        ]

    def __str__(self):
        return f"{self.officer}"
