"""Whose training expires soon, and who is told."""

import datetime
from collections import defaultdict

from django.db.models import Exists, OuterRef, Q
from django.utils.text import get_text_list
from django.utils.translation import gettext as _

from training.models import Enrolment
from training.models.enrolments import EnrolmentQuerySet
from venues.models import Post, SignUp
from venues.models.sign_ups import ENDED

REMINDED_BEFORE = (60, 30, 7)
"""In days before the last day."""


def reminded_before_in_words() -> str:
    """`60, 30 and 7`."""
    days = [str(each) for each in sorted(REMINDED_BEFORE, reverse=True)]
    return get_text_list(days, _("and"))


def reminder_due(enrolment: Enrolment, today: datetime.date) -> int:
    """The nearest due reminder, in days before the last day: one of `REMINDED_BEFORE`."""
    if enrolment.valid_until is None:
        raise ValueError("Only a completed enrolment has a last day.")
    left = (enrolment.valid_until - today).days
    return min(days for days in REMINDED_BEFORE if left <= days)


def to_remind(today: datetime.date) -> EnrolmentQuerySet:
    """Completions that expire soon and have a reminder due.

    Only a person's latest completion of a module counts, and only if they stay until then at a
    venue of the scheme. After downtime only the nearest reminder is sent, not the missed ones.
    """
    later = Enrolment.objects.completed().filter(
        Q(valid_until__gt=OuterRef("valid_until"))
        | Q(valid_until=OuterRef("valid_until"), pk__gt=OuterRef("pk")),
        staff_member=OuterRef("staff_member"),
        module=OuterRef("module"),
    )
    stays = Post.objects.filter(
        Q(until__isnull=True) | Q(until__gte=OuterRef("valid_until")),
        staff_member=OuterRef("staff_member"),
        from_date__lte=today,
        venue__organisation=OuterRef("staff_member__organisation"),
        venue__in=SignUp.objects.filter(scheme=OuterRef(OuterRef("scheme")))
        .exclude(state__in=ENDED)
        .values("venue"),
    )
    due = Q()
    for days in REMINDED_BEFORE:
        due |= Q(
            Q(reminded_days__isnull=True) | Q(reminded_days__gt=days),
            valid_until__lte=today + datetime.timedelta(days=days),
        )
    return Enrolment.objects.completed().filter(
        ~Exists(later), Exists(stays), due, valid_until__gte=today
    )


def sign_ups_of(enrolments: list[Enrolment], today: datetime.date) -> dict[SignUp, list[Enrolment]]:
    """The venues where the people of these completions work, each with its completions."""
    posts = Post.objects.current(today).filter(
        staff_member__in={enrolment.staff_member_id for enrolment in enrolments}
    )
    venues = defaultdict(set)
    for person, venue in posts.values_list("staff_member", "venue"):
        venues[person].add(venue)
    sign_ups = (
        SignUp.objects.filter(venue__in=set().union(*venues.values()))
        .exclude(state__in=ENDED)
        .select_related("venue", "scheme")
        .order_by("venue__name", "pk")
    )
    found = {}
    for sign_up in sign_ups:
        theirs = [
            enrolment
            for enrolment in enrolments
            if enrolment.scheme_id == sign_up.scheme_id
            and sign_up.venue_id in venues[enrolment.staff_member_id]
        ]
        if theirs:
            found[sign_up] = theirs
    return found
