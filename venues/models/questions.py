"""Questions about a venue or an organisation: asked once, reused by every scheme."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Criterion(models.Model):
    """A question, such as "Can staff see the entrance from the counter?"."""

    class About(models.TextChoices):
        VENUE = "venue", _("Venue")
        ORGANISATION = "organisation", _("Organisation")

    class Theme(models.TextChoices):
        SPACE = "space", _("The space")
        INSURANCE = "insurance", _("Insurance")
        POLICIES = "policies", _("Policies")

    slug = models.SlugField(unique=True)
    about = models.CharField(max_length=12, choices=About)
    theme = models.CharField(max_length=12, choices=Theme)
    order = models.PositiveSmallIntegerField()
    question = models.CharField(max_length=200)
    hint = models.CharField(max_length=300, blank=True)
    schemes = models.ManyToManyField("venues.Scheme", related_name="criteria", blank=True)

    class Meta:
        ordering = ["theme", "order"]
        verbose_name_plural = _("criteria")

    def __str__(self):
        return self.question


class Answer(models.Model):
    """What was answered, for the venue and the officers only."""

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
    value = models.CharField(max_length=15, choices=Value)
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
        return f"{self.criterion}: {self.get_value_display()}"
