"""A council's scheme, its officers, and what it asks of venues."""

import datetime
from collections.abc import Iterable

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import (
    Case,
    DateField,
    Exists,
    ExpressionWrapper,
    F,
    OuterRef,
    Q,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce, Greatest, Least, TruncDate
from django.db.models.lookups import LessThan
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from venues.evidence_kinds import (
    Part,
    Stage,
    evidence_choices,
    find_kind,
    held_until,
    is_due,
    kinds_needed_to_be_listed,
    kinds_of_part,
    kinds_that_never_unlist,
)

from .grace import Lapse
from .parts import CADENCE_OF, OFFERED_BY, Cadence, cadence_on
from .scheme_look import LOOK_CONSTRAINTS, SchemeLook


class SchemeQuerySet(models.QuerySet):
    def open(self):
        """Schemes that accept sign-ups."""
        return self.filter(opened_at__isnull=False, closed_at__isnull=True)

    def shown(self):
        """Schemes whose venues the public may see."""
        return self.open().filter(hidden_at__isnull=True)

    def closed(self):
        """Schemes that were open and have closed."""
        return self.filter(opened_at__isnull=False, closed_at__isnull=False)

    def for_officer(self, user):
        if user.is_superuser:
            return self
        return self.filter(officers__user=user).distinct()

    def in_which(self, user, permission: str):
        """The officer's schemes in which they have the permission."""
        mine = self.for_officer(user)
        return mine.filter(pk__in=[each.pk for each in mine if user.has_perm(permission, each)])

    def having(self, part: Part):
        """Schemes with one part; for a single scheme see `Scheme.has_meetings` and its siblings."""
        if cadence := CADENCE_OF.get(part):
            return self.exclude(**{cadence: Cadence.NONE})
        required = Requirement.objects.filter(principle__scheme=OuterRef("pk")).of_part(part)
        return self.filter(Q(**{OFFERED_BY[part]: True}) | Exists(required))

    def required_parts(self) -> dict[int, set[Part]]:
        """Which of stickers and training the principles require, by scheme id."""
        asked = Requirement.objects.filter(principle__scheme=OuterRef("pk"))
        rows = self.order_by().values_list(
            "pk", *(Exists(asked.of_part(part)) for part in OFFERED_BY)
        )
        return {
            pk: {part for part, required in zip(OFFERED_BY, row, strict=True) if required}
            for pk, *row in rows
        }

    def parts(self) -> set[Part]:
        """The parts that at least one of these schemes has, in one query."""
        having = [Exists(self.having(part).order_by()) for part in Part]
        found = Scheme.objects.order_by().values_list(*having)[:1]
        return {part for row in found for part, has in zip(Part, row, strict=True) if has}


class Scheme(SchemeLook):
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
    meetings_every = models.CharField(
        _("meetings"), max_length=10, choices=Cadence, default=Cadence.QUARTER
    )
    returns_every = models.CharField(
        _("returns on how the space was used"),
        max_length=10,
        choices=Cadence,
        default=Cadence.QUARTER,
    )
    returns_earlier = models.JSONField(default=list, blank=True, editable=False)
    """How often returns were asked for before; see `Earlier`. On the scheme, so that lists of
    venues know it without another query."""
    offers_stickers = models.BooleanField(
        _("there are stickers although no principle requires one"), default=False
    )
    offers_training = models.BooleanField(
        _("there is training although no principle requires it"), default=False
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

    closed_at = models.DateTimeField(null=True, blank=True, editable=False)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    successor = models.ForeignKey(
        "self",
        verbose_name=_("scheme that follows it"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="predecessors",
    )
    where_now = models.CharField(_("where to look now"), max_length=300, blank=True, editable=False)

    objects = SchemeQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        constraints = [
            *LOOK_CONSTRAINTS,
            models.CheckConstraint(
                name="scheme_opened_at_and_by",
                condition=Q(opened_at__isnull=True, opened_by__isnull=True)
                | Q(opened_at__isnull=False, opened_by__isnull=False),
            ),
            models.CheckConstraint(
                name="scheme_closed_at_and_by",
                condition=Q(closed_at__isnull=True, closed_by__isnull=True)
                | Q(closed_at__isnull=False, closed_by__isnull=False, hidden_at__isnull=False),
            ),
            models.CheckConstraint(
                name="scheme_hidden_at_and_by",
                condition=Q(hidden_at__isnull=True, hidden_by__isnull=True)
                | Q(hidden_at__isnull=False, hidden_by__isnull=False),
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def takes_sign_ups(self) -> bool:
        """Opened and not closed: the same rule as `Scheme.objects.open()`."""
        return self.opened_at is not None and self.closed_at is None

    @property
    def has_meetings(self) -> bool:
        return self.meetings_every != Cadence.NONE

    @property
    def has_returns(self) -> bool:
        return self.returns_every != Cadence.NONE

    def returns_every_on(self, day: datetime.date) -> Cadence:
        """The cadence of returns on a day, past, present or future."""
        return cadence_on(day, self.returns_every, self.returns_earlier)

    @property
    def has_stickers(self) -> bool:
        return self.offers_stickers or Part.STICKERS in self._required_parts

    @property
    def has_training(self) -> bool:
        return self.offers_training or Part.TRAINING in self._required_parts

    @cached_property
    def _required_parts(self) -> set[Part]:
        """Cached on the object: pages check several times, and it is one query."""
        return Scheme.objects.filter(pk=self.pk).required_parts()[self.pk]

    @staticmethod
    def know_parts(schemes: "Iterable[Scheme]") -> None:
        """Prefetch, in one query, what each of these objects would otherwise query."""
        schemes = list(schemes)
        found = Scheme.objects.filter(pk__in={each.pk for each in schemes}).required_parts()
        for each in schemes:
            each._required_parts = found[each.pk]


class ContactKind(models.Model):
    """A purpose a scheme must name a number for, such as concern about a child at night."""

    DOMESTIC_ABUSE = "domestic_abuse"
    """The finder shows numbers of this short name beside its results."""

    scheme = models.ForeignKey(Scheme, on_delete=models.CASCADE, related_name="contact_kinds")
    slug = models.SlugField(_("short name"), max_length=20)
    words = models.CharField(_("for"), max_length=80)
    order = models.PositiveSmallIntegerField(_("order"), default=1)
    is_needed = models.BooleanField(_("the scheme does not open without it"), default=True)

    class Meta:
        ordering = ["scheme", "order", "pk"]
        verbose_name = _("number to name")
        verbose_name_plural = _("numbers to name")
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "slug"],
                name="contact_kind_once_a_scheme",
                violation_error_message=_("This scheme has a number of this short name already."),
            ),
        ]

    def __str__(self):
        return self.words


class SchemeContactQuerySet(models.QuerySet):
    def public(self):
        """Numbers confirmed by a named person, of schemes visible to the public."""
        return self.filter(
            confirmed_on__isnull=False,
            scheme__opened_at__isnull=False,
            scheme__hidden_at__isnull=True,
        )

    def for_members(self, scheme: Scheme, venues: Iterable) -> "list[SchemeContact]":
        """The scheme's own numbers; if it has none, those of the local schemes around `venues`.

        A national scheme has no numbers of its own: people should ring the venue's council.
        """
        if own := list(self.filter(scheme=scheme)):
            return own
        point = next((venue.point for venue in venues if venue.point), None)
        return list(self.public().filter(scheme__area__boundary__covers=point)) if point else []


class SchemeContactManager(models.Manager.from_queryset(SchemeContactQuerySet)):
    """A number is always shown with its purpose, so the purpose is joined by default."""

    def get_queryset(self):
        return super().get_queryset().select_related("kind")


class SchemeContact(models.Model):
    """A number shown at the top of the portal, the training and every report form."""

    scheme = models.ForeignKey(Scheme, on_delete=models.CASCADE, related_name="contacts")
    kind = models.ForeignKey(
        ContactKind, verbose_name=_("for"), on_delete=models.PROTECT, related_name="contacts"
    )
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

    objects = SchemeContactManager()

    class Meta:
        ordering = ["scheme", "kind__order", "kind"]
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
        return f"{self.kind}: {self.name}, {self.number}"

    def clean(self):
        if self.kind_id and self.scheme_id and self.kind.scheme_id != self.scheme_id:
            raise ValidationError({"kind": _("This is for another scheme's numbers.")})


class SchemeCheck(models.Model):
    """A check officers make before a public listing: "The venue was visited"."""

    scheme = models.ForeignKey(Scheme, on_delete=models.CASCADE, related_name="checks_asked")
    slug = models.SlugField(_("short name"), max_length=20)
    words = models.CharField(_("what is checked"), max_length=120)
    order = models.PositiveSmallIntegerField(_("order"), default=1)
    is_needed = models.BooleanField(_("no public listing without it"), default=True)

    class Meta:
        ordering = ["scheme", "order", "pk"]
        verbose_name = _("check")
        verbose_name_plural = _("checks before a public listing")
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "slug"],
                name="check_once_a_scheme",
                violation_error_message=_("This scheme has a check of this short name already."),
            ),
        ]

    def __str__(self):
        return self.words


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
    """A core principle and its wording. A new `version` asks every venue to agree again."""

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
    def asked_of(
        self, *, sign_up, venue, organisation, shares_people, approved_at, owed_from, listed_since
    ):
        """Bind the requirements to a sign-up, whose proofs are then evaluated.

        The keyword arguments are expressions (`Value(3)`, or `OuterRef("pk")` in a subquery), so
        one rule serves a single sign-up and a queryset. Annotates `approved_on`, `owed_on` (from
        when returns and meetings count) and `the_listed_since`, each a date or NULL, and what
        evidence kinds need: the ids, and `the_shares_people` (bool), whether the scheme may count
        the place's people from other schemes.
        """
        whole = models.BigIntegerField()
        return self.of_parts_there_are().annotate(
            the_sign_up=ExpressionWrapper(sign_up, output_field=whole),
            the_venue=ExpressionWrapper(venue, output_field=whole),
            the_organisation=ExpressionWrapper(organisation, output_field=whole),
            the_shares_people=ExpressionWrapper(shares_people, output_field=models.BooleanField()),
            approved_on=TruncDate(
                ExpressionWrapper(approved_at, output_field=models.DateTimeField())
            ),
            owed_on=TruncDate(ExpressionWrapper(owed_from, output_field=models.DateTimeField())),
            the_listed_since=ExpressionWrapper(listed_since, output_field=DateField()),
        )

    def proved(self, at):
        """Annotate the state of each on the date `at`. Requires `asked_of()`.

        `held_until` (date or NULL), `due` (bool), `grace_until` (the last day of grace, as
        announced or as a letter would announce it; NULL if there is none) and `beyond_grace`
        (bool): missing, and the venue is unlisted because of it.
        """
        return self.annotate(
            held_until=_held_until(at),
            due=is_due(at),
            grace_until=_grace_until(F("held_until"), at),
            beyond_grace=_beyond_grace(at),
        )

    def unmet(self, at):
        """Those due and not held on `at`. Requires `asked_of()`."""
        return self.filter(is_due(at), _not_held(at))

    def of_parts_there_are(self):
        """Without requirements about meetings or returns in a scheme that has none."""
        rows = self
        for part, cadence in CADENCE_OF.items():
            never = Q(**{f"principle__scheme__{cadence}": Cadence.NONE})
            rows = rows.exclude(never, evidence__in=kinds_of_part(part))
        return rows

    def of_part(self, part: Part):
        """Those that give their scheme stickers, or training."""
        for_sticker = Q(needed_for=Stage.STICKER) if part == Part.STICKERS else Q(pk__in=[])
        return self.filter(for_sticker | Q(evidence__in=kinds_of_part(part)))

    def that_unlist(self):
        """Those that unlist a venue; the row's own setting overrides its kind's."""
        as_usual = Q(unlists__isnull=True) & ~Q(evidence__in=kinds_that_never_unlist())
        return self.filter(Q(unlists=True) | as_usual)

    def with_grace_began(self, at):
        """Annotate `grace_began`, the day grace counts from. Requires `asked_of()`."""
        return self.annotate(grace_began=_grace_began(_held_until(at), at))

    def unmet_beyond_grace(self, at):
        """Those because of which the venue is unlisted. Requires `asked_of()`."""
        return self.that_unlist().filter(_beyond_grace(at))


