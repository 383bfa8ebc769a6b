"""Questions about a venue or an organisation, asked once and shared between schemes."""

from collections.abc import Iterable

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q, Subquery
from django.utils.formats import date_format
from django.utils.translation import gettext_lazy as _

from common import sizes

from .requirements import Requirement

INSURANCE = "insurance_until"
"""The evidence kind that a date proves."""


class Theme(models.Model):
    """A heading for questions. A theme without a row uses its short name as the heading."""

    slug = models.SlugField(_("short name"), unique=True, max_length=40)
    title = models.CharField(_("heading"), max_length=80)
    order = models.PositiveSmallIntegerField(_("order"), default=1)

    class Meta:
        ordering = ["order", "slug"]

    def __str__(self):
        return self.title


class CriterionQuerySet(models.QuerySet):
    def asked_by(self, scheme):
        """The questions of one scheme, in page order."""
        own = Q(scheme=None) | Q(scheme=scheme)
        return self.filter(own, schemes=scheme).with_theme().order_by(*ORDER)

    def proving_insurance(self):
        """Those whose date proves a requirement of some scheme."""
        asked = Requirement.objects.filter(evidence=INSURANCE, subject=OuterRef("slug"))
        return self.filter(Exists(asked))

    def with_theme(self):
        """Annotate `theme_order` and `heading`, both NULL for a theme without a row."""
        row = Theme.objects.filter(slug=OuterRef("theme"))
        return self.annotate(
            theme_order=Subquery(row.values("order")[:1]),
            heading=Subquery(row.values("title")[:1]),
        )


ORDER = ["theme_order", "theme", "order", "pk"]


