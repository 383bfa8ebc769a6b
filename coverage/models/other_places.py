"""Other organisations' spaces: never shown or counted as ours, only as potential coverage."""

from django.conf import settings
from django.contrib.gis.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from geography.models import Area
from geography.nations import BY_LETTER, nation_of_postcode
from venues.hours.divisions import OF_NATION
from venues.models import OpeningHours, Venue

GRID = 27700


class SourceQuerySet(models.QuerySet):
    def for_officer(self, user):
        """Lists of the officer's own schemes, and those open to every scheme."""
        if user.is_superuser:
            return self
        if not user.has_perm("venues.officer"):
            return self.none()
        return self.filter(Q(scheme__isnull=True) | Q(scheme__officers__user=user)).distinct()


class Source(models.Model):
    """One list of other organisations' spaces: its publisher, whom it serves, licence and date."""

    scheme = models.ForeignKey(
        "venues.Scheme",
        verbose_name=_("for the officers of"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="place_sources",
        help_text=_("Empty: open data that the officers of every scheme may read."),
    )
    name = models.CharField(_("name of the list"), max_length=120)
    own_scheme = models.CharField(
        _("the scheme these spaces belong to"),
        max_length=120,
        blank=True,
        help_text=_("Somebody else’s, for example Marrowby Warm Spaces."),
    )
    kind = models.CharField(
        _("kind of space"),
        max_length=20,
        choices=Venue.Type,
        default=Venue.Type.OTHER,
        help_text=_("For those whose row does not say."),
    )
    serves = models.CharField(_("who it serves"), max_length=120, blank=True)
    licence = models.CharField(_("licence"), max_length=200, blank=True)
    dated = models.DateField(
        _("day of the list"), null=True, blank=True, help_text=_("On which its facts were true.")
    )
    publishes = models.BooleanField(
        _("its own scheme publishes these spaces"),
        default=False,
        help_text=_("Only then may the public see them, named as that scheme’s."),
    )
    is_stops = models.BooleanField(
        _("stops and stations"),
        default=False,
        help_text=_(
            "Only to tell the way to a bus, tram or train on the pages of places near by; never "
            "shown, counted or invited as a space."
        ),
    )
    imported_at = models.DateTimeField(_("last imported"), null=True, editable=False)

    objects = SourceQuerySet.as_manager()

    class Meta:
        verbose_name = _("list of other spaces")
        verbose_name_plural = _("lists of other spaces")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(
                fields=["scheme", "name"],
                nulls_distinct=False,
                name="one_source_of_a_name",
                violation_error_message=_("There is a list of this name already."),
            ),
            models.CheckConstraint(
                name="source_publishes_under_a_name",
                condition=Q(publishes=False) | ~Q(own_scheme=""),
                violation_error_message=_("Say which scheme publishes these spaces."),
            ),
        ]

    def __str__(self):
        return self.name


class OtherPlaceQuerySet(models.QuerySet):
    def for_officer(self, user):
        return self.filter(source__in=Source.objects.for_officer(user))

    def present(self):
        """Those in the latest edition of their list."""
        return self.filter(gone_on__isnull=True)

    def candidates(self):
        """Those that could be invited: still listed, not one of our venues, and no bus stop."""
        return self.present().filter(venue__isnull=True, source__is_stops=False)

    def stops(self):
        """Stops and stations of lists that hold such."""
        return self.present().filter(source__is_stops=True)

    def public(self):
        """Those whose own scheme publishes them. No others are ever shown to the public."""
        return self.candidates().filter(source__publishes=True)

    def known_to(self, scheme):
        """Those of the scheme's own lists, and of open data."""
        return self.filter(Q(source__scheme=scheme) | Q(source__scheme__isnull=True))

    def tell_divisions(self):
        """Set `division` from each space's location: the official area, or else the postcode.

        In a constant number of statements, because lists have thousands of rows.
        """
        told: dict[str, list[int]] = {}
        for pk, postcode, now in self.values_list("pk", "postcode", "division"):
            nation = nation_of_postcode(postcode)
            if nation and OF_NATION[nation] != now:
                told.setdefault(OF_NATION[nation], []).append(pk)
        for division, pks in told.items():
            self.filter(pk__in=pks).update(division=division)
        for letter, nation in BY_LETTER.items():
            division = OF_NATION[nation]
            areas = Area.objects.of_nation(letter).filter(boundary__covers=OuterRef("point"))
            self.exclude(division=division).filter(Exists(areas)).update(division=division)

    def near(self, point, metres):
        return self.filter(point__dwithin=(point, metres))


