"""The bodies that sign up, and the people who belong to them."""

import datetime

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from common import sizes


class OrganisationQuerySet(models.QuerySet):
    def managed_by(self, user):
        """Those where this user is head office: a manager of all venues."""
        return self.filter(pk__in=Membership.objects.head_office().of(user).values("organisation"))

    def of_member(self, user):
        """Those where this user has any venue in scope; "chosen" with no venues is none."""
        return self.filter(pk__in=Membership.objects.seeing().of(user).values("organisation"))

    def for_officer(self, user):
        if user.is_superuser:
            return self
        every = Organisation.with_merged.order_by()
        by_place = every.filter(venues__sign_ups__scheme__officers__user=user)
        # The same rule as `OrganisationSignUp.objects.readable()`.
        by_itself = every.filter(
            Q(scheme_sign_ups__submitted_at__isnull=False)
            | Q(scheme_sign_ups__entered_by__isnull=False),
            scheme_sign_ups__scheme__officers__user=user,
        )
        return self.filter(Q(pk__in=by_place.values("pk")) | Q(pk__in=by_itself.values("pk")))


class OrganisationManager(models.Manager.from_queryset(OrganisationQuerySet)):
    """Excludes organisations that were merged into another."""

    def get_queryset(self):
        return super().get_queryset().filter(merged_into__isnull=True)


class Organisation(models.Model):
    """The body that signs up.

    A franchisee has a `parent`, whose head office sees its places' status and nothing else.
    """

    class Sector(models.TextChoices):
        COMMUNITY = "community", _("Community: charity, faith or voluntary group")
        COMMERCIAL = "commercial", _("Commercial: shop, café, pub or other business")
        PUBLIC_BODY = "public_body", _("Public body: library, council, NHS, police, school")

    LOCKED_WITH = ("parent",)

    name = models.CharField(_("name of the organisation"), max_length=160, blank=True)
    sector = models.CharField(_("sector"), max_length=12, choices=Sector, blank=True)
    registered_number = models.CharField(_("charity or company number"), max_length=20, blank=True)
    parent = models.ForeignKey(
        "self",
        verbose_name=_("franchisee of"),
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="franchisees",
    )
    created_at = models.DateTimeField(auto_now_add=True)
    merged_into = models.ForeignKey(
        "self",
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="merged_organisations",
    )
    """The organisation that this one was merged into."""

    objects = OrganisationManager()
    with_merged = OrganisationQuerySet.as_manager()

    managers: "list[Membership]"  # set by `with_addresses` in the partnership's rules

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.CheckConstraint(
                name="organisation_is_not_its_own_parent",
                condition=Q(parent__isnull=True) | ~Q(parent=F("id")),
                violation_error_message=_("An organisation cannot be its own franchisee."),
            )
        ]

    def __str__(self):
        return self.name or str(_("Organisation not named yet"))

    @property
    def gone(self):
        """Why no decision about it is possible any more; empty unless it was merged."""
        if self.merged_into_id is None:
            return ""
        words = _("“%(organisation)s” was merged with “%(kept)s” meanwhile. Do it there.")
        return words % {"organisation": self, "kept": self.merged_into}


class Scope(models.TextChoices):
    """Which of an organisation's venues a member manages."""

    ALL = "all", _("All of its places, those added later too")
    CHOSEN = "chosen", _("Chosen places only")


class MembershipQuerySet(models.QuerySet):
    def of(self, user):
        return self.filter(user=user)

    def managers(self):
        return self.filter(role=Membership.Role.MANAGER)

    def head_office(self):
        """Managers of all venues: only they can change organisation-wide details."""
        return self.managers().filter(scope=Scope.ALL)

    def seeing(self):
        """Those with at least one venue in scope, or with all venues, present and future."""
        chosen = Membership.venues.through.objects.filter(membership=OuterRef("pk"))
        return self.filter(Q(scope=Scope.ALL) | Exists(chosen))

    def reaching(self, venue: str = "pk", organisation: str = "organisation_id"):
        """Those whose scope includes a venue; for use in `Exists`.

        `venue` and `organisation` are paths to both keys on the outer queryset. A chosen venue that
        has since moved to another organisation is out of scope.
        """
        chosen = Membership.venues.through.objects.filter(
            membership=OuterRef("pk"), venue=OuterRef(OuterRef(venue))
        )
        return self.filter(Q(scope=Scope.ALL) | Exists(chosen), organisation=OuterRef(organisation))


