"""The query: which area, distance and moment, and whom and what to count."""

import datetime
from dataclasses import dataclass

from django.utils.translation import gettext as _

from common.refusals import Refused
from geography.walking import DETOUR

from .moments import in_london

DISTANCES = (400, 800, 1200, 1600, 2400)
"""Metres that planners use; `geography.walking` converts each to minutes."""
SHORTEST, LONGEST = 1, 100_000
WALKING = DETOUR
LARGEST_FACTOR = 3

WITHIN = 800
"""Metres: the distance that is published and recorded, and the default for queries."""


@dataclass(frozen=True)
class Question:
    """One question about coverage.

    `area`: an Area, an area drawn by an officer, or an official code. `within`: metres. `at`: a
    moment (London time if naive); without it opening hours are ignored. `factor`: ratio of a walk
    to the straight line. `points`: "lsoa" or "oa", if both are imported. `who`: only people counted
    under these keys, such as ("female",). `base`: a PopulationBase, such as bus stops. `on`: the
    day whose members count; by default the day of `at`, or today. `scheme`: only its members.
    `other_places`: lists (Source) of other spaces that count as if they had joined. `internal`:
    include internal venues, for officers. `public`: as the public may know, with area-only venues
    where the public sees them. `named`: a queryset of schemes whose venues may be named in the
    notes; None means all, for whoever runs the installation.
    """

    area: object
    within: float = WITHIN
    at: datetime.datetime | None = None
    factor: float = 1.0
    points: str = ""
    who: tuple[str, ...] = ()
    base: object | None = None
    on: datetime.date | None = None
    scheme: object | None = None
    other_places: tuple[object, ...] = ()
    named: object | None = None
    internal: bool = False
    public: bool = False

    def __post_init__(self):
        # Written so that NaN is refused too.
        if not SHORTEST <= self.within <= LONGEST:
            raise Refused(_("Choose a distance from 1 metre to 100 km."))
        if not 1 <= self.factor <= LARGEST_FACTOR:
            raise Refused(
                _("Choose a walking factor from 1 (straight line) to %(most)s.")
                % {"most": LARGEST_FACTOR}
            )
        if self.internal and self.public:
            raise Refused(_("Internal venues are never counted for the public."))
        if self.at is not None:
            object.__setattr__(self, "at", in_london(self.at))

    @property
    def radius(self) -> float:
        """The straight-line distance in metres that a walk of this distance covers."""
        return self.within / self.factor

    @property
    def distance_method(self) -> str:
        metres = metres_in_words(self.within)
        if self.factor == 1:
            return _("within %(metres)s in a straight line") % {"metres": metres}
        return _("within %(metres)s on foot, taken as %(factor)g times the straight line") % {
            "metres": metres,
            "factor": self.factor,
        }


def metres_in_words(metres: float) -> str:
    """`800 m`, `1,200 m`, `12.5 km`."""
    if metres >= 10_000:
        return _("%(km)s km") % {"km": f"{metres / 1000:,.1f}".removesuffix(".0")}
    return _("%(metres)s m") % {"metres": f"{metres:,.1f}".removesuffix(".0")}
