"""Letters about training, queued in the transaction that causes them."""

from collections import Counter

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from post_office import mail

from venues.emails import venue_addresses
from venues.models import Membership


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


def refresher(module, day, people):
    """Tell whoever has completed an older version, and their managers, to do it again by `day`.

    One letter a person who has an address; one an organisation, which names nobody.
    """
    words = {"title": module.title, "day": date_format(day)}
    link = settings.SITE_URL + reverse("training_venues")
    for address in sorted({person.email for person in people if person.email}):
        _send(
            address,
            _("Your training has changed"),
            _(
                "“%(title)s” has changed so much that we ask everybody to do it again by %(day)s. "
                "What you have done counts until then. Your manager gives you the link."
            )
            % words,
        )
    numbers = Counter(person.organisation_id for person in {p.pk: p for p in people}.values())
    managers = Membership.objects.filter(
        organisation__in=numbers, role=Membership.Role.MANAGER, user__is_active=True
    ).select_related("user")
    for manager in managers:
        _send(
            manager.user.email,
            _("A training has changed: please do it again by %(day)s") % words,
            ngettext(
                "“%(title)s” has changed in substance. One person who works for you has done it; "
                "it counts until %(day)s. Until then nothing changes for your place.",
                "“%(title)s” has changed in substance. %(number)s people who work for you have "
                "done it; it counts until %(day)s. Until then nothing changes for your place.",
                numbers[manager.organisation_id],
            )
            % {**words, "number": numbers[manager.organisation_id]}
            + "\n\n"
            + _("Give them the new training here:")
            + f"\n{link}",
        )


def _send(address, subject, message):
    mail.send(address, settings.DEFAULT_FROM_EMAIL, subject=subject, message=message)
