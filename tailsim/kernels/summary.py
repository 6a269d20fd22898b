"""Folding the columns of a finished block into counts, a histogram and compensated sums."""

import math

import numpy as np

from ._jit import jit
from .bits import bits_of
from .fold import LARGEST, TOTAL, WINS

# rows of the integer and of the float results
OVERFLOWED, WON, WON_SQUARED, UNDEFINED_SHARE = 0, 1, 2, 3
MULTIPLE, SHARE, SHARE_SQUARED = 0, 1, 2
N_COUNTS, N_SUMS = 4, 3
_SHIFT = np.uint64(44)


def _neumaier(sums, row, x):
    """Add x to the compensated sum (sums[row, 0] + sums[row, 1])."""
    s = sums[row, 0]
    t = s + x
    if abs(s) >= abs(x):
        sums[row, 1] += (s - t) + x
    else:
        sums[row, 1] += (x - t) + s
    sums[row, 0] = t


def summarise(state, spent, n, multiples, histogram, limits, counts, sums):
    """Fold the first n lanes: multiples out, bins counted, sums and counts of the block."""
    for i in range(n):
        total, largest, won = state[TOTAL, i], state[LARGEST, i], np.int64(state[WINS, i])
        multiple = total / spent
        multiples[i] = multiple
        counts[WON] += won
        counts[WON_SQUARED] += won * won
        if not math.isfinite(multiple):
            counts[OVERFLOWED] += 1
            counts[UNDEFINED_SHARE] += 1
            continue
        b = np.int64(bits_of(multiple + 0.0) >> _SHIFT)
        histogram[b] += 1
        limits[0] = min(limits[0], b)
        limits[1] = max(limits[1], b)
        _neumaier(sums, MULTIPLE, multiple)
        if total > 0.0 and math.isfinite(largest):
            share = largest / total
            _neumaier(sums, SHARE, share)
            _neumaier(sums, SHARE_SQUARED, share * share)
        else:
            counts[UNDEFINED_SHARE] += 1


def squares_of(x, squares):
    """Add the squares of payoffs (bets, 4096) to a column."""
    for bet in range(x.shape[0]):
        row = x[bet]
        for i in range(np.uint64(row.size)):
            squares[i] += row[i] * row[i]


def top_of(x, top):
    """Keep, in each lane, the largest payoffs seen: top[k, 4096], ascending down the rows."""
    k = top.shape[0]
    for bet in range(x.shape[0]):
        row = x[bet]
        for i in range(row.size):
            y = row[i]
            if y > top[0, i]:
                j = 1
                while j < k and y > top[j, i]:
                    top[j - 1, i] = top[j, i]
                    j += 1
                top[j - 1, i] = y


_neumaier = jit(_neumaier)
summarise = jit(summarise)
squares_of = jit(squares_of)
top_of = jit(top_of)
