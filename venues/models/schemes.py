"""A council's scheme, its officers, and what it asks of venues."""

import datetime
from collections.abc import Iterable

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import (
    Exists,
    OuterRef,
    Q,
)
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from venues.evidence_kinds import (
    Part,
)

from .parts import CADENCE_OF, OFFERED_BY, Cadence, cadence_on
from .requirements import Requirement
from .rounds import Round
from .scheme_look import LOOK_CONSTRAINTS, SchemeLook
from .venues import Venue


class Agrees(models.TextChoices):
    """Who agrees to a scheme's principles."""

    VENUE = "venue", _("Each place, which the public can then find")
    ORGANISATION = "organisation", _("An organisation as a whole, without a place")


OFFER_CHOICES = [(name, Venue._meta.get_field(name).verbose_name) for name in Venue.OFFERS]


def offers_usually_asked() -> list[str]:
    return list(Venue.SEARCHED_OFFERS)


class SchemeQuerySet(models.QuerySet):
    def open(self):
        """Schemes that accept sign-ups."""
        return self.filter(opened_at__isnull=False, closed_at__isnull=True)

    def shown(self):
        """Schemes whose venues the public may see."""
        return self.open().filter(hidden_at__isnull=True)

    def taking_sign_ups(self, day: datetime.date):
        """Open schemes that take sign-ups of places on a day: always, or within a round of it."""
        rounds = Round.objects.filter(scheme=OuterRef("pk"))
        return self.open().filter(~Exists(rounds) | Exists(rounds.on(day)))

    def between_rounds(self, day: datetime.date):
        """Open schemes that have rounds, none of which is on."""
        return self.open().exclude(pk__in=self.taking_sign_ups(day).order_by().values("pk"))

    def for_places(self):
        """Schemes that places sign up to; the others are agreed to by organisations."""
        return self.filter(agrees=Agrees.VENUE)

    def for_organisations(self):
        return self.filter(agrees=Agrees.ORGANISATION)

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
    """A council's scheme: its area, principles, sticker, training and cadence."""

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
    agrees = models.CharField(
        _("who signs up"), max_length=12, choices=Agrees, default=Agrees.VENUE
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
    """Earlier cadences of returns; see `Earlier`. On the scheme, so that lists of venues need no
    further query.
    """
    offers_stickers = models.BooleanField(
        _("there are stickers although no principle requires one"), default=False
    )
    offers_training = models.BooleanField(
        _("there is training although no principle requires it"), default=False
    )
    offers_card = models.BooleanField(
        _("its people may carry a card"),
        default=False,
        help_text=_(
            "The scheme’s page then leads to a neutral card to make and print. The card of a "
            "network needs the network’s leave: this one shows nobody’s name or logo."
        ),
    )
    offers_asked = ArrayField(
        models.CharField(max_length=20, choices=OFFER_CHOICES),
        verbose_name=_("what its places are asked whether they offer it"),
        default=offers_usually_asked,
        blank=True,
        help_text=_("Shown on the pages and cards of places that do."),
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
        verbose_name=_("successor scheme"),
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

    def clean(self):
        super().clean()
        if not self.is_for_organisations:
            return
        parts = {
            "meetings_every": self.has_meetings,
            "returns_every": self.has_returns,
            "offers_stickers": self.offers_stickers,
            "offers_training": self.offers_training,
        }
        words = _("Only places have this, and organisations sign up as a whole here.")
        if wrong := {name: words for name, has in parts.items() if has}:
            raise ValidationError(wrong)

    @property
    def takes_sign_ups(self) -> bool:
        """Opened and not closed: the same rule as `Scheme.objects.open()`."""
        return self.opened_at is not None and self.closed_at is None

    @property
    def is_for_organisations(self) -> bool:
        return self.agrees == Agrees.ORGANISATION

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

    @property
    def parts(self) -> set[Part]:
        """The optional parts it has, for words that name none of the others."""
        return {part for part in Part if getattr(self, f"has_{part.value}")}

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
