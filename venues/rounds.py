"""When a scheme takes sign-ups, and how far its rounds have come. No writes."""

import datetime
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from geography.models import Area
from venues.evidence_kinds import Part
from venues.models import AskedInRound, Round, RoundNotice, Scheme, SignUp, Sticker, Waiting
from venues.models.sign_ups import State, requirements_subquery


def round_on(scheme: Scheme, day: datetime.date) -> Round | None:
    """The round in which the scheme takes sign-ups on a day."""
    return Round.objects.filter(scheme=scheme).on(day).first()


def why_no_sign_up(scheme: Scheme, day: datetime.date) -> str:
    """Why the scheme takes no sign-ups of places on a day because of its rounds; empty if it
    does.
    """
    rounds = list(Round.objects.filter(scheme=scheme))
    if not rounds or any(each.is_on(day) for each in rounds):
        return ""
    return str(Closed(scheme, day, rounds).sentence)


@dataclass(frozen=True)
class Closed:
    """A scheme between its rounds, as its start page says it. `rounds`: all of the scheme's."""

    scheme: Scheme
    day: datetime.date
    rounds: list[Round]

    @property
    def last(self) -> Round | None:
        """The round that ended last."""
        ended = [each for each in self.rounds if each.is_over(self.day)]
        return max(ended, key=lambda each: each.closes_on, default=None)

    @property
    def next(self) -> Round | None:
        """The round that opens next."""
        to_come = [each for each in self.rounds if each.opens_on > self.day]
        return min(to_come, key=lambda each: each.opens_on, default=None)

    @property
    def sentence(self) -> str:
        if self.next:
            words = _("%(scheme)s takes new places again from %(day)s.")
            return words % {"scheme": self.scheme, "day": long_date(self.next.opens_on)}
        if self.last:
            words = _("%(scheme)s took new places until %(day)s. The next round has no date yet.")
            return words % {"scheme": self.scheme, "day": long_date(self.last.closes_on)}
        return _("%(scheme)s does not take new places now.") % {"scheme": self.scheme}

    @property
    def words(self) -> str:
        """The team's own words; empty if they wrote none."""
        found = self.last or self.next
        return found.words_when_closed if found else ""


def closed(scheme: Scheme, at: datetime.datetime | None = None) -> Closed | None:
    """What the start page says while no round is on; None while the scheme takes sign-ups."""
    day = timezone.localdate(at)
    rounds = list(Round.objects.filter(scheme=scheme))
    if not rounds or any(each.is_on(day) for each in rounds):
        return None
    return Closed(scheme, day, rounds)


def why_too_late(sign_up: SignUp, day: datetime.date) -> str:
    """Why a draft begun in a round can no longer be sent; empty if it can.

    What officers enter, and what was sent before, is not held up by a round.
    """
    mine = sign_up.round
    if sign_up.state != State.DRAFT or sign_up.entered_by_id or mine is None:
        return ""
    if day <= mine.last_day_to_send or round_on(sign_up.scheme, day):
        return ""
    words = _(
        "The round “%(round)s” closed on %(closed)s, and sign-ups begun in it could be sent until "
        "%(last)s. What you wrote is kept: send it in the next round, or ask the team at "
        "%(email)s."
    )
    return words % {
        "round": mine,
        "closed": long_date(mine.closes_on),
        "last": long_date(mine.last_day_to_send),
        "email": sign_up.scheme.contact_email,
    }


def why_not_round(
    scheme: Scheme,
    *,
    opens_on: datetime.date,
    closes_on: datetime.date,
    areas: Iterable[Area],
    target_venues: int | None,
    target_by: datetime.date | None,
    name: str,
    besides: Round | None = None,
) -> list[str]:
    """What is wrong with a round, a sentence each; empty if it can be made or changed so."""
    reasons = []
    others = Round.objects.filter(scheme=scheme).exclude(pk=besides.pk if besides else None)
    if scheme.is_for_organisations:
        reasons.append(_("Organisations sign up here as a whole: rounds are for places."))
    if others.filter(name__iexact=name.strip()).exists():
        reasons.append(_("The scheme has a round called “%(name)s” already.") % {"name": name})
    if closes_on < opens_on:
        reasons.append(_("The last day is before the first."))
    elif at_once := others.filter(opens_on__lte=closes_on, closes_on__gte=opens_on).first():
        words = _("“%(round)s” runs from %(opens)s to %(closes)s: one round at a time.")
        reasons.append(
            words
            % {
                "round": at_once,
                "opens": long_date(at_once.opens_on),
                "closes": long_date(at_once.closes_on),
            }
        )
    if not list(areas):
        reasons.append(_("Choose at least one area. For all of it choose the scheme’s own."))
    if target_by and not target_venues:
        reasons.append(_("Say how many places are wanted by %(day)s.") % {"day": _long(target_by)})
    if target_by and target_by < opens_on:
        reasons.append(_("The target’s day is before the round opens."))
    return reasons


