"""The registry of evidence kinds: how a thing is proved, defined once, by its app.

An app with proofs has an `evidence.py` that calls `register(EvidenceKind(...))`;
`VenuesConfig.ready` loads them all, so venues never import upwards. `venues/evidence.py` evaluates
them.
"""

import datetime
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from django.db import models
from django.db.models import Case, Value, When
from django.utils.translation import gettext_lazy as _

FOREVER = datetime.date.max
"""The held-until of a proof that does not lapse."""


class Stage(models.TextChoices):
    """What a requirement is needed for. Whatever is needed to get a thing is needed to keep it."""

    SUBMISSION = "submission", _("submission")
    STICKER = "sticker", _("the sticker")
    STANDING = "standing", _("staying listed")


class Part(models.TextChoices):
    """An optional part of a scheme."""

    MEETINGS = "meetings", _("Meetings")
    RETURNS = "returns", _("Returns")
    STICKERS = "stickers", _("Stickers")
    TRAINING = "training", _("Training")


@dataclass(frozen=True)
class EvidenceKind:
    """One way of proving something.

    `held_until(at)` is an ORM expression (a date, NULL if never held) evaluated on a Requirement
    queryset annotated with `the_sign_up`, `the_venue`, `the_organisation` (ids) beside the row's
    own `at_least`, `of_last` and `subject`; in a subquery reach them with `OuterRef("the_venue")`.
    `is_due(at)` is a boolean expression on the same queryset: False while it is too early to ask.

    `words` is one sentence for people; `url_name` the portal page, reversed with the sign-up's pk,
    where a venue puts it right, and `button` the label of its link. `order` sorts kinds in lists.
    `unlists`: whether missing it beyond grace unlists a venue, unless the scheme's requirement
    overrides it. `while_waiting`: a sentence and a button label for members, if it can be done
    before the decision.

    `gives_no_grace_on_approval`: a venue is not listed until it has this; other proofs may follow
    within the grace that starts at approval. `may_follow_approval`: officers may approve a venue
    that asked for help with it and has none yet. `only_for_standing`: it can only exist after the
    sticker, so no earlier stage may need it. `subjects(scheme)` gives the values and labels allowed
    as a requirement's subject, None if there are none. `part` is the part of a scheme it belongs
    to: a scheme that requires it has that part, unless the part's cadence is "never".

    `time_words(subject)` says on the start page how long it takes, such as an hour's training.

    `short_by(at)`: for kinds that count people, how many are missing (an integer, 0 or less if
    none), and `short_words(number)` phrases it, such as "nobody more to train". `most`: the largest
    `at_least` that anybody could ever hold.
    """

    key: str
    order: int
    words: str
    url_name: str
    held_until: Callable[[datetime.date], models.Expression]
    is_due: Callable[[datetime.date], models.Expression] = lambda at: Value(True)
    unlists: bool = True
    while_waiting: tuple[str, str] | None = None
    gives_no_grace_on_approval: bool = False
    may_follow_approval: bool = False
    only_for_standing: bool = False
    subjects: Callable[[models.Model], list[tuple[str, str]]] | None = None
    part: Part | None = None
    short_by: Callable[[datetime.date], models.Expression] | None = None
    short_words: Callable[[int], str] | None = None
    button: str = ""
    most: int | None = None
    time_words: Callable[[str], str] | None = None


_kinds: dict[str, EvidenceKind] = {}


def register(kind: EvidenceKind) -> EvidenceKind:
    """Register `kind`. A key can only be registered once."""
    if kind.key in _kinds:
        raise ValueError(f"The evidence kind {kind.key} is registered twice.")
    _kinds[kind.key] = kind
    forget_expressions()
    return kind


_kept: list = []


def kept_for_days(expression):
    """Decorator: cache what `expression(at)` builds for the most recent days.

    Building these takes longer than most queries that use them. They can be shared, because Django
    copies an expression before changing it.
    """
    cached = lru_cache(maxsize=16)(expression)
    _kept.append(cached)
    return cached


def forget_expressions() -> None:
    """Clear the cache: after registering a kind, and in tests that change a setting."""
    for each in _kept:
        each.cache_clear()


def evidence_kinds() -> list[EvidenceKind]:
    """Every kind, in order."""
    return sorted(_kinds.values(), key=lambda kind: kind.order)


def evidence_choices():
    """Choices for a field, computed lazily so that migrations do not change with them."""
    gap = {"at_least": "…", "of_last": "…"}
    return [(kind.key, str(kind.words) % gap) for kind in evidence_kinds()]


def kinds_that_never_unlist() -> list[str]:
    """The keys of kinds that do not unlist, unless a scheme's requirement overrides it."""
    return [kind.key for kind in evidence_kinds() if not kind.unlists]


def kinds_needed_to_be_listed() -> list[str]:
    """The keys of kinds without which a venue is not listed in the first place."""
    return [kind.key for kind in evidence_kinds() if kind.gives_no_grace_on_approval]


def kinds_of_part(part: Part) -> list[str]:
    """The keys of the kinds that belong to one part of a scheme."""
    return [kind.key for kind in evidence_kinds() if kind.part == part]


def find_kind(key: str) -> EvidenceKind | None:
    return _kinds.get(key)


@kept_for_days
def held_until(at: datetime.date) -> Case:
    """The date until which each requirement is held: NULL if never, or if its kind is unknown."""
    return Case(
        *(When(evidence=kind.key, then=kind.held_until(at)) for kind in evidence_kinds()),
        default=Value(None),
        output_field=models.DateField(),
    )


@kept_for_days
def is_due(at: datetime.date) -> Case:
    """Whether each requirement can be asked for yet."""
    return Case(
        *(When(evidence=kind.key, then=kind.is_due(at)) for kind in evidence_kinds()),
        default=Value(True),
        output_field=models.BooleanField(),
    )


@kept_for_days
def short_by(at: datetime.date) -> Case:
    """How many people each requirement lacks, for kinds that count people; NULL for the others."""
    counting = [kind for kind in evidence_kinds() if kind.short_by]
    return Case(
        *(When(evidence=kind.key, then=kind.short_by(at)) for kind in counting),
        default=Value(None),
        output_field=models.IntegerField(),
    )
