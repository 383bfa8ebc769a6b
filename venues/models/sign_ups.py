"""Sign-ups: what was agreed, requested, checked and decided for a venue in a scheme."""

import datetime
from functools import cache
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _

from common.compiled import compiled
from common.deciding import Moves
from venues.evidence_kinds import kept_for_days

from .numbers import SchemeContact
from .requirements import Requirement
from .safety import hidden_for_safety
from .schemes import SchemeCheck
from .stickers import Sticker
from .venues import Venue


class State(models.TextChoices):
    DRAFT = "draft", _("Draft")
    SUBMITTED = "submitted", _("Submitted")
    CHANGES_ASKED_FOR = "changes_asked_for", _("Changes asked for")
    APPROVED = "approved", _("Approved")
    SUSPENDED = "suspended", _("Suspended")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")


MOVES: Moves = {
    State.DRAFT: {State.SUBMITTED, State.WITHDRAWN},
    State.SUBMITTED: {
        State.APPROVED,
        State.CHANGES_ASKED_FOR,
        State.DECLINED,
        State.WITHDRAWN,
    },
    State.CHANGES_ASKED_FOR: {State.SUBMITTED, State.DECLINED, State.WITHDRAWN},
    State.APPROVED: {State.SUSPENDED, State.WITHDRAWN},
    State.SUSPENDED: {State.APPROVED, State.WITHDRAWN},
    State.DECLINED: set(),
    State.WITHDRAWN: set(),
}
"""Which state may follow which. Applied only by `venues.actions`.

An ended sign-up stays as it ended; a venue that returns begins a new one.
"""
ENDED = [State.DECLINED, State.WITHDRAWN]
BEING_FILLED_IN = (State.DRAFT, State.CHANGES_ASKED_FOR)
"""The states in which the next step is to submit it."""
HOW_CONFIRMED = [("link", _("by link")), ("paper", _("on signed paper"))]
"""How an agreement that an officer entered was confirmed."""


# The expressions below are built once per day and shared: a subquery is copied into the query
# that uses it. Building them takes longer than running them, and every public search does.
@cache
def requirements_subquery():
    """The requirements of a sign-up's scheme; for subqueries over SignUp."""
    return Requirement.objects.filter(principle__scheme=OuterRef("scheme_id")).asked_of(
        sign_up=OuterRef("pk"),
        venue=OuterRef("venue_id"),
        organisation=OuterRef("venue__organisation_id"),
        shares_people=OuterRef("shares_people"),
        approved_at=OuterRef("approved_at"),
        # GREATEST ignores NULL. `SignUp.owed_from` is the same rule in Python.
        owed_from=Greatest(OuterRef("approved_at"), OuterRef("imported_at")),
        listed_since=OuterRef("listed_since"),
    )


@kept_for_days
def proved_requirements_subquery(at):
    """The requirements of a sign-up's scheme with their state on `at`; for subqueries over
    SignUp.
    """
    return requirements_subquery().proved(at)


def _has_current_sticker(at):
    return Exists(Sticker.objects.current(at).filter(sign_up=OuterRef("pk")))


@kept_for_days
def unmet_requirements_subquery(at):
    """Those of them that are due and not held on `at`."""
    return requirements_subquery().unmet(at)


@kept_for_days
def _in_good_standing(at):
    return _written(~Exists(requirements_subquery().unmet_beyond_grace(at)))


@kept_for_days
def _has_lapsed(at):
    return _written(Exists(unmet_requirements_subquery(at)))


@kept_for_days
def _ready_for_sticker(at):
    return _written(~Exists(unmet_requirements_subquery(at).that_hold_a_sticker_back()))


def _written(expression):
    """`expression` over sign-ups with precompiled SQL."""
    return compiled(expression, SignUp.objects.all())


