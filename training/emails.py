"""Letters about training, queued in the transaction that causes them."""

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.translation import gettext as _
from post_office import mail


def training_link(enrolment, link):
    """The learner's link. The subject says nothing that a phone's lock screen should not show."""
    mail.send(
        enrolment.staff_member.email,
        settings.DEFAULT_FROM_EMAIL,
        subject=_("Your training"),
        message=render_to_string(
            "training/email/training_link.txt", {"enrolment": enrolment, "link": link}
        ),
    )
