"""How long personal data of venues and applicants is kept: entries of `common.retention`."""

import datetime

from django.db.models import Exists, Max, OuterRef, Q, Subquery
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from post_office.utils import cleanup_expired_mails

from common.retention import Period, keep_for
from venues.actions import (
    anonymise_staff_member,
    forget_duty_officers,
    forget_ended_imports,
    forget_ended_print_runs,
    forget_letters,
    forget_organisation_sign_up,
    forget_unconfirmed_imports,
    forget_unfinished_print_runs,
    forget_venue,
    keep_fates,
)
from venues.links import START_LASTS
from venues.models import (
    Agreement,
    Answer,
    Enquiry,
    Event,
    OrganisationAgreement,
    OrganisationSignUp,
    Post,
    SignUp,
    StaffMember,
    Start,
    Venue,
    Waiting,
)
from venues.models.rounds import CONFIRM_WITHIN
from venues.models.sign_ups import ENDED, State


@keep_for(
    "starts",
    Period(days=START_LASTS.days),
    _("What somebody typed who asks for a link to sign up is deleted after %(period)s."),
)
def delete_old_starts(before: datetime.datetime) -> int:
    """Delete start-page requests whose link has expired; returns how many."""
    deleted, __ = Start.objects.filter(asked_at__lt=before).delete()
    return deleted


@keep_for(
    "enquiries",
    Period(months=6),
    _("An enquiry by somebody who wants to be rung is deleted after %(period)s."),
)
def delete_old_enquiries(before: datetime.datetime) -> int:
    """Delete enquiries made before then, answered or not; returns how many."""
    deleted, __ = Enquiry.objects.filter(asked_at__lt=before).delete()
    return deleted


@keep_for(
    "waiting",
    Period(months=12),
    _(
        "The address of somebody who wants to be told when a scheme takes places again is deleted "
        "%(period)s after they confirmed it, and at once when they wish."
    ),
)
def delete_old_waiting(before: datetime.datetime) -> int:
    """Delete addresses confirmed before then; returns how many."""
    __, deleted = Waiting.objects.filter(confirmed_at__lt=before).delete()
    return deleted.get("venues.Waiting", 0)


@keep_for(
    "waiting_unconfirmed",
    Period(days=CONFIRM_WITHIN.days),
    _("Such an address that nobody confirms is deleted after %(period)s."),
)
def delete_unconfirmed_waiting(before: datetime.datetime) -> int:
    """Delete addresses that were never confirmed, asked for before then; returns how many."""
    __, deleted = Waiting.objects.filter(confirmed_at=None, asked_at__lt=before).delete()
    return deleted.get("venues.Waiting", 0)


@keep_for(
    "mail",
    Period(months=1),
    _("Our own e-mails, with the addresses they went to, are deleted after %(period)s."),
)
def delete_old_mail(before: datetime.datetime) -> int:
    """Delete outbox rows once each letter's fate has been copied; returns how many."""
    keep_fates()
    deleted, __ = cleanup_expired_mails(before)
    return deleted


@keep_for(
    "letters",
    Period(months=12),
    _("The council’s copy of what a letter said is deleted after %(period)s."),
)
def delete_old_letters(before: datetime.datetime) -> int:
    """Delete the text of letters written before then, keeping the rows; returns how many."""
    return forget_letters(before)


@keep_for(
    "venues_that_left",
    Period(months=24),
    _(
        "The contact of a place, its answers and what it agreed to are deleted %(period)s after "
        "it leaves its scheme."
    ),
)
def forget_venues_that_left(before: datetime.datetime) -> int:
    """Forget venues that were approved, have left, and had no event since then; returns how many.

    The venue's name, hours and history stay: they identify nobody.
    """
    return _forget_quiet_venues(before, joined=True)


@keep_for(
    "venues_that_never_joined",
    Period(months=12),
    _("The same details of a place that never joins are deleted after %(period)s."),
)
def forget_venues_that_never_joined(before: datetime.datetime) -> int:
    """Forget venues that were never approved and had no event since then; returns how many."""
    return _forget_quiet_venues(before, joined=False)


