"""Maximal covering: choose the few candidates that together reach most, one at a time.

Each step takes the candidate that adds most to those already chosen. k steps reach at least 1 - 1/e
(63 %) of the optimum for k candidates (Nemhauser, Wolsey and Fisher, 1978), and no polynomial
algorithm can guarantee more (Feige, 1998).
"""

import heapq

import numpy as np
from scipy.sparse import csr_array

from .reach import pairs_within


def reached_by(candidates: np.ndarray, points: np.ndarray, radius: float) -> csr_array:
    """(candidates, points): 1 if a candidate reaches a point."""
    rows, columns = [], []
    for candidate, point in pairs_within(candidates, points, radius):
        rows.append(candidate.astype(np.int32))
        columns.append(point.astype(np.int32))
    row = np.concatenate(rows) if rows else np.empty(0, dtype=np.int32)
    column = np.concatenate(columns) if columns else np.empty(0, dtype=np.int32)
    shape = (len(candidates), len(points))
    return csr_array((np.ones(len(row), dtype=np.int64), (row, column)), shape=shape)


def greedy(reached: csr_array, worth: np.ndarray, most: int) -> list[tuple[int, int]]:
    """(candidate, gain) of up to `most` candidates, the best first.

    `worth` is an integer per point, and counts once. Ties go to the first in order. A candidate's
    gain never grows, so one that still leads after re-evaluation needs no comparison with the rest
    ("lazy greedy": few are re-evaluated).
    """
    worth = worth.copy()
    gains = reached @ worth
    heap = [(-gain, index) for index, gain in enumerate(gains.tolist()) if gain > 0]
    heapq.heapify(heap)
    picks: list[tuple[int, int]] = []
    while heap and len(picks) < most:
        _gain, index = heapq.heappop(heap)
        points = reached.indices[reached.indptr[index] : reached.indptr[index + 1]]
        gain = int(worth[points].sum())
        if heap and (-gain, index) > heap[0]:
            if gain:
                heapq.heappush(heap, (-gain, index))
            continue
        if not gain:
            break
        picks.append((index, gain))
        worth[points] = 0
    return picks
