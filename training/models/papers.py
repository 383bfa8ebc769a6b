"""Material that goes with a version of a module, besides the text on the learner's screen."""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from .modules import Module, OfVersion


class Paper(models.Model):
    """A short text to print: the module in Easy Read, or a handout to keep by the till."""

    class Kind(models.TextChoices):
        EASY_READ = "easy-read", _("Easy Read summary")
        HANDOUT = "handout", _("Handout of one page")

    module = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="papers")
    version = models.PositiveSmallIntegerField(_("version"), editable=False)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind)
    body = models.TextField(
        _("text"),
        help_text=_(
            "Markdown. A paragraph [[scheme numbers]] becomes the scheme's safeguarding numbers. "
            "About 250 words fit on one page."
        ),
    )

    objects = OfVersion.as_manager()

    class Meta:
        ordering = ["module", "version", "kind"]
        constraints = [
            models.UniqueConstraint(
                fields=["module", "version", "kind"],
                name="one_paper_of_a_kind",
                violation_error_message=_("There is one of this kind already."),
            )
        ]

    def __str__(self):
        return self.get_kind_display()


class OutlineStep(models.Model):
    """One step of a session in a room, for whoever leads it: how long it takes, and what to do."""

    module = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="outline")
    version = models.PositiveSmallIntegerField(_("version"), editable=False)
    order = models.PositiveSmallIntegerField(_("order"))
    minutes = models.PositiveSmallIntegerField(_("minutes"), validators=[MinValueValidator(1)])
    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("what the trainer does"), help_text=_("Markdown."))

    objects = OfVersion.as_manager()

    class Meta:
        ordering = ["module", "version", "order"]
        constraints = [
            models.UniqueConstraint(
                fields=["module", "version", "order"],
                name="outline_step_order",
                deferrable=models.Deferrable.DEFERRED,  # so that two rows can swap places
                violation_error_message=_("Two steps cannot have the same place."),
            ),
            models.CheckConstraint(
                name="outline_step_takes_time",
                condition=Q(minutes__gte=1),
                violation_error_message=_("A step takes at least one minute."),
            ),
        ]

    def __str__(self):
        return f"{self.order}. {self.title}"


class Fact(models.Model):
    """A fact that the text relies on, with its source, for the reviewer to check.

    `to_confirm` marks what the author was unsure of: the version cannot be reviewed until somebody
    has checked it and removed the mark.
    """

    module = models.ForeignKey(Module, on_delete=models.PROTECT, related_name="facts")
    version = models.PositiveSmallIntegerField(_("version"), editable=False)
    order = models.PositiveSmallIntegerField(_("order"))
    says = models.TextField(_("what the text says"))
    source = models.CharField(
        _("source"),
        max_length=255,
        help_text=_("Such as an Act with its section, or the title of a page and who keeps it."),
    )
    url = models.URLField(_("address of the source"), blank=True)
    to_confirm = models.BooleanField(
        _("still to be confirmed"),
        default=False,
        help_text=_("The review cannot be recorded while this is ticked."),
    )

    objects = OfVersion.as_manager()

    class Meta:
        ordering = ["module", "version", "order"]
        constraints = [
            models.UniqueConstraint(
                fields=["module", "version", "order"],
                name="fact_order",
                deferrable=models.Deferrable.DEFERRED,  # so that two rows can swap places
                violation_error_message=_("Two facts cannot have the same place."),
            )
        ]

    def __str__(self):
        return f"{self.order}. {self.says[:60]}"