class Criterion(models.Model):
    """A question, such as "Can staff see the entrance from the counter?".

    Without a scheme it is shared: one wording and one answer for every scheme that asks it. With a
    scheme it is that scheme's own. `depends_on`: it is skipped unless the other question was
    answered with `depends_value`, which is one of `Answer.Value` or of the other's choices.
    """

    class About(models.TextChoices):
        VENUE = "venue", _("Venue")
        ORGANISATION = "organisation", _("Organisation")

    class Kind(models.TextChoices):
        YES = "yes", _("Yes, not yet, or not for us")
        CHOICE = "choice", _("One of several choices")
        TEXT = "text", _("A few sentences")
        DATE = "date", _("A date")

    slug = models.SlugField(unique=True)
    scheme = models.ForeignKey(
        "venues.Scheme",
        verbose_name=_("scheme"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="own_criteria",
        help_text=_("Empty: a question that schemes share."),
    )
    about = models.CharField(max_length=12, choices=About)
    theme = models.SlugField(_("theme"), max_length=40)
    order = models.PositiveSmallIntegerField()
    question = models.CharField(max_length=200)
    hint = models.CharField(max_length=300, blank=True)
    answer_kind = models.CharField(
        _("how it is answered"), max_length=8, choices=Kind, default=Kind.YES
    )
    choices = ArrayField(
        models.CharField(max_length=100),
        verbose_name=_("choices"),
        default=list,
        blank=True,
        help_text=_("With commas between them. Only for “one of several choices”."),
    )
    depends_on = models.ForeignKey(
        "self",
        verbose_name=_("asked only after"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="dependants",
    )
    depends_value = models.CharField(
        _("if that was answered with"),
        max_length=100,
        blank=True,
        help_text=_("One of its choices; or we_do, we_will, need_help, not_applicable, not_sure."),
    )
    schemes = models.ManyToManyField("venues.Scheme", related_name="criteria", blank=True)

    objects = CriterionQuerySet.as_manager()

    class Meta:
        ordering = ["theme", "order"]
        verbose_name_plural = _("criteria")
        constraints = [
            models.CheckConstraint(
                name="criterion_choices_for_a_choice",
                condition=Q(answer_kind="choice", choices__len__gte=2)
                | (~Q(answer_kind="choice") & Q(choices__len=0)),
                violation_error_message=_(
                    "Give at least two choices for “one of several choices”, and none otherwise."
                ),
            ),
            models.CheckConstraint(
                name="criterion_depends_on_an_answer",
                condition=Q(depends_on__isnull=True, depends_value="")
                | (Q(depends_on__isnull=False) & ~Q(depends_value="")),
                violation_error_message=_("Give both the other question and its answer."),
            ),
        ]

    def __str__(self):
        return self.question

    def clean(self):
        """Refuse a condition that can never be met, or a change that would invalidate answers."""
        other = self.depends_on
        if other is not None:
            self._check_dependence(other)
        if self.pk is None:
            return
        before = Criterion.objects.get(pk=self.pk)
        if before.answer_kind != self.answer_kind and self.answers.exists():
            words = _(
                "This was answered already, so how it is answered stays. Add another question."
            )
            raise ValidationError({"answer_kind": words})
        gone = set(before.choices) - set(self.choices)
        if self.answers.filter(text__in=gone).exists():
            words = _(
                "Somebody chose one of those that you took out. Leave it, or add another question."
            )
            raise ValidationError({"choices": words})
        if any(each.depends_value in gone for each in self.dependants.all()):
            words = _("Another question is asked only after one of the choices that you took out.")
            raise ValidationError({"choices": words})

    def _check_dependence(self, other):
        seen = {self.pk} - {None}
        one = other
        while one is not None:
            if one == self or one.pk in seen:
                words = _("These questions would wait for each other in a circle.")
                raise ValidationError({"depends_on": words})
            seen.add(one.pk)
            one = one.depends_on
        if other.about != self.about:
            words = _("A question about a place cannot wait for one about an organisation.")
            raise ValidationError({"depends_on": words})
        if other.scheme_id not in (None, self.scheme_id):
            raise ValidationError({"depends_on": _("That is another scheme’s question.")})
        known = {"yes": Answer.Value.values, "choice": other.choices}.get(other.answer_kind)
        if known is None:
            words = _("Only a question with fixed answers can be waited for.")
            raise ValidationError({"depends_on": words})
        if self.depends_value not in known:
            words = _("That question can be answered with: %(known)s.")
            raise ValidationError({"depends_value": words % {"known": ", ".join(known)}})


def applicable(criteria: Iterable[Criterion], said: dict[int, str]) -> list[Criterion]:
    """The questions whose condition is met; `said` maps question ids to answers.

    A skipped question's own answer is ignored, so whatever depends on it is skipped too.
    """
    criteria = list(criteria)
    by_pk = {each.pk: each for each in criteria}

    def is_asked(criterion):
        if criterion.depends_on_id is None:
            return True
        other = by_pk.get(criterion.depends_on_id)
        if other is None or not is_asked(other):
            return False
        return said.get(other.pk) == criterion.depends_value

    return [each for each in criteria if is_asked(each)]


class Answer(models.Model):
    """An answer, visible to the venue and the officers only."""

    class Value(models.TextChoices):
        WE_DO = "we_do", _("We do this")
        WE_WILL = "we_will", _("We will by a date")
        NEED_HELP = "need_help", _("We need help")
        NOT_APPLICABLE = "not_applicable", _("Does not apply to us")
        NOT_SURE = "not_sure", _("Not sure")

    criterion = models.ForeignKey(Criterion, on_delete=models.PROTECT, related_name="answers")
    venue = models.ForeignKey(
        "venues.Venue", null=True, blank=True, on_delete=models.CASCADE, related_name="answers"
    )
    organisation = models.ForeignKey(
        "venues.Organisation",
        null=True,
        blank=True,
        on_delete=models.CASCADE,
        related_name="answers",
    )
    value = models.CharField(max_length=15, choices=Value, blank=True)
    text = models.CharField(max_length=sizes.ANSWER, blank=True)
    day = models.DateField(null=True, blank=True)
    will_by = models.DateField(null=True, blank=True)
    because = models.CharField(max_length=300, blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    answered_at = models.DateTimeField(auto_now=True)

    class Meta:
        ordering = ["criterion"]
        constraints = [
            models.CheckConstraint(
                name="answer_is_about_one_thing",
                condition=Q(venue__isnull=True, organisation__isnull=False)
                | Q(venue__isnull=False, organisation__isnull=True),
            ),
            models.CheckConstraint(
                name="answer_will_has_a_date",
                condition=~Q(value="we_will") | Q(will_by__isnull=False),
                violation_error_message=_("Give the date by which you will do this."),
            ),
            models.CheckConstraint(
                name="answer_says_one_thing",
                condition=Q(~Q(value=""), text="", day__isnull=True)
                | Q(~Q(text=""), value="", day__isnull=True)
                | Q(value="", text="", day__isnull=False),
            ),
            models.UniqueConstraint(
                fields=["criterion", "venue"],
                condition=Q(venue__isnull=False),
                name="one_answer_a_venue",
            ),
            models.UniqueConstraint(
                fields=["criterion", "organisation"],
                condition=Q(organisation__isnull=False),
                name="one_answer_an_organisation",
            ),
        ]

    def __str__(self):
        return f"{self.criterion}: {self.words}"

    @property
    def said(self) -> str:
        """What a condition is compared with: the value, or the choice."""
        return self.value or self.text

    @property
    def words(self) -> str:
        if self.day:
            return date_format(self.day, "j F Y")
        return self.text or self.get_value_display()