def _held_until(at):
    """By evidence or by the scheme's earlier records, whichever lasts longer."""
    return Greatest(held_until(at), _earlier_record())


def _grace_began(held, at):
    """The day grace counts from: the lapse, the approval or the creation of the rule.

    `held` is until when the requirement was held, or NULL. What was missing at approval gets its
    grace from approval, unless the kind gives none. Once listed, a proof without an expiry date
    counts as lost on the day it is found missing.
    """
    not_listed_yet = Q(the_listed_since__isnull=True)
    no_grace = not_listed_yet & Q(evidence__in=kinds_needed_to_be_listed())
    day = DateField()
    return Greatest(
        Coalesce(
            held,
            Case(When(not_listed_yet, then=None), default=Value(at), output_field=day),
        ),
        Case(When(no_grace, then=None), default=F("approved_on"), output_field=day),
        Case(When(no_grace, then=None), default=F("asked_since"), output_field=day),
    )


def _grace_until(held, at):
    kept = (
        Lapse.objects.open(at)
        .filter(sign_up=OuterRef("the_sign_up"), requirement=OuterRef("pk"))
        .with_last_day(at)
        .values("last_day")[:1]
    )
    ends = ExpressionWrapper(
        _grace_began(held, at) + F("principle__scheme__grace_days"), output_field=DateField()
    )
    return Coalesce(Subquery(kept), Least(ends, Value(datetime.date.max)))


