"""The decision screen: everything an officer needs to decide about a sign-up."""

import datetime
from collections.abc import Callable
from dataclasses import dataclass

from django.contrib.gis.measure import D
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from geography.geojson import feature, feature_collection
from venues.evidence import outstanding, proofs
from venues.evidence_kinds import FOREVER, Stage
from venues.hours.timetable import bank_holidays_in_words, week
from venues.models import Agreement, Answer, Check, Criterion, Event, SignUp, Venue
from venues.models.organisations import PostQuerySet
from venues.models.questions import applicable
from venues.models.sign_ups import BEING_FILLED_IN, State
from venues.postcodes import doubt_about
from venues.rules import current_agreements, sign_ups_at_the_same_address
from venues.safety import open_suspensions
from venues.sticker_pdf import SIZES

from .base import history_of
from .letters import letters_of

NEIGHBOURS_WITHIN = 2000  # metres
NEIGHBOURS = 15
STATES = {
    "held": gettext_lazy("done"),
    "lapsing": gettext_lazy("done, lapsing soon"),
    "not_yet_due": gettext_lazy("not due yet"),
    "awaited": gettext_lazy("not there yet; needed before the public finds it"),
    "in_grace": gettext_lazy("missing, within its grace"),
    "missing": gettext_lazy("missing"),
    "asked_for": gettext_lazy("missing, and it stays listed"),
}


@dataclass(frozen=True)
class PrincipleRow:
    """A principle, the venue's answer to it and any change requested."""

    principle: object
    agreement: Agreement | None
    is_current: bool
    requests: list


@dataclass(frozen=True)
class CheckRow:
    kind: str
    label: str
    is_needed: bool
    check: Check | None


def decision(sign_up: SignUp, user: User, offers_of: Callable) -> dict:
    """The context of the decision screen; `offers_of(thing)` gives the actions on another
    object.
    """
    venue, today = _venue(sign_up), timezone.localdate()
    events = Event.objects.filter(sign_up=sign_up) | Event.objects.filter(
        venue=venue, sign_up__isnull=True
    )
    return {
        "sign_up": sign_up,
        "venue": venue,
        "organisation": venue.organisation,
        "venue_url": reverse("admin:venues_venue_change", args=[venue.pk]),
        "is_listed": SignUp.objects.listed(today).filter(pk=sign_up.pk).exists(),
        "hidden_by": open_suspensions(sign_up),
        "may_enter": bool(sign_up.entered_by_id)
        and sign_up.state in BEING_FILLED_IN
        and user.has_perm("venues.enter_sign_up", sign_up),
        "may_print": user.has_perm("venues.print_sticker", sign_up),
        "principles": _principles(sign_up),
        "whole_requests": [
            each for each in sign_up.change_requests.all() if each.principle_id is None
        ],
        "answers": _answers(sign_up),
        "facilities": _facilities(venue),
        "week": week(venue, today),
        "bank_holidays": bank_holidays_in_words(venue, today),
        "closures": venue.closures.filter(ends_on__gte=today),
        "shares_people": sign_up.shares_people,
        "is_theirs": Venue.objects.for_officer(user).filter(pk=venue.pk).exists(),
        "people": people_seen(sign_up, today),
        "stages": _stages(sign_up, today),
        "proofs": [
            (proof, STATES[proof.state], _until(proof.held_until))
            for proof in proofs(sign_up, Stage.STANDING, today)
        ],
        "checks": _checks(sign_up),
        "stickers": [
            (each, each.is_current(today), offers_of(each)) for each in sign_up.stickers.all()
        ],
        "sizes": SIZES.items(),
        "hand_over": offers_of(venue).get("hand_over_venue"),
        "letters": letters_of(sign_up, user),
        "history": history_of(events, user),
        "doubts": doubts(sign_up, user),
        **_map(venue, user),
    }


def people_seen(sign_up: SignUp, on: datetime.date) -> PostQuerySet:
    """The posts this scheme's officers may read: none where the place does not share its people."""
    posts = sign_up.venue.posts.current(on).select_related("staff_member")
    return posts if sign_up.may_show_people else posts.none()


