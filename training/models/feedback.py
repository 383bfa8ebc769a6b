"""What people thought and understood of a training, but never who."""

import uuid

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from .modules import Choice, Module, Question
from .sessions import Session


class ForOfficer(models.QuerySet):
    def for_officer(self, user):
        if user.is_superuser:
            return self
        return self.filter(scheme__officers__user=user).distinct()


class Feedback(models.Model):
    """One rating and one comment about a module, without any link to the person.

    Their enrolment or booking stores only that feedback was given, without a time. Here only the
    week is kept and the primary key is random, so that not even row order identifies anybody.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    module = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="feedback")
    session = models.ForeignKey(
        Session, null=True, blank=True, on_delete=models.PROTECT, related_name="feedback"
    )
    scheme = models.ForeignKey(
        "venues.Scheme", on_delete=models.PROTECT, related_name="training_feedback"
    )
    week = models.DateField(_("in the week from"))
    rating = models.PositiveSmallIntegerField(
        _("rating"), validators=[MinValueValidator(1), MaxValueValidator(5)]
    )
    words = models.CharField(_("in a line"), max_length=200, blank=True)

    objects = ForOfficer.as_manager()

    class Meta:
        ordering = ["-week", "id"]
        verbose_name_plural = _("feedback")
        constraints = [
            models.CheckConstraint(
                name="feedback_rating_of_five", condition=Q(rating__gte=1, rating__lte=5)
            ),
            models.CheckConstraint(
                name="feedback_week_begins_on_monday", condition=Q(week__iso_week_day=1)
            ),
        ]

    def __str__(self):
        return f"{self.module}: {self.rating}"


class Answered(models.Model):
    """How often a question was answered at a first try in a scheme, and how often correctly."""

    question = models.ForeignKey(Question, on_delete=models.CASCADE, related_name="answered")
    scheme = models.ForeignKey("venues.Scheme", on_delete=models.PROTECT, related_name="+")
    times = models.PositiveIntegerField(default=0)
    right = models.PositiveIntegerField(default=0)

    objects = ForOfficer.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["question", "scheme"], name="one_answered_a_scheme"),
            models.CheckConstraint(
                name="answered_right_at_most_each_time", condition=Q(right__lte=F("times"))
            ),
        ]

    def __str__(self):
        return f"{self.question}: {self.right}/{self.times}"


class Ticked(models.Model):
    """How often a choice was ticked at a first try in a scheme: a total over everybody."""

    choice = models.ForeignKey(Choice, on_delete=models.CASCADE, related_name="ticked")
    scheme = models.ForeignKey("venues.Scheme", on_delete=models.PROTECT, related_name="+")
    times = models.PositiveIntegerField(default=0)

    objects = ForOfficer.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["choice", "scheme"], name="one_ticked_a_scheme")
        ]

    def __str__(self):
        return f"{self.choice}: {self.times}"
