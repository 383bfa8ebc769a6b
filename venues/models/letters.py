"""Letters: their text and their fate. Written by actions."""

import datetime
import re

from django.conf import settings
from django.contrib.contenttypes.fields import GenericForeignKey
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _
from post_office.models import STATUS

from common.letters import is_waiting

ADDRESS = re.compile(r"\S+@\S+")


class LetterQuerySet(models.QuerySet):
    def for_officer(self, user):
        """Letters of the officer's own schemes; a letter without a scheme is visible to nobody."""
        if user.is_superuser:
            return self
        return self.filter(scheme__officers__user=user).distinct()

    def with_gone_at(self):
        """Annotate `gone_at`: when it was sent or marked as posted, or NULL.

        The outbox knows first that a letter was sent; `keep_fates` copies that within the hour,
        because the outbox is emptied after a month.
        """
        sent_by_outbox = models.Case(
            models.When(email__status=STATUS.sent, then=F("email__last_updated"))
        )
        return self.annotate(gone_at=Coalesce("posted_at", "sent_at", sent_by_outbox))

    def gone(self, at: datetime.datetime | None = None):
        """Letters sent, or marked as posted, by `at`. Annotates `gone_at`."""
        return self.with_gone_at().filter(gone_at__lte=at or timezone.now())

    def told(self, at: datetime.datetime | None = None):
        """Those gone whose `goes_with` letters have gone too: everybody has been told."""
        at = at or timezone.now()
        others = self.model.objects.with_gone_at().filter(goes_with=OuterRef("pk"))
        waiting = others.filter(Q(gone_at__isnull=True) | Q(gone_at__gt=at))
        return self.gone(at).filter(~Exists(waiting))

    def to_post(self):
        """Letters that nobody receives until somebody prints and posts them."""
        return self.filter(
            Q(recipients=0) | Q(failed_at__isnull=False) | Q(email__status=STATUS.failed),
            posted_at__isnull=True,
            withdrawn_at__isnull=True,
            text__gt="",
        )

    def not_sent_yet(self):
        """Letters still in the outbox: waiting, being sent, or being retried."""
        return self.filter(email__status__in=[STATUS.queued, STATUS.requeued])


class Letter(models.Model):
    """One letter. Recipients' addresses are only in the outbox, which is emptied first.

    One email about several places has a row for each, with the words about that place.
    """

    class Fate(models.TextChoices):
        WAITING = "waiting", _("waiting")
        LEAVING = "leaving", _("on its way out")
        RETRYING = "retrying", _("not delivered yet")
        SENT = "sent", _("sent")
        FAILED = "failed", _("failed: print and post it")
        TO_POST = "to_post", _("no e-mail address: print and post it")
        POSTED = "posted", _("posted")
        WITHDRAWN = "withdrawn", _("taken back before it was sent")

    kind = models.CharField(max_length=80)
    written_at = models.DateTimeField(_("written"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    scheme = models.ForeignKey(
        "venues.Scheme", null=True, blank=True, on_delete=models.PROTECT, related_name="letters"
    )
    organisation = models.ForeignKey(
        "venues.Organisation",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="letters",
    )
    venue = models.ForeignKey(
        "venues.Venue", null=True, blank=True, on_delete=models.PROTECT, related_name="letters"
    )
    sign_up = models.ForeignKey(
        "venues.SignUp", null=True, blank=True, on_delete=models.PROTECT, related_name="letters"
    )
    staff_member = models.ForeignKey(
        "venues.StaffMember",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="letters",
    )
    about_type = models.ForeignKey(ContentType, null=True, blank=True, on_delete=models.PROTECT)
    about_id = models.BigIntegerField(null=True, blank=True)
    about = GenericForeignKey("about_type", "about_id")
    subject = models.CharField(_("subject"), max_length=200)
    text = models.TextField(_("what it said"), blank=True)
    recipients = models.PositiveSmallIntegerField(_("sent to"), default=0)
    # No database constraint: the library's own clean-up deletes outbox rows after a month.
    email = models.ForeignKey(
        "post_office.Email",
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="letters",
    )
    goes_with = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="companions",
        help_text=_("The letter that says the same about the same place to other people."),
    )
    waits_until = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    failed_at = models.DateTimeField(null=True, blank=True)
    failed_because = models.CharField(max_length=200, blank=True)
    posted_at = models.DateTimeField(null=True, blank=True)
    posted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)

    LOCKED_WITH = ("email",)
    objects = LetterQuerySet.as_manager()

    class Meta:
        ordering = ["-written_at", "-id"]
        indexes = [
            models.Index(fields=["sign_up", "kind", "-written_at"]),
            models.Index(fields=["scheme", "-written_at"]),
        ]
        constraints = [
            models.CheckConstraint(
                name="letter_posted_at_and_by",
                condition=Q(posted_at__isnull=True, posted_by__isnull=True)
                | Q(posted_at__isnull=False, posted_by__isnull=False),
            )
        ]

    def __str__(self):
        return self.subject

    def event_keys(self) -> dict:
        return {
            "about": self,
            "scheme": self.scheme,
            "organisation": self.organisation,
            "venue": self.venue,
            "sign_up": self.sign_up,
        }

    @property
    def fate(self) -> str:
        """One of `Fate`. Reads `email`, so use select_related for a list."""
        known = {
            self.Fate.WITHDRAWN: self.withdrawn_at,
            self.Fate.POSTED: self.posted_at,
            self.Fate.SENT: self.sent_at,
            self.Fate.FAILED: self.failed_at,
            self.Fate.TO_POST: self.recipients == 0,
        }
        for fate, is_so in known.items():
            if is_so:
                return fate
        if self.email is None:
            return self.Fate.FAILED
        if is_waiting(self.email):
            return self.Fate.WAITING
        return {
            STATUS.sent: self.Fate.SENT,
            STATUS.failed: self.Fate.FAILED,
            STATUS.requeued: self.Fate.RETRYING,
        }.get(self.email.status, self.Fate.LEAVING)

    @property
    def fate_at(self) -> datetime.datetime | None:
        """When that fate was reached, or until when the letter is waiting."""
        kept = self.withdrawn_at or self.posted_at or self.sent_at or self.failed_at
        if kept or self.email is None:
            return kept
        if self.fate in (self.Fate.SENT, self.Fate.FAILED):
            return self.email.last_updated
        return self.waits_until if self.fate == self.Fate.WAITING else None

    @property
    def fate_words(self) -> str:
        """`fate` in words, with its time."""
        label, at = self.Fate(self.fate).label, self.fate_at
        if self.fate == self.Fate.RETRYING:
            return _("%(label)s: tried %(times)s times") % {
                "label": label,
                "times": self.email.number_of_retries,
            }
        if at is None:
            return str(label)
        words = (
            _("%(label)s until %(at)s") if self.fate == self.Fate.WAITING else "%(label)s, %(at)s"
        )
        return words % {"label": label, "at": date_format(timezone.localtime(at), "j F Y, H:i")}

    @property
    def why_failed(self) -> str:
        """The mail server's last reply, without addresses; empty once it accepted the letter."""
        if self.failed_because or self.email is None:
            return self.failed_because
        last = self.email.logs.filter(status=STATUS.failed).order_by("-date", "-pk").first()
        return ADDRESS.sub("…", last.message)[:200] if last else ""

    @property
    def may_be_posted(self) -> bool:
        return bool(self.text) and self.fate in (self.Fate.TO_POST, self.Fate.FAILED)