def doubts(sign_up: SignUp, user: User) -> list[tuple[str, str]]:
    """(words, URL or empty) for each thing an officer should check before deciding."""
    venue = sign_up.venue
    found = [
        (
            _("Same name, street and postcode as %(venue)s (%(reference)s, %(state)s).")
            % {
                "venue": each.venue,
                "reference": each.reference,
                "state": each.get_state_display(),
            },
            reverse("admin:venues_signup_change", args=[each.pk]),
        )
        for each in sign_ups_at_the_same_address(sign_up)
        if user.has_perm("venues.view_signup", each)
    ]
    if words := doubt_about(venue.postcode, sign_up.scheme, statement=True):
        found.append((words, ""))
    return found


def _venue(sign_up):
    return (
        Venue.objects.select_related("organisation")
        .prefetch_related("opening_hours", "closures")
        .get(pk=sign_up.venue_id)
    )


def _principles(sign_up):
    agreed = {each.principle_id: each for each in current_agreements(sign_up)}
    asked = list(sign_up.change_requests.select_related("asked_by"))
    rows = []
    for principle in sign_up.scheme.principles.all():
        agreement = agreed.get(principle.pk)
        rows.append(
            PrincipleRow(
                principle,
                agreement,
                agreement is not None and agreement.version == principle.version,
                [each for each in asked if each.principle_id == principle.pk],
            )
        )
    return rows


def _answers(sign_up):
    """Answers about the place and its organisation to the questions this scheme asks."""
    venue = sign_up.venue
    answers = Answer.objects.filter(venue=venue) | Answer.objects.filter(
        organisation=venue.organisation
    )
    asked = Criterion.objects.filter(Q(schemes=sign_up.scheme_id) | Q(schemes=None))
    answers = answers.filter(criterion__in=asked)
    found = list(
        answers.select_related("criterion").order_by("criterion__theme", "criterion__order")
    )
    said = {each.criterion_id: each.said for each in found}
    asked = set(applicable((each.criterion for each in found), said))
    return [each for each in found if each.criterion in asked]


def _facilities(venue):
    words = {True: _("yes"), False: _("no"), None: _("not known")}
    names = [*Venue.FACILITIES, *Venue.OFFERS]
    rows = [
        (Venue._meta.get_field(name).verbose_name, words[getattr(venue, name)]) for name in names
    ]
    return [
        *rows,
        (Venue._meta.get_field("languages").verbose_name, venue.languages or _("not known")),
        (
            Venue._meta.get_field("woman_on_request").verbose_name,
            venue.get_woman_on_request_display(),
        ),
        (
            Venue._meta.get_field("insurance_checked").verbose_name,
            venue.get_insurance_checked_display() or _("not answered"),
        ),
    ]


def _stages(sign_up, today):
    titles = {
        Stage.SUBMISSION: _("To be sent in"),
        **({Stage.STICKER: _("For the sticker")} if sign_up.scheme.has_stickers else {}),
        Stage.STANDING: _("To stay listed"),
    }
    return [
        (title, [proof.words for proof in outstanding(sign_up, stage, today)])
        for stage, title in titles.items()
    ]


def _until(day):
    return None if day in (None, FOREVER) else day


def _checks(sign_up):
    made = {check.kind_id: check for check in sign_up.checks.select_related("checked_by")}
    asked = sign_up.scheme.checks_asked.all()
    return [CheckRow(each.slug, each.words, each.is_needed, made.get(each.pk)) for each in asked]


def _map(venue, user):
    """The place and its approved neighbours, as rows with metres and as GeoJSON."""
    if venue.point is None:
        return {"neighbours": [], "places": None}
    near = (
        Venue.objects.for_officer(user)
        .filter(point__dwithin=(venue.point, D(m=NEIGHBOURS_WITHIN)))
        .filter(sign_ups__state=State.APPROVED)
        .exclude(pk=venue.pk)
        .distinct()
    )
    neighbours = sorted(
        ((round(each.point.distance(venue.point)), each) for each in near),
        key=lambda pair: pair[0],
    )[:NEIGHBOURS]
    places = [
        feature(venue.point, {"name": str(venue), "this": True}),
        *(
            feature(
                each.point,
                {"name": _("%(venue)s, %(metres)s m") % {"venue": each, "metres": metres}},
            )
            for metres, each in neighbours
        ),
    ]
    return {
        "neighbours": [
            (metres, each, reverse("admin:venues_venue_change", args=[each.pk]))
            for metres, each in neighbours
        ],
        "places": feature_collection(places),
    }
