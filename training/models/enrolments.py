"""One person's progress through a module."""

import secrets
from datetime import timedelta

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import ExpressionWrapper, F, Max, Q, Value
from django.db.models.functions import Coalesce, Least
from django.utils.translation import gettext_lazy as _

CODE_LETTERS = "BCDFGHJKMPQRTVWXY346789"  # no vowels, and no characters that look or sound alike
CODE_LENGTH = 8
CERTIFICATE_LENGTH = 16
LINK_LASTS = timedelta(days=60)


def new_code() -> str:
    """A code that is easy to read aloud, such as BKTM3HPD; 78,000,000,000 possibilities."""
    return _letters(CODE_LENGTH)


def new_certificate_code() -> str:
    """A code too long to guess, out of 6 x 10^21. It opens nothing but the certificate."""
    return _letters(CERTIFICATE_LENGTH)


def _letters(length):
    return "".join(secrets.choice(CODE_LETTERS) for __ in range(length))


def _expression(value):
    return value if hasattr(value, "resolve_expression") else Value(value)


class EnrolmentQuerySet(models.QuerySet):
    def unfinished(self):
        """Neither completed nor withdrawn."""
        return self.filter(completed_at__isnull=True, withdrawn_at__isnull=True)

    def completed(self):
        """Completed and not withdrawn; possibly expired."""
        return self.filter(completed_at__isnull=False, withdrawn_at__isnull=True)

    def current(self, on):
        """Completed, not withdrawn and valid on `on`."""
        return self.completed().filter(valid_until__gte=on)

    def gating(self):
        """Completions that count as evidence: their version was reviewed by a safeguarding lead."""
        if settings.DEMO:
            return self.completed()
        return self.completed().filter(module__reviewed_version__gte=F("module_version"))

    def of_older_version(self, module, version):
        """Completions of versions of `module` before `version`."""
        return self.completed().filter(module=module, module_version__lt=version)

    def shorten(self, by):
        """End completions on `by` at the latest; returns how many.

        The original date is kept in `shortened_from`, which also marks the rows that were changed.
        """
        return self.filter(valid_until__gt=by).update(
            shortened_from=Coalesce("shortened_from", "valid_until"), valid_until=by
        )

    def counting_for(self, *, scheme, shares_people):
        """Completions that a scheme may count for one sign-up; arguments are values or expressions.

        A venue that shares its people lets other schemes' training count too; otherwise only the
        scheme's own counts.
        """
        shared = ExpressionWrapper(_expression(shares_people), output_field=models.BooleanField())
        return self.filter(Q(scheme=scheme) | Q(shared))

    def covering(self, venue, organisation, at):
        """The people whose training counts at `venue`: `staff_member` and `until`, one row each.

        `until` is the earlier of their training's last day and their post's. Leavers stay in the
        result with that day. `venue` and `organisation` may be objects, ids or expressions.
        """
        post = "staff_member__posts__"
        return (
            self.gating()
            .filter(
                Q(**{f"{post}until__isnull": True})
                | Q(**{f"{post}until__gte": F("completed_at__date")}),
                Q(valid_until__gte=F(f"{post}from_date")),
                completed_at__date__lte=at,
                staff_member__organisation=organisation,
                **{f"{post}venue": venue, f"{post}from_date__lte": at},
            )
            .order_by()
            .values("staff_member")
            .annotate(until=Max(Least("valid_until", f"{post}until")))
        )

    def for_officer(self, user):
        if user.is_superuser:
            return self
        return self.filter(scheme__officers__user=user)


