"""A council's scheme, who looks after it, and what it asks of a venue."""

import datetime

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import ExpressionWrapper, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce, Greatest, TruncDate
from django.db.models.lookups import LessThan
from django.utils.translation import gettext_lazy as _

from venues.evidence_kinds import (
    Stage,
    evidence_choices,
    held_until,
    is_due,
    kinds_that_never_unlist,
)


class SchemeQuerySet(models.QuerySet):
    def open(self):
        """Schemes that take sign-ups."""
        return self.filter(opened_at__isnull=False)

    def shown(self):
        """Schemes whose venues the public may see."""
        return self.open().filter(hidden_at__isnull=True)

    def for_officer(self, user):
        if user.is_superuser:
            return self
        return self.filter(officers__user=user).distinct()


class Scheme(models.Model):
    """A safe-space scheme: its area, principles, sticker, training and cadence."""

    name = models.CharField(_("name"), max_length=120, unique=True)
    slug = models.SlugField(_("short name for addresses"), unique=True)
    council = models.CharField(_("who runs it"), max_length=120)
    area = models.ForeignKey(
        "geography.Area",
        verbose_name=_("area"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    contact_email = models.EmailField(_("the team's e-mail address"))
    contact_phone = models.CharField(_("the team's telephone"), max_length=40, blank=True)
    about = models.TextField(_("about the scheme, for venues"), blank=True)
    what_to_say = models.CharField(
        _("what a person says at the counter"),
        max_length=200,
        default="You do not need to explain. Say you need a safe space.",
    )
    sticker_wording = models.CharField(
        _("words on the sticker"),
        max_length=160,
        default="No phone needed: walk in and ask.",
    )
    sticker_valid_months = models.PositiveSmallIntegerField(
        _("months a sticker is valid"), default=12
    )
    training_valid_months = models.PositiveSmallIntegerField(
        _("months training is valid"), default=12
    )
    grace_days = models.PositiveSmallIntegerField(
        _("days of grace before a venue leaves the finder"), default=28
    )
    hours_valid_days = models.PositiveSmallIntegerField(
        _("days after which hours must be confirmed again"), default=90
    )
    earlier_records_valid_until = models.DateField(
        _("last day on which earlier records count"), null=True, blank=True
    )
    hidden_types = ArrayField(
        models.CharField(max_length=20),
        verbose_name=_("kinds of place hidden from the public"),
        default=list,
        blank=True,
    )
    opened_at = models.DateTimeField(null=True, blank=True, editable=False)
    opened_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    hidden_at = models.DateTimeField(null=True, blank=True, editable=False)
    hidden_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = SchemeQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                name="scheme_opened_at_and_by",
                condition=Q(opened_at__isnull=True, opened_by__isnull=True)
                | Q(opened_at__isnull=False, opened_by__isnull=False),
            ),
            models.CheckConstraint(
                name="scheme_hidden_at_and_by",
                condition=Q(hidden_at__isnull=True, hidden_by__isnull=True)
                | Q(hidden_at__isnull=False, hidden_by__isnull=False),
            ),
        ]

    def __str__(self):
        return self.name


class SchemeContact(models.Model):
    """A number that heads the portal, the training and every report form."""

    class Kind(models.TextChoices):
        CHILDREN_DAY = "children_day", _("Worried about a child, office hours")
        CHILDREN_NIGHT = "children_night", _("Worried about a child, nights and weekends")
        ADULTS_DAY = "adults_day", _("Worried about an adult at risk, office hours")
        ADULTS_NIGHT = "adults_night", _("Worried about an adult at risk, nights and weekends")
        DOMESTIC_ABUSE = "domestic_abuse", _("Domestic abuse service")

    scheme = models.ForeignKey(Scheme, on_delete=models.CASCADE, related_name="contacts")
    kind = models.CharField(_("for"), max_length=20, choices=Kind)
    name = models.CharField(_("name of the service"), max_length=120)
    number = models.CharField(_("telephone"), max_length=40)
    when = models.CharField(_("when it answers"), max_length=80, blank=True)
    confirmed_by_name = models.CharField(
        _("who confirmed it"),
        max_length=120,
        blank=True,
        help_text=_("A named person. Until then the public does not see this number."),
    )
    confirmed_on = models.DateField(_("confirmed on"), null=True, blank=True)

    class Meta:
        ordering = ["scheme", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["scheme", "kind"], name="one_contact_a_kind"),
            models.CheckConstraint(
                name="contact_confirmed_by_and_on",
                condition=Q(confirmed_by_name="", confirmed_on__isnull=True)
                | (~Q(confirmed_by_name="") & Q(confirmed_on__isnull=False)),
                violation_error_message=_("Give both the name and the date, or neither."),
            ),
        ]

    def __str__(self):
        return f"{self.get_kind_display()}: {self.name}, {self.number}"


class Officer(models.Model):
    """A user's role in a scheme."""

    class Role(models.TextChoices):
        VIEWER = "viewer", _("Viewer")
        OFFICER = "officer", _("Officer")
        TRAINER = "trainer", _("Trainer")
        CHAIR = "chair", _("Chair")
        ADMINISTRATOR = "administrator", _("Administrator")

    scheme = models.ForeignKey(Scheme, on_delete=models.PROTECT, related_name="officers")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="officer_roles"
    )
    role = models.CharField(_("role"), max_length=20, choices=Role)

    class Meta:
        ordering = ["scheme", "user"]
        constraints = [models.UniqueConstraint(fields=["scheme", "user"], name="one_role_a_scheme")]

    def __str__(self):
        return f"{self.user}, {self.get_role_display()}, {self.scheme}"


