"""An organisation's agreement to a scheme as a whole, without a place to walk into."""

from typing import ClassVar

from django.conf import settings
from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.deciding import Moves

from .history import Event
from .letters import Letter
from .organisations import Organisation
from .schemes import Scheme
from .sign_ups import BEING_FILLED_IN, ENDED, HOW_CONFIRMED, MOVES, Agreement, State


class OrganisationSignUpQuerySet(models.QuerySet):
    def live(self):
        return self.exclude(state__in=ENDED)

    def approved(self):
        return self.filter(state=State.APPROVED)

    def readable(self):
        """Those that officers may read: sent in, or entered by an officer. What an organisation is
        still filling in itself is nobody else's business.
        """
        return self.filter(Q(submitted_at__isnull=False) | Q(entered_by__isnull=False))

    def being_entered(self):
        """Those an officer is entering for somebody who applied by telephone or on paper."""
        return self.filter(state__in=BEING_FILLED_IN, entered_by__isnull=False)

    def editable_by(self, user):
        """Head office's own; for officers, those that officers are entering."""
        schemes = Scheme.objects.in_which(user, "venues.enter_sign_up")
        entered = self.model.objects.being_entered().filter(scheme__in=schemes)
        mine = self.model.objects.managed_by(user)
        return self.filter(Q(pk__in=mine.values("pk")) | Q(pk__in=entered.values("pk")))

    def waiting(self):
        """Awaiting an officer's decision."""
        return self.filter(state=State.SUBMITTED)

    def named(self):
        """Those that the public reads on the scheme's page."""
        return self.approved().filter(is_named=True)

    def for_officer(self, user):
        if user.is_superuser:
            return self.readable()
        return self.readable().filter(scheme__officers__user=user)

    def managed_by(self, user):
        """Those of organisations where this user is head office."""
        return self.filter(organisation__in=Organisation.objects.managed_by(user))

    def newest(self):
        """Without ended ones that were superseded by another of the same organisation."""
        followers = self.model.objects.filter(
            organisation=models.OuterRef("organisation"),
            scheme=models.OuterRef("scheme"),
            pk__gt=models.OuterRef("pk"),
        )
        return self.exclude(models.Exists(followers), state__in=ENDED)


class OrganisationSignUp(models.Model):
    """One organisation in one scheme, whose principles it agrees to as a whole.

    It lists no place and is not counted in the finder or in coverage: a venue has its own `SignUp`
    for that.
    """

    State = State

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="scheme_sign_ups"
    )
    scheme = models.ForeignKey(
        "venues.Scheme", on_delete=models.PROTECT, related_name="organisation_sign_ups"
    )
    reference = models.CharField(_("reference"), max_length=10, unique=True)
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.DRAFT)
    website = models.URLField(_("website"), blank=True)
    is_named = models.BooleanField(
        _("the scheme’s page names the organisation"),
        default=True,
        help_text=_("Its name, its sector and its website, once the team has approved it."),
    )
    to_change = models.TextField(_("what to change"), blank=True, editable=False)
    started_at = models.DateTimeField(auto_now_add=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    submitted_at = models.DateTimeField(_("sent in"), null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    approved_at = models.DateTimeField(_("approved"), null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("entered by an officer"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    agreement_confirmed_at = models.DateTimeField(null=True, blank=True)
    agreement_confirmed_how = models.CharField(max_length=10, blank=True, choices=HOW_CONFIRMED)

    LOCKED_WITH = ("organisation", "scheme")
    MOVES: ClassVar[Moves] = MOVES
    CANNOT_MOVE = _("This cannot be done while the sign-up is: %(state)s.")
    objects = OrganisationSignUpQuerySet.as_manager()

    class Meta:
        verbose_name = _("organisation’s sign-up")
        verbose_name_plural = _("organisations’ sign-ups")
        ordering = ["-started_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "scheme"],
                condition=~Q(state__in=["declined", "withdrawn"]),
                name="one_organisation_sign_up_a_scheme",
                violation_error_message=_("The organisation is in this scheme already."),
            ),
            models.CheckConstraint(
                name="organisation_submitted_at_and_by",
                condition=Q(submitted_at__isnull=True, submitted_by__isnull=True)
                | Q(submitted_at__isnull=False, submitted_by__isnull=False),
            ),
            models.CheckConstraint(
                name="organisation_approved_at_and_by",
                condition=Q(approved_at__isnull=True, approved_by__isnull=True)
                | Q(approved_at__isnull=False, approved_by__isnull=False),
            ),
            models.CheckConstraint(
                name="organisation_approved_has_a_date",
                condition=~Q(state__in=["approved", "suspended"]) | Q(approved_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["scheme", "state"], name="organisation_sign_up_state")]

    def __str__(self):
        return f"{self.organisation} in {self.scheme}"

    def event_keys(self) -> dict:
        return {"about": self, "scheme": self.scheme, "organisation": self.organisation}

    @property
    def events(self) -> models.QuerySet[Event]:
        """What happened to it, newest first."""
        return Event.objects.filter(**self._about())

    @property
    def letters(self) -> models.QuerySet[Letter]:
        return Letter.objects.filter(**self._about())

    def _about(self) -> dict:
        kind = ContentType.objects.get_for_model(type(self))
        return {"about_type": kind, "about_id": self.pk}


class OrganisationAgreement(models.Model):
    """Which version of a principle an organisation agreed to, when, and in which wording."""

    Answer = Agreement.Answer

    sign_up = models.ForeignKey(
        OrganisationSignUp, on_delete=models.CASCADE, related_name="agreements"
    )
    principle = models.ForeignKey(
        "venues.Principle", on_delete=models.PROTECT, related_name="organisation_agreements"
    )
    version = models.PositiveSmallIntegerField()
    wording = models.TextField()
    answer = models.CharField(max_length=10, choices=Agreement.Answer)
    will_by = models.DateField(null=True, blank=True)
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    agreed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["sign_up", "principle__order", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["sign_up", "principle", "version"],
                name="one_organisation_agreement_a_version",
            ),
            models.CheckConstraint(
                name="organisation_agreement_will_has_a_date",
                condition=~Q(answer="we_will") | Q(will_by__isnull=False),
                violation_error_message=_("Give the date by which you will do this."),
            ),
        ]

    def __str__(self):
        return f"{self.principle}, version {self.version}: {self.get_answer_display()}"
