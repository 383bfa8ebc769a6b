"""Distances between people and venues: array calculations in metres, no database.

Points are rows of (easting, northing). A distance includes its last millimetre.
"""

from collections.abc import Iterator

import numpy as np
from scipy.sparse import csr_array
from scipy.spatial import KDTree

PAIRS_AT_ONCE = 2_000_000
"""Pairs of a point and a venue per chunk: about 150 MB."""
TOUCH = 1e-6
"""Metres added to a radius, so that rounding in the walking factor excludes nobody at its edge."""


def pairs_within(
    points: np.ndarray, venues: np.ndarray, radius: float
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """(indices of points, indices of venues) of all pairs within `radius`; points ascending.

    Yields chunks, so memory stays bounded; all pairs of one point are in one chunk, unless a single
    point exceeds the chunk size.
    """
    if not len(points) or not len(venues):
        return
    tree = KDTree(venues)
    counts = tree.query_ball_point(points, radius + TOUCH, return_length=True)
    ends = np.cumsum(counts)
    first = 0
    while first < len(points):
        done = ends[first - 1] if first else 0
        last = max(first + 1, int(np.searchsorted(ends, done + PAIRS_AT_ONCE, side="right")))
        if ends[last - 1] > done:
            found = KDTree(points[first:last]).sparse_distance_matrix(
                tree, radius + TOUCH, output_type="ndarray"
            )
            order = np.argsort(found["i"], kind="stable")
            yield found["i"][order] + first, found["j"][order]
        first = last


def pairs_count(points: np.ndarray, venues: np.ndarray, radius: float) -> int:
    """The number of pairs, without building them."""
    counts = KDTree(venues).query_ball_point(points, radius + TOUCH, return_length=True)
    return int(counts.sum())


def nearest(points: np.ndarray, venues: np.ndarray) -> np.ndarray:
    """Metres from each point to the nearest venue; infinity if there is none."""
    if not len(venues) or not len(points):
        return np.full(len(points), np.inf)
    return KDTree(venues).query(points)[0]


def any_within(points: np.ndarray, venues: np.ndarray, radius: float) -> np.ndarray:
    """Whether each point has a venue within `radius`."""
    if not len(venues) or not len(points):
        return np.zeros(len(points), dtype=bool)
    bound = np.nextafter(radius + TOUCH, np.inf)
    return KDTree(venues).query(points, distance_upper_bound=bound)[0] <= radius + TOUCH


def covered(
    points: np.ndarray, venues: np.ndarray, is_open: np.ndarray, radius: float
) -> np.ndarray:
    """Whether each point has an open venue within `radius`, hour by hour.

    `is_open` is a bool array (venues, hours), the result (points, hours). One hour uses a
    nearest-neighbour search over open venues; for more, the hours of all venues in reach are OR-ed,
    packed 64 to a word.
    """
    hours = is_open.shape[1]
    if hours == 1:
        return any_within(points, venues[is_open[:, 0]], radius)[:, None]
    ever = is_open.any(axis=1)
    venues, bits = venues[ever], _packed(is_open[ever])
    reached = np.zeros((len(points), bits.shape[1]), dtype=np.uint64)
    for point, venue in pairs_within(points, venues, radius):
        starts = np.flatnonzero(np.r_[True, point[1:] != point[:-1]])
        for column in range(bits.shape[1]):
            together = np.bitwise_or.reduceat(bits[venue, column], starts)
            reached[point[starts], column] = together
    return _unpacked(reached, hours)


def _packed(is_open: np.ndarray) -> np.ndarray:
    """(rows, hours) of bool as (rows, hours / 64) of 64-bit numbers."""
    rows, hours = is_open.shape
    padded = np.zeros((rows, -(-hours // 64) * 64), dtype=bool)
    padded[:, :hours] = is_open
    return np.packbits(padded, axis=1).view(np.uint64)


def _unpacked(bits: np.ndarray, hours: int) -> np.ndarray:
    return np.unpackbits(bits.view(np.uint8), axis=1, count=hours).astype(bool)


def people_covered(is_covered: np.ndarray, people: np.ndarray) -> np.ndarray:
    """How many people are covered, hour by hour."""
    return _sums(csr_array(people[None, :].astype(np.int64)), is_covered)[0]


def people_covered_by(
    is_covered: np.ndarray, people: np.ndarray, group: np.ndarray, groups: int
) -> np.ndarray:
    """(groups, hours): how many people of each group are covered; group -1 belongs to none."""
    known = group >= 0
    rows, columns = group[known], np.flatnonzero(known)
    weights = csr_array(
        (people[known].astype(np.int64), (rows, columns)), shape=(groups, len(people))
    )
    return _sums(weights, is_covered)


def _sums(weights: csr_array, is_covered: np.ndarray) -> np.ndarray:
    return np.asarray(weights @ is_covered.astype(np.int64))