class Membership(models.Model):
    """A user's role in an organisation, for all of its venues or chosen ones.

    Head office manages all venues, an area manager several chosen ones, a branch manager one.
    "Chosen" with no venues sees nothing.
    """

    class Role(models.TextChoices):
        MANAGER = "manager", _("Manager")
        STAFF = "staff", _("Staff")

    Scope = Scope

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="memberships"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="memberships"
    )
    role = models.CharField(_("role"), max_length=10, choices=Role, default=Role.MANAGER)
    scope = models.CharField(_("looks after"), max_length=6, choices=Scope, default=Scope.ALL)
    venues = models.ManyToManyField(
        "venues.Venue", verbose_name=_("chosen places"), related_name="chosen_by", blank=True
    )

    objects = MembershipQuerySet.as_manager()

    class Meta:
        ordering = ["organisation", "user"]
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "user"], name="one_membership_an_organisation"
            )
        ]

    def __str__(self):
        return f"{self.user}, {self.get_role_display()}, {self.organisation}"


class Invitation(models.Model):
    """An invitation by e-mail to join the organisation."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="invitations"
    )
    email = models.EmailField(_("e-mail address"))
    role = models.CharField(_("role"), max_length=10, choices=Membership.Role)
    scope = models.CharField(_("looks after"), max_length=6, choices=Scope, default=Scope.ALL)
    venues = models.ManyToManyField("venues.Venue", related_name="+", blank=True)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    invited_at = models.DateTimeField(auto_now_add=True)
    accepted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["-invited_at"]
        constraints = [
            models.UniqueConstraint(
                "organisation",
                Lower("email"),
                condition=Q(accepted_at__isnull=True),
                name="one_open_invitation_an_address",
                violation_error_message=_("This address has been invited already."),
            )
        ]

    def __str__(self):
        return f"{self.email} to {self.organisation}"


class StaffMember(models.Model):
    """A person who works for the organisation; a login and an e-mail address are optional."""

    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="staff_members"
    )
    first_name = models.CharField(_("first name"), max_length=sizes.FIRST_NAME)
    email = models.EmailField(
        _("e-mail address"), blank=True, help_text=_("Only if they want their link by e-mail.")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.SET_NULL,
        related_name="staff_members",
    )
    anonymised_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["first_name", "id"]

    def __str__(self):
        return self.first_name or str(_("Somebody who left"))

    def name_at(self, when: datetime.datetime) -> str:
        """The first name as it was known at that moment; empty once it has been removed."""
        if self.anonymised_at:
            return ""
        later = [each for each in self.former_names.all() if each.until > when]
        return min(later, key=lambda each: each.until).first_name if later else self.first_name


class FormerName(models.Model):
    """A name before it was corrected: certificates issued earlier carry it."""

    staff_member = models.ForeignKey(
        StaffMember, on_delete=models.CASCADE, related_name="former_names"
    )
    first_name = models.CharField(_("first name"), max_length=sizes.FIRST_NAME)
    until = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["staff_member", "until"]

    def __str__(self):
        return self.first_name


class PostQuerySet(models.QuerySet):
    def current(self, on):
        """Posts held on the date `on`, including the last day of work."""
        return self.filter(from_date__lte=on).filter(Q(until__isnull=True) | Q(until__gte=on))


class Post(models.Model):
    """Somebody's work at one venue, between two dates.

    The kind belongs to the post: the same person may be staff here and agency elsewhere.
    """

    class Kind(models.TextChoices):
        OWN = "own", _("Own staff")
        PART_TIME = "part_time", _("Own staff, part-time")
        SEASONAL = "seasonal", _("Seasonal staff")
        AGENCY = "agency", _("Agency staff")
        VOLUNTEER = "volunteer", _("Volunteer")
        CONCESSION = "concession", _("Staff of a concession or a partner in the building")

    staff_member = models.ForeignKey(StaffMember, on_delete=models.PROTECT, related_name="posts")
    venue = models.ForeignKey("venues.Venue", on_delete=models.PROTECT, related_name="posts")
    kind = models.CharField(_("works as"), max_length=10, choices=Kind, default=Kind.OWN)
    from_date = models.DateField(_("from"))
    until = models.DateField(_("last day"), null=True, blank=True)

    objects = PostQuerySet.as_manager()

    class Meta:
        ordering = ["venue", "staff_member", "from_date"]
        constraints = [
            models.CheckConstraint(
                name="post_ends_after_it_starts",
                condition=Q(until__isnull=True) | Q(until__gte=F("from_date")),
                violation_error_message=_("The last day is before the first."),
            ),
            models.UniqueConstraint(
                fields=["staff_member", "venue"],
                condition=Q(until__isnull=True),
                name="one_open_post_a_venue",
            ),
        ]

    def __str__(self):
        return f"{self.staff_member} at {self.venue}"