@keep_for(
    "organisations_that_left",
    Period(months=24),
    _(
        "What an organisation agreed to as a whole, and what it answered if it has no places, is "
        "deleted %(period)s after it leaves its scheme or, if it never sent it, last changed it."
    ),
)
def forget_organisations_that_left(before: datetime.datetime) -> int:
    """Forget what was agreed to in organisations' sign-ups that ended, or were never sent, with no
    event since then; returns how many. Names and history stay.
    """
    about = Event.objects.filter(
        about_type__app_label="venues",
        about_type__model="organisationsignup",
        about_id=OuterRef("pk"),
    )
    has_places = Venue.objects.filter(organisation=OuterRef("organisation"))
    answered = Answer.objects.filter(organisation=OuterRef("organisation"))
    agreed = OrganisationAgreement.objects.filter(sign_up=OuterRef("pk"))
    quiet = (
        OrganisationSignUp.objects.filter(state__in=[*ENDED, State.DRAFT])
        .filter(Exists(agreed) | (Exists(answered) & ~Exists(has_places)))
        .annotate(last=Subquery(about.order_by("-at").values("at")[:1]))
        .filter(last__lt=before)
    )
    found = list(quiet)
    for sign_up in found:
        forget_organisation_sign_up(sign_up)
    return len(found)


def _forget_quiet_venues(before, *, joined):
    live = SignUp.objects.filter(venue=OuterRef("pk")).exclude(state__in=[*ENDED, State.DRAFT])
    approved = SignUp.objects.filter(venue=OuterRef("pk"), approved_at__isnull=False)
    quiet = (
        Venue.objects.filter(~Exists(live))
        .annotate(joined=Exists(approved), last=Max("events__at"))
        .filter(joined=joined, last__lt=before)
        .filter(
            ~Q(contact_name="", contact_email="", contact_phone="", insurance_checked="")
            | Exists(Answer.objects.filter(venue=OuterRef("pk")))
            | Exists(Agreement.objects.filter(sign_up__venue=OuterRef("pk")))
        )
    )
    places = list(quiet)
    for venue in places:
        forget_venue(venue)
    return len(places)


@keep_for(
    "duty_links",
    Period(months=6),
    _(
        "Name, telephone and address of a duty officer are deleted %(period)s after the last day "
        "of their duty."
    ),
)
def forget_old_duty_officers(before: datetime.datetime) -> int:
    """Delete duty officers' details from links whose period ended before then; returns how many
    links.
    """
    return forget_duty_officers(before)


@keep_for(
    "leavers",
    Period(months=24),
    _("A person’s name is taken out %(period)s after they stop working at a place."),
)
def anonymise_leavers(before: datetime.datetime) -> int:
    """Remove the names of people whose last day anywhere was before then; returns how many."""
    recent = Post.objects.filter(staff_member=OuterRef("pk")).filter(
        Q(until__isnull=True) | Q(until__gte=timezone.localdate(before))
    )
    left = StaffMember.objects.filter(~Exists(recent), anonymised_at__isnull=True)
    for person in left:
        anonymise_staff_member(person)
    return len(left)


@keep_for(
    "unconfirmed_imports",
    Period(days=1),
    _("A table that an officer sent in and did not confirm is deleted after %(period)s."),
)
def delete_unconfirmed_imports(before: datetime.datetime) -> int:
    """Delete imports left unconfirmed since before then, with their files; returns how many."""
    return forget_unconfirmed_imports(before)


@keep_for(
    "imports",
    Period(months=1),
    _("What a table imported, or why it was refused, is listed for %(period)s."),
)
def delete_old_imports(before: datetime.datetime) -> int:
    """Delete the records of imports that ended before then; returns how many."""
    return forget_ended_imports(before)


@keep_for(
    "print_runs",
    Period(days=7),
    _(
        "A file of stickers or of a meeting’s pack that was made to print is deleted after "
        "%(period)s."
    ),
)
def delete_old_print_runs(before: datetime.datetime) -> int:
    """Delete print runs that ended before then, with their files; returns how many."""
    return forget_ended_print_runs(before)


@keep_for(
    "unfinished_print_runs",
    Period(months=1),
    _("What was to be printed and could not be made is deleted after %(period)s."),
)
def delete_unfinished_print_runs(before: datetime.datetime) -> int:
    """Delete unfinished print runs requested before then; returns how many."""
    return forget_unfinished_print_runs(before)
