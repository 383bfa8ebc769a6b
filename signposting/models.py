"""Help outside the schemes: services to ring, and staffed places when ours are closed."""

from django.contrib.gis.db import models
from django.contrib.gis.db.models.functions import Distance, GeometryDistance
from django.contrib.postgres.fields import ArrayField
from django.db.models import Case, Q, Value, When
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from geography.models import BRITISH_NATIONAL_GRID
from geography.nations import Nation
from venues.hours.model import Division


class ServiceQuerySet(models.QuerySet):
    def confirmed(self):
        """Those whose number a named person has confirmed. No others are ever public."""
        return self.filter(confirmed_on__isnull=False)

    def public(self):
        """Confirmed, and national or of a scheme that is public; night lines first."""
        shown = Q(scheme__opened_at__isnull=False, scheme__hidden_at__isnull=True)
        return self.confirmed().filter(Q(scheme__isnull=True) | shown).night_first()

    def night_first(self):
        """Those that answer day and night first, then evenings, then office hours."""
        order = [When(answers=value, then=Value(n)) for n, value in enumerate(Service.Answers)]
        return self.order_by(Case(*order, default=Value(len(order))), "order", "name")

    def for_officer(self, user):
        """National ones, and those of the officer's own schemes."""
        if user.is_superuser:
            return self
        return self.filter(Q(scheme__isnull=True) | Q(scheme__officers__user=user)).distinct()


class Service(models.Model):
    """A support service with a number: its purpose, its hours, and who confirmed it."""

    class Answers(models.TextChoices):
        ALWAYS = "always", _("Day and night")
        EVENINGS = "evenings", _("Evenings or nights")
        DAYTIME = "daytime", _("Daytime")

    class By(models.TextChoices):
        CALL = "call", _("Call")
        TEXT = "text", _("Text")
        ONLINE = "online", _("Online form")

    scheme = models.ForeignKey(
        "venues.Scheme",
        verbose_name=_("scheme"),
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="services",
        help_text=_("Empty for a national service."),
    )
    nations = ArrayField(
        models.CharField(max_length=20, choices=Nation),
        verbose_name=_("nations it serves"),
        default=list,
        blank=True,
        help_text=_("Empty: all of the United Kingdom."),
    )
    name = models.CharField(_("name"), max_length=120)
    what_for = models.CharField(_("what for"), max_length=200, help_text=_("In plain words."))
    by = models.CharField(_("how"), max_length=6, choices=By, default=By.CALL)
    number = models.CharField(
        _("number"),
        max_length=40,
        blank=True,
        help_text=_("Empty for an online form, such as the police’s: give its website."),
    )
    text_word = models.CharField(_("word to text"), max_length=20, blank=True)
    answers = models.CharField(_("answers"), max_length=10, choices=Answers)
    when = models.CharField(
        _("when it answers"), max_length=120, blank=True, help_text=_("For example, 10am to 8pm.")
    )
    website = models.URLField(_("website"), blank=True)
    for_followed = models.BooleanField(
        _("for somebody who is followed, touched or stalked"),
        default=False,
        help_text=_("Also named on the page about it."),
    )
    order = models.PositiveSmallIntegerField(_("order"), default=100)
    confirmed_by_name = models.CharField(
        _("who confirmed the number"),
        max_length=120,
        blank=True,
        help_text=_("A named person. Until then the public does not see this service."),
    )
    confirmed_on = models.DateField(_("confirmed on"), null=True, blank=True)

    objects = ServiceQuerySet.as_manager()

    class Meta:
        verbose_name = _("support service")
        verbose_name_plural = _("support services")
        ordering = ["order", "name"]
        constraints = [
            models.CheckConstraint(
                name="service_confirmed_by_and_on",
                condition=Q(confirmed_by_name="", confirmed_on__isnull=True)
                | (~Q(confirmed_by_name="") & Q(confirmed_on__isnull=False)),
                violation_error_message=_("Give both the name and the date, or neither."),
            ),
            models.CheckConstraint(
                name="service_can_be_reached",
                condition=Q(by="online", number="", text_word="") & ~Q(website="")
                | ~Q(by="online") & ~Q(number=""),
                violation_error_message=_(
                    "Give a number, or for an online form its website and no number."
                ),
            ),
            models.UniqueConstraint(
                fields=["scheme", "name", "number"],
                nulls_distinct=False,
                name="service_said_once",
                violation_error_message=_("This service is already there."),
            ),
        ]

    def __str__(self):
        return f"{self.name}, {self.number or self.website}"

    @property
    def where(self) -> str:
        """The nations it serves, in words; empty if it serves all four."""
        labels = [str(nation.label) for nation in Nation if nation in self.nations]
        return gettext(" and ").join(filter(None, [", ".join(labels[:-1]), *labels[-1:]]))

    def serves(self, nation: Nation | None) -> bool:
        """Whether it is for people in `nation`.

        Every line is where nobody knows the nation: too many numbers are better than none, and each
        names its nations.
        """
        return nation is None or not self.nations or nation in self.nations

    @property
    def link(self):
        """The URL that dials the number, starts the text or opens the form."""
        if self.by == self.By.ONLINE:
            return self.website
        digits = "".join(c for c in self.number if c.isdigit() or c == "+")
        return f"{'sms' if self.by == self.By.TEXT else 'tel'}:{digits}"


