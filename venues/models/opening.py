"""What a scheme records before it opens: signed-off texts and test calls."""

import hashlib

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from .numbers import SchemeContact
from .schemes import Scheme


class TextsSignOff(models.Model):
    """A named safeguarding lead has read what the scheme says to people in danger.

    Valid only for the texts as they were then, identified by `digest`.
    """

    scheme = models.ForeignKey(Scheme, on_delete=models.CASCADE, related_name="sign_offs")
    name = models.CharField(_("name of the safeguarding lead"), max_length=120)
    role = models.CharField(_("their role"), max_length=120)
    signed_on = models.DateField(_("signed off on"))
    digest = models.CharField(max_length=64, editable=False)
    recorded_at = models.DateTimeField(auto_now_add=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["scheme", "-recorded_at"]
        constraints = [
            models.CheckConstraint(
                name="sign_off_names_its_lead", condition=~models.Q(name="") & ~models.Q(role="")
            )
        ]

    def __str__(self):
        return f"{self.name}, {self.role}, {self.signed_on}"


class NumberTried(models.Model):
    """A test call to one of the scheme's numbers, to see who answers.

    Valid only for the number that was called.
    """

    contact = models.ForeignKey(SchemeContact, on_delete=models.CASCADE, related_name="tries")
    number = models.CharField(_("number rung"), max_length=40)
    called_on = models.DateField(_("rung on"))
    caller = models.CharField(_("who rang"), max_length=120)
    was_answered = models.BooleanField(_("the right service answered"))
    recorded_at = models.DateTimeField(auto_now_add=True)
    recorded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["contact", "-recorded_at"]
        verbose_name = _("test call")
        constraints = [
            models.CheckConstraint(
                name="test_call_names_its_caller", condition=~models.Q(caller="")
            )
        ]

    def __str__(self):
        return f"{self.number}, {self.called_on}"


def digest_of_texts(scheme: Scheme) -> str:
    """A digest of every text that a safeguarding lead signs off; changes with any of them.

    The partner that delivers the scheme is among them: a pack may name one, and only the council
    knows whether that is still so.
    """
    said = [scheme.about, scheme.what_to_say, scheme.sticker_title, scheme.sticker_wording]
    said += [scheme.noun, scheme.noun_plural, *scheme.walk_in_steps]
    for principle in scheme.principles.order_by("order"):
        said += [principle.title, principle.wording, principle.help_text]
    if scheme.delivered_by:  # Added later: schemes without a partner keep their digest.
        said.append(scheme.delivered_by)
    return hashlib.sha256("\0".join(said).encode()).hexdigest()


def last_sign_off(scheme: Scheme) -> TextsSignOff | None:
    return scheme.sign_offs.order_by("-recorded_at", "-pk").first()


def numbers_not_tried(scheme: Scheme) -> list[SchemeContact]:
    """Those without an answered test call to their current number."""
    answered = NumberTried.objects.filter(
        contact=models.OuterRef("pk"), number=models.OuterRef("number"), was_answered=True
    )
    return list(scheme.contacts.exclude(models.Exists(answered)))
