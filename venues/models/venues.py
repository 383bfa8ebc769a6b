"""Places that people can walk into."""

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib.gis.db import models
from django.contrib.gis.db.models.functions import Distance, GeometryDistance
from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex, GistIndex, OpClass
from django.db.models import Case, Exists, F, Func, OuterRef, Q, Value, When
from django.utils.translation import gettext_lazy as _

from geography.models import PlaceKey
from venues.hours.model import BankHolidays, Division, HoursState, hours_state

from .organisations import Membership

if TYPE_CHECKING:
    from .sign_ups import SignUp

GRID = 27700
"""British National Grid, in metres; converted to longitude and latitude on output."""


class SnapToGrid(Func):
    """Snap to the nearest grid point; the last argument is the grid size in metres."""

    function = "ST_SnapToGrid"
    output_field = models.PointField(srid=GRID)


class VenueQuerySet(models.QuerySet):
    def listed(self, on):
        """Those the public may find on the date `on`, through any of their schemes."""
        sign_ups = self.model.sign_ups.rel.related_model.objects
        return self.filter(Exists(sign_ups.listed(on).filter(venue=OuterRef("pk"))))

    def with_hours_state(self, when):
        """Annotate `hours_state` (HoursState) at the aware moment `when`."""
        return self.annotate(hours_state=hours_state(when))

    def open_at(self, when):
        """Those open at the aware moment `when`, according to confirmed hours."""
        return self.with_hours_state(when).filter(hours_state=HoursState.OPEN)

    def near(self, point):
        """Ordered by distance (using the index), with `metres` from `point` in a straight line."""
        return self.order_by(GeometryDistance("public_point", point)).annotate(
            metres=Distance("public_point", point)
        )

    def managed_by(self, user):
        """Those a user manages, within the scope of their membership."""
        return self.filter(Exists(Membership.objects.managers().of(user).reaching()))

    def of_member(self, user):
        """Those where a user is a member, as manager or staff, within the scope of their
        membership.
        """
        return self.filter(Exists(Membership.objects.of(user).reaching()))

    def for_officer(self, user):
        """Visible to officers of every scheme the venue is in, and of its lead scheme.

        A scheme it has left can see it until another has it; after that it is the other's business.
        """
        if user.is_superuser:
            return self
        sign_ups = self.model.sign_ups.rel.related_model.objects
        own = sign_ups.for_officer(user)
        is_in_one = Exists(sign_ups.live().filter(venue=OuterRef("pk")))
        return self.filter(
            Q(pk__in=own.live().values("venue"))
            | Q(lead_scheme__in=user.officer_roles.values("scheme"))
            | (Q(pk__in=own.values("venue")) & ~is_in_one)
        )


class VenueManager(models.Manager.from_queryset(VenueQuerySet)):
    """Excludes venues that were merged into another: they no longer count as places."""

    def get_queryset(self):
        return super().get_queryset().filter(merged_into__isnull=True)