class Enrolment(models.Model):
    """One staff member's progress through one version of a module, and until when it is valid."""

    class Source(models.TextChoices):
        CHECK = "check", _("passed the questions here")
        ATTENDANCE = "attendance", _("came to a session")
        EARLIER = "earlier", _("from earlier records")
        IN_ROOM = "in_room", _("taught in a room")

    staff_member = models.ForeignKey(
        "venues.StaffMember", on_delete=models.PROTECT, related_name="enrolments"
    )
    module = models.ForeignKey(
        "training.Module", on_delete=models.PROTECT, related_name="enrolments"
    )
    module_version = models.PositiveSmallIntegerField(_("version"))
    scheme = models.ForeignKey("venues.Scheme", on_delete=models.PROTECT, related_name="enrolments")
    source = models.CharField(_("how"), max_length=10, choices=Source, default=Source.CHECK)
    enrolled_at = models.DateTimeField(auto_now_add=True)
    enrolled_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    booking = models.ForeignKey(
        "training.Booking",
        verbose_name=_("seat at a session"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="completions",
    )
    taught_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("taught by"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
        help_text=_("Who led the training in a room. A session names its own trainers."),
    )
    code = models.CharField(_("code"), max_length=CODE_LENGTH, unique=True, default=new_code)
    code_expires_at = models.DateTimeField(_("link and code work until"))
    sections_finished = ArrayField(models.PositiveSmallIntegerField(), default=list, blank=True)
    answers = ArrayField(
        models.BigIntegerField(),
        default=list,
        blank=True,
        help_text=_("The choices ticked at the last attempt."),
    )
    kept_answers = ArrayField(
        models.BigIntegerField(),
        verbose_name=_("answers kept before they were sent"),
        default=list,
        blank=True,
        editable=False,
    )
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    score = models.PositiveSmallIntegerField(_("score, per cent"), null=True, blank=True)
    pass_mark = models.PositiveSmallIntegerField(
        _("pass mark, per cent"),
        null=True,
        blank=True,
        editable=False,
        help_text="Of the version begun; empty if there was nothing to pass.",
    )
    check_passed_at = models.DateTimeField(null=True, blank=True)
    completed_at = models.DateTimeField(_("completed"), null=True, blank=True)
    valid_until = models.DateField(_("valid until"), null=True, blank=True)
    shortened_from = models.DateField(
        _("valid until, before a refresher"),
        null=True,
        blank=True,
        help_text=_("Set when a new version called for a refresher before that day."),
    )
    certificate_code = models.CharField(
        _("code of the certificate"),
        max_length=CERTIFICATE_LENGTH,
        unique=True,
        editable=False,
        default=new_certificate_code,
    )
    reissued_at = models.DateTimeField(
        _("certificate issued again"),
        null=True,
        blank=True,
        editable=False,
        help_text="It bears the name as corrected by that moment.",
    )
    feedback_given = models.BooleanField(
        default=False,
        editable=False,
        help_text="Whether it was given, so that it is given once. Never what was said, nor when.",
    )
    reminded_days = models.PositiveSmallIntegerField(
        null=True,
        blank=True,
        help_text=_("How many days before it ends the last reminder was due."),
    )
    withdrawn_at = models.DateTimeField(null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    withdrawn_reason = models.CharField(_("reason"), max_length=255, blank=True)

    LOCKED_WITH = ("module", "scheme", "staff_member__organisation")
    objects = EnrolmentQuerySet.as_manager()

    class Meta:
        ordering = ["-enrolled_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["staff_member", "module", "module_version"],
                condition=Q(completed_at__isnull=True, withdrawn_at__isnull=True),
                name="one_open_enrolment",
                violation_error_message=_("This person is doing this training already."),
            ),
            models.CheckConstraint(
                name="enrolment_completed_at_and_until",
                condition=Q(completed_at__isnull=True, valid_until__isnull=True)
                | Q(completed_at__isnull=False, valid_until__isnull=False),
            ),
            models.CheckConstraint(
                name="enrolment_withdrawn_at_by_and_why",
                condition=Q(
                    withdrawn_at__isnull=True, withdrawn_by__isnull=True, withdrawn_reason=""
                )
                | (
                    Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False)
                    & ~Q(withdrawn_reason="")
                ),
            ),
            models.CheckConstraint(
                name="enrolment_completed_only_by_passing",
                condition=Q(completed_at__isnull=True)
                | ~Q(source="check")
                | Q(check_passed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="enrolment_refresher_only_shortens",
                condition=Q(shortened_from__isnull=True) | Q(shortened_from__gt=F("valid_until")),
            ),
            models.UniqueConstraint(
                fields=["booking"],
                condition=Q(withdrawn_at__isnull=True),
                name="one_completion_a_booking",
                violation_error_message=_("This person’s attendance counts already."),
            ),
            models.CheckConstraint(
                name="enrolment_of_a_session_only",
                condition=Q(booking__isnull=True) | Q(source="attendance"),
            ),
            models.CheckConstraint(
                name="enrolment_in_a_room_by_whom",
                condition=Q(source="in_room", taught_by__isnull=False)
                | (~Q(source="in_room") & Q(taught_by__isnull=True)),
            ),
            models.CheckConstraint(
                name="enrolment_passed_with_a_score",
                condition=Q(check_passed_at__isnull=True) | Q(score__isnull=False),
            ),
        ]
        indexes = [models.Index(fields=["scheme", "valid_until"])]

    def __str__(self):
        return f"{self.staff_member}: {self.module}"

    @property
    def sections(self):
        """The sections of the version this person began, in order."""
        return self.module.sections.of_version(self.module_version)

    @property
    def questions(self):
        return self.module.questions.of_version(self.module_version)

    @property
    def code_in_two(self):
        """The code as read aloud: BKTM 3HPD."""
        half = CODE_LENGTH // 2
        return f"{self.code[:half]} {self.code[half:]}"

    @property
    def certificate_code_in_fours(self):
        """The certificate code as printed: BKTM 3HPD CCVW 7XYR."""
        code = self.certificate_code
        return " ".join(code[at : at + 4] for at in range(0, CERTIFICATE_LENGTH, 4))

    def venue_of_scheme(self, on):
        """The venue of the scheme where the person works on that day; None if there is none."""
        posts = self.staff_member.posts.current(on).filter(venue__sign_ups__scheme=self.scheme_id)
        post = posts.select_related("venue__organisation").order_by("from_date", "pk").first()
        return post.venue if post else None

    @property
    def name_on_certificate(self):
        """The first name as it was when the certificate was issued; empty once removed."""
        issued = self.reissued_at or self.completed_at
        return self.staff_member.name_at(issued) if issued else self.staff_member.first_name

    @property
    def name_was_corrected(self):
        """Whether the certificate has a name that was corrected later."""
        return self.name_on_certificate != self.staff_member.first_name

    @property
    def mark_to_reach(self):
        """The pass mark of the version begun; later versions do not raise it."""
        return self.pass_mark or self.module.pass_mark

    def is_current(self, on):
        """Whether it is completed, not withdrawn and valid on `on`."""
        return bool(self.valid_until and not self.withdrawn_at and self.valid_until >= on)
