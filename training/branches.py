"""Until when each venue of an organisation has enough trained people, for its overview table."""

import datetime

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from training.rules.cover import EVIDENCE
from venues.branches import Branch, Cell, Column, add_column
from venues.evidence_kinds import FOREVER


def trained(branches: list[Branch], now: datetime.datetime) -> dict[int, Cell]:
    """When the first training required by the scheme expires; makes no query."""
    return {branch.sign_up.pk: _until(branch.how.proofs) for branch in branches}


def _until(proofs):
    asked = [proof for proof in proofs if proof.requirement.evidence == EVIDENCE]
    if not asked:
        return Cell("")
    if not all(proof.is_held for proof in asked):
        return Cell(_("too few people"), is_wanting=True)
    until = min(proof.held_until for proof in asked)
    return Cell(_("does not end") if until == FOREVER else date_format(until, "j M Y"))


add_column(
    Column(
        "trained",
        gettext_lazy("Trained until"),
        20,
        trained,
        has=lambda scheme: scheme.has_training,
        wanting_words=gettext_lazy("With too few trained people"),
    )
)