class StaffedPlaceQuerySet(models.QuerySet):
    def public(self):
        """Those that agreed, of schemes that are public."""
        return self.filter(
            confirmed_on__isnull=False,
            scheme__opened_at__isnull=False,
            scheme__hidden_at__isnull=True,
        )

    def near(self, point):
        """Nearest first, with `metres` from `point` in a straight line."""
        return self.order_by(GeometryDistance("point", point)).annotate(
            metres=Distance("point", point)
        )

    def for_officer(self, user):
        if user.is_superuser:
            return self
        return self.filter(scheme__officers__user=user).distinct()


class StaffedPlace(models.Model):
    """A staffed place for hours when nothing of ours is open: a hospital, a police front desk.

    It has promised nothing and has no sticker. An officer chose it, somebody there agreed, and the
    finder shows it only if no listed place is open near enough.
    """

    class Kind(models.TextChoices):
        HOSPITAL = "hospital", _("Hospital")
        POLICE = "police", _("Police front desk")
        SHOP = "shop", _("Shop")
        STATION = "station", _("Station")
        HOTEL = "hotel", _("Hotel")
        OTHER = "other", _("Another place with staff")

    scheme = models.ForeignKey(
        "venues.Scheme",
        verbose_name=_("scheme"),
        on_delete=models.CASCADE,
        related_name="staffed_places",
    )
    name = models.CharField(_("name"), max_length=120)
    kind = models.CharField(_("kind of place"), max_length=10, choices=Kind)
    street = models.CharField(
        _("street"),
        max_length=120,
        help_text=_("And which door: for example, Station Road, main hall."),
    )
    postcode = models.CharField(_("postcode"), max_length=8)
    point = models.PointField(_("point"), srid=BRITISH_NATIONAL_GRID, editable=False)
    """The middle of its postcode."""
    division = models.CharField(
        max_length=20, choices=Division, default=Division.ENGLAND_AND_WALES, editable=False
    )
    hours = models.CharField(
        _("when somebody is there"),
        max_length=200,
        help_text=_("For example, day and night, or Monday to Saturday 08:00 to 22:00."),
    )
    confirmed_by_name = models.CharField(
        _("who agreed on its behalf"),
        max_length=120,
        blank=True,
        help_text=_("A named person. Until then the public does not see this place."),
    )
    confirmed_on = models.DateField(_("agreed on"), null=True, blank=True)

    objects = StaffedPlaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("place with staff at night")
        verbose_name_plural = _("places with staff at night")
        ordering = ["name", "pk"]
        constraints = [
            models.CheckConstraint(
                name="staffed_place_agreed_by_and_on",
                condition=Q(confirmed_by_name="", confirmed_on__isnull=True)
                | (~Q(confirmed_by_name="") & Q(confirmed_on__isnull=False)),
                violation_error_message=_("Give both the name and the date, or neither."),
            ),
            models.UniqueConstraint(
                fields=["scheme", "name", "postcode"],
                name="staffed_place_said_once",
                violation_error_message=_("This place is already there."),
            ),
        ]

    def __str__(self):
        return f"{self.name}, {self.street}"
