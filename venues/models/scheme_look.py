"""A scheme's own wording and look."""

from django.contrib.postgres.fields import ArrayField
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from common import sizes
from common.colours import check_colour

LONGEST_NOUN = 40
LONGEST_STEP = 200
MOST_STEPS = 8

HOST = RegexValidator(
    r"^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]([a-z0-9-]{0,61}[a-z0-9])?$",
    _("Write a host name in small letters, without https:// or a slash, such as example.org."),
)


def _not_blank(field, words):
    return models.CheckConstraint(
        name=f"scheme_{field}_is_written",
        condition=~Q(**{f"{field}__regex": r"^\s*$"}),
        violation_error_message=words,
    )


class SchemeLook(models.Model):
    """What a scheme calls its places, its sticker and itself, and its logo and colour."""

    noun = models.CharField(
        _("what one place is called"),
        max_length=LONGEST_NOUN,
        default="safe space",
        help_text=_("As used in a sentence: “warm room”, “Safe Haven”."),
    )
    noun_plural = models.CharField(
        _("what several places are called"),
        max_length=LONGEST_NOUN,
        default="safe spaces",
        help_text=_("“warm rooms”, “Safe Havens”."),
    )
    sticker_title = models.CharField(
        _("title of the sticker"), max_length=LONGEST_NOUN, default="Safe space"
    )
    logo = models.ImageField(
        _("logo"),
        upload_to="schemes/",
        blank=True,
        help_text=format_lazy(
            _("A PNG or SVG file of at most {most} MB. It is drawn anew on white."),
            most=sizes.megabytes(sizes.LOGO),
        ),
    )
    colour = models.CharField(
        _("colour"),
        max_length=7,
        blank=True,
        validators=[check_colour],
        help_text=_(
            "Such as #6b2a5b: the line above the page, the head of the scheme’s page and the foot "
            "of the sticker. Buttons and links keep theirs."
        ),
    )
    about = models.TextField(
        _("about the scheme"),
        blank=True,
        help_text=_("What it is, for the public and for venues. Markdown: **bold**, lists, links."),
    )
    walk_in_steps = ArrayField(
        models.CharField(max_length=LONGEST_STEP),
        verbose_name=_("what happens when you walk in"),
        size=MOST_STEPS,
        default=list,
        blank=True,
        help_text=format_lazy(
            _(
                "For the scheme’s page and its places’ pages: one step a line, at most {most}, "
                "such as “Go to the counter.” Without any, the pages leave this part out."
            ),
            most=MOST_STEPS,
        ),
    )
    run_by = models.CharField(
        _("who runs it, in full"),
        max_length=200,
        blank=True,
        help_text=_("If it is more than the council’s name: a partnership, for example."),
    )
    delivered_by = models.CharField(
        _("delivered by"),
        max_length=200,
        blank=True,
        help_text=_("The partner that does the work, if different."),
    )
    controller = models.CharField(
        _("data controller"),
        max_length=200,
        blank=True,
        help_text=_(
            "Who is responsible for people’s data. If empty, the council. Privacy notices name it."
        ),
    )
    host = models.CharField(
        _("web address of its own"),
        max_length=253,
        blank=True,
        validators=[HOST],
        help_text=_(
            "For public pages only. A neutral name is advised: it stays in the visitor’s history. "
            "Whoever runs the server must point it here first."
        ),
    )

    class Meta:
        abstract = True

    @property
    def runner(self) -> str:
        """Who runs the scheme, as shown on its pages."""
        return self.run_by or self.council

    @property
    def data_controller(self) -> str:
        """The controller of people's data under the UK GDPR."""
        return self.controller or self.council


LOOK_CONSTRAINTS = [
    _not_blank("noun", _("Say what one place is called.")),
    _not_blank("noun_plural", _("Say what several places are called.")),
    _not_blank("sticker_title", _("Give the sticker a title.")),
    models.CheckConstraint(
        name="scheme_colour_is_hex",
        condition=Q(colour="") | Q(colour__regex=r"^#[0-9a-f]{6}$"),
        violation_error_message=_("Write the colour like #6b2a5b."),
    ),
    models.CheckConstraint(
        name="scheme_host_in_small_letters",
        condition=Q(host=Lower("host")),
        violation_error_message=_("Write the host name in small letters."),
    ),
    models.UniqueConstraint(
        fields=["host"],
        condition=~Q(host=""),
        name="scheme_host_is_its_own",
        violation_error_message=_("Another scheme has this web address."),
    ),
]
