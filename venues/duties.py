"""What is done each hour without anybody asking: warnings of lapses, and deleting what is due."""

import datetime

from django.db.models import Exists, Max, OuterRef, Q
from django.utils import timezone

from venues.actions import (
    anonymise_staff_member,
    delete_photo,
    forget_imports,
    forget_place,
    warn_of_lapse,
)
from venues.evidence import proofs
from venues.evidence_kinds import Stage
from venues.models import Agreement, Answer, Enquiry, Post, SignUp, StaffMember, Venue
from venues.models.sign_ups import ENDED, State

ENQUIRIES_KEPT = datetime.timedelta(days=183)
LEAVERS_KEPT = datetime.timedelta(days=731)
NEVER_JOINED_KEPT = datetime.timedelta(days=366)
IMPORTS_WAIT = datetime.timedelta(days=1)
"""To be confirmed; their file holds names and addresses."""
IMPORTS_KEPT = datetime.timedelta(days=31)
WARN_AGAIN_AFTER = datetime.timedelta(days=30)


def warn_of_lapses(at: datetime.datetime | None = None) -> int:
    """Warn each approved venue in which something lapsed and its grace runs; how many were warned.

    Once a lapse: a venue warned within the last thirty days is left in peace, unless something
    else has lapsed since.
    """
    now = at or timezone.now()
    today = timezone.localdate(now)
    warned = 0
    quiet_since = now - WARN_AGAIN_AFTER
    for sign_up in (
        SignUp.objects.approved()
        .with_lapse(today)
        .filter(has_lapsed=True)
        .select_related("venue__organisation", "scheme")
    ):
        lapsed = [
            proof for proof in proofs(sign_up, Stage.STANDING, today) if proof.state == "in_grace"
        ]
        told = sign_up.warned_at and sign_up.warned_at > quiet_since
        if told:
            told_on = timezone.localdate(sign_up.warned_at)
            news = [proof for proof in lapsed if proof.held_until >= told_on]
        else:
            news = lapsed
        if news:
            warn_of_lapse(
                sign_up,
                at=now,
                words=[proof.words for proof in lapsed],
                leaves_on=min(proof.grace_until for proof in lapsed),
            )
            warned += 1
    return warned


def delete_old_enquiries(at: datetime.datetime | None = None) -> int:
    """Delete enquiries that are six months old; how many."""
    deleted, _ = Enquiry.objects.filter(
        asked_at__lt=(at or timezone.now()) - ENQUIRIES_KEPT
    ).delete()
    return deleted


def delete_old_imports(at: datetime.datetime | None = None) -> int:
    """Delete imports that nobody confirmed in a day, and a month after their end; how many."""
    return forget_imports(at=at or timezone.now(), unconfirmed=IMPORTS_WAIT, ended=IMPORTS_KEPT)


def anonymise_leavers(at: datetime.datetime | None = None) -> int:
    """Take out the names of people who left two years ago; how many."""
    since = timezone.localdate(at) - LEAVERS_KEPT
    recent = Post.objects.filter(staff_member=OuterRef("pk")).filter(
        Q(until__isnull=True) | Q(until__gte=since)
    )
    left = StaffMember.objects.filter(~Exists(recent), anonymised_at__isnull=True)
    for person in left:
        anonymise_staff_member(person)
    return len(left)


def forget_places(at: datetime.datetime | None = None) -> int:
    """Delete contacts, answers and agreements of places that left, or never joined; how many.

    Nothing may have happened there for two years after it left, or for one if it was never
    approved. The name of the place, its hours and its history stay: they name nobody.
    """
    now = at or timezone.now()
    live = SignUp.objects.filter(venue=OuterRef("pk")).exclude(state__in=[*ENDED, State.DRAFT])
    joined = SignUp.objects.filter(venue=OuterRef("pk"), approved_at__isnull=False)
    quiet = (
        Venue.objects.filter(~Exists(live))
        .annotate(joined=Exists(joined), last=Max("events__at"))
        .filter(
            Q(joined=True, last__lt=now - LEAVERS_KEPT)
            | Q(joined=False, last__lt=now - NEVER_JOINED_KEPT)
        )
        .filter(
            ~Q(contact_name="", contact_email="", contact_phone="", insurance_checked="")
            | Exists(Answer.objects.filter(venue=OuterRef("pk")))
            | Exists(Agreement.objects.filter(sign_up__venue=OuterRef("pk")))
        )
    )
    places = list(quiet)
    for venue in places:
        forget_place(venue)
    return len(places)


def delete_photos_of_leavers() -> int:
    """Delete the photographs of places that have left every scheme; how many."""
    staying = SignUp.objects.filter(venue=OuterRef("pk")).exclude(state__in=ENDED)
    left = Venue.objects.filter(~Exists(staying), sign_ups__isnull=False).exclude(photo="")
    places = list(left.distinct())
    for venue in places:
        delete_photo(venue)
    return len(places)
