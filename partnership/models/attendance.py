"""Invitations, replies and attendance."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.retention import with_periods

from .meetings import Meeting
from .series import Partner
from .texts import HeldText, HeldTextQuerySet


class Reply(models.TextChoices):
    COMING = "coming", _("We are coming")
    DEPUTY = "deputy", _("Somebody else comes for us")
    APOLOGIES = "apologies", _("We cannot come")
    REPORT = "report", _("We cannot come and send a short report")


class Outcome(models.TextChoices):
    PRESENT = "present", _("came")
    DEPUTY = "deputy", _("sent a deputy")
    ONLINE = "online", _("joined online")
    REPORT = "report", _("sent a report")
    APOLOGIES = "apologies", _("sent apologies")
    MISSED = "missed", _("did not come")


CAME = [Outcome.PRESENT, Outcome.DEPUTY, Outcome.ONLINE]


class AttendanceQuerySet(HeldTextQuerySet):
    def came(self):
        """In the room, by deputy or online."""
        return self.filter(outcome__in=CAME)

    def counted(self):
        """Those that count as attendance under the series' settings."""
        return self.filter(
            Q(outcome__in=CAME)
            | Q(outcome=Outcome.REPORT, meeting__scheme__series__report_counts=True)
            | Q(outcome=Outcome.APOLOGIES, meeting__scheme__series__apologies_count=True)
        )

    def for_officer(self, user):
        if user.is_superuser:
            return self
        return self.filter(meeting__scheme__officers__user=user)


class Attendance(HeldText):
    """One organisation or partner at one meeting: invited, replied, came.

    One row stands for all venues of an organisation. `text` is a report sent instead of coming. A
    visitor is a walk-in without a seat, described by role and organisation, never by name.
    """

    Reply = Reply
    Outcome = Outcome

    meeting = models.ForeignKey(Meeting, on_delete=models.CASCADE, related_name="attendances")
    organisation = models.ForeignKey(
        "venues.Organisation",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="attendances",
    )
    partner = models.ForeignKey(
        Partner, null=True, blank=True, on_delete=models.PROTECT, related_name="attendances"
    )
    visitor = models.CharField(_("visitor"), max_length=160, blank=True)
    invited_at = models.DateTimeField(null=True, blank=True)
    reply = models.CharField(_("reply"), max_length=10, choices=Reply, blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)
    deputy_role = models.CharField(_("role of whoever comes"), max_length=80, blank=True)
    deputy_name = models.CharField(
        _("name of whoever comes"),
        max_length=80,
        blank=True,
        help_text=with_periods(
            _(
                "If you like. Only the team sees it, and it is deleted %(period)s after the "
                "meeting."
            ),
            period="deputies",
        ),
    )
    outcome = models.CharField(_("attendance"), max_length=10, choices=Outcome, blank=True)
    taken_at = models.DateTimeField(null=True, blank=True)
    taken_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    called_at = models.DateTimeField(null=True, blank=True)
    called_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    LOCKED_WITH = ("meeting__scheme__series", "organisation", "partner")
    objects = AttendanceQuerySet.as_manager()

    class Meta(HeldText.Meta):
        abstract = False
        ordering = ["meeting", "organisation__name", "partner__organisation", "id"]
        constraints = [
            *HeldText.Meta.constraints,
            models.CheckConstraint(
                name="attendance_of_one",
                condition=Q(organisation__isnull=False, partner__isnull=True, visitor="")
                | Q(organisation__isnull=True, partner__isnull=False, visitor="")
                | Q(organisation__isnull=True, partner__isnull=True) & ~Q(visitor=""),
            ),
            models.UniqueConstraint(
                fields=["meeting", "organisation"],
                condition=Q(organisation__isnull=False),
                name="one_attendance_an_organisation",
            ),
            models.UniqueConstraint(
                fields=["meeting", "partner"],
                condition=Q(partner__isnull=False),
                name="one_attendance_a_partner",
            ),
            models.UniqueConstraint(
                fields=["meeting", "visitor"],
                condition=~Q(visitor=""),
                name="one_attendance_a_visitor",
            ),
            models.CheckConstraint(
                name="attendance_replied_when",
                condition=Q(reply="", replied_at__isnull=True)
                | ~Q(reply="") & Q(replied_at__isnull=False),
            ),
            models.CheckConstraint(
                name="attendance_taken_at_and_by",
                condition=Q(outcome="", taken_at__isnull=True, taken_by__isnull=True)
                | ~Q(outcome="") & Q(taken_at__isnull=False, taken_by__isnull=False),
            ),
            models.CheckConstraint(
                name="attendance_called_at_and_by",
                condition=Q(called_at__isnull=True, called_by__isnull=True)
                | Q(called_at__isnull=False, called_by__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["organisation", "outcome"])]

    def __str__(self):
        return str(self.who)

    def event_keys(self) -> dict:
        return {
            **self.meeting.event_keys(),
            "organisation": self.organisation,  # None for a partner
            "attendance": self.pk,
        }

    @property
    def who(self):
        """The organisation, the partner or the visitor's description."""
        return self.organisation or self.partner or self.visitor
