"""Letters about training, queued in the transaction that causes them."""

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from post_office import mail

from venues.emails import venue_addresses


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


def invited_to_training(sign_up):
    """An officer asks the venue to have somebody trained; the page behind the link says whom."""
    link = settings.SITE_URL + reverse("training_home", args=[sign_up.pk])
    page = {"sign_up": sign_up, "link": link}
    for address in sorted(venue_addresses(sign_up.venue)):
        mail.send(
            address,
            settings.DEFAULT_FROM_EMAIL,
            subject=_("Training for your team at %(venue)s") % {"venue": sign_up.venue},
            message=render_to_string("training/email/invited_to_training.txt", page),
        )


def training_of_people_ends(address, venues):
    """One letter to a manager about all venues: (sign-up, its completions that end soon) pairs."""
    rows = [
        {
            "sign_up": sign_up,
            "people": len({enrolment.staff_member_id for enrolment in enrolments}),
            "first": min(enrolment.valid_until for enrolment in enrolments),
            "link": settings.SITE_URL + reverse("training_home", args=[sign_up.pk]),
        }
        for sign_up, enrolments in venues
    ]
    mail.send(
        address,
        settings.DEFAULT_FROM_EMAIL,
        subject=_("Training that ends soon"),
        message=render_to_string("training/email/training_of_people_ends.txt", {"rows": rows}),
    )


def your_training_ends(enrolment):
    """To the learner. The subject says nothing that a phone's lock screen should not show."""
    mail.send(
        enrolment.staff_member.email,
        settings.DEFAULT_FROM_EMAIL,
        subject=_("Your training"),
        message=render_to_string("training/email/your_training_ends.txt", {"enrolment": enrolment}),
    )