def _beyond_grace(at):
    """Once listed, a venue is unlisted only by a lapse whose announced grace is over.

    A CASE, so that the database checks the few recorded lapses first and evaluates the proofs only
    where one is over.
    """
    over = Lapse.objects.over(at).filter(
        sign_up=OuterRef("the_sign_up"), requirement=OuterRef("pk")
    )
    not_listed_yet = Q(the_listed_since__isnull=True)
    days_ago = ExpressionWrapper(
        Value(at) - F("principle__scheme__grace_days"), output_field=DateField()
    )
    # Each proof appears once here, because this is part of every public search.
    limit = Case(When(not_listed_yet, then=days_ago), default=Value(at), output_field=DateField())
    first_grace_runs = (
        not_listed_yet
        & ~Q(evidence__in=kinds_needed_to_be_listed())
        & ~Q(_before(F("approved_on"), days_ago), _before(F("asked_since"), days_ago))
    )
    missing = Q(is_due(at), _before(held_until(at), limit), _before(_earlier_record(), limit))
    return Case(
        When(~not_listed_yet & ~Exists(over), then=Value(False)),
        When(first_grace_runs, then=Value(False)),
        default=ExpressionWrapper(missing, output_field=models.BooleanField()),
        output_field=models.BooleanField(),
    )