class OtherPlace(models.Model):
    """Another organisation's safe or warm space, or a building that could become one."""

    source = models.ForeignKey(
        Source, verbose_name=_("list"), on_delete=models.CASCADE, related_name="other_places"
    )
    reference = models.CharField(_("reference in the list"), max_length=200)
    name = models.CharField(_("name"), max_length=160)
    kind = models.CharField(_("kind of space"), max_length=20, choices=Venue.Type)
    serves = models.CharField(_("who it serves"), max_length=120, blank=True)
    address = models.CharField(_("address"), max_length=240, blank=True)
    town = models.CharField(_("town or city"), max_length=80, blank=True)
    postcode = models.CharField(_("postcode"), max_length=8, blank=True)
    point = models.PointField(_("point"), srid=GRID)
    division = models.CharField(
        _("bank holidays of"),
        max_length=20,
        choices=Venue.Division,
        default=Venue.Division.ENGLAND_AND_WALES,
        editable=False,
    )
    point_is_of_postcode = models.BooleanField(_("placed by its postcode"), default=False)
    website = models.URLField(_("website"), blank=True)
    phone = models.CharField(_("telephone"), max_length=40, blank=True)
    email = models.EmailField(_("e-mail"), blank=True)
    gone_on = models.DateField(
        _("no longer in the list since"), null=True, blank=True, editable=False
    )
    venue = models.ForeignKey(
        "venues.Venue",
        verbose_name=_("is our venue"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="other_places",
    )
    linked_at = models.DateTimeField(null=True, editable=False)
    linked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )
    sign_up = models.ForeignKey(
        "venues.SignUp",
        verbose_name=_("invited as"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="other_places",
    )

    LOCKED_WITH = ("source__scheme", "venue", "sign_up")
    objects = OtherPlaceQuerySet.as_manager()

    class Meta:
        verbose_name = _("other space")
        verbose_name_plural = _("other spaces")
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["source", "reference"], name="one_place_a_reference"),
            models.CheckConstraint(
                name="place_venue_and_linked_at_and_by",
                condition=Q(venue__isnull=True, linked_at__isnull=True, linked_by__isnull=True)
                | Q(venue__isnull=False, linked_at__isnull=False, linked_by__isnull=False),
            ),
            models.CheckConstraint(
                name="invited_place_is_a_venue",
                condition=Q(sign_up__isnull=True) | Q(venue__isnull=False),
            ),
        ]

    def __str__(self):
        return self.name

    @property
    def scheme(self):
        """The scheme whose officers look after it; None for open data that all may read."""
        return self.source.scheme


class OtherPlaceHoursQuerySet(models.QuerySet):
    def current(self, day):
        """Those in force on the date `day`."""
        return self.filter(
            Q(valid_from__isnull=True) | Q(valid_from__lte=day),
            Q(valid_to__isnull=True) | Q(valid_to__gt=day),
        )


class OtherPlaceHours(models.Model):
    """One weekly interval from the list; `closes <= opens` passes midnight.

    A space without hours is never open. Without `valid_from` the interval has always been valid;
    `valid_to` is the first day on which it no longer is.
    """

    other_place = models.ForeignKey(OtherPlace, on_delete=models.CASCADE, related_name="hours")
    weekday = models.PositiveSmallIntegerField(_("day"), choices=OpeningHours.WEEKDAYS[:7])
    opens = models.TimeField(_("opens"))
    closes = models.TimeField(_("closes"))
    valid_from = models.DateField(_("from"), null=True, blank=True)
    valid_to = models.DateField(_("until before"), null=True, blank=True)

    objects = OtherPlaceHoursQuerySet.as_manager()

    class Meta:
        verbose_name = _("hours of another space")
        verbose_name_plural = _("hours of other spaces")
        ordering = ["other_place", "weekday", "opens"]
        constraints = [
            models.CheckConstraint(name="place_hours_weekday", condition=Q(weekday__lte=6)),
            models.CheckConstraint(
                name="place_hours_valid_for_a_while",
                condition=Q(valid_from__isnull=True)
                | Q(valid_to__isnull=True)
                | Q(valid_to__gt=F("valid_from")),
            ),
            models.UniqueConstraint(
                fields=["other_place", "weekday", "opens", "valid_from"],
                nulls_distinct=False,
                name="place_hours_said_once",
            ),
        ]

    def __str__(self):
        return f"{self.get_weekday_display()} {self.opens:%H:%M}-{self.closes:%H:%M}"


class NotTheSame(models.Model):
    """An officer compared a space and a venue and decided that they differ."""

    other_place = models.ForeignKey(
        OtherPlace, on_delete=models.CASCADE, related_name="not_the_same"
    )
    venue = models.ForeignKey("venues.Venue", on_delete=models.CASCADE, related_name="+")
    said_at = models.DateTimeField(auto_now_add=True)
    said_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["other_place", "venue"]
        constraints = [
            models.UniqueConstraint(fields=["other_place", "venue"], name="not_the_same_said_once")
        ]

    def __str__(self):
        return f"{self.other_place} is not {self.venue}"
