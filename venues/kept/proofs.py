"""Keeps which proofs lapse or are missing, so that officers' queues need not work them out.

The rule is `venues.evidence`, which this asks for each approved sign-up. As with the listings,
nobody reads the rows while a mark is visible or after a release.
"""

import datetime
from collections.abc import Collection

from django.db import connection
from django.db.models import Exists
from django.utils import timezone

from venues.evidence import proofs_by_sign_up
from venues.evidence_kinds import Stage
from venues.models import KeptDay, KeptMark, KeptProof, SignUp

from .version import version

KEPT = ("lapsing", "in_grace", "missing")
"""The states that put a sign-up into a queue."""


def can_use_proofs(at: datetime.datetime) -> bool:
    """Whether the kept proofs are those of the day of `at`, complete and by this release."""
    whole = KeptDay.objects.filter(day=timezone.localdate(at), version=version(), has_proofs=True)
    return whole.filter(~Exists(KeptMark.objects.all())).exists()


def keep_proofs(keys: Collection[int], day: datetime.date) -> set[int]:
    """Write the proofs of the approved sign-ups of these venues on `day`.

    Returns the venues whose rows were wrong. The caller holds the lock on them.
    """
    rows = proof_rows(keys, day)
    columns = [list(column) for column in zip(*rows, strict=True)] or [[], [], [], [], []]
    wrong: set[int] = set()
    with connection.cursor() as cursor:
        for sql, params in ((FORGET, [list(keys), *columns[:2]]), (KEEP, columns)):
            cursor.execute(sql, params)
            wrong.update(venue for (venue,) in cursor.fetchall())
    return wrong


def proof_rows(keys: Collection[int], day: datetime.date) -> list[tuple]:
    """(sign-up, requirement, state, held until, grace until) of what is kept, by the rule."""
    members = SignUp.objects.approved().filter(venue__in=keys).only("scheme")
    found = proofs_by_sign_up(members, Stage.STANDING, day)
    return [
        (sign_up, proof.requirement.pk, proof.state, proof.held_until, proof.grace_until)
        for sign_up, proofs in found.items()
        for proof in proofs
        if proof.state in KEPT
    ]


FORGET = f"""
    DELETE FROM {KeptProof._meta.db_table} AS kept
    USING {SignUp._meta.db_table} AS sign_up
    WHERE sign_up.id = kept.sign_up_id AND sign_up.venue_id = ANY(%s) AND NOT EXISTS (
        SELECT FROM unnest(%s::bigint[], %s::bigint[]) AS row (sign_up, requirement)
        WHERE row.sign_up = kept.sign_up_id AND row.requirement = kept.requirement_id
    )
    RETURNING sign_up.venue_id
"""
KEEP = f"""
    INSERT INTO {KeptProof._meta.db_table} AS kept
        (sign_up_id, requirement_id, state, held_until, grace_until)
    SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::text[], %s::date[], %s::date[])
    ON CONFLICT (sign_up_id, requirement_id) DO UPDATE SET
        state = excluded.state, held_until = excluded.held_until,
        grace_until = excluded.grace_until
    WHERE (kept.state, kept.held_until, kept.grace_until)
        IS DISTINCT FROM (excluded.state, excluded.held_until, excluded.grace_until)
    RETURNING (SELECT venue_id FROM {SignUp._meta.db_table} WHERE id = kept.sign_up_id)
"""