def _not_held(at):
    return Q(_before(held_until(at), at)) & Q(_before(_earlier_record(), at))


def _earlier_record():
    """Until when a scheme's earlier records prove a requirement; NULL if they do not."""
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
    """Whether a date is NULL or before `limit`."""
    limit = limit if hasattr(limit, "resolve_expression") else Value(limit)
    return LessThan(Coalesce(day, Value(datetime.date.min)), limit)


class Requirement(models.Model):
    """The evidence a principle needs, and for which stage."""

    principle = models.ForeignKey(Principle, on_delete=models.CASCADE, related_name="requirements")
    evidence = models.CharField(_("proof"), max_length=40, choices=evidence_choices)
    needed_for = models.CharField(_("needed for"), max_length=12, choices=Stage)
    at_least = models.PositiveSmallIntegerField(_("at least"), default=1)
    of_last = models.PositiveSmallIntegerField(_("of the last"), null=True, blank=True)
    subject = models.CharField(
        _("subject"),
        max_length=60,
        blank=True,
        help_text=_("For training: which module."),
    )
    asked_since = models.DateField(
        _("asked since"),
        default=timezone.localdate,
        editable=False,
        help_text=_("When it was made, raised or given another subject: grace counts from then."),
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
    def words(self) -> str:
        """What is required, as one sentence for people."""
        kind = find_kind(self.evidence)
        if kind is None:
            return gettext("A proof called “%(key)s”, which this software does not know.") % {
                "key": self.evidence
            }
        return str(kind.words) % {"at_least": self.at_least, "of_last": self.of_last}

    @property
    def does_unlist(self) -> bool:
        """The same rule as RequirementQuerySet.that_unlist()."""
        if self.unlists is not None:
            return self.unlists
        return self.evidence not in kinds_that_never_unlist()


class EvidenceRecord(models.Model):
    """Proof from a scheme's earlier records: what, recorded by whom, and valid until when."""

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
