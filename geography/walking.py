"""Walking times, defined once for the finder and the coverage figures."""

import math

METRES_A_MINUTE = 80
"""4.8 km an hour, the walking pace that planners use."""

DETOUR = 1.3
"""Ratio of the way along streets to the straight line that we measure."""


def minutes_on_foot(metres: float, factor: float = DETOUR) -> int:
    """Walking time in whole minutes, rounded up and at least 1, for `metres` in a straight line.

    `factor` is the ratio of the way to that line: 1 if `metres` is already along streets.
    """
    # Rounded first: 800 * 1.3 / 80 is a hair over 13 in binary.
    return max(1, math.ceil(round(metres * factor / METRES_A_MINUTE, 6)))
