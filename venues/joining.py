"""Further schemes for an existing place: which ones, and what each would still need."""

import datetime
from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count, F, Q, Value
from django.utils import timezone
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from venues.evidence_kinds import Stage, find_kind, short_by
from venues.models import Answer, Criterion, Requirement, Scheme, SignUp, Venue
from venues.rounds import why_no_sign_up

BEFORE_THE_STICKER = [Stage.SUBMISSION, Stage.STICKER]


def why_not_join(venue: Venue, scheme: Scheme) -> list[str]:
    """Why the place cannot join the scheme, in words; empty if it can."""
    if not scheme.takes_sign_ups:
        return [_("%(scheme)s does not take sign-ups now.") % {"scheme": scheme}]
    if words := why_no_sign_up(scheme, timezone.localdate()):
        return [words]
    if scheme.is_for_organisations:
        words = _("Organisations sign up to %(scheme)s as a whole, not places.")
        return [words % {"scheme": scheme}]
    if SignUp.objects.live().filter(venue=venue, scheme=scheme).exists():
        return [_("This place has a sign-up to this scheme already.")]
    return []


@dataclass(frozen=True)
class Offer:
    """A scheme the place could join, and what it would need beyond what is already known."""

    scheme: Scheme
    principles: int
    questions: int
    others: list[str]  # "nobody more to train", or a full sentence about anything else missing

    @property
    def words(self) -> str:
        """Such as "3 more questions, nobody more to train"."""
        questions = (
            ngettext("%(count)s more question", "%(count)s more questions", self.questions)
            % {"count": self.questions}
            if self.questions
            else _("no more questions")
        )
        said = [questions, *(each for each in self.others if not each.endswith("."))]
        return ", ".join(said)

    @property
    def sentences(self) -> list[str]:
        """What is missing besides questions and training."""
        return [each for each in self.others if each.endswith(".")]


def schemes_to_offer(venue: Venue) -> list[Scheme]:
    """Open schemes covering the place, where it has no live sign-up, by name.

    A scheme without an area covers everywhere. A place without a point is offered only those.
    """
    here = Q(area__isnull=True)
    if venue.point is not None:
        here |= Q(area__boundary__covers=venue.point)
    own = SignUp.objects.live().filter(venue=venue).values("scheme")
    return list(
        Scheme.objects.shown()
        .for_places()
        .taking_sign_ups(timezone.localdate())
        .filter(here)
        .exclude(pk__in=own)
        .order_by("name", "pk")
    )


def offers(venue: Venue, at: datetime.date) -> list[Offer]:
    """What else this place could be, and what each scheme would still need; five queries.

    Computed from requirements, answers and proofs as if the place shared its people with each
    scheme.
    """
    schemes = schemes_to_offer(venue)
    return offers_of(schemes, venue, at) if schemes else []


def offers_of(schemes: list[Scheme], venue: Venue, at: datetime.date) -> list[Offer]:
    """The same for the given schemes, in a constant number of queries."""
    keys = [scheme.pk for scheme in schemes]
    principles = dict(
        Scheme.objects.filter(pk__in=keys)
        .order_by()
        .annotate(number=Count("principles"))
        .values_list("pk", "number")
    )
    questions = _questions_left(keys, venue)
    others = _proofs_left(keys, venue, at)
    return [
        Offer(scheme, principles[scheme.pk], questions[scheme.pk], others[scheme.pk])
        for scheme in schemes
    ]


def _questions_left(schemes, venue):
    answered = set(
        Answer.objects.filter(Q(venue=venue) | Q(organisation=venue.organisation_id)).values_list(
            "criterion", flat=True
        )
    )
    left: dict[int, int] = defaultdict(int)
    asked = (
        Criterion.objects.filter(schemes__in=schemes, depends_on=None)
        .values_list("schemes", "pk")
        .distinct()
    )
    for scheme, criterion in asked:
        left[scheme] += criterion not in answered
    return left


def _proofs_left(schemes, venue, at):
    """Per scheme, in the order of the kinds, what is needed up to the sticker and its state."""
    nothing = Value(None)
    asked = (
        Requirement.objects.filter(principle__scheme__in=schemes, needed_for__in=BEFORE_THE_STICKER)
        .asked_of(
            sign_up=nothing,
            venue=Value(venue.pk),
            organisation=Value(venue.organisation_id),
            shares_people=Value(True),
            approved_at=nothing,
            owed_from=nothing,
            listed_since=nothing,
        )
        .proved(at)
        .annotate(short_by=short_by(at), scheme_id=F("principle__scheme"))
    )
    by_scheme: dict[int, dict[str, list]] = defaultdict(lambda: defaultdict(list))
    for requirement in asked:
        by_scheme[requirement.scheme_id][requirement.evidence].append(requirement)
    return defaultdict(
        list, {scheme: _in_words(by_kind, at) for scheme, by_kind in by_scheme.items()}
    )


def _in_words(by_kind, at):
    said = []
    for key in sorted(by_kind, key=lambda key: (_order(key), key)):
        kind, asked = find_kind(key), by_kind[key]
        if kind and kind.short_by:
            said.append(kind.short_words(max(0, *(each.short_by for each in asked))))
        else:
            said += [each.words for each in asked if not each.held_until or each.held_until < at]
    return said


def _order(key):
    kind = find_kind(key)
    return kind.order if kind else 1000


def what_officers_read(venue: Venue, scheme: Scheme) -> list[str]:
    """What the officers of `scheme` can read about the place once it joins, apart from its
    people.
    """
    fields = ["contact_name", "contact_email", "contact_phone"]
    contact = [getattr(venue, name) for name in fields if getattr(venue, name)]
    asked = Criterion.objects.filter(schemes=scheme)
    answered = Answer.objects.filter(
        Q(venue=venue) | Q(organisation=venue.organisation_id), criterion__in=asked
    ).count()
    said = [
        _("The name, address and point of the place: %(what)s.")
        % {"what": ", ".join([str(venue), *venue.address])},
        _("Its organisation, %(organisation)s, and the addresses of those who look after it here.")
        % {"organisation": venue.organisation},
        _("Its opening hours, closures and photograph, and what is there."),
    ]
    if contact:
        said.append(_("Whom we can reach: %(contact)s.") % {"contact": ", ".join(contact)})
    if answered:
        said.append(
            ngettext(
                "Your answer to %(count)s question that it asks too.",
                "Your answers to %(count)s questions that it asks too.",
                answered,
            )
            % {"count": answered}
        )
    return said


def people_in_words(venue: Venue, on: datetime.date) -> str:
    """The first names of people working at the place on `on`, as a list; empty if there are
    none.
    """
    posts = venue.posts.current(on).select_related("staff_member")
    names = dict.fromkeys(str(post.staff_member) for post in posts)
    return get_text_list(list(names), _("and"))