class SignUpQuerySet(models.QuerySet):
    def approved(self):
        return self.filter(state=State.APPROVED)

    def waiting(self):
        """Awaiting an officer's decision."""
        return self.filter(state=State.SUBMITTED)

    def with_standing(self, at):
        """Annotate, for the date `at`: `sticker_is_current`, `ready_for_sticker` (nothing unmet for
        the sticker) and `in_good_standing` (nothing missing beyond its grace)."""
        return self.annotate(
            sticker_is_current=_has_current_sticker(at),
            ready_for_sticker=_ready_for_sticker(at),
            in_good_standing=_in_good_standing(at),
        )

    def with_lapse(self, at):
        """Annotate `has_lapsed`: something due is not held on `at`, whether or not within grace."""
        return self.annotate(has_lapsed=_has_lapsed(at))

    def listed(self, at):
        """Approved, nothing missing beyond its grace, not hidden, and not suspended for safety."""
        return self.listed_but_for_safety(at).filter(~hidden_for_safety("venue_id"))

    def listed_but_for_safety(self, at):
        """Those that would be listed if no scheme hid their place for safety."""
        return (
            self.approved()
            .filter(
                _in_good_standing(at),
                scheme__opened_at__isnull=False,
                scheme__hidden_at__isnull=True,
                venue__listing__in=[Venue.Listing.PUBLIC, Venue.Listing.AREA_ONLY],
            )
            .exclude(scheme__hidden_types__contains=[F("venue__type")])
        )

    def live(self):
        """Those that have not ended: draft, submitted, approved or suspended."""
        return self.exclude(state__in=ENDED)

    def on_board(self):
        """Those that concern officers: submitted or decided, and not ended."""
        return self.filter(state__in=SignUp.ON_BOARD)

    def sharing_people(self):
        """Those whose officers can see people at the place; an ended sign-up shares nobody."""
        return self.live().filter(shares_people=True)

    def for_officer(self, user):
        if user.is_superuser:
            return self
        return self.filter(scheme__officers__user=user)

    def newest(self):
        """Without ended ones that were superseded by another for the same place and scheme."""
        followers = SignUp.objects.filter(
            venue=OuterRef("venue"), scheme=OuterRef("scheme"), pk__gt=OuterRef("pk")
        )
        return self.exclude(Exists(followers), state__in=ENDED)

    def managed_by(self, user):
        """Those of the venues that a user manages."""
        return self.newest().filter(venue__in=Venue.objects.managed_by(user))

    def of_member(self, user):
        """Those of the venues where a user is a member, as manager or staff."""
        return self.newest().filter(venue__in=Venue.objects.of_member(user))

    def editable_by(self, user):
        """A manager's own; for officers, drafts that officers are entering for a venue."""
        if user.is_superuser:
            return self.filter(
                Q(pk__in=SignUp.objects.managed_by(user)) | Q(pk__in=SignUp.objects.being_entered())
            )
        schemes = [
            role.scheme
            for role in user.officer_roles.select_related("scheme")
            if user.has_perm("venues.enter_sign_up", role.scheme)
        ]
        entered = SignUp.objects.being_entered().filter(scheme__in=schemes)
        return self.filter(Q(pk__in=SignUp.objects.managed_by(user)) | Q(pk__in=entered))

    def being_entered(self):
        """Those an officer is entering for a venue that applied by telephone or on paper."""
        return self.filter(state__in=BEING_FILLED_IN, entered_by__isnull=False)