class Principle(models.Model):
    """One core principle and its wording. A new `version` asks every venue to agree again."""

    scheme = models.ForeignKey(Scheme, on_delete=models.CASCADE, related_name="principles")
    order = models.PositiveSmallIntegerField(_("order"))
    title = models.CharField(_("title"), max_length=120)
    wording = models.TextField(_("wording"))
    help_text = models.TextField(_("what it means in practice"), blank=True)
    version = models.PositiveSmallIntegerField(_("version"), default=1, editable=False)

    class Meta:
        ordering = ["scheme", "order"]
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "order"],
                name="principle_order",
                deferrable=models.Deferrable.DEFERRED,
            )
        ]

    def __str__(self):
        return f"{self.order}. {self.title}"


class RequirementQuerySet(models.QuerySet):
    def asked_of(self, *, sign_up, venue, organisation, approved_at, owed_from):
        """Say of which sign-up the proofs are asked.

        The keyword arguments are expressions (`Value(3)`, or `OuterRef("pk")` in a subquery), so a
        single sign-up and a list of them are asked by the same rule. Annotates `approved_on` and
        `owed_on` (from when returns and meetings count), each a date or NULL, and the ids that
        the kinds of proof need.
        """
        whole = models.BigIntegerField()
        return self.annotate(
            the_sign_up=ExpressionWrapper(sign_up, output_field=whole),
            the_venue=ExpressionWrapper(venue, output_field=whole),
            the_organisation=ExpressionWrapper(organisation, output_field=whole),
            approved_on=TruncDate(
                ExpressionWrapper(approved_at, output_field=models.DateTimeField())
            ),
            owed_on=TruncDate(ExpressionWrapper(owed_from, output_field=models.DateTimeField())),
        )

    def proved(self, at):
        """Annotate `held_until` (date or NULL) and `due` (bool) on the date `at`.

        Wants `asked_of()`.
        """
        return self.annotate(held_until=Greatest(held_until(at), _earlier_record()), due=is_due(at))

    def unmet(self, at):
        """Those due and not held on `at`. Wants `asked_of()`."""
        return self.filter(is_due(at), _before(held_until(at), at), _before(_earlier_record(), at))

    def that_unlist(self):
        """Those without which the public no longer finds a venue; a row's word goes before its
        kind's."""
        as_usual = Q(unlists__isnull=True) & ~Q(evidence__in=kinds_that_never_unlist())
        return self.filter(Q(unlists=True) | as_usual)

    def unmet_beyond_grace(self, at):
        """Those that unlist, due, whose grace is over: it runs `grace_days` from the lapse or from
        approval.

        Wants `asked_of()`. Each date is compared by itself: the database need not work out the
        others once one of them holds.
        """
        over = ExpressionWrapper(
            Value(at) - F("principle__scheme__grace_days"), output_field=models.DateField()
        )
        return self.that_unlist().filter(
            is_due(at),
            _before(F("approved_on"), over),
            _before(held_until(at), over),
            _before(_earlier_record(), over),
        )


def _earlier_record():
    """Until when a scheme's earlier records prove a requirement; NULL when they do not."""
    return Subquery(
        EvidenceRecord.objects.filter(
            sign_up=OuterRef("the_sign_up"),
            evidence=OuterRef("evidence"),
            subject=OuterRef("subject"),
        )
        .order_by("-valid_until")
        .values("valid_until")[:1]
    )


def _before(day, limit):
    """Whether a date is before `limit`, or there is none."""
    limit = limit if hasattr(limit, "resolve_expression") else Value(limit)
    return LessThan(Coalesce(day, Value(datetime.date.min)), limit)


class Requirement(models.Model):
    """What proof a principle needs, and for which stage."""

    principle = models.ForeignKey(Principle, on_delete=models.CASCADE, related_name="requirements")
    evidence = models.CharField(_("proof"), max_length=40, choices=evidence_choices)
    needed_for = models.CharField(_("needed for"), max_length=12, choices=Stage)
    at_least = models.PositiveSmallIntegerField(_("at least"), default=1)
    of_last = models.PositiveSmallIntegerField(_("of the last"), null=True, blank=True)
    subject = models.CharField(
        _("subject"),
        max_length=60,
        blank=True,
        help_text=_("For training: the module's short name."),
    )

    unlists = models.BooleanField(
        _("the public no longer finds a place that misses it beyond its grace"),
        null=True,
        blank=True,
        choices=[(None, _("As usual for this proof")), (True, _("Yes")), (False, _("No"))],
        help_text=_("Usually yes. For meetings and returns it is no: we ring instead."),
    )

    objects = RequirementQuerySet.as_manager()

    class Meta:
        ordering = ["principle", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["principle", "evidence", "needed_for", "subject"],
                name="requirement_said_once",
            ),
            models.CheckConstraint(name="requirement_at_least_one", condition=Q(at_least__gte=1)),
        ]

    def __str__(self):
        return f"{self.get_evidence_display()} ({self.get_needed_for_display()})"

    @property
    def does_unlist(self) -> bool:
        """The same word as RequirementQuerySet.that_unlist()."""
        if self.unlists is not None:
            return self.unlists
        return self.evidence not in kinds_that_never_unlist()


class EvidenceRecord(models.Model):
    """Proof brought in from a scheme's earlier records: what, by whom, and until when it counts."""

    sign_up = models.ForeignKey("venues.SignUp", on_delete=models.PROTECT, related_name="records")
    evidence = models.CharField(max_length=40)
    subject = models.CharField(max_length=60, blank=True)
    valid_until = models.DateField()
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    imported_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["sign_up", "evidence"]

    def __str__(self):
        return f"{self.evidence} until {self.valid_until}"
