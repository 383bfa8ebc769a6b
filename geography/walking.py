"""Walking times, defined once for the finder and the coverage figures."""

import math

METRES_A_MINUTE = 80
"""4.8 km an hour, the walking pace that planners use."""

DETOUR = 1.3
"""Streets are longer than the straight line we measure, by about this much."""


def minutes_on_foot(metres: float, factor: float = DETOUR) -> int:
    """Whole minutes, rounded up and at least 1, for `metres` in a straight line.

    `factor` is how much longer the way is than that line: 1 for metres that are walked already.
    """
    # Rounded first: 800 * 1.3 / 80 is a hair over 13 in binary.
    return max(1, math.ceil(round(metres * factor / METRES_A_MINUTE, 6)))
