"""Actions agreed at meetings."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .meetings import Meeting
from .series import Partner

ONE_OWNER = (
    Q(organisation__isnull=False, partner__isnull=True, officer__isnull=True)
    | Q(organisation__isnull=True, partner__isnull=False, officer__isnull=True)
    | Q(organisation__isnull=True, partner__isnull=True, officer__isnull=False)
)


class ActionState(models.TextChoices):
    OPEN = "open", _("Open")
    DONE = "done", _("Done")
    DROPPED = "dropped", _("Dropped")


class ActionQuerySet(models.QuerySet):
    def open(self):
        return self.filter(state=ActionState.OPEN)

    def overdue(self, at):
        """Open and past their due day on `at`."""
        return self.open().filter(due_on__lt=at)

    def with_owner(self):
        return self.select_related("organisation", "partner", "officer", "scheme")

    def for_officer(self, user):
        if user.is_superuser:
            return self
        return self.filter(scheme__officers__user=user)


class Action(models.Model):
    """An agreed action with an owner and a due day, on every agenda until it is closed.

    Its owner is an organisation, a partner or an officer of the scheme.
    """

    State = ActionState

    scheme = models.ForeignKey(
        "venues.Scheme", verbose_name=_("scheme"), on_delete=models.PROTECT, related_name="actions"
    )
    meeting = models.ForeignKey(
        Meeting,
        verbose_name=_("agreed at"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="actions",
    )
    what = models.CharField(_("what"), max_length=300)
    organisation = models.ForeignKey(
        "venues.Organisation",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="partnership_actions",
    )
    partner = models.ForeignKey(
        Partner, null=True, blank=True, on_delete=models.PROTECT, related_name="actions"
    )
    officer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="partnership_actions",
    )
    due_on = models.DateField(_("due on"))
    state = models.CharField(
        _("state"), max_length=10, choices=ActionState, default=ActionState.OPEN
    )
    agreed_at = models.DateTimeField(auto_now_add=True)
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    closed_at = models.DateTimeField(null=True, blank=True)
    reminded_at = models.DateTimeField(null=True, blank=True)
    overdue_told_at = models.DateTimeField(null=True, blank=True)

    LOCKED_WITH = ("scheme",)
    objects = ActionQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "id"]
        constraints = [
            models.CheckConstraint(
                name="action_of_one_owner",
                condition=ONE_OWNER,
                violation_error_message=_("Choose who owns it."),
            ),
            models.CheckConstraint(
                name="action_closed_when",
                condition=Q(state="open", closed_at__isnull=True)
                | ~Q(state="open") & Q(closed_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["scheme", "state", "due_on"])]

    def __str__(self):
        return self.what

    def event_keys(self) -> dict:
        return {"about": self, "scheme": self.scheme, "organisation": self.organisation}

    @property
    def owner_words(self) -> str:
        """The owner as named outside the team: officers appear as their council."""
        if self.officer_id:
            return self.scheme.council
        return str(self.organisation or self.partner)