class SignUp(models.Model):
    """One venue in one scheme."""

    State = State

    venue = models.ForeignKey(Venue, on_delete=models.PROTECT, related_name="sign_ups")
    scheme = models.ForeignKey("venues.Scheme", on_delete=models.PROTECT, related_name="sign_ups")
    round = models.ForeignKey(
        "venues.Round",
        verbose_name=_("round"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="sign_ups",
    )
    """The round of the scheme that it was begun in, or is sent in if that one is over."""
    reference = models.CharField(_("reference"), max_length=10, unique=True)
    state = models.CharField(_("state"), max_length=20, choices=State, default=State.DRAFT)
    started_at = models.DateTimeField(auto_now_add=True)
    started_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    submitted_at = models.DateTimeField(null=True, blank=True)
    submitted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    imported_at = models.DateTimeField(
        null=True,
        blank=True,
        editable=False,
        help_text=_("When it was imported from the scheme’s earlier records."),
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
    agreement_confirmed_how = models.CharField(
        max_length=10,
        blank=True,
        choices=HOW_CONFIRMED,
    )
    listed_since = models.DateField(
        null=True,
        blank=True,
        editable=False,
        help_text=_(
            "When it was first known to be listed: since then it is unlisted only with notice."
        ),
    )
    hides_badge = models.BooleanField(
        _("the public is not told that the place is in this scheme"),
        default=False,
        editable=False,
        help_text=_("The place chose this. It is found as before, without the scheme’s name."),
    )
    shares_people = models.BooleanField(
        _("the scheme may see the people who work here"),
        default=True,
        help_text=_(
            "The first scheme of a place works with its people. A scheme joined later sees "
            "their names and counts their training only if the place agrees."
        ),
    )
    warned_at = models.DateTimeField(
        null=True, blank=True, help_text=_("When it was last warned that something lapsed.")
    )

    LOCKED_WITH = ("venue__organisation", "scheme")
    ON_BOARD: ClassVar[tuple[State, ...]] = (
        State.SUBMITTED,
        State.CHANGES_ASKED_FOR,
        State.APPROVED,
        State.SUSPENDED,
    )
    MOVES: ClassVar[Moves] = MOVES
    CANNOT_MOVE = _("This cannot be done while the sign-up is: %(state)s.")
    objects = SignUpQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["venue", "scheme"],
                condition=~Q(state__in=["declined", "withdrawn"]),
                name="one_sign_up_a_scheme",
                violation_error_message=_("This place has a sign-up to this scheme already."),
            ),
            models.CheckConstraint(
                name="sign_up_submitted_at_and_by",
                condition=Q(submitted_at__isnull=True, submitted_by__isnull=True)
                | Q(submitted_at__isnull=False, submitted_by__isnull=False),
            ),
            models.CheckConstraint(
                name="sign_up_approved_at_and_by",
                condition=Q(approved_at__isnull=True, approved_by__isnull=True)
                | Q(approved_at__isnull=False, approved_by__isnull=False),
            ),
            models.CheckConstraint(
                name="sign_up_approved_has_a_date",
                condition=~Q(state__in=["approved", "suspended"]) | Q(approved_at__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["scheme", "state"])]

    def __str__(self):
        return f"{self.venue} in {self.scheme}"

    @property
    def may_show_people(self) -> bool:
        """Whether the scheme's officers can see people at the place; the same as
        `sharing_people()`.
        """
        return self.shares_people and self.state not in ENDED

    @property
    def owed_from(self) -> datetime.datetime | None:
        """From when returns and meetings count: approval, or the import if that is later.

        An import keeps the venue's original approval date, perhaps years ago; but nobody asked it
        for returns or invited it to meetings before the import.
        """
        return max(filter(None, [self.approved_at, self.imported_at]), default=None)

    @property
    def numbers(self) -> list[SchemeContact]:
        """Numbers for concerns about a child or adult at risk: the scheme's, or the local ones."""
        return SchemeContact.objects.for_members(self.scheme, [self.venue])


class Agreement(models.Model):
    """Who agreed to which version of a principle, when, and in which wording."""

    class Answer(models.TextChoices):
        WE_DO = "we_do", _("We do this")
        WE_WILL = "we_will", _("We will by a date")
        NEED_HELP = "need_help", _("We need help")

    sign_up = models.ForeignKey(SignUp, on_delete=models.CASCADE, related_name="agreements")
    principle = models.ForeignKey(
        "venues.Principle", on_delete=models.PROTECT, related_name="agreements"
    )
    version = models.PositiveSmallIntegerField()
    wording = models.TextField()
    answer = models.CharField(max_length=10, choices=Answer)
    will_by = models.DateField(null=True, blank=True)
    agreed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    agreed_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["sign_up", "principle__order", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["sign_up", "principle", "version"], name="one_agreement_a_version"
            ),
            models.CheckConstraint(
                name="agreement_will_has_a_date",
                condition=~Q(answer="we_will") | Q(will_by__isnull=False),
                violation_error_message=_("Give the date by which you will do this."),
            ),
        ]

    def __str__(self):
        return f"{self.principle}, version {self.version}: {self.get_answer_display()}"


class ChangeRequest(models.Model):
    """A change an officer asks the venue for, about one principle or in general."""

    sign_up = models.ForeignKey(SignUp, on_delete=models.CASCADE, related_name="change_requests")
    principle = models.ForeignKey(
        "venues.Principle", null=True, blank=True, on_delete=models.PROTECT, related_name="+"
    )
    text = models.TextField(_("what to change"))
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    asked_at = models.DateTimeField(auto_now_add=True)
    answered_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        ordering = ["sign_up", "asked_at"]

    def __str__(self):
        return self.text[:60]


class Check(models.Model):
    """The result of one of the scheme's checks: yes or no, by whom, on which day.

    Never its content, which stays with the police or the licensing team.
    """

    sign_up = models.ForeignKey(SignUp, on_delete=models.CASCADE, related_name="checks")
    kind = models.ForeignKey(SchemeCheck, on_delete=models.PROTECT, related_name="made")
    passed = models.BooleanField()
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    checked_on = models.DateField()

    class Meta:
        ordering = ["sign_up", "kind"]
        constraints = [models.UniqueConstraint(fields=["sign_up", "kind"], name="one_check_a_kind")]

    def __str__(self):
        return f"{self.kind}: {'yes' if self.passed else 'no'}"


class Enquiry(models.Model):
    """A place that is not sure yet and asked for a call. Deleted as `venues/retention.py` says."""

    scheme = models.ForeignKey("venues.Scheme", on_delete=models.PROTECT, related_name="enquiries")
    name = models.CharField(_("your name"), max_length=80)
    venue_name = models.CharField(_("name of the place"), max_length=160)
    phone = models.CharField(_("telephone"), max_length=40)
    best_time = models.CharField(_("a good time to ring"), max_length=80, blank=True)
    asked_at = models.DateTimeField(auto_now_add=True)
    answered_at = models.DateTimeField(null=True, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )

    class Meta:
        ordering = ["asked_at"]
        verbose_name_plural = _("enquiries")

    def __str__(self):
        return f"{self.venue_name} ({self.name})"
