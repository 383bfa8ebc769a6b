"""Training content: modules, their sections and check questions."""

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from venues.models import Organisation, Requirement, Venue


class ModuleQuerySet(models.QuerySet):
    def open(self):
        """Modules that people may begin: reviewed by a safeguarding lead, or any in the demo."""
        return self if settings.DEMO else self.filter(reviewed_version__isnull=False)

    def for_scheme(self, scheme):
        """The scheme's own modules and the shared ones.

        A shared module is left out once the scheme has a reviewed copy, unless one of its
        requirements still names the shared one.
        """
        replaced = Module.objects.filter(
            copy_of=OuterRef("pk"), schemes=scheme, reviewed_version__isnull=False
        )
        asked_for = Requirement.objects.filter(principle__scheme=scheme, subject=OuterRef("slug"))
        shared = Q(schemes__isnull=True) & (~Exists(replaced) | Exists(asked_for))
        return self.filter(Q(schemes=scheme) | shared).distinct()

    def for_sign_up(self, sign_up):
        """Modules of its scheme that suit the venue's type and sector."""
        venue = sign_up.venue
        return self.for_scheme(sign_up.scheme_id).filter(
            Q(for_types=[]) | Q(for_types__contains=[venue.type]),
            Q(for_sectors=[]) | Q(for_sectors__contains=[venue.organisation.sector]),
        )

    def for_officer(self, user):
        """Modules of the officer's schemes, and the shared ones."""
        if user.is_superuser:
            return self
        if not user.officer_roles.exists():
            return self.none()
        return self.filter(Q(schemes__officers__user=user) | Q(schemes__isnull=True)).distinct()


def _kinds(label, choices, help_text):
    """An array field of choices, such as venue types; empty means none in particular."""
    return ArrayField(
        models.CharField(max_length=20, choices=choices),
        verbose_name=label,
        default=list,
        blank=True,
        help_text=help_text,
    )


