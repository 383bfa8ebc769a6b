"""Interest in training for which there is no suitable session."""

from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from venues.models import Scheme

from .sessions import Session


class InterestQuerySet(models.QuerySet):
    def open(self):
        """Not yet told about a suitable session."""
        return self.filter(told_at__isnull=True)

    def to_tell(self, session):
        """Those who asked for this session's module, or any, and can be written to.

        Nobody for an event without a module: they asked for training.
        """
        if session.module_id is None:
            return self.none()
        return (
            self.open()
            .filter(scheme=session.scheme_id)
            .filter(Q(module=session.module_id) | Q(module__isnull=True))
            .filter(Q(sign_up__isnull=False) | ~Q(email=""))
        )

    def for_officer(self, user):
        if user.is_superuser:
            return self
        return self.filter(scheme__in=Scheme.objects.for_officer(user))


class Interest(models.Model):
    """Somebody who wants training but found no suitable session. Kept for a year."""

    scheme = models.ForeignKey(
        "venues.Scheme", on_delete=models.PROTECT, related_name="training_interests"
    )
    module = models.ForeignKey(
        "training.Module",
        verbose_name=_("module"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="interests",
    )
    sign_up = models.ForeignKey(
        "venues.SignUp",
        verbose_name=_("place"),
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="training_interests",
    )
    name = models.CharField(_("name"), max_length=80, blank=True)
    email = models.EmailField(_("e-mail address"), blank=True)
    organisation_name = models.CharField(_("organisation"), max_length=160, blank=True)
    people = models.PositiveSmallIntegerField(
        _("how many people"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(200)],
    )
    brings = models.TextField(_("what they bring"), max_length=1000, blank=True)
    wants_covered = models.TextField(_("what they want covered"), max_length=1000, blank=True)
    suits = models.CharField(_("when suits"), max_length=200, blank=True)
    asked_at = models.DateTimeField(_("asked"), default=timezone.now)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        blank=True,
        on_delete=models.PROTECT,
        related_name="+",
    )
    told_at = models.DateTimeField(_("told about a session"), null=True, blank=True)
    told_session = models.ForeignKey(
        Session, null=True, blank=True, on_delete=models.PROTECT, related_name="told_interests"
    )

    objects = InterestQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["sign_up", "module"],
                condition=Q(sign_up__isnull=False, told_at__isnull=True),
                nulls_distinct=False,
                name="one_open_interest_a_place",
                violation_error_message=_("This place has registered its interest already."),
            ),
            models.CheckConstraint(
                name="interest_told_at_and_of",
                condition=Q(told_at__isnull=True, told_session__isnull=True)
                | Q(told_at__isnull=False, told_session__isnull=False),
            ),
            models.CheckConstraint(
                name="interest_people",
                condition=Q(people__gte=1),
            ),
        ]

    def __str__(self):
        return f"{self.module or _('Any training')}: {self.people}"