class Venue(models.Model):
    """A place that people can walk into."""

    class Type(models.TextChoices):
        LIBRARY = "library", _("Library")
        CAFE = "cafe", _("Café or restaurant")
        SHOP = "shop", _("Shop")
        PHARMACY = "pharmacy", _("Pharmacy")
        FAITH = "faith", _("Church or other place of worship")
        COMMUNITY = "community", _("Community centre or charity")
        PUB = "pub", _("Pub, bar or club")
        SPORT = "sport", _("Leisure or sports centre")
        CULTURE = "culture", _("Theatre, museum or cinema")
        HEALTH = "health", _("Surgery or health centre")
        COUNCIL = "council", _("Council office")
        EDUCATION = "education", _("School, college or university")
        TRANSPORT = "transport", _("Station or transport office")
        OTHER = "other", _("Another kind of place")

    class Served(models.TextChoices):
        CHILDREN = "children", _("Children and families")
        YOUNG = "young", _("Young people and students")
        OLDER = "older", _("Older people")
        WOMEN = "women", _("Women and girls")
        LGBTQ = "lgbtq", _("LGBTQ+ people")
        NEW_HERE = "new_here", _("Refugees, migrants and people who speak little English")
        DISABLED = "disabled", _("Disabled and neurodivergent people")
        NO_HOME = "no_home", _("People without a home")
        NIGHT = "night", _("People on a night out")

    class Listing(models.TextChoices):
        PUBLIC = "public", _("Public: name, address and point on the map")
        AREA_ONLY = "area_only", _("Area only: no exact address")
        INTERNAL = "internal", _("Internal: shown to nobody but the scheme")

    class OnRequest(models.TextChoices):
        YES = "yes", _("Yes")
        USUALLY = "usually", _("Usually")
        NOT_KNOWN = "not_known", _("Not known")

    BankHolidays = BankHolidays
    Division = Division

    organisation = models.ForeignKey(
        "venues.Organisation", on_delete=models.PROTECT, related_name="venues"
    )
    lead_scheme = models.ForeignKey(
        "venues.Scheme", on_delete=models.PROTECT, related_name="led_venues"
    )
    name = models.CharField(_("name of the place"), max_length=160, blank=True)
    slug = models.SlugField(max_length=180, unique=True)
    type = models.CharField(_("kind of place"), max_length=20, choices=Type, blank=True)
    address_1 = models.CharField(_("address line 1"), max_length=120, blank=True)
    address_2 = models.CharField(_("address line 2"), max_length=120, blank=True)
    town = models.CharField(_("town or city"), max_length=80, blank=True)
    postcode = models.CharField(_("postcode"), max_length=8, blank=True)
    landmark = models.CharField(_("how to find the door"), max_length=160, blank=True)
    uprn = models.CharField(_("UPRN"), max_length=12, blank=True)
    point = models.PointField(_("point"), srid=GRID, null=True, blank=True)
    point_confirmed_at = models.DateTimeField(
        _("somebody checked the pin"), null=True, blank=True, editable=False
    )
    """None while the point is only the centre of a postcode, about fifteen doors."""
    listing = models.CharField(_("listing"), max_length=10, choices=Listing, default=Listing.PUBLIC)
    listing_chosen_at = models.DateTimeField(
        _("somebody chose who may find it"), null=True, blank=True, editable=False
    )
    public_point = models.GeneratedField(
        expression=Case(
            When(listing="public", then=F("point")),
            When(listing="area_only", then=SnapToGrid(F("point"), Value(1000))),
            default=None,
        ),
        output_field=models.PointField(srid=GRID, null=True),
        db_persist=True,
    )
    website = models.URLField(_("website"), blank=True)
    phone = models.CharField(_("public telephone"), max_length=40, blank=True)
    phone_confirmed_by_name = models.CharField(max_length=120, blank=True)
    phone_confirmed_on = models.DateField(null=True, blank=True)
    contact_name = models.CharField(_("contact name"), max_length=120, blank=True)
    contact_email = models.EmailField(_("contact e-mail"), blank=True)
    contact_phone = models.CharField(_("contact telephone"), max_length=40, blank=True)
    photo = models.ImageField(_("photograph"), upload_to="venues/", blank=True)
    photo_alt = models.CharField(_("what the photograph shows"), max_length=160, blank=True)

    step_free = models.BooleanField(_("step-free way in"), null=True, blank=True)
    toilet = models.BooleanField(_("toilet"), null=True, blank=True)
    private_room = models.BooleanField(_("private room"), null=True, blank=True)
    phone_charging = models.BooleanField(_("phone charging"), null=True, blank=True)
    seating = models.BooleanField(_("somewhere to sit"), null=True, blank=True)
    hearing_loop = models.BooleanField(_("hearing loop"), null=True, blank=True)
    quiet = models.BooleanField(_("quiet"), null=True, blank=True)
    assistance_dogs = models.BooleanField(_("assistance dogs welcome"), null=True, blank=True)
    languages = models.CharField(_("languages spoken"), max_length=160, blank=True)
    woman_on_request = models.CharField(
        _("you can ask to speak to a woman"),
        max_length=10,
        choices=OnRequest,
        default=OnRequest.NOT_KNOWN,
    )
    quiet_space_alone = models.BooleanField(_("a quiet space alone"), null=True, blank=True)
    listener = models.BooleanField(_("somebody to listen"), null=True, blank=True)
    finding_services = models.BooleanField(_("help to find services"), null=True, blank=True)
    lets_in = models.BooleanField(_("lets in somebody who is threatened"), null=True, blank=True)
    calm_space = models.BooleanField(_("a space to feel safe and calm"), null=True, blank=True)
    calls = models.BooleanField(_("calls 999, a friend or family with you"), null=True, blank=True)
    directions = models.BooleanField(_("tells you the way and the bus"), null=True, blank=True)
    transport = models.CharField(
        _("stops near by, and what runs at night"),
        max_length=200,
        blank=True,
        help_text=_("Such as: Bus 5 from outside; N15 all night from the Town Hall."),
    )
    serves = ArrayField(
        models.CharField(max_length=20, choices=Served),
        verbose_name=_("who comes to you most"),
        default=list,
        blank=True,
    )
    insurance_checked = models.CharField(
        _("insurance checked"),
        max_length=10,
        blank=True,
        choices=[("yes", _("Yes")), ("no", _("No")), ("not_sure", _("Not sure"))],
    )

    bank_holidays = models.CharField(
        _("on bank holidays"), max_length=10, choices=BankHolidays, default=BankHolidays.NOT_KNOWN
    )
    division = models.CharField(
        _("bank holidays of"),
        max_length=20,
        choices=Division,
        default=Division.ENGLAND_AND_WALES,
    )
    hours_confirmed_at = models.DateTimeField(null=True, blank=True)
    unavailable_until = models.DateTimeField(null=True, blank=True)
    unavailable_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    merged_into = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="merged_venues",
    )
    """The venue that this one was merged into; its old URL redirects there."""

    LOCKED_WITH = ("organisation",)
    objects = VenueManager()
    with_merged = VenueQuerySet.as_manager()

    hours_state: str  # annotated by `with_hours_state`
    listed_sign_ups: "list[SignUp]"  # prefetched by the public pages: the sign-ups that list it

    FACILITIES = [
        "step_free",
        "toilet",
        "private_room",
        "phone_charging",
        "seating",
        "hearing_loop",
        "quiet",
        "assistance_dogs",
    ]
    SEARCHED_OFFERS = ["quiet_space_alone", "listener", "finding_services"]
    """What a search can ask for. The others are what a scheme's places do in any case."""
    FOUR_THINGS = ["lets_in", "calm_space", "calls", "directions"]
    OFFERS = [*SEARCHED_OFFERS, *FOUR_THINGS]

    class Meta:
        ordering = ["name", "id"]
        indexes = [
            models.Index(fields=["postcode"]),
            # Django does not add a spatial index to a generated field by itself.
            GistIndex(fields=["public_point"], name="venue_public_point"),
            GinIndex(
                OpClass(PlaceKey("name"), "gin_trgm_ops"),
                name="venue_name_trigrams",
                fastupdate=False,  # a list of pending entries turns the planner to a full scan
            ),
        ]
        constraints = [
            models.CheckConstraint(
                name="venue_unavailable_until_and_by",
                condition=Q(unavailable_until__isnull=True, unavailable_by__isnull=True)
                | Q(unavailable_until__isnull=False, unavailable_by__isnull=False),
            ),
            models.CheckConstraint(
                name="venue_photo_is_described",
                condition=Q(photo="") | ~Q(photo_alt=""),
                violation_error_message=_("Say what the photograph shows."),
            ),
        ]

    @property
    def gone(self):
        """Why no decision about it is possible any more; empty unless it was merged."""
        if self.merged_into_id is None:
            return ""
        words = _("“%(venue)s” was merged with “%(kept)s” meanwhile. Do it there.")
        return words % {"venue": self, "kept": self.merged_into}

    @property
    def serves_in_words(self) -> str:
        return ", ".join(str(self.Served(each).label) for each in self.serves)

    def __str__(self):
        return self.name or str(_("Place not named yet"))

    @property
    def is_hidden_for_safety(self) -> bool:
        """For several venues, prefetch `safety_suspensions`."""
        return any(each.ended_at is None for each in self.safety_suspensions.all())

    @property
    def address(self):
        """The full address as lines; only for the venue and officers."""
        return [line for line in (self.address_1, self.address_2, self.town, self.postcode) if line]

    @property
    def public_address(self):
        """The address as lines, as far as the public may see it."""
        if self.listing == self.Listing.PUBLIC:
            return self.address
        if self.listing == self.Listing.AREA_ONLY:
            return [line for line in (self.town, self.postcode.partition(" ")[0]) if line]
        return []

    @property
    def public_phone(self):
        """The telephone number, once confirmed by a named person."""
        return self.phone if self.phone_confirmed_on else ""


class VenueVersion(models.Model):
    """Where a venue was and how it was listed between two dates, for historical statistics."""

    venue = models.ForeignKey(Venue, on_delete=models.CASCADE, related_name="versions")
    point = models.PointField(srid=GRID, null=True)
    listing = models.CharField(max_length=10, choices=Venue.Listing)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    class Meta:
        ordering = ["venue", "valid_from"]
        constraints = [
            models.UniqueConstraint(
                fields=["venue"], condition=Q(valid_to__isnull=True), name="one_version_now"
            )
        ]

    def __str__(self):
        return f"{self.venue} from {self.valid_from}"