class Module(models.Model):
    """One piece of training. Content belongs to a version, and a reviewed version never changes.

    `version` is the newest, possibly a draft; `reviewed_version` is the newest that a safeguarding
    lead has passed. Learners begin the reviewed version and finish the one they began. How the
    module is completed and its pass mark are reviewed too: after the first review they change only
    with a new version, and wait in `next_completed_by` and `next_pass_mark` until then.
    """

    class Kind(models.TextChoices):
        INTRODUCTORY = "introductory", _("Introductory")
        SPECIALIST = "specialist", _("Specialist")

    class CompletedBy(models.TextChoices):
        SELF_STUDY = "self_study", _("Self-study: the sections and the questions")
        ATTENDANCE = "attendance", _("Attendance: coming to a session")
        EITHER = "either", _("Either: self-study or coming to a session")

    class Level(models.TextChoices):
        EVERYONE = "everyone", _("Everybody who works there, also for a day")
        FRONT = "front", _("People at the counter, the door and the floor")
        LEAD = "lead", _("Supervisors, duty managers and trainers")

    slug = models.SlugField(_("short name"), max_length=60, unique=True)
    title = models.CharField(_("title"), max_length=120)
    summary = models.TextField(_("summary"))
    aims = models.TextField(
        _("aims"), blank=True, help_text=_("What people can do afterwards. Markdown.")
    )
    audience = models.CharField(_("who it is for, in words"), max_length=200, blank=True)
    level = models.CharField(_("level"), max_length=10, choices=Level, default=Level.EVERYONE)
    kind = models.CharField(_("kind"), max_length=12, choices=Kind)
    completed_by = models.CharField(
        _("completed by"), max_length=10, choices=CompletedBy, default=CompletedBy.SELF_STUDY
    )
    prerequisites = models.ManyToManyField(
        "self",
        verbose_name=_("prerequisites"),
        symmetrical=False,
        blank=True,
        related_name="leads_to",
        help_text=_("Nobody can begin this training before completing these."),
    )
    for_types = _kinds(
        _("only for these kinds of place"), Venue.Type.choices, _("None ticked: for every kind.")
    )
    for_sectors = _kinds(
        _("only for these sectors"), Organisation.Sector.choices, _("None ticked: for every one.")
    )
    suggested_at_night = models.BooleanField(
        _("suggest it to places open after 10 pm"), default=False
    )
    suggested_types = _kinds(
        _("suggest it to these kinds of place"), Venue.Type.choices, _("Whom it serves most.")
    )
    suggested_sectors = _kinds(_("suggest it to these sectors"), Organisation.Sector.choices, "")
    suggested_served = _kinds(
        _("suggest it where these people come most"), Venue.Served.choices, ""
    )
    suggested_areas = models.ManyToManyField(
        "geography.Area",
        verbose_name=_("suggest it in these areas"),
        blank=True,
        related_name="+",
        help_text=_("Districts and wards of your scheme."),
    )
    schemes = models.ManyToManyField(
        "venues.Scheme",
        verbose_name=_("schemes"),
        blank=True,
        related_name="modules",
        help_text=_("Leave empty to share it with every scheme."),
    )
    version = models.PositiveSmallIntegerField(_("version"), default=1, editable=False)
    pass_mark = models.PositiveSmallIntegerField(
        _("pass mark, per cent"),
        default=80,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    next_completed_by = models.CharField(
        _("completed by, with the new version"), max_length=10, choices=CompletedBy, blank=True
    )
    next_pass_mark = models.PositiveSmallIntegerField(
        _("pass mark with the new version, per cent"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    minutes = models.PositiveSmallIntegerField(_("minutes it takes"))
    valid_months = models.PositiveSmallIntegerField(
        _("months it is valid"),
        null=True,
        blank=True,
        help_text=_("Leave empty to use the scheme’s own. The shorter of the two applies."),
    )
    copy_of = models.ForeignKey(
        "self",
        verbose_name=_("copied from"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="copies",
    )
    loaded_digest = models.CharField(
        max_length=64,
        blank=True,
        editable=False,
        help_text="Of the files last loaded, so that later edits are not overwritten.",
    )
    reviewed_version = models.PositiveSmallIntegerField(
        _("version reviewed"), null=True, blank=True, editable=False
    )
    reviewed_by_name = models.CharField(_("reviewed by"), max_length=120, blank=True)
    reviewed_by_role = models.CharField(_("the reviewer's role"), max_length=120, blank=True)
    reviewed_on = models.DateField(_("reviewed on"), null=True, blank=True)
    review_recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("review recorded by"),
        null=True,
        blank=True,
        editable=False,
        on_delete=models.PROTECT,
        related_name="+",
    )

    objects = ModuleQuerySet.as_manager()

    class Meta:
        ordering = ["kind", "title"]
        constraints = [
            models.CheckConstraint(
                name="module_reviewed_by_and_on",
                condition=Q(
                    reviewed_version__isnull=True,
                    reviewed_by_name="",
                    reviewed_by_role="",
                    reviewed_on__isnull=True,
                    review_recorded_by__isnull=True,
                )
                | (
                    Q(
                        reviewed_version__isnull=False,
                        reviewed_on__isnull=False,
                        review_recorded_by__isnull=False,
                    )
                    & ~Q(reviewed_by_name="")
                    & ~Q(reviewed_by_role="")
                ),
                violation_error_message=_("A review needs a name, a role and a date."),
            ),
            models.CheckConstraint(
                name="module_reviewed_version_exists",
                condition=Q(reviewed_version__isnull=True) | Q(reviewed_version__lte=F("version")),
            ),
            models.CheckConstraint(
                name="module_pass_mark_is_a_percentage",
                condition=Q(pass_mark__gte=1, pass_mark__lte=100),
                violation_error_message=_("The pass mark is between 1 and 100 per cent."),
            ),
            models.CheckConstraint(
                name="module_next_pass_mark_is_a_percentage",
                condition=Q(next_pass_mark__isnull=True)
                | Q(next_pass_mark__gte=1, next_pass_mark__lte=100),
                violation_error_message=_("The pass mark is between 1 and 100 per cent."),
            ),
        ]

    def __str__(self):
        return self.title

    @property
    def open_version(self):
        """The version that somebody begins today; None if the module is not open."""
        return self.version if settings.DEMO else self.reviewed_version

    @property
    def needs_review(self):
        return self.reviewed_version != self.version

    @property
    def is_changed_by_versions(self):
        """Whether a reviewed version is in force, so that changes wait for the next review."""
        return self.reviewed_version is not None

    @property
    def pictures_by_number(self):
        return {picture.number: picture for picture in self.pictures.all()}

    @property
    def by_self_study(self):
        return self.completed_by != self.CompletedBy.ATTENDANCE

    @property
    def by_attendance(self):
        return self.completed_by != self.CompletedBy.SELF_STUDY


class Refresher(models.Model):
    """A version so different that people who completed an older one must retrain by a day.

    After that day completions of older versions no longer count.
    """

    module = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="refreshers")
    version = models.PositiveSmallIntegerField(_("version"))
    by = models.DateField(_("do it again by"))
    recorded_at = models.DateTimeField(auto_now_add=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["module", "version"]
        constraints = [
            models.UniqueConstraint(fields=["module", "version"], name="one_refresher_a_version")
        ]

    def __str__(self):
        return f"{self.module}, {self.version}: {self.by}"


class OfVersion(models.QuerySet):
    def of_version(self, version):
        return self.filter(version=version)


class Section(models.Model):
    """One page of a module, in Markdown."""

    module = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="sections")
    version = models.PositiveSmallIntegerField(_("version"), editable=False)
    order = models.PositiveSmallIntegerField(_("order"))
    title = models.CharField(_("title"), max_length=120)
    body = models.TextField(
        _("text"),
        help_text=_(
            "Markdown. A paragraph [[scheme numbers]] becomes the scheme's safeguarding numbers, "
            "a paragraph [[picture 1]] the picture with this number."
        ),
    )

    objects = OfVersion.as_manager()

    class Meta:
        ordering = ["module", "version", "order"]
        constraints = [
            models.UniqueConstraint(
                fields=["module", "version", "order"],
                name="section_order",
                deferrable=models.Deferrable.DEFERRED,  # so that two rows can swap places
                violation_error_message=_("Two sections cannot have the same place."),
            )
        ]

    def __str__(self):
        return f"{self.order}. {self.title}"


class Question(models.Model):
    """A check question with one or more right choices."""

    module = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="questions")
    version = models.PositiveSmallIntegerField(_("version"), editable=False)
    order = models.PositiveSmallIntegerField(_("order"))
    text = models.TextField(_("question"))
    shuffled: list["Choice"]  # set by `questions_to_answer`

    objects = OfVersion.as_manager()

    class Meta:
        ordering = ["module", "version", "order"]
        constraints = [
            models.UniqueConstraint(
                fields=["module", "version", "order"],
                name="question_order",
                deferrable=models.Deferrable.DEFERRED,  # so that two rows can swap places
                violation_error_message=_("Two questions cannot have the same place."),
            )
        ]

    def __str__(self):
        return f"{self.order}. {self.text[:60]}"


class Choice(models.Model):
    """One answer on offer, and the feedback for choosing it."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="choices")
    order = models.PositiveSmallIntegerField(_("order"))
    text = models.CharField(_("answer"), max_length=255)
    right = models.BooleanField(_("right"), default=False)
    feedback = models.TextField(_("feedback"))

    class Meta:
        ordering = ["question", "order"]
        constraints = [
            models.UniqueConstraint(
                fields=["question", "order"],
                name="choice_order",
                violation_error_message=_("Two answers cannot have the same place."),
            )
        ]

    def __str__(self):
        return self.text
