"""Which parts the shown schemes have, as this process last read them.

For links on every page, error pages too: they may not query. Pages that read the parts anyway say
what they found. Before that, or without a database, no part is known and none is mentioned.
"""

from collections.abc import Iterable

from venues.evidence_kinds import Part

_known: frozenset[Part] = frozenset()


def remember_parts(parts: Iterable[Part]) -> None:
    global _known
    _known = frozenset(parts)


def known_parts() -> frozenset[Part]:
    """The parts that at least one shown scheme has; makes no query."""
    return _known