def areas_for_a_round(scheme: Scheme, chosen: Iterable[int] = ()):
    """The scheme's own area, the parts of it with official boundaries, and those chosen before."""
    codes = [scheme.area.code] if scheme.area else []
    parts = Area.objects.filter(kind=Area.Kind.WARD, parent_code__in=codes)
    newest = parts.order_by("-vintage").values_list("vintage", flat=True).first()
    keep = Q(pk__in=[scheme.area_id, *chosen]) | Q(pk__in=parts.filter(vintage=newest).values("pk"))
    found = Area.objects.filter(keep)
    if not codes:
        districts = [Area.Kind.DISTRICT, Area.Kind.OTHER, Area.Kind.DRAWN]
        found = Area.objects.filter(Q(kind__in=districts) | Q(pk__in=chosen))
    return found.defer("boundary").order_by("kind", "name")


def long_date(day: datetime.date) -> str:
    return date_format(day, "j F Y")


_long = long_date


# How far a round has come

STEPS = {
    "asked": gettext_lazy("Asked for a link"),
    "started": gettext_lazy("Started"),
    "sent": gettext_lazy("Sent"),
    "approved": gettext_lazy("Approved"),
    "trained": gettext_lazy("Trained"),
    "sticker": gettext_lazy("Sticker up"),
}
"""From the first question to the sticker in the window, in order."""


@dataclass(frozen=True)
class AreaLine:
    """One area of a round: a figure for each of `STEPS`."""

    name: str
    counts: list[int]


@dataclass(frozen=True)
class Progress:
    """How far a round has come. A place in two of its areas counts in both, and once in all."""

    round: Round
    total: list[int]
    lines: list[AreaLine] = field(default_factory=list)

    @property
    def reached(self) -> int:
        """Places with the sticker up, which the target is about."""
        return self.total[-1]


def progress(rounds: list[Round], day: datetime.date) -> list[Progress]:
    """How far each of these rounds has come, in a constant number of queries."""
    keys = [each.pk for each in rounds]
    own = Area.objects.filter(rounds=OuterRef("round"))
    inside = own.filter(boundary__covers=OuterRef("venue__point")).order_by("pk").values("pk")
    training = requirements_subquery().of_part(Part.TRAINING).proved(day)
    training = training.filter(evidence="trained_people")
    sign_ups = (
        SignUp.objects.filter(round__in=keys)
        .annotate(
            in_areas=ArraySubquery(inside),
            is_trained=Exists(training.filter(held_until__gte=day))
            & ~Exists(training.filter(Q(held_until__isnull=True) | Q(held_until__lt=day))),
            is_up=Exists(
                Sticker.objects.live().filter(sign_up=OuterRef("pk"), displayed_at__isnull=False)
            ),
        )
        .values_list("round", "in_areas", "submitted_at", "approved_at", "is_trained", "is_up")
    )
    counts: dict[int, dict[int | None, Counter]] = {key: {} for key in keys}
    for key, areas, submitted_at, approved_at, is_trained, is_up in sign_ups:
        steps = {
            "started": True,
            "sent": submitted_at is not None,
            "approved": approved_at is not None,
            "trained": is_trained,
            "sticker": is_up,
        }
        reached = [step for step, is_so in steps.items() if is_so]
        for area in {*areas} or {None}:
            counts[key].setdefault(area, Counter()).update(reached)
        counts[key].setdefault(ALL, Counter()).update(reached)
    for key, area, number in AskedInRound.objects.filter(round__in=keys).values_list(
        "round", "area", "count"
    ):
        for where in (area, ALL):
            counts[key].setdefault(where, Counter())["asked"] += number
    names: dict[int, list[tuple[int, str]]] = {key: [] for key in keys}
    for key, area, name in (
        Area.objects.filter(rounds__in=keys)
        .order_by("name", "pk")
        .values_list("rounds", "pk", "name")
    ):
        names[key].append((area, name))
    return [_progress(each, counts[each.pk], names[each.pk]) for each in rounds]


ALL = 0
"""Not an area's id: the figures of the whole round."""


def _progress(round, counts, names):
    lines = [AreaLine(name, _row(counts.get(area))) for area, name in names]
    if counts.get(None):
        lines.append(AreaLine(_("Elsewhere, or not known"), _row(counts[None])))
    return Progress(round, _row(counts.get(ALL)), lines)


def _row(counter):
    return [(counter or Counter())[step] for step in STEPS]


def round_before(round: Round) -> Round | None:
    """The scheme's round before this one, to compare with."""
    before = Round.objects.filter(scheme=round.scheme_id, closes_on__lt=round.opens_on)
    return before.order_by("-closes_on").first()


# Telling those who wait


def why_not_tell(round: Round, day: datetime.date) -> list[str]:
    """Why nobody can be told of the round now; empty if somebody can."""
    if round.is_over(day):
        return [_("This round is over.")]
    if round.scheme.hidden_at or not round.scheme.takes_sign_ups:
        return [_("The scheme is not open to the public, so there is nothing to tell.")]
    if not Waiting.objects.to_tell(round).exists():
        return [_("Nobody who confirmed an address waits to be told of this round.")]
    return []


def told_just_now(round: Round, user, at: datetime.datetime, undo_for: datetime.timedelta):
    """The notices that `user` may still take back."""
    return RoundNotice.objects.filter(round=round, told_by=user, told_at__gt=at - undo_for)
